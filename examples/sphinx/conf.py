import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "A handbook"
extensions = ["usdview"]
html_theme = "alabaster"
html_static_path = ["_static"]
html_css_files = ["usd-view.css"]
exclude_patterns = ["_build", "README.md"]
