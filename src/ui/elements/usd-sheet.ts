import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { base } from '../styles/shared.ts';

/** Parts of the window's height. */
const FIRST = 0.42;
const LIMITS = [0.12, 0.72] as const;
const CLOSED_BELOW = 0.2;

/**
 * A panel under the picture on narrow screens, as high as it is dragged.
 *
 * @fires usd-close-panel it was dragged down to nothing
 */
@customElement('usd-sheet')
export class UsdSheet extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        position: relative;
        display: flex;
        flex-direction: column;
        min-height: 0;
        border-top: 1px solid var(--line);
        border-radius: var(--radius-3) var(--radius-3) 0 0;
        background: var(--panel);
      }

      .handle {
        display: grid;
        flex: none;
        place-items: center;
        width: 100%;
        height: 1.4rem;
        cursor: row-resize;
        touch-action: none;
      }

      .handle::before {
        width: 2.8rem;
        height: 4px;
        border-radius: 2px;
        background: var(--line-strong);
        content: '';
      }
    `,
  ];

  #part = FIRST;
  #grip: { readonly y: number; readonly part: number } | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#setPart(FIRST);
  }

  protected override render(): TemplateResult {
    return html`
      <div
        class="handle"
        title="Drag to resize"
        @pointerdown=${this.#onDown}
        @pointermove=${this.#onMove}
        @pointerup=${this.#onUp}
        @pointercancel=${this.#onUp}
      ></div>
      <slot></slot>
    `;
  }

  #onDown = (event: PointerEvent): void => {
    this.#grip = { y: event.clientY, part: this.#part };
    if (event.isTrusted) (event.currentTarget as Element).setPointerCapture(event.pointerId);
  };

  #onMove = (event: PointerEvent): void => {
    if (this.#grip === undefined) return;
    const part = this.#grip.part + (this.#grip.y - event.clientY) / window.innerHeight;
    this.#setPart(Math.min(LIMITS[1], Math.max(LIMITS[0], part)));
  };

  #onUp = (): void => {
    this.#grip = undefined;
    if (this.#part < CLOSED_BELOW) this.dispatchEvent(new CustomEvent('usd-close-panel', { detail: {} }));
  };

  #setPart(part: number): void {
    this.#part = part;
    this.style.height = `${(part * 100).toFixed(1)}dvh`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'usd-sheet': UsdSheet;
  }
}
