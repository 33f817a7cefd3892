import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ErrorInfo } from '../../share/protocol/error-info.ts';
import { icon } from '../styles/icons.ts';
import { base, controls, emptyNote } from '../styles/shared.ts';

const FIRST_SHOWN = 200;
const SEVERITIES = ['error', 'warning', 'info'] as const;
const NAMES: Readonly<Record<ErrorInfo['severity'], string>> = { error: 'Error', warning: 'Warning', info: 'Note' };

/**
 * What could not be read, composed or drawn, gravest first, with prim and file.
 *
 * @fires usd-select the prim of a problem was chosen
 */
@customElement('usd-problems')
export class UsdProblems extends LitElement {
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

      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }

      li {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0 var(--space-2);
        padding: var(--space-2) var(--space-3);
        border-bottom: 1px solid var(--line);
      }

      .mark {
        padding-top: 0.1rem;
      }

      .mark.error {
        color: var(--error);
      }

      .mark.warning {
        color: var(--warning);
      }

      .mark.info {
        color: var(--info);
      }

      p {
        margin: 0;
        overflow-wrap: anywhere;
        user-select: text;
        -webkit-user-select: text;
      }

      .where {
        display: flex;
        flex-wrap: wrap;
        gap: 0.1rem var(--space-2);
        color: var(--text-3);
        font: 400 var(--size-1) / 1.6 var(--mono);
        overflow-wrap: anywhere;
      }

      .where button.link {
        font: inherit;
      }

      .more {
        display: grid;
        justify-items: center;
        gap: var(--space-1);
        padding: var(--space-3);
        color: var(--text-3);
      }
    `,
  ];

  @property({ attribute: false }) problems: readonly ErrorInfo[] = [];
  /** Problems that were found but not kept. */
  @property({ type: Number }) dropped = 0;

  @state() private shown = FIRST_SHOWN;

  protected override render(): TemplateResult {
    if (this.problems.length === 0) return html`<div class="note">No problems found</div>`;
    const sorted = SEVERITIES.flatMap((severity) => this.problems.filter((problem) => problem.severity === severity));
    const rest = sorted.length - this.shown;
    return html`
      <ul>
        ${sorted.slice(0, this.shown).map((problem) => this.#renderProblem(problem))}
      </ul>
      ${
        rest > 0
          ? html`<div class="more"><button @click=${() => (this.shown += 1000)}>Show ${Math.min(rest, 1000)} more</button></div>`
          : nothing
      }
      ${this.dropped > 0 ? html`<div class="more">${this.dropped.toLocaleString()} more were found and not kept</div>` : nothing}
    `;
  }

  #renderProblem({ severity, message, path, asset, code }: ErrorInfo): TemplateResult {
    const prim = path?.replace(/\.[^/]*$/u, '');
    return html`
      <li>
        <span class="mark ${severity}" title=${NAMES[severity]}
          >${icon(severity)}<span class="visually-hidden">${NAMES[severity]}: </span></span
        >
        <div>
          <p>${message}</p>
          <div class="where">
            ${
              path === undefined || prim === undefined
                ? nothing
                : html`<button class="link" title="Select ${prim}" @click=${() => this.#select(prim)}>${path}</button>`
            }
            ${asset === undefined ? nothing : html`<span>${asset}</span>`}
            <span>${code}</span>
          </div>
        </div>
      </li>
    `;
  }

  #select(path: string): void {
    this.dispatchEvent(new CustomEvent('usd-select', { detail: { path, isRevealed: true }, bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'usd-problems': UsdProblems;
  }
}
