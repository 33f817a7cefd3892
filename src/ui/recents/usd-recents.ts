import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { formatBytes } from '../elements/format.ts';
import { icon } from '../styles/icons.ts';
import { base, controls } from '../styles/shared.ts';
import type { RecentEntry } from './recent-entry.ts';
import { absenceText, type RecentsStore } from './recents-store.ts';

/**
 * Documents that were open lately, newest first, with their pictures. Alt, Ctrl or the middle button open one in a new tab.
 *
 * @fires usd-recent one was chosen
 */
@customElement('usd-recents')
export class UsdRecents extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        display: block;
        min-width: 0;
      }

      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr));
        gap: var(--space-1);
        margin: 0;
        padding: 0;
        list-style: none;
      }

      li {
        position: relative;
        min-width: 0;
      }

      .entry {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: var(--space-2);
        justify-content: start;
        width: 100%;
        min-height: 4.2rem;
        padding: 0.4rem 5.2rem 0.4rem 0.4rem;
        border-color: transparent;
        background: transparent;
        text-align: start;
        white-space: normal;
      }

      .picture {
        display: grid;
        place-items: center;
        width: 5.6rem;
        height: 3.5rem;
        overflow: hidden;
        border-radius: var(--radius-1);
        background: var(--stage);
        color: var(--text-3);
      }

      .picture img {
        width: 100%;
        height: 100%;
        object-fit: cover;
      }

      .text {
        display: grid;
        min-width: 0;
      }

      b {
        overflow: hidden;
        font-weight: 550;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .facts {
        color: var(--text-2);
        font-size: var(--size-2);
        overflow-wrap: anywhere;
      }

      .side {
        position: absolute;
        inset: 0 0.3rem 0 auto;
        display: flex;
        align-items: center;
      }

      :host([compact]) .entry {
        padding-inline-end: 2.8rem;
      }
    `,
  ];

  @property({ attribute: false }) store: RecentsStore | undefined;
  /** At most so many are shown. */
  @property({ type: Number }) limit = Infinity;
  /** Where there is little room: without the button for new tabs. */
  @property({ type: Boolean, reflect: true }) compact = false;

  #pictures = new Map<Blob, string>();

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.store?.removeEventListener('change', this.#onChange);
    for (const url of this.#pictures.values()) URL.revokeObjectURL(url);
    this.#pictures.clear();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.store?.addEventListener('change', this.#onChange);
    this.requestUpdate();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('store')) return;
    changed.get('store')?.removeEventListener('change', this.#onChange);
    if (this.isConnected) this.store?.addEventListener('change', this.#onChange);
  }

  protected override render(): TemplateResult | typeof nothing {
    const entries = this.store?.entries.slice(0, this.limit) ?? [];
    if (entries.length === 0) return nothing;
    return html`<ul aria-label="Recent files">
      ${repeat(
        entries,
        ({ id }) => id,
        (entry) => this.#renderEntry(entry),
      )}
    </ul>`;
  }

  #renderEntry(entry: RecentEntry): TemplateResult {
    const { name, thumbnail } = entry;
    const absence = entry.origin.kind === 'absent' ? absenceText(entry.origin.reason, this.store!.limits) : undefined;
    return html`
      <li>
        <button
          class="entry"
          title=${name}
          @click=${(event: MouseEvent) => this.#choose(entry, event.altKey || event.ctrlKey || event.metaKey)}
          @auxclick=${(event: MouseEvent) => {
            if (event.button === 1) this.#choose(entry, true);
          }}
        >
          <span class="picture">
            ${thumbnail === undefined ? icon('mesh') : html`<img src=${this.#urlOf(thumbnail)} alt="" loading="lazy" />`}
          </span>
          <span class="text">
            <b>${name}</b>
            <span class="facts">${absence === undefined ? factsOf(entry) : `Not kept: ${absence}`}</span>
          </span>
        </button>
        <span class="side">
          ${
            this.compact || absence !== undefined
              ? nothing
              : html`<button
                  class="quiet icon-only"
                  title="Open in a new tab"
                  aria-label="Open ${name} in a new tab"
                  @click=${() => this.#choose(entry, true)}
                >
                  ${icon('new-tab')}
                </button>`
          }
          <button class="quiet icon-only" title="Forget" aria-label="Forget ${name}" @click=${() => void this.store?.forget(entry.id)}>
            ${icon('close')}
          </button>
        </span>
      </li>
    `;
  }

  #choose({ id, name }: RecentEntry, isForNewTab: boolean): void {
    this.dispatchEvent(new CustomEvent('usd-recent', { detail: { id, name, isForNewTab }, bubbles: true, composed: true }));
  }

  #urlOf(picture: Blob): string {
    const known = this.#pictures.get(picture);
    if (known !== undefined) return known;
    const url = URL.createObjectURL(picture);
    this.#pictures.set(picture, url);
    return url;
  }

  #onChange = (): void => this.requestUpdate();
}

function factsOf({ openedMs, sizeBytes, origin }: RecentEntry): string {
  const where = origin.kind === 'url' ? new URL(origin.url).host : sizeBytes === undefined ? '' : formatBytes(sizeBytes);
  return [timeText(openedMs), where].filter((text) => text !== '').join(' · ');
}

/** Days are enough: an entry's hour helps nobody after a week. */
function timeText(epochMs: number): string {
  const days = Math.round((startOfDay(Date.now()) - startOfDay(epochMs)) / 86_400_000);
  if (days <= 0) return new Date(epochMs).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
  if (days < 7) return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(-days, 'day');
  return new Date(epochMs).toLocaleDateString(undefined, { dateStyle: 'medium' });
}

function startOfDay(epochMs: number): number {
  return new Date(epochMs).setHours(0, 0, 0, 0);
}

declare global {
  interface HTMLElementTagNameMap {
    'usd-recents': UsdRecents;
  }
  interface HTMLElementEventMap {
    'usd-recent': CustomEvent<{ readonly id: string; readonly name: string; readonly isForNewTab: boolean }>;
  }
}
