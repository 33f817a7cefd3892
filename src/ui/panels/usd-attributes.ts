import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { PrimDetails, PropertyRow } from '../../share/protocol/engine.ts';
import { groupThousands } from '../elements/format.ts';
import { icon } from '../styles/icons.ts';
import { base, controls, emptyNote } from '../styles/shared.ts';
import { primIcon } from './prim-icon.ts';

export type DetailsState = 'empty' | 'loading' | 'failed' | 'ready';

const SOURCES: Readonly<Record<PropertyRow['source'], string>> = {
  default: 'Authored value',
  timeSamples: 'Time samples',
  spline: 'Spline',
  clips: 'Value clips',
  fallback: 'Fallback of the schema',
  none: 'No value',
};

/**
 * Properties of one prim at the current time, read-only. The dot says where a value comes from.
 *
 * @fires usd-select a connected or targeted prim was chosen
 */
@customElement('usd-attributes')
export class UsdAttributes extends LitElement {
  static override styles = [
    base,
    controls,
    emptyNote,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
      }

      header {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        flex: none;
        padding: var(--space-2) var(--space-3);
        border-bottom: 1px solid var(--line);
      }

      h2 {
        margin: 0;
        font-size: var(--size-3);
        font-weight: 600;
        overflow-wrap: anywhere;
      }

      .path {
        color: var(--text-3);
        font: 400 var(--size-1) / 1.4 var(--mono);
        overflow-wrap: anywhere;
      }

      .title {
        flex: 1;
        min-width: 0;
      }

      .view {
        flex: 1;
        min-height: 0;
      }

      table {
        width: 100%;
        border-collapse: collapse;
        table-layout: fixed;
        font-size: var(--size-2);
      }

      th,
      td {
        padding: 0.31rem var(--space-1) 0.31rem 0;
        border-bottom: 1px solid var(--line);
        font-weight: 400;
        text-align: start;
        vertical-align: top;
        overflow-wrap: anywhere;
      }

      th {
        width: 46%;
        padding-inline-start: var(--space-3);
        color: var(--text-2);
      }

      td {
        padding-inline-end: var(--space-3);
        font-family: var(--mono);
        font-size: var(--size-1);
        line-height: 1.6;
        user-select: text;
        -webkit-user-select: text;
      }

      tr:hover > * {
        background: var(--hover);
      }

      .section th {
        padding-block: var(--space-3) 0.31rem;
        color: var(--text-3);
        font-size: var(--size-1);
        font-weight: 600;
        letter-spacing: 0.03em;
      }

      .name {
        display: flex;
        gap: 0.46rem;
      }

      .dot {
        display: inline-block;
        flex: none;
        width: 0.54rem;
        height: 0.54rem;
        margin-top: 0.42em;
        border: 1.5px solid var(--text-3);
        border-radius: 50%;
      }

      .dot.default {
        border-color: var(--accent);
        background: var(--accent);
      }

      .dot.timeSamples,
      .dot.spline,
      .dot.clips {
        border-color: var(--good);
        background: var(--good);
      }

      .fallback td,
      .none td {
        color: var(--text-3);
      }

      .type {
        color: var(--text-3);
        font-size: var(--size-1);
      }

      .legend .dot {
        margin: 0 0.38rem 0 0;
      }

      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 0.2rem var(--space-3);
        flex: none;
        padding: var(--space-1) var(--space-3);
        border-top: 1px solid var(--line);
        color: var(--text-3);
        font-size: var(--size-1);
      }

      .filter {
        flex: none;
        padding: var(--space-2) var(--space-3) 0;
      }

      .filter input {
        width: 100%;
      }
    `,
  ];

  @property({ attribute: false }) details: PrimDetails | undefined;
  @property() detailsState: DetailsState = 'empty';
  @property() error = '';

  @state() private filter = '';

  protected override render(): TemplateResult {
    const { details } = this;
    if (details === undefined || this.detailsState === 'empty' || this.detailsState === 'failed') {
      const text = { empty: 'Choose a prim to see its properties', loading: 'Reading…', failed: this.error, ready: '' }[this.detailsState];
      return html`<div class="note">${text}</div>`;
    }
    const text = this.filter.toLowerCase();
    const rows = details.properties.filter(({ name }) => name.toLowerCase().includes(text));
    const { icon: name } = primIcon(details.typeName);
    return html`
      <header>
        ${icon(name)}
        <div class="title">
          <h2>
            ${details.path.slice(details.path.lastIndexOf('/') + 1) || '/'}${details.typeName === '' ? nothing : html` · ${details.typeName}`}
          </h2>
          <div class="path">${details.path}</div>
        </div>
        <button
          class="quiet icon-only"
          title="Copy path"
          aria-label="Copy path"
          @click=${() => void navigator.clipboard.writeText(details.path)}
        >
          ${icon('copy')}
        </button>
      </header>
      ${
        details.properties.length > 8
          ? html`<div class="filter">
              <input
                type="search"
                placeholder="Filter ${details.properties.length} properties"
                aria-label="Filter properties"
                .value=${this.filter}
                @input=${(event: Event) => (this.filter = (event.target as HTMLInputElement).value)}
              />
            </div>`
          : nothing
      }
      <div class="view scroll" tabindex="0" aria-label="Properties of ${details.path}" role="region">
        <table aria-busy=${String(this.detailsState === 'loading')}>
          <tbody>
            ${this.#section(rows, 'attribute', 'Attributes')} ${this.#section(rows, 'relationship', 'Relationships')}
            ${this.#section(rows, 'metadata', 'Metadata')}
          </tbody>
        </table>
        ${rows.length === 0 ? html`<div class="note">${text === '' ? 'This prim has no properties' : 'No property matches'}</div>` : nothing}
      </div>
      <div class="legend" aria-hidden="true">
        <span><span class="dot default"></span>authored</span><span><span class="dot timeSamples"></span>over time</span
        ><span><span class="dot fallback"></span>fallback</span>
      </div>
    `;
  }

  #section(rows: readonly PropertyRow[], kind: PropertyRow['kind'], title: string): TemplateResult | typeof nothing {
    const found = rows.filter((row) => row.kind === kind);
    if (found.length === 0) return nothing;
    return html`
      <tr class="section">
        <th colspan="2" scope="colgroup">${title}</th>
      </tr>
      ${repeat(
        found,
        ({ name }) => name,
        (row) => html`
          <tr class=${row.source}>
            <th scope="row" title="${SOURCES[row.source]}${row.isAuthored ? '' : ', not authored'}">
              <span class="name">
                <span class="dot ${row.source}"></span>
                <span
                  >${breakable(row.name)} <span class="type">${typeOf(row)}</span
                  ><span class="visually-hidden">, ${SOURCES[row.source]}</span></span
                >
              </span>
            </th>
            <td>${row.value} ${row.connections.map((path) => this.#link(path))}</td>
          </tr>
        `,
      )}
    `;
  }

  #link(path: string): TemplateResult {
    const prim = path.replace(/\.[^/]*$/u, '');
    const choose = (): void => {
      this.dispatchEvent(new CustomEvent('usd-select', { detail: { path: prim, isRevealed: true }, bubbles: true, composed: true }));
    };
    return html`<button class="link" @click=${choose}>${path}</button> `;
  }
}

/** A name that may be broken between its words: `xformOp:translate`, `horizontalAperture`. */
function breakable(name: string): unknown[] {
  return name.split(/(?<=[a-z0-9:])(?=[A-Z])|(?<=:)/u).flatMap((word, index) => (index === 0 ? [word] : [html`<wbr />`, word]));
}

/** `float3[1024]` for arrays, else the plain type. */
function typeOf({ typeName, elementCount }: PropertyRow): string {
  return elementCount === undefined ? typeName : `${typeName.replace(/\[\]$/u, '')}[${groupThousands(elementCount)}]`;
}

declare global {
  interface HTMLElementTagNameMap {
    'usd-attributes': UsdAttributes;
  }
}
