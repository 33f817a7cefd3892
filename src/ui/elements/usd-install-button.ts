import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { InstallController } from '../controllers/install-controller.ts';
import { icon } from '../styles/icons.ts';
import { base, controls } from '../styles/shared.ts';

/** Installs the page as an app; empty where the browser does not offer that, or it is installed. */
@customElement('usd-install-button')
export class UsdInstallButton extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        display: contents;
      }
    `,
  ];

  readonly #installing = new InstallController(this);

  protected override render(): TemplateResult | typeof nothing {
    if (!this.#installing.canInstall) return nothing;
    return html`<button
      class="quiet icon-only"
      title="Install as an app, for use without a network"
      aria-label="Install as an app"
      @click=${() => void this.#installing.install()}
    >
      ${icon('install')}
    </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'usd-install-button': UsdInstallButton;
  }
}
