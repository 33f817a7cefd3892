import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { icon } from '../styles/icons.ts';
import { base, controls } from '../styles/shared.ts';

/** What a tab shows of its document. */
export interface DocumentTab {
  readonly id: number;
  readonly name: string;
  readonly isLoading: boolean;
}

/**
 * The open documents of a window. Follows the ARIA tabs pattern: one tab stop; arrow keys, Home and End choose, Delete closes. The
 * middle button closes too. In windows whose title bar is ours it is that bar.
 *
 * @fires usd-tab-choose a tab was chosen
 * @fires usd-tab-close a tab is to be closed
 * @fires usd-tab-new an empty tab is wanted
 */
@customElement('usd-document-tabs')
export class UsdDocumentTabs extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        position: fixed;
        inset: 0 0 auto;
        z-index: 1;
        height: var(--shell-top);
        padding: env(safe-area-inset-top) env(safe-area-inset-right) 0 env(safe-area-inset-left);
        background: var(--field);
        user-select: none;
        -webkit-user-select: none;
      }

      :host([overlay]) {
        left: env(titlebar-area-x, 0);
        width: env(titlebar-area-width, 100%);
        -webkit-app-region: drag;
        app-region: drag;
      }

      section {
        display: flex;
        align-items: end;
        height: 100%;
      }

      .tab,
      .new {
        -webkit-app-region: no-drag;
        app-region: no-drag;
      }

      .list {
        display: flex;
        min-width: 0;
        overflow-x: auto;
        overscroll-behavior: contain;
        scrollbar-width: none;
      }

      .tab {
        position: relative;
        display: flex;
        flex: 0 1 auto;
        align-items: center;
        width: 15rem;
        min-width: 7.5rem;
        height: 2.5rem;
        border-radius: var(--radius-2) var(--radius-2) 0 0;
        color: var(--text-2);
      }

      .tab:hover {
        background: var(--hover);
        color: var(--text);
      }

      .tab.active {
        background: var(--bar);
        color: var(--text);
      }

      .tab.active::before {
        position: absolute;
        inset: 0 0.5rem auto;
        height: 2px;
        border-radius: 1px;
        background: var(--accent);
        content: '';
      }

      [role='tab'] {
        flex: 1;
        justify-content: start;
        min-width: 0;
        min-height: 100%;
        padding: 0 0 0 var(--space-3);
        border: 0;
        border-radius: inherit;
        background: none;
      }

      [role='tab']:hover:not(:disabled) {
        background: none;
      }

      [role='tab']:focus-visible {
        outline-offset: -3px;
      }

      .name {
        overflow: hidden;
        text-overflow: ellipsis;
      }

      .active .name {
        font-weight: 550;
      }

      .tab.loading .name {
        opacity: 0.7;
      }

      .close {
        flex: none;
        width: 1.9rem;
        min-height: 1.9rem;
        margin-inline: 0.1rem 0.3rem;
        padding: 0;
      }

      .close svg.icon {
        width: 1.05rem;
        height: 1.05rem;
      }

      .new {
        flex: none;
        min-height: 2.1rem;
        margin: 0 var(--space-1) 0.2rem;
      }

      @media (pointer: coarse) {
        .close {
          width: 2.5rem;
          min-height: 2.4rem;
        }
      }
    `,
  ];

  @property({ attribute: false }) tabs: readonly DocumentTab[] = [];
  /** Id of the tab that is shown. */
  @property({ type: Number }) active = 0;
  /** The strip is the window's title bar. */
  @property({ type: Boolean, reflect: true }) overlay = false;
  /** What the tabs control. It has no role of a panel, which would take its banner, main part and footer out of the page's landmarks. */
  @property({ attribute: false }) panel: Element | undefined;

  readonly #resizing = new ResizeObserver(() => this.#reveal());

  protected override render(): TemplateResult {
    return html`
      <section aria-label="Documents">
        <div class="list" role="tablist" aria-label="Open files" @keydown=${this.#onKey} @wheel=${this.#onWheel}>
          ${repeat(
            this.tabs,
            ({ id }) => id,
            (tab) => this.#renderTab(tab),
          )}
        </div>
        <button
          class="quiet icon-only new"
          title="New tab (N)"
          aria-label="New tab"
          @click=${() => this.dispatchEvent(new CustomEvent('usd-tab-new'))}
        >
          ${icon('plus')}
        </button>
      </section>
    `;
  }

  #renderTab({ id, name, isLoading }: DocumentTab): TemplateResult {
    const isActive = id === this.active;
    // The cross is for pointers: a tab may hold no control of its own, and Delete does the same.
    return html`
      <div class="tab ${isActive ? 'active' : ''} ${isLoading ? 'loading' : ''}" role="presentation">
        <button
          role="tab"
          data-id=${id}
          title=${name}
          aria-selected=${String(isActive)}
          aria-busy=${String(isLoading)}
          aria-keyshortcuts="Delete"
          tabindex=${isActive ? 0 : -1}
          @click=${() => this.#choose(id)}
          @auxclick=${(event: MouseEvent) => {
            if (event.button === 1) this.#close(id);
          }}
        >
          <span class="name">${name}</span>
        </button>
        <button class="quiet close" tabindex="-1" aria-hidden="true" title="Close ${name}" @click=${() => this.#close(id)}>
          ${icon('close')}
        </button>
      </div>
    `;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const tab = this.#tabElements.find((element) => element.dataset['id'] === String(this.active));
    // The panel is outside of this shadow root, where ids do not reach.
    if (tab !== undefined && this.panel !== undefined && 'ariaControlsElements' in tab) tab.ariaControlsElements = [this.panel];
    if (changed.has('active') || changed.get('tabs')?.length !== this.tabs.length) this.#reveal();
  }

  protected override firstUpdated(): void {
    this.#resizing.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizing.disconnect();
  }

  /** Scrolls the strip to the active tab, its cross included. */
  #reveal(): void {
    this.renderRoot.querySelector('.tab.active')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  /** Puts the keyboard on the active tab. */
  focusActive(): void {
    this.#tabElements.find((element) => element.dataset['id'] === String(this.active))?.focus();
  }

  get #tabElements(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('[role=tab]')];
  }

  #onKey = async (event: KeyboardEvent): Promise<void> => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const index = this.tabs.findIndex(({ id }) => id === this.active);
    const count = this.tabs.length;
    const next = { ArrowRight: index + 1, ArrowLeft: index - 1 + count, Home: 0, End: count - 1 }[event.key];
    if (next === undefined && event.key !== 'Delete') return;
    event.preventDefault();
    const tab = next === undefined ? undefined : this.tabs[next % count];
    if (tab === undefined) this.#close(this.active);
    else this.#choose(tab.id);
    await this.updateComplete;
    this.focusActive();
  };

  /** A plain wheel moves along the strip. */
  #onWheel = (event: WheelEvent): void => {
    if (event.deltaX === 0) (event.currentTarget as Element).scrollLeft += event.deltaY;
  };

  #choose(id: number): void {
    this.dispatchEvent(new CustomEvent('usd-tab-choose', { detail: { id } }));
  }

  #close(id: number): void {
    this.dispatchEvent(new CustomEvent('usd-tab-close', { detail: { id } }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'usd-document-tabs': UsdDocumentTabs;
  }
  interface HTMLElementEventMap {
    'usd-tab-choose': CustomEvent<{ readonly id: number }>;
    'usd-tab-close': CustomEvent<{ readonly id: number }>;
    'usd-tab-new': CustomEvent;
  }
}
