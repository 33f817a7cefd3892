"""The directive ``usd-view``: a model in a page.

The files of the element lie in ``_static/embed``. Models are named relative to the document, as images are, and copied along.
A scene of several files has to be a package (.usdz): each model is copied alone. Options are the attributes of the element; switches have no value.
"""

from html import escape
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

TEXTS = ["alt", "variants", "variant-name", "camera", "camera-orbit", "time", "reveal", "loading", "exposure", "shadow-intensity"]
SWITCHES = ["camera-controls", "controls", "autoplay", "auto-rotate"]


class UsdView(SphinxDirective):
    required_arguments = 1
    final_argument_whitespace = True
    option_spec = {**dict.fromkeys(TEXTS, directives.unchanged), **dict.fromkeys(SWITCHES, directives.flag)}

    def run(self):
        name, path = self.env.relfn2path(self.arguments[0])
        if not Path(path).is_file():
            raise self.error(f"there is no model {path}")
        self.env.note_dependency(name)
        # Sphinx copies downloads to a folder of its own, and keeps one copy of each.
        copied = self.env.dlfiles.add_file(self.env.docname, name)
        page = self.env.app.builder.get_target_uri(self.env.docname)
        attributes = {"src": relative_uri(page, f"_downloads/{copied}"), **self.options}
        text = "".join(f" {key}" if value is None else f' {key}="{escape(value)}"' for key, value in attributes.items())
        return [nodes.raw("", f"<usd-view{text}></usd-view>", format="html")]


def setup(app):
    app.add_directive("usd-view", UsdView)
    app.add_js_file("embed/usd-view.js", type="module")
    return {"parallel_read_safe": False, "parallel_write_safe": True}
