import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { RootCandidate } from '../../share/protocol/engine.ts';
import { icon } from '../styles/icons.ts';
import { base, controls } from '../styles/shared.ts';
import { dialogStyles } from './dialog-styles.ts';
import { formatBytes } from './format.ts';

/**
 * Asks which of several files is the scene.
 *
 * @fires usd-root a file was chosen; without one the drop was given up
 */
@customElement('usd-root-chooser')
export class UsdRootChooser extends LitElement {
  static override styles = [
    base,
    controls,
    dialogStyles,
    css`
      p {
        margin: 0 0 var(--space-3);
        color: var(--text-2);
      }

      ul {
        display: grid;
        gap: 0.38rem;
        margin: 0;
        padding: 0;
        list-style: none;
      }

      li button {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 0 var(--space-3);
        width: 100%;
        padding: var(--space-2) var(--space-3);
        text-align: start;
        white-space: normal;
      }

      li button span {
        overflow-wrap: anywhere;
      }

      .path {
        color: var(--text-3);
        font-size: var(--size-2);
      }

      .side {
        color: var(--text-2);
        font-size: var(--size-2);
        text-align: end;
        white-space: nowrap;
      }
    `,
  ];

  /** Likeliest first. */
  @property({ attribute: false }) candidates: readonly RootCandidate[] = [];

  @query('dialog') private dialog!: HTMLDialogElement;

  protected override firstUpdated(): void {
    this.dialog.showModal();
  }

  protected override render(): TemplateResult {
    return html`
      <dialog aria-labelledby="title" @close=${() => this.#choose(undefined)} @cancel=${(event: Event) => event.stopPropagation()}>
        <header>
          <h1 id="title">Which file is the scene?</h1>
          <button class="quiet icon-only" aria-label="Close" @click=${() => this.dialog.close()}>${icon('close')}</button>
        </header>
        <div class="body scroll">
          <p>The others are used where it refers to them.</p>
          <ul>
            ${this.candidates.map(
              (candidate, index) => html`
                <li>
                  <button ?autofocus=${index === 0} @click=${() => this.#choose(candidate.path)}>
                    <span>${candidate.path.slice(candidate.path.lastIndexOf('/') + 1)}</span>
                    <span class="side">${candidate.format} · ${formatBytes(candidate.sizeBytes)}</span>
                    <span class="path">${candidate.path}</span>
                    <span class="side">${candidate.isReferenced ? 'used by another file' : ''}</span>
                  </button>
                </li>
              `,
            )}
          </ul>
        </div>
      </dialog>
    `;
  }

  #choose(root: string | undefined): void {
    this.dispatchEvent(new CustomEvent('usd-root', { detail: { root } }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'usd-root-chooser': UsdRootChooser;
  }
  interface HTMLElementEventMap {
    'usd-root': CustomEvent<{ readonly root: string | undefined }>;
  }
}
