import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { VariantSetEntry } from '../../share/protocol/engine.ts';
import { base, controls, emptyNote } from '../styles/shared.ts';

/** Up to so many variants are shown as buttons, more as a list. */
const MAX_BUTTONS = 6;

/**
 * Every variant set of the stage, by prim. A choice recomposes at once.
 *
 * @fires usd-variant a variant was chosen; '' clears the choice
 * @fires usd-select the set's prim was chosen
 */
@customElement('usd-variants')
export class UsdVariants extends LitElement {
  static override styles = [
    base,
    controls,
    emptyNote,
    css`
      :host {
        display: block;
        min-height: 0;
        overflow: auto;
        scrollbar-width: thin;
        scrollbar-color: var(--line-strong) transparent;
      }

      section {
        padding: var(--space-3);
        border-bottom: 1px solid var(--line);
      }

      h2 {
        display: flex;
        align-items: baseline;
        justify-content: space-between;
        gap: var(--space-2);
        margin: 0 0 var(--space-2);
        font-size: var(--size-3);
        font-weight: 600;
      }

      h2 button.link {
        color: var(--text-3);
        font-size: var(--size-1);
        font-weight: 400;
        text-align: end;
      }

      .choices {
        display: flex;
        flex-wrap: wrap;
        gap: 0.38rem;
      }

      .choices button {
        min-height: calc(var(--control) * 0.92);
        padding: 0 var(--space-2);
        border-radius: 99px;
      }

      .choices button[aria-checked='true'] {
        border-color: var(--accent);
        background: var(--selected);
        color: var(--text);
        font-weight: 600;
      }

      select {
        width: 100%;
      }
    `,
  ];

  @property({ attribute: false }) sets: readonly VariantSetEntry[] = [];
  /** While a choice is being composed. */
  @property({ type: Boolean }) isBusy = false;

  protected override render(): TemplateResult {
    if (this.sets.length === 0) return html`<div class="note">This stage has no variant sets</div>`;
    return html`${repeat(
      this.sets,
      ({ primPath, set }) => `${primPath}{${set}}`,
      (entry) => this.#renderSet(entry),
    )}`;
  }

  #renderSet(entry: VariantSetEntry): TemplateResult {
    const { primPath, set, variants, selection } = entry;
    const label = `${set} of ${primPath}`;
    return html`
      <section>
        <h2>
          ${set}
          <button class="link" title="Select ${primPath}" @click=${() => this.#select(primPath)}>${primPath}</button>
        </h2>
        ${
          variants.length <= MAX_BUTTONS
            ? html`<div class="choices" role="radiogroup" aria-label=${label} aria-busy=${String(this.isBusy)} @keydown=${this.#onKey}>
                ${variants.map(
                  (name, index) => html`
                    <button
                      role="radio"
                      aria-checked=${String(name === selection)}
                      tabindex=${name === selection || (index === 0 && !variants.includes(selection)) ? 0 : -1}
                      @click=${() => this.#choose(entry, name)}
                    >
                      ${name}
                    </button>
                  `,
                )}
              </div>`
            : html`<select aria-label=${label} @change=${(event: Event) => this.#choose(entry, (event.target as HTMLSelectElement).value)}>
                <option value="" ?selected=${selection === ''}>None</option>
                ${variants.map((name) => html`<option value=${name} ?selected=${name === selection}>${name}</option>`)}
              </select>`
        }
      </section>
    `;
  }

  #onKey = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    const buttons = [...(event.currentTarget as Element).querySelectorAll('button')];
    const index = buttons.indexOf(event.target as HTMLButtonElement);
    const next = buttons[(index + step + buttons.length) % buttons.length];
    event.preventDefault();
    next?.focus();
    next?.click();
  };

  #choose({ primPath, set }: VariantSetEntry, selection: string): void {
    this.dispatchEvent(new CustomEvent('usd-variant', { detail: { primPath, set, selection }, bubbles: true, composed: true }));
  }

  #select(path: string): void {
    this.dispatchEvent(new CustomEvent('usd-select', { detail: { path, isRevealed: true }, bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'usd-variants': UsdVariants;
  }
  interface HTMLElementEventMap {
    'usd-variant': CustomEvent<{ readonly primPath: string; readonly set: string; readonly selection: string }>;
  }
}
