import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { dialogStyles } from '../elements/dialog-styles.ts';
import { icon } from '../styles/icons.ts';
import { base, controls } from '../styles/shared.ts';
import type { RecentsStore } from './recents-store.ts';
import './usd-recents.ts';

const MIB = 1024 * 1024;
/** Choices for the room that copies may take, MiB. */
const ROOMS = [0, 64, 256, 1024, 4096];

/**
 * All recents, what they take of the browser's storage, and how much of it they may take.
 *
 * @fires usd-recent one was chosen
 * @fires usd-recents-bytes another limit for copies was chosen
 * @fires usd-close the dialog was closed
 */
@customElement('usd-recents-dialog')
export class UsdRecentsDialog extends LitElement {
  static override styles = [
    base,
    controls,
    dialogStyles,
    css`
      .note {
        margin: 0 0 var(--space-3);
        color: var(--text-2);
      }

      footer {
        align-items: center;
        justify-content: space-between;
        gap: var(--space-2) var(--space-3);
        color: var(--text-2);
        font-size: var(--size-2);
      }

      label {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-1) var(--space-2);
      }

      .body {
        padding-inline: var(--space-3);
      }
    `,
  ];

  @property({ attribute: false }) store: RecentsStore | undefined;
  /** Bytes that copies may take together. */
  @property({ type: Number }) copiesBytes = 0;

  @query('dialog') private dialog!: HTMLDialogElement;

  override connectedCallback(): void {
    super.connectedCallback();
    this.store?.addEventListener('change', this.#onChange);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.store?.removeEventListener('change', this.#onChange);
  }

  protected override firstUpdated(): void {
    this.dialog.showModal();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('store')) return;
    changed.get('store')?.removeEventListener('change', this.#onChange);
    if (this.isConnected) this.store?.addEventListener('change', this.#onChange);
  }

  protected override render(): TemplateResult {
    const { store } = this;
    const hasEntries = store !== undefined && store.entries.length > 0;
    return html`
      <dialog aria-labelledby="title" @close=${() => this.dispatchEvent(new CustomEvent('usd-close'))}>
        <header role="presentation">
          <h1 id="title">Open recent</h1>
          <button class="quiet icon-only" aria-label="Close" autofocus @click=${() => this.dialog.close()}>${icon('close')}</button>
        </header>
        <div class="body scroll">
          ${
            store?.storage === 'denied'
              ? html`<p class="note" role="status">
                  This browser lets the page store nothing, as in private windows: the list lasts until the page is closed
                </p>`
              : nothing
          }
          ${
            hasEntries
              ? html`<usd-recents .store=${store}></usd-recents>`
              : html`<p class="note">Files that you open are listed here. The list stays in this browser.</p>`
          }
        </div>
        <footer role="presentation">
          <label>
            Copies of files take ${inMib(store?.usedBytes ?? 0)} of
            <select aria-label="Room for copies" @change=${this.#onRoom}>
              ${roomsWith(this.copiesBytes).map(
                (mib) =>
                  html`<option value=${mib} .selected=${mib * MIB === this.copiesBytes}>${mib === 0 ? 'none' : `${mib} MiB`}</option>`,
              )}
            </select>
          </label>
          <button ?disabled=${!hasEntries} @click=${() => void store?.forgetAll()}>Forget all</button>
        </footer>
      </dialog>
    `;
  }

  #onRoom = (event: Event): void => {
    const bytes = Number((event.target as HTMLSelectElement).value) * MIB;
    this.dispatchEvent(new CustomEvent('usd-recents-bytes', { detail: { bytes } }));
  };

  #onChange = (): void => this.requestUpdate();
}

function roomsWith(bytes: number): number[] {
  return [...new Set([...ROOMS, bytes / MIB])].toSorted((a, b) => a - b);
}

function inMib(bytes: number): string {
  return `${(Math.ceil((bytes / MIB) * 10) / 10).toLocaleString('en')} MiB`;
}

declare global {
  interface HTMLElementTagNameMap {
    'usd-recents-dialog': UsdRecentsDialog;
  }
  interface HTMLElementEventMap {
    'usd-recents-bytes': CustomEvent<{ readonly bytes: number }>;
  }
}
