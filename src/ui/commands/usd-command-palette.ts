import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { FoundPrim } from '../../share/protocol/engine.ts';
import { dialogStyles } from '../elements/dialog-styles.ts';
import { keyNames } from '../elements/key-names.ts';
import { icon } from '../styles/icons.ts';
import { base, controls } from '../styles/shared.ts';
import type { Command } from './command-list.ts';
import { rememberUse, usedCommands } from './command-use.ts';
import { fuzzyMatch } from './fuzzy-match.ts';

/** Rows that are shown; who looks for more types more. */
const MAX_ROWS = 80;
const MAX_PRIMS = 20;
/** Fewer letters find most prims of any scene. */
const MIN_PRIM_LETTERS = 2;
/** What was used lately comes before equal matches. */
const USED_BONUS = 3;

interface Row {
  readonly command: Command;
  /** Positions of the letters that were typed. */
  readonly positions: readonly number[];
  /** Heading, over the first row of each. */
  readonly heading: string;
}

/**
 * Finds a command by a few letters and runs it: a combobox with a list of options.
 *
 * @fires usd-close the dialog was closed
 */
@customElement('usd-command-palette')
export class UsdCommandPalette extends LitElement {
  static override styles = [
    base,
    controls,
    dialogStyles,
    css`
      dialog {
        margin-top: min(12vh, 7rem);
        width: min(40rem, calc(100vw - 2 * var(--space-3)));
        max-height: min(70vh, 40rem);
      }

      .field {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        flex: none;
        padding: var(--space-2) var(--space-3);
        border-bottom: 1px solid var(--line);
        color: var(--text-3);
      }

      .field input[type='text'] {
        flex: 1;
        border: 0;
        outline: 0;
        background: transparent;
        color: var(--text);
        font-size: var(--size-4);
      }

      .field:focus-within {
        box-shadow: inset 0 -2px var(--accent);
      }

      .list {
        flex: 1;
        min-height: 0;
        margin: 0;
        padding: var(--space-1);
      }

      .heading {
        padding: var(--space-2) var(--space-2) 0.2rem;
        color: var(--text-3);
        font-size: var(--size-2);
        font-weight: 600;
      }

      .option {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        min-height: var(--control);
        padding: 0.2rem var(--space-2);
        border-radius: var(--radius-1);
        cursor: pointer;
      }

      .option[aria-selected='true'] {
        background: var(--selected);
      }

      .label {
        flex: 0 1 auto;
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .label b {
        color: var(--accent);
        font-weight: 650;
      }

      .detail {
        flex: 1 1 0;
        min-width: 0;
        overflow: hidden;
        color: var(--text-3);
        font-size: var(--size-2);
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .option[aria-selected='true'] .detail {
        color: var(--text-2);
      }

      .keys {
        flex: none;
        white-space: nowrap;
      }

      .none {
        padding: var(--space-4);
        color: var(--text-3);
        text-align: center;
      }
    `,
  ];

  @property({ attribute: false }) commands: readonly Command[] = [];
  /** Looks for prims of the open scene by name. */
  @property({ attribute: false }) findPrims: (text: string, limit: number) => Promise<readonly FoundPrim[]> = () => Promise.resolve([]);
  /** Selects a prim and frames it. */
  @property({ attribute: false }) showPrim: (path: string) => void = () => undefined;

  @state() private text = '';
  @state() private rows: readonly Row[] = [];
  @state() private active = 0;
  @state() private prims: readonly FoundPrim[] = [];
  @state() private used: readonly string[] = [];

  @query('dialog') private dialog!: HTMLDialogElement;
  @query('input') private input!: HTMLInputElement;

  protected override firstUpdated(): void {
    this.dialog.showModal();
    this.input.focus();
    void usedCommands().then((used) => (this.used = used));
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('commands') || changed.has('text') || changed.has('prims') || changed.has('used')) this.rows = this.#find();
    if (changed.has('text')) this.active = 0;
    this.active = Math.min(this.active, Math.max(0, this.rows.length - 1));
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('active')) this.renderRoot.querySelector(`#option-${this.active}`)?.scrollIntoView({ block: 'nearest' });
  }

  protected override render(): TemplateResult {
    const { rows } = this;
    return html`
      <dialog aria-label="Commands" @close=${() => this.dispatchEvent(new CustomEvent('usd-close'))} @click=${this.#onBackdrop}>
        <div class="field">
          ${icon('search')}
          <input
            type="text"
            role="combobox"
            aria-label="Command, setting, file or prim"
            aria-controls="list"
            aria-expanded="true"
            aria-autocomplete="list"
            aria-activedescendant=${rows.length > 0 ? `option-${this.active}` : nothing}
            placeholder="Find a command, setting, file or prim"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            .value=${this.text}
            @input=${this.#onInput}
            @keydown=${this.#onKey}
          />
          <button class="quiet icon-only" aria-label="Close" @click=${() => this.dialog.close()}>${icon('close')}</button>
        </div>
        <div class="list scroll" id="list" role="listbox" aria-label="Commands" @click=${this.#onClick}>
          ${rows.map((row, index) => this.#renderRow(row, index))}
        </div>
        ${rows.length === 0 ? html`<div class="none">Nothing has these letters in this order</div>` : nothing}
        <div class="visually-hidden" role="status">${rows.length === 1 ? '1 result' : `${rows.length} results`}</div>
      </dialog>
    `;
  }

  #renderRow({ command, positions, heading }: Row, index: number): TemplateResult {
    const { label, detail, keys, isChosen } = command;
    const isFirst = heading !== this.rows[index - 1]?.heading;
    return html`
      ${isFirst && heading !== '' ? html`<div class="heading" role="presentation">${heading}</div>` : nothing}
      <div class="option" role="option" id="option-${index}" data-index=${index} aria-selected=${String(index === this.active)}>
        <span class="label">${markedLetters(label, positions)}</span>
        <span class="detail">${detail}</span>
        ${isChosen === true ? html`<span class="visually-hidden">, chosen</span>${icon('check')}` : nothing}
        ${
          keys === undefined
            ? nothing
            : html`<span class="keys" aria-hidden="true">${keyNames(keys[0]!).map((name) => html`<kbd>${name}</kbd> `)}</span>`
        }
      </div>
    `;
  }

  /** Without letters: what was used lately, then everything by groups. With letters: the best first. */
  #find(): Row[] {
    const { commands, used, text } = this;
    if (text.trim() === '') {
      const recent = used.flatMap((id) => commands.find((command) => command.id === id) ?? []);
      const others = commands.filter(({ id }) => !used.includes(id));
      return [
        ...recent.map((command) => ({ command, positions: [], heading: 'Used lately' })),
        ...others.map((command) => ({ command, positions: [], heading: command.group })),
      ];
    }
    const prims = this.prims.map((prim) => this.#primCommand(prim));
    return [...commands, ...prims]
      .flatMap((command) => {
        const match = fuzzyMatch(text, command.label);
        if (match === undefined) return [];
        const score = match.score + (used.includes(command.id) ? USED_BONUS : 0);
        return [{ command, positions: match.positions, heading: '', score }];
      })
      .sort((a, b) => b.score - a.score)
      .slice(0, MAX_ROWS);
  }

  #primCommand({ path, name, typeName }: FoundPrim): Command {
    return {
      id: `prim ${path}`,
      label: name,
      group: 'Prims',
      detail: typeName === '' ? path : `${typeName} ${path}`,
      run: () => this.showPrim(path),
    };
  }

  #onInput = (): void => {
    this.text = this.input.value;
    void this.#searchPrims(this.text.trim());
  };

  async #searchPrims(text: string): Promise<void> {
    const prims = text.length < MIN_PRIM_LETTERS ? [] : await this.findPrims(text, MAX_PRIMS).catch(() => []);
    if (this.text.trim() === text) this.prims = prims;
  }

  #onKey = (event: KeyboardEvent): void => {
    const { length } = this.rows;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (event.key === 'Enter' && !event.isComposing) this.#run(this.active, event.altKey || event.ctrlKey || event.metaKey);
    else if (step === undefined || length === 0) return;
    else if (Math.abs(step) === 1) this.active = (this.active + step + length) % length;
    else this.active = Math.min(length - 1, Math.max(0, this.active + step));
    event.preventDefault();
  };

  #onClick = (event: MouseEvent): void => {
    const option = event.target instanceof Element ? event.target.closest<HTMLElement>('.option') : null;
    if (option !== null) this.#run(Number(option.dataset['index']), event.altKey || event.ctrlKey || event.metaKey);
  };

  #onBackdrop = (event: Event): void => {
    if (event.target === this.dialog) this.dialog.close();
  };

  /** Within the user's gesture, so that it may copy, pick files and go full screen; the dialog is gone first, for its focus. */
  #run(index: number, isForNewTab: boolean): void {
    const command = this.rows[index]?.command;
    if (command === undefined) return;
    this.dialog.close();
    // Prims come and go with scenes: they are found again by name.
    if (!command.id.startsWith('prim ')) void rememberUse(command.id);
    command.run(isForNewTab);
  }
}

/** The letters that were typed stand out. */
function markedLetters(label: string, positions: readonly number[]): (string | TemplateResult)[] {
  if (positions.length === 0) return [label];
  const parts: (string | TemplateResult)[] = [];
  let from = 0;
  for (let i = 0; i < positions.length;) {
    const start = positions[i]!;
    let end = start + 1;
    for (i++; positions[i] === end; i++) end++;
    parts.push(label.slice(from, start), html`<b>${label.slice(start, end)}</b>`);
    from = end;
  }
  return [...parts, label.slice(from)];
}

declare global {
  interface HTMLElementTagNameMap {
    'usd-command-palette': UsdCommandPalette;
  }
}
