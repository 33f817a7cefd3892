import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { RecentsStore } from '../recents/recents-store.ts';
import { icon, logo } from '../styles/icons.ts';
import { base, controls } from '../styles/shared.ts';

/** More recents than this are in the list that the bar opens. */
const MAX_RECENTS = 6;

/**
 * The empty stage: what can be dropped here, where to begin, and what was open lately.
 *
 * @fires usd-open files or a folder should be picked, or the sample opened
 * @fires usd-recents-shown the card is shown: recents are wanted
 * @fires usd-recent one of the recents was chosen
 */
@customElement('usd-welcome')
export class UsdWelcome extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        align-content: center;
        justify-items: center;
        gap: var(--space-3);
        width: min(42rem, 100%);
        padding: var(--space-4);
        text-align: center;
        text-wrap: balance;
      }

      .logo {
        width: 6.6rem;
        height: 6.6rem;
        fill: none;
        stroke-linecap: round;
        stroke-linejoin: round;
      }

      .arch {
        stroke: var(--gold);
        stroke-width: 1.7;
      }

      .curtain {
        fill: var(--curtain);
      }

      h1 {
        margin: var(--space-2) 0 0;
        font-size: var(--size-5);
        font-weight: 600;
        letter-spacing: -0.01em;
        line-height: 1.25;
      }

      p {
        margin: 0;
        color: var(--text-2);
      }

      .actions {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: var(--space-2);
        margin-block: var(--space-2);
      }

      .small {
        font-size: var(--size-2);
      }

      section {
        justify-self: stretch;
        margin-top: var(--space-3);
        text-align: start;
      }

      h2 {
        margin: 0 0 var(--space-1) 0.4rem;
        color: var(--text-2);
        font-size: var(--size-2);
        font-weight: 600;
      }

      @media (max-height: 420px) {
        .logo {
          display: none;
        }
      }
    `,
  ];

  /** A file that a link speaks of, '' for none: opening it shows the link's view. */
  @property() awaitedName = '';
  /** Undefined while they are fetched. */
  @property({ attribute: false }) recents: RecentsStore | undefined;

  protected override firstUpdated(): void {
    this.dispatchEvent(new CustomEvent('usd-recents-shown'));
  }

  protected override render(): TemplateResult {
    const open = (what: OpenRequest['what']): (() => void) => {
      return () => this.dispatchEvent(new CustomEvent('usd-open', { detail: { what }, bubbles: true, composed: true }));
    };
    return html`
      ${logo()}
      ${
        this.awaitedName === ''
          ? html`<h1>Drop a USD scene here</h1>
              <p>A .usdz, .usdc, .usda or .usd file, several files, or a whole folder</p>`
          : html`<h1>Drop ${this.awaitedName} here</h1>
              <p>The link shows a view of this file. Open your copy of it to see that view.</p>`
      }
      <div class="actions">
        <button class="primary" @click=${open('files')}>${icon('open')} Open files…</button>
        <button @click=${open('folder')}>Open folder…</button>
        <button @click=${open('sample')}>Show the sample</button>
      </div>
      <p class="small">Files can be pasted too. They stay on this device: nothing is uploaded.</p>
      ${
        this.recents === undefined || this.recents.entries.length === 0
          ? nothing
          : html`<section>
              <h2>Recent</h2>
              <usd-recents compact limit=${MAX_RECENTS} .store=${this.recents}></usd-recents>
            </section>`
      }
    `;
  }
}

export interface OpenRequest {
  readonly what: 'files' | 'folder' | 'sample';
}

declare global {
  interface HTMLElementTagNameMap {
    'usd-welcome': UsdWelcome;
  }
  interface HTMLElementEventMap {
    'usd-open': CustomEvent<OpenRequest>;
    'usd-recents-shown': CustomEvent;
  }
}
