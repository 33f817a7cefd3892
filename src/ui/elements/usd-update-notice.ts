import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { UpdateController, type UpdateState } from '../controllers/update-controller.ts';
import { icon } from '../styles/icons.ts';
import { base, controls } from '../styles/shared.ts';

const TEXTS: Readonly<Record<Exclude<UpdateState, 'none'>, string>> = {
  ready: 'A new version is ready',
  applying: 'Updating…',
  replaced: 'Another window was updated. This one goes on with its version until you reload it',
  fellBack: 'The newest version does not start here, so this is the one before it. The next version is tried when it comes',
};

/** A quiet line in the corner of the page when there is a new version of it; empty, and out of the way, as long as there is none. */
@customElement('usd-update-notice')
export class UsdUpdateNotice extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        position: fixed;
        inset: auto auto calc(2.6rem + env(safe-area-inset-bottom)) calc(var(--space-3) + env(safe-area-inset-left));
        z-index: 10;
        max-width: calc(100vw - 2 * var(--space-3));
      }

      .line {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
        max-width: 30rem;
        padding: var(--space-2) var(--space-2) var(--space-2) var(--space-3);
        border: 1px solid var(--line);
        border-radius: var(--radius-3);
        background: var(--panel);
        box-shadow: var(--shadow);
      }

      .icon {
        color: var(--accent);
      }

      p {
        flex: 1 1 10rem;
        margin: 0;
      }

      /* Above the row of tabs. */
      @media (max-width: 45rem) {
        :host {
          bottom: calc(7rem + env(safe-area-inset-bottom));
        }
      }
    `,
  ];

  readonly #updates: UpdateController;

  constructor(registration: ServiceWorkerRegistration) {
    super();
    this.#updates = new UpdateController(this, registration);
  }

  protected override render(): TemplateResult {
    const { state } = this.#updates;
    return html`<div role="status">
      ${
        state === 'none'
          ? nothing
          : html`<div class="line">
              ${icon('info')}
              <p>${TEXTS[state]}</p>
              ${this.#buttons(state)}
            </div>`
      }
    </div>`;
  }

  #buttons(state: UpdateState): TemplateResult | typeof nothing {
    if (state === 'applying') return nothing;
    const dismiss = (text: string): TemplateResult => html`<button class="quiet" @click=${() => this.#updates.dismiss()}>${text}</button>`;
    if (state === 'fellBack') return dismiss('Close');
    return html`<button @click=${() => this.#updates.apply()}>Reload</button> ${dismiss('Later')}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'usd-update-notice': UsdUpdateNotice;
  }
}
