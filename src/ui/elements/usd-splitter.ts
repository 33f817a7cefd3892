import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { base } from '../styles/shared.ts';

/**
 * Handle between a side panel and the viewport. Drag it, or use arrow keys; Enter or a double click closes the panel.
 *
 * @fires usd-resize-panel the panel should have this width, rem
 * @fires usd-close-panel the panel should close
 */
@customElement('usd-splitter')
export class UsdSplitter extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        position: relative;
        z-index: 2;
        display: block;
        width: 0;
        touch-action: none;
      }

      :host::before {
        position: absolute;
        inset-block: 0;
        inset-inline: -5px;
        cursor: col-resize;
        content: '';
      }

      :host::after {
        position: absolute;
        inset-block: 0;
        inset-inline: -1px;
        background: transparent;
        pointer-events: none;
        transition: background var(--quick);
        content: '';
      }

      :host(:hover)::after,
      :host(:active)::after,
      :host(:focus-visible)::after {
        background: var(--accent);
      }

      :host(:focus-visible) {
        outline: none;
      }
    `,
  ];

  /** Side the panel is on. */
  @property() side: 'left' | 'right' = 'left';
  @property() label = '';
  /** Width of the panel, rem, and its limits. */
  @property({ type: Number }) value = 20;
  @property({ type: Number }) min = 14;
  @property({ type: Number }) max = 48;

  #grip: { readonly x: number; readonly value: number } | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.tabIndex = 0;
    this.setAttribute('role', 'separator');
    this.setAttribute('aria-orientation', 'vertical');
    this.addEventListener('pointerdown', this.#onDown);
    this.addEventListener('pointermove', this.#onMove);
    this.addEventListener('pointerup', this.#onUp);
    this.addEventListener('pointercancel', this.#onUp);
    this.addEventListener('keydown', this.#onKey);
    this.addEventListener('dblclick', this.#close);
  }

  protected override render(): TemplateResult {
    return html``;
  }

  protected override updated(_changed: PropertyValues<this>): void {
    this.setAttribute('aria-label', this.label);
    this.setAttribute('aria-valuenow', String(Math.round(this.value)));
    this.setAttribute('aria-valuemin', String(this.min));
    this.setAttribute('aria-valuemax', String(this.max));
  }

  #onDown = (event: PointerEvent): void => {
    this.#grip = { x: event.clientX, value: this.value };
    if (event.isTrusted) this.setPointerCapture(event.pointerId);
    event.preventDefault();
    this.focus({ preventScroll: true });
  };

  #onMove = (event: PointerEvent): void => {
    if (this.#grip === undefined) return;
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const moved = (event.clientX - this.#grip.x) / rem;
    this.#resize(this.#grip.value + (this.side === 'left' ? moved : -moved));
  };

  #onUp = (): void => {
    this.#grip = undefined;
  };

  #onKey = (event: KeyboardEvent): void => {
    const towards = this.side === 'left' ? 1 : -1;
    const step = { ArrowRight: towards, ArrowLeft: -towards }[event.key];
    if (step !== undefined) this.#resize(this.value + step);
    else if (event.key === 'Enter') this.#close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  #resize(value: number): void {
    const width = Math.min(this.max, Math.max(this.min, value));
    this.dispatchEvent(new CustomEvent('usd-resize-panel', { detail: { width } }));
  }

  #close = (): void => {
    this.dispatchEvent(new CustomEvent('usd-close-panel', { detail: {} }));
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'usd-splitter': UsdSplitter;
  }
  interface HTMLElementEventMap {
    'usd-resize-panel': CustomEvent<{ readonly width: number }>;
    'usd-close-panel': CustomEvent<object>;
  }
}
