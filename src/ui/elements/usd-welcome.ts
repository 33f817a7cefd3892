import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { icon, logo } from '../styles/icons.ts';
import { base, controls } from '../styles/shared.ts';

/**
 * The empty stage: what can be dropped here, and where to begin.
 *
 * @fires usd-open files or a folder should be picked, or the sample opened
 */
@customElement('usd-welcome')
export class UsdWelcome extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        display: grid;
        place-content: center;
        justify-items: center;
        gap: var(--space-3);
        max-width: 34rem;
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

      @media (max-height: 420px) {
        .logo {
          display: none;
        }
      }
    `,
  ];

  protected override render(): TemplateResult {
    const open = (what: OpenRequest['what']): (() => void) => {
      return () => this.dispatchEvent(new CustomEvent('usd-open', { detail: { what }, bubbles: true, composed: true }));
    };
    return html`
      ${logo()}
      <h1>Drop a USD scene here</h1>
      <p>A .usdz, .usdc, .usda or .usd file, several files, or a whole folder</p>
      <div class="actions">
        <button class="primary" @click=${open('files')}>${icon('open')} Open files…</button>
        <button @click=${open('folder')}>Open folder…</button>
        <button @click=${open('sample')}>Show the sample</button>
      </div>
      <p class="small">Files can be pasted too. They stay on this device: nothing is uploaded.</p>
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
  }
}
