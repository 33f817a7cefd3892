import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { base } from '../styles/shared.ts';

/** Browsers with WebGPU in workers, as of August 2026. */
const BROWSERS: readonly (readonly [string, string])[] = [
  ['Chrome and Edge', '113 on Windows, macOS and ChromeOS, 121 on Android, 144 on Linux'],
  ['Safari', '26 on macOS, iOS, iPadOS and visionOS'],
  ['Firefox', '141 on Windows, 145 on Macs with Apple silicon'],
];

/** A card over the viewport: why there is no picture, and what can be done. Buttons come in the default slot. */
@customElement('usd-notice')
export class UsdNotice extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        gap: var(--space-3);
        width: min(36rem, 100%);
        max-height: 100%;
        padding: var(--space-4) var(--space-6);
        overflow: auto;
        border: 1px solid var(--line);
        border-radius: var(--radius-3);
        background: var(--panel);
        box-shadow: var(--shadow);
        pointer-events: auto;
      }

      h1 {
        margin: 0;
        font-size: var(--size-4);
        font-weight: 600;
      }

      p {
        margin: 0;
        color: var(--text-2);
        overflow-wrap: anywhere;
      }

      img {
        justify-self: center;
        max-width: 100%;
        max-height: 15rem;
        border-radius: var(--radius-2);
      }

      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: var(--space-1) var(--space-3);
        margin: 0;
        color: var(--text-2);
      }

      dt {
        color: var(--text);
        font-weight: 600;
      }

      dd {
        margin: 0;
      }

      @media (max-width: 30rem) {
        dl {
          grid-template-columns: 1fr;
          gap: 0;
        }

        dd {
          margin-bottom: var(--space-1);
        }
      }

      .small {
        color: var(--text-3);
        font-size: var(--size-2);
      }

      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
      }
    `,
  ];

  @property() heading = '';
  @property() text = '';
  @property() detail = '';
  /** Lists the browsers that draw. */
  @property({ type: Boolean }) showsBrowsers = false;
  /** Object URL of the package's thumbnail. */
  @property() thumbnail = '';

  protected override render(): TemplateResult {
    return html`
      <h1>${this.heading}</h1>
      ${this.thumbnail === '' ? nothing : html`<img src=${this.thumbnail} alt="Thumbnail stored in the package" />`}
      <p>${this.text}</p>
      ${
        this.showsBrowsers
          ? html`<dl>
              ${BROWSERS.map(
                ([name, versions]) =>
                  html`<dt>${name}</dt>
                    <dd>${versions}</dd>`,
              )}
            </dl>`
          : nothing
      }
      ${this.detail === '' ? nothing : html`<p class="small">${this.detail}</p>`}
      <div class="actions"><slot></slot></div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'usd-notice': UsdNotice;
  }
}
