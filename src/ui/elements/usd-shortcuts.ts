import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { Shortcut } from '../controllers/shortcut-controller.ts';
import { icon } from '../styles/icons.ts';
import { base, controls } from '../styles/shared.ts';
import { dialogStyles } from './dialog-styles.ts';
import { GESTURES, keyNames } from './key-names.ts';

/**
 * Lists every key and gesture.
 *
 * @fires usd-close the dialog was closed
 */
@customElement('usd-shortcuts')
export class UsdShortcuts extends LitElement {
  static override styles = [
    base,
    controls,
    dialogStyles,
    css`
      .body {
        columns: 2 17rem;
        column-gap: var(--space-6);
      }

      section {
        break-inside: avoid;
        padding-bottom: var(--space-3);
      }

      h2 {
        margin: 0 0 var(--space-1);
        color: var(--text-3);
        font-size: var(--size-2);
        font-weight: 600;
      }

      dl {
        margin: 0;
      }

      .line {
        display: flex;
        align-items: baseline;
        justify-content: space-between;
        gap: var(--space-3);
        padding: 0.24rem 0;
      }

      dt {
        order: 2;
        color: var(--text-2);
        text-align: end;
      }

      dd {
        margin: 0;
      }

      .keys {
        white-space: nowrap;
      }

      .keys + .keys::before {
        color: var(--text-3);
        content: 'or ';
      }
    `,
  ];

  @property({ attribute: false }) shortcuts: readonly Shortcut[] = [];

  @query('dialog') private dialog!: HTMLDialogElement;

  protected override firstUpdated(): void {
    this.dialog.showModal();
  }

  protected override render(): TemplateResult {
    const groups = [...new Set(this.shortcuts.map(({ group }) => group))];
    return html`
      <dialog aria-labelledby="title" @close=${() => this.dispatchEvent(new CustomEvent('usd-close'))}>
        <header>
          <h1 id="title">Keys and gestures</h1>
          <button class="quiet icon-only" aria-label="Close" autofocus @click=${() => this.dialog.close()}>${icon('close')}</button>
        </header>
        <div class="body scroll">
          <section>
            <h2>In the viewport</h2>
            <dl>
              ${GESTURES.map(
                ([keys, label]) =>
                  html`<div class="line">
                    <dt>${keys}</dt>
                    <dd>${label}</dd>
                  </div>`,
              )}
            </dl>
          </section>
          ${groups.map(
            (group) => html`
              <section>
                <h2>${group}</h2>
                <dl>
                  ${this.shortcuts
                    .filter((shortcut) => shortcut.group === group)
                    .map(
                      ({ keys, label }) =>
                        html`<div class="line">
                          <dt>
                            ${keys.map((key) => html`<span class="keys">${keyNames(key).map((name) => html`<kbd>${name}</kbd> `)}</span>`)}
                          </dt>
                          <dd>${label}</dd>
                        </div>`,
                    )}
                </dl>
              </section>
            `,
          )}
        </div>
      </dialog>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'usd-shortcuts': UsdShortcuts;
  }
  interface HTMLElementEventMap {
    'usd-close': CustomEvent;
  }
}
