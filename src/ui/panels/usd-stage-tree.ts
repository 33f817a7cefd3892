import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { TreeRow } from '../../share/protocol/engine.ts';
import { cssProps } from '../elements/css-props.ts';
import { icon } from '../styles/icons.ts';
import { base, controls, emptyNote } from '../styles/shared.ts';
import { primIcon } from './prim-icon.ts';

/** Rows drawn beyond both ends of the view, and how far it scrolls before others are drawn. */
const OVERSCAN = 12;
const STRIDE = 8;
/** Tallest content browsers scroll exactly; longer trees are mapped onto it. */
const MAX_CONTENT_PX = 8_000_000;
const FILTER_DELAY_MS = 120;

/**
 * The prim tree as a windowed list: only visible rows exist, whatever the stage's size.
 * Keyboard as in the ARIA tree pattern: arrows, Home, End, Page keys; Right and Left open, close and climb; `*` opens all below;
 * Space or H hides and shows.
 *
 * @fires usd-tree-window these rows are on screen
 * @fires usd-select a prim was chosen
 * @fires usd-expand a row is to be opened or closed
 * @fires usd-visibility a prim is to be shown or hidden
 * @fires usd-tree-filter the search text changed
 * @fires usd-frame a prim is to fill the picture
 */
@customElement('usd-stage-tree')
export class UsdStageTree extends LitElement {
  static override styles = [
    base,
    controls,
    emptyNote,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
        contain: strict;
      }

      .search {
        position: relative;
        flex: none;
        padding: var(--space-2);
      }

      .search .icon {
        position: absolute;
        inset-block: 0;
        inset-inline-start: calc(var(--space-2) + 0.62rem);
        margin-block: auto;
        color: var(--text-3);
        pointer-events: none;
      }

      .search input {
        width: 100%;
        padding-inline-start: 2.3rem;
      }

      .view {
        position: relative;
        flex: 1;
        min-height: 0;
        overflow-anchor: none;
      }

      .view:focus-visible {
        outline-offset: -2px;
      }

      .content {
        overflow: hidden;
        contain: strict;
      }

      .window {
        will-change: transform;
      }

      .row {
        display: flex;
        align-items: center;
        gap: 0.38rem;
        height: var(--row);
        padding-inline: calc(var(--space-1) + var(--depth) * 1rem) var(--space-1);
        white-space: nowrap;
        cursor: default;
      }

      .row:hover {
        background: var(--hover);
      }

      .row[aria-selected='true'] {
        background: var(--selected);
      }

      .view:focus-visible .row.active {
        outline: 2px solid var(--accent);
        outline-offset: -2px;
      }

      .twist {
        display: grid;
        flex: none;
        place-items: center;
        width: 1.2rem;
        height: 100%;
        color: var(--text-3);
      }

      .twist .icon {
        width: 1rem;
        height: 1rem;
        stroke-width: 2;
      }

      .row:not([aria-expanded]) > .twist .icon,
      .waiting > .kind {
        visibility: hidden;
      }

      [aria-expanded='true'] > .twist .icon {
        rotate: 90deg;
      }

      .kind .icon {
        width: 1.15rem;
        height: 1.15rem;
      }

      .kind {
        color: var(--text-3);
      }

      .kind.group {
        color: var(--text-2);
      }

      .kind.shape {
        color: var(--accent);
      }

      .kind.look {
        color: var(--violet);
      }

      .kind.light {
        color: var(--warning);
      }

      .kind.camera {
        color: var(--good);
      }

      .kind.rig {
        color: var(--error);
      }

      .name {
        flex: 0 1 auto;
        overflow: hidden;
        text-overflow: ellipsis;
      }

      .type {
        flex: 1 1000 0;
        min-width: 0;
        overflow: hidden;
        color: var(--text-3);
        font-size: var(--size-1);
        text-overflow: ellipsis;
      }

      .row[aria-selected='true'] .type {
        color: var(--text-2);
      }

      .row.dim .name {
        color: var(--text-3);
        font-style: italic;
      }

      .row.inactive .name {
        color: var(--text-3);
        text-decoration: line-through;
      }

      .row.hidden .name {
        color: var(--text-3);
      }

      .problem {
        flex: none;
        color: var(--warning);
      }

      .problem .icon {
        width: 1.1rem;
        height: 1.1rem;
      }

      .tag {
        flex: none;
        padding: 0 0.4em;
        border-radius: var(--radius-1);
        background: var(--line);
        color: var(--text-2);
        font-size: var(--size-1);
      }

      .eye {
        flex: none;
        width: 1.7rem;
        min-height: 0;
        height: 100%;
        padding: 0;
        border: 0;
        border-radius: var(--radius-1);
        background: none;
        color: var(--text-3);
      }

      .eye .icon {
        width: 1.2rem;
        height: 1.2rem;
      }

      /* Shown eyes appear under the pointer only; hidden prims keep their mark. */
      .eye.on {
        opacity: 0;
      }

      .row:hover .eye.on,
      .row.active .eye.on,
      .row[aria-selected='true'] .eye.on {
        opacity: 1;
      }

      @media (pointer: coarse) {
        .eye.on {
          opacity: 1;
        }

        .eye {
          width: 2.6rem;
        }
      }

      .waiting > .name {
        width: 40%;
        height: 0.5rem;
        border-radius: 0.25rem;
        background: var(--line);
      }
    `,
  ];

  /** Rows of the flattened, expanded and filtered tree. */
  @property({ type: Number }) totalRows = 0;
  /** A fetched row, undefined while it is not here yet. */
  @property({ attribute: false }) rowAt: (index: number) => TreeRow | undefined = () => undefined;
  /** Raised when rows changed. */
  @property({ type: Number }) version = 0;
  @property() selectedPath = '';
  /** Says why an unfiltered tree is empty. */
  @property() emptyText = '';
  @property() filter = '';

  @state() private first = 0;
  @state() private count = 0;
  /** Row of the keyboard's focus. */
  @state() private activeRow = 0;

  @query('.view') private view!: HTMLElement;

  #rowPx = 24;
  #filterTimer = 0;
  #resizing = new ResizeObserver(() => this.#measure());

  /** Scrolls a row into view and makes it the keyboard's. */
  showRow(index: number): void {
    this.activeRow = index;
    void this.updateComplete.then(() => this.#scrollTo(index));
  }

  /** Moves the focus to the search field. */
  focusSearch(): void {
    this.renderRoot.querySelector('input')?.focus();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizing.disconnect();
    clearTimeout(this.#filterTimer);
    clearTimeout(this.#scrolling);
    this.#scrolling = undefined;
  }

  protected override firstUpdated(): void {
    this.#resizing.observe(this.view);
    this.#measure();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('totalRows')) this.activeRow = Math.min(this.activeRow, Math.max(0, this.totalRows - 1));
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('totalRows')) this.#window();
  }

  protected override render(): TemplateResult {
    const rows = [];
    for (let index = this.first; index < Math.min(this.totalRows, this.first + this.count); index++) rows.push(index);
    const height = `${this.#contentPx}px`;
    return html`
      <div class="search">
        ${icon('search')}
        <input
          type="search"
          placeholder="Search name, path or type"
          aria-label="Search prims"
          .value=${this.filter}
          @input=${this.#onFilter}
          @keydown=${this.#onFilterKey}
        />
      </div>
      <div
        class="view scroll"
        role="tree"
        aria-label="Prims"
        tabindex="0"
        aria-activedescendant=${this.totalRows > 0 ? `row-${this.activeRow}` : nothing}
        @scroll=${this.#onScroll}
        @keydown=${this.#onKey}
      >
        ${
          this.totalRows === 0
            ? html`<div class="note">${this.filter === '' ? this.emptyText : 'No prim matches'}</div>`
            : html`<div
                class="content"
                role="presentation"
                ${cssProps({ height })}
                @click=${this.#onClick}
                @dblclick=${this.#onDoubleClick}
              >
                <div class="window" role="presentation" ${cssProps({ transform: `translateY(${this.#windowTop}px)` })}>
                  ${rows.map((index) => this.#renderRow(index))}
                </div>
              </div>`
        }
      </div>
    `;
  }

  /** All rows have the same elements, so that scrolling rewrites them instead of making new ones. */
  #renderRow(index: number): TemplateResult {
    const row = this.rowAt(index) ?? WAITING;
    const { icon: name, family } = primIcon(row.typeName);
    const isShown = row.visibility === 'visible';
    const classes = [
      'row',
      row === WAITING ? 'waiting' : '',
      index === this.activeRow ? 'active' : '',
      row.specifier === 'def' ? '' : 'dim',
      row.isActive ? '' : 'inactive',
      row.visibility === undefined || isShown ? '' : 'hidden',
    ].join(' ');
    return html`
      <div
        class=${classes}
        id="row-${index}"
        role="treeitem"
        title=${row.path}
        aria-level=${row.depth + 1}
        aria-expanded=${row.hasChildren ? String(row.isExpanded) : nothing}
        aria-selected=${String(row !== WAITING && row.path === this.selectedPath)}
        aria-label=${ariaLabelOf(row)}
        data-index=${index}
        ${cssProps({ '--depth': String(row.depth) })}
      >
        <span class="twist">${icon('chevron')}</span>
        <span class="kind ${family}">${icon(name)}</span>
        <span class="name">${row.name}</span>
        <span class="type">${row.typeName}</span>
        ${row.problemCount > 0 ? html`<span class="problem" title="${row.problemCount} problems">${icon('warning')}</span>` : nothing}
        ${row.isInstance ? html`<span class="tag">inst</span>` : nothing}
        <button
          class="eye ${isShown ? 'on' : 'off'}"
          tabindex="-1"
          ?hidden=${row.visibility === undefined}
          title=${row.visibility === 'hiddenByAncestor' ? 'Hidden by an ancestor' : isShown ? 'Hide' : 'Show'}
          aria-label="${isShown ? 'Hide' : 'Show'} ${row.name}"
        >
          ${icon(isShown ? 'eye' : 'eye-off')}
        </button>
      </div>
    `;
  }

  get #contentPx(): number {
    return Math.min(this.totalRows * this.#rowPx, MAX_CONTENT_PX);
  }

  /** Rows per pixel of scrolling, above one row's own height only in trees beyond what browsers scroll. */
  get #stretch(): number {
    const viewPx = this.view?.clientHeight ?? 0;
    const [real, drawn] = [this.totalRows * this.#rowPx - viewPx, this.#contentPx - viewPx];
    return drawn > 0 && real > drawn ? real / drawn : 1;
  }

  /** Pixels from the content's top to the first drawn row. */
  get #windowTop(): number {
    const px = this.first * this.#rowPx;
    const top = this.view?.scrollTop ?? 0;
    return this.#stretch === 1 ? px : px - top * this.#stretch + top;
  }

  #measure(): void {
    const probe = Number.parseFloat(getComputedStyle(this).getPropertyValue('--row'));
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    if (probe > 0 && rem > 0) this.#rowPx = probe * rem;
    this.#window();
    this.requestUpdate();
  }

  /**
   * Rows are exchanged in a task of their own: where the view stands can then be read without laying it out once more within
   * the frame that scrolls.
   */
  #onScroll = (): void => {
    if (this.#scrolling !== undefined) return;
    this.#scrolling = setTimeout(() => {
      this.#scrolling = undefined;
      this.#window();
    });
  };

  #scrolling: ReturnType<typeof setTimeout> | undefined;

  #window = (): void => {
    const view = this.view;
    if (view === undefined || this.totalRows === 0) return;
    const top = Math.floor((view.scrollTop * this.#stretch) / this.#rowPx);
    const visible = Math.ceil(view.clientHeight / this.#rowPx);
    const first = Math.max(0, Math.floor((top - OVERSCAN) / STRIDE) * STRIDE);
    const count = visible + 2 * OVERSCAN + STRIDE;
    if (this.#stretch !== 1) this.requestUpdate();
    if (first === this.first && count === this.count && this.#toldTotal === this.totalRows) return;
    this.#toldTotal = this.totalRows;
    this.first = first;
    this.count = count;
    this.#emit('usd-tree-window', { first, count });
  };

  #toldTotal = -1;

  #scrollTo(index: number): void {
    const view = this.view;
    const [top, bottom] = [index * this.#rowPx, (index + 1) * this.#rowPx];
    const from = view.scrollTop * this.#stretch;
    if (top >= from && bottom <= from + view.clientHeight) return;
    const isFar = top < from - view.clientHeight || bottom > from + 2 * view.clientHeight;
    const goal = isFar ? top - view.clientHeight / 2 : top < from ? top : bottom - view.clientHeight;
    view.scrollTop = goal / this.#stretch;
  }

  #onClick = (event: MouseEvent): void => {
    const target = event.target as Element;
    const index = Number(target.closest<HTMLElement>('.row')?.dataset['index'] ?? Number.NaN);
    const row = this.rowAt(index);
    if (row === undefined) return;
    this.activeRow = index;
    if (target.closest('.eye') !== null) this.#toggleVisibility(row);
    else if (row.hasChildren && target.closest('.twist') !== null) this.#expand(row, !row.isExpanded, event.altKey || event.shiftKey);
    else this.#emit('usd-select', { path: row.path, isChosen: true });
  };

  #onDoubleClick = (event: MouseEvent): void => {
    const target = event.target as Element;
    const row = this.rowAt(Number(target.closest<HTMLElement>('.row')?.dataset['index'] ?? Number.NaN));
    if (row !== undefined && target.closest('.eye, .twist') === null) this.#emit('usd-frame', { path: row.path });
  };

  #toggleVisibility(row: TreeRow): void {
    if (row.visibility !== undefined) this.#emit('usd-visibility', { path: row.path, isVisible: row.visibility === 'invisible' });
  }

  #expand(row: TreeRow, isExpanded: boolean, isRecursive: boolean): void {
    this.#emit('usd-expand', { path: row.path, isExpanded, isRecursive });
  }

  #onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || this.totalRows === 0) return;
    const row = this.rowAt(this.activeRow);
    const page = Math.max(1, Math.floor(this.view.clientHeight / this.#rowPx) - 1);
    switch (event.key) {
      case 'ArrowDown':
        this.#moveTo(this.activeRow + 1);
        break;
      case 'ArrowUp':
        this.#moveTo(this.activeRow - 1);
        break;
      case 'PageDown':
        this.#moveTo(this.activeRow + page);
        break;
      case 'PageUp':
        this.#moveTo(this.activeRow - page);
        break;
      case 'Home':
        this.#moveTo(0);
        break;
      case 'End':
        this.#moveTo(this.totalRows - 1);
        break;
      case 'ArrowRight':
        if (row?.hasChildren === true && !row.isExpanded) this.#expand(row, true, false);
        else if (row?.hasChildren === true) this.#moveTo(this.activeRow + 1);
        break;
      case 'ArrowLeft':
        if (row?.isExpanded === true && row.hasChildren) this.#expand(row, false, false);
        else if (row !== undefined) this.#climb(row);
        break;
      case '*':
        if (row !== undefined) this.#expand(row, true, true);
        break;
      case 'Enter':
        if (row !== undefined) this.#emit('usd-select', { path: row.path, isChosen: true });
        break;
      case ' ':
      case 'h':
        if (row !== undefined) this.#toggleVisibility(row);
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  #moveTo(index: number): void {
    this.activeRow = Math.max(0, Math.min(this.totalRows - 1, index));
    this.#scrollTo(this.activeRow);
    const row = this.rowAt(this.activeRow);
    if (row !== undefined) this.#emit('usd-select', { path: row.path });
  }

  /** To the parent's row, which the owner finds where it was not fetched. */
  #climb(row: TreeRow): void {
    for (let index = this.activeRow - 1; index >= 0; index--) {
      const other = this.rowAt(index);
      if (other === undefined) break;
      if (other.depth < row.depth) {
        this.#moveTo(index);
        return;
      }
    }
    const parent = row.path.slice(0, row.path.lastIndexOf('/'));
    if (parent !== '') this.#emit('usd-select', { path: parent, isRevealed: true });
  }

  #onFilter = (event: Event): void => {
    const text = (event.target as HTMLInputElement).value;
    clearTimeout(this.#filterTimer);
    this.#filterTimer = window.setTimeout(() => this.#emit('usd-tree-filter', { text }), FILTER_DELAY_MS);
  };

  #onFilterKey = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'Enter') {
      event.preventDefault();
      this.view.focus();
    }
    event.stopPropagation();
  };

  #emit<K extends keyof TreeEvents>(type: K, detail: TreeEvents[K]): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

/** Stands for a row that was asked for. */
const WAITING: TreeRow = {
  path: '',
  name: '',
  typeName: '',
  depth: 1,
  hasChildren: false,
  isExpanded: false,
  isActive: true,
  isInstance: false,
  specifier: 'def',
  problemCount: 0,
};

function ariaLabelOf(row: TreeRow): string {
  if (row === WAITING) return 'Loading';
  const parts = [row.name, row.typeName];
  if (!row.isActive) parts.push('inactive');
  if (row.visibility === 'invisible') parts.push('hidden');
  if (row.visibility === 'hiddenByAncestor') parts.push('hidden by an ancestor');
  if (row.problemCount > 0) parts.push(`${row.problemCount} problems`);
  return parts.filter((part) => part !== '').join(', ');
}

interface TreeEvents {
  'usd-tree-window': { readonly first: number; readonly count: number };
  /** `isRevealed`: the tree is to scroll there. `isChosen`: by a click or Enter, its properties are wanted. */
  'usd-select': { readonly path: string; readonly isRevealed?: boolean; readonly isChosen?: boolean };
  'usd-expand': { readonly path: string; readonly isExpanded: boolean; readonly isRecursive: boolean };
  'usd-visibility': { readonly path: string; readonly isVisible: boolean };
  'usd-tree-filter': { readonly text: string };
  'usd-frame': { readonly path?: string };
}

declare global {
  interface HTMLElementTagNameMap {
    'usd-stage-tree': UsdStageTree;
  }
  interface HTMLElementEventMap {
    'usd-tree-window': CustomEvent<TreeEvents['usd-tree-window']>;
    'usd-select': CustomEvent<TreeEvents['usd-select']>;
    'usd-expand': CustomEvent<TreeEvents['usd-expand']>;
    'usd-visibility': CustomEvent<TreeEvents['usd-visibility']>;
    'usd-tree-filter': CustomEvent<TreeEvents['usd-tree-filter']>;
    'usd-frame': CustomEvent<TreeEvents['usd-frame']>;
  }
}
