import { noChange, type ElementPart } from 'lit';
import { directive, Directive } from 'lit/directive.js';

/**
 * Sets style properties of an element through the CSS object model: `<div ${cssProps({ height: '3px' })}>`. Unlike a style
 * attribute (which Lit's own `styleMap` writes at first), this is allowed under a policy without inline styles.
 */
class CssProps extends Directive {
  #written = new Set<string>();

  render(_values: Readonly<Record<string, string>>): typeof noChange {
    return noChange;
  }

  override update(part: ElementPart, [values]: [Readonly<Record<string, string>>]): typeof noChange {
    const { style } = part.element as HTMLElement;
    for (const name of this.#written) {
      if (name in values) continue;
      style.removeProperty(name);
      this.#written.delete(name);
    }
    for (const [name, value] of Object.entries(values)) {
      style.setProperty(name, value);
      this.#written.add(name);
    }
    return noChange;
  }
}

export const cssProps = directive(CssProps);
