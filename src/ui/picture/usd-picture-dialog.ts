import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { SurfaceSize } from '../../share/protocol/renderer.ts';
import { dialogStyles } from '../elements/dialog-styles.ts';
import { icon } from '../styles/icons.ts';
import { base, controls } from '../styles/shared.ts';
import type { PictureOptions, PictureType } from './picture.ts';

/** WebGPU's guaranteed limit; devices with more are rare, and pictures of more no longer fit in memory. */
const MAX_SIDE = 8192;
const FACTORS = [1, 2, 4];
const TYPES: readonly (readonly [PictureType, string])[] = [
  ['image/png', 'PNG'],
  ['image/jpeg', 'JPEG'],
  ['image/webp', 'WebP'],
];

/**
 * Asks how large a picture is to be, and of what kind.
 *
 * @fires usd-picture it is wanted: saved, or copied
 * @fires usd-close the dialog was closed
 */
@customElement('usd-picture-dialog')
export class UsdPictureDialog extends LitElement {
  static override styles = [
    base,
    controls,
    dialogStyles,
    css`
      dialog {
        width: min(27rem, calc(100vw - 2 * var(--space-3)));
      }

      .line {
        display: grid;
        grid-template-columns: 7rem minmax(0, 1fr);
        align-items: center;
        gap: var(--space-2);
        min-height: calc(var(--control) + 0.4rem);
      }

      .sides {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto minmax(0, 1fr);
        align-items: center;
        gap: var(--space-2);
        color: var(--text-2);
      }

      .error {
        margin: 0;
        color: var(--error);
      }
    `,
  ];

  /** Pixels of the viewport. */
  @property({ attribute: false }) viewport: SurfaceSize = { width: 1, height: 1 };

  /** 0: a size of one's own. */
  @state() private factor = 2;
  @state() private own: SurfaceSize | undefined;
  @state() private type: PictureType = 'image/png';
  @state() private isTransparent = false;

  @query('dialog') private dialog!: HTMLDialogElement;

  protected override firstUpdated(): void {
    this.dialog.showModal();
  }

  protected override render(): TemplateResult {
    const { width, height } = this.#size;
    const isPossible = [width, height].every((side) => Number.isInteger(side) && side >= 1 && side <= MAX_SIDE);
    const hasAlpha = this.type !== 'image/jpeg';
    return html`
      <dialog aria-labelledby="title" @close=${() => this.dispatchEvent(new CustomEvent('usd-close'))}>
        <header>
          <h1 id="title">Picture</h1>
          <button class="quiet icon-only" aria-label="Close" autofocus @click=${() => this.dialog.close()}>${icon('close')}</button>
        </header>
        <div class="body scroll">
          <div class="line">
            <label for="factor">Size</label>
            <select id="factor" @change=${(event: Event) => this.#chooseFactor(Number((event.target as HTMLSelectElement).value))}>
              ${FACTORS.map((factor) => html`<option value=${factor} .selected=${factor === this.factor}>${factor}× the viewport</option>`)}
              <option value="0" .selected=${this.factor === 0}>Own size</option>
            </select>
          </div>
          <div class="line">
            <span aria-hidden="true">Pixels</span>
            <div class="sides">${this.#renderSide('width', 'Width')} × ${this.#renderSide('height', 'Height')}</div>
          </div>
          <div class="line">
            <label for="type">Kind</label>
            <select id="type" @change=${(event: Event) => (this.type = (event.target as HTMLSelectElement).value as PictureType)}>
              ${TYPES.map(([type, name]) => html`<option value=${type} .selected=${type === this.type}>${name}</option>`)}
            </select>
          </div>
          <div class="line">
            <label for="transparent">Transparent</label>
            <input
              type="checkbox"
              id="transparent"
              ?disabled=${!hasAlpha}
              .checked=${this.isTransparent && hasAlpha}
              @change=${(event: Event) => (this.isTransparent = (event.target as HTMLInputElement).checked)}
            />
          </div>
          <p class="error" role="alert" ?hidden=${isPossible}>Each side has 1 to ${MAX_SIDE.toLocaleString('en')} pixels</p>
        </div>
        <footer>
          <button ?disabled=${!isPossible} title="As PNG, which clipboards take" @click=${() => this.#want('copy')}>Copy</button>
          <button class="primary" ?disabled=${!isPossible} @click=${() => this.#want('save')}>Save</button>
        </footer>
      </dialog>
    `;
  }

  #renderSide(side: keyof SurfaceSize, name: string): TemplateResult {
    return html`<input
      type="number"
      aria-label="${name} in pixels"
      min="1"
      max=${MAX_SIDE}
      .value=${String(this.#size[side])}
      @input=${(event: Event) => this.#chooseSide(side, (event.target as HTMLInputElement).valueAsNumber)}
    />`;
  }

  get #size(): SurfaceSize {
    if (this.factor === 0 && this.own !== undefined) return this.own;
    const { width, height } = this.viewport;
    return { width: width * this.factor, height: height * this.factor };
  }

  #chooseFactor(factor: number): void {
    this.own = this.#size;
    this.factor = factor;
  }

  #chooseSide(side: keyof SurfaceSize, pixels: number): void {
    this.own = { ...this.#size, [side]: Number.isNaN(pixels) ? 0 : pixels };
    this.factor = 0;
  }

  /** Within the click: the clipboard wants it. */
  #want(what: 'save' | 'copy'): void {
    const options: PictureOptions = { size: this.#size, type: this.type, isTransparent: this.isTransparent && this.type !== 'image/jpeg' };
    this.dispatchEvent(new CustomEvent('usd-picture', { detail: { what, options } }));
    this.dialog.close();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'usd-picture-dialog': UsdPictureDialog;
  }
  interface HTMLElementEventMap {
    'usd-picture': CustomEvent<{ readonly what: 'save' | 'copy'; readonly options: PictureOptions }>;
  }
}
