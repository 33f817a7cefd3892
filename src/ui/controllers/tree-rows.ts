/**
 * Rows of the prim tree as far as they were looked at: pages asked for when they come into view, one request at a time, always
 * the one nearest to what is shown now. Rows of an older tree stay visible until their page is there anew.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { TreeRow, TreeWindow } from '../../share/protocol/engine.ts';

export const PAGE_ROWS = 128;
/** Pages kept; the rest are far from the view. */
const MAX_PAGES = 64;

interface Page {
  readonly rows: readonly TreeRow[];
  readonly generation: number;
}

export class TreeRows implements ReactiveController {
  totalRows = 0;
  /** Raised by every change, so that elements draw again. */
  version = 0;

  #host: ReactiveControllerHost;
  #fetch: (first: number, count: number, reveal?: string) => Promise<TreeWindow>;
  #pages = new Map<number, Page>();
  #generation = 0;
  #wanted = { first: 0, count: 0 };
  #isFetching = false;

  constructor(host: ReactiveControllerHost, fetch: (first: number, count: number, reveal?: string) => Promise<TreeWindow>) {
    this.#host = host;
    this.#fetch = fetch;
    host.addController(this);
  }

  hostConnected(): void {}

  /** The row if it was fetched; kept as a field so that elements see one function. */
  readonly rowAt = (index: number): TreeRow | undefined => this.#pages.get(Math.floor(index / PAGE_ROWS))?.rows[index % PAGE_ROWS];

  /** A new stage: forgets everything. */
  clear(): void {
    this.#pages.clear();
    this.#generation++;
    this.#setTotal(0);
  }

  /** The tree changed: what is shown is asked for again. */
  invalidate(totalRows: number): void {
    this.#generation++;
    this.#setTotal(totalRows);
    void this.#run();
  }

  /** These rows are on screen. */
  want(first: number, count: number): void {
    this.#wanted = { first, count };
    void this.#run();
  }

  /** Expands the tree down to a prim and finds its row, undefined when it is not in the tree. */
  async reveal(path: string): Promise<number | undefined> {
    const { first, count } = this.#wanted;
    const window = await this.#fetch(first, Math.max(1, count), path);
    if (window.totalRows !== this.totalRows) this.invalidate(window.totalRows);
    return window.revealedRow;
  }

  #setTotal(totalRows: number): void {
    this.totalRows = totalRows;
    this.version++;
    this.#host.requestUpdate();
  }

  #nextPage(): number | undefined {
    const { first, count } = this.#wanted;
    const last = Math.min(this.totalRows, first + count) - 1;
    for (let page = Math.floor(first / PAGE_ROWS); page <= Math.floor(last / PAGE_ROWS); page++) {
      if (this.#pages.get(page)?.generation !== this.#generation) return page;
    }
    return undefined;
  }

  async #run(): Promise<void> {
    if (this.#isFetching) return;
    this.#isFetching = true;
    try {
      for (let page = this.#nextPage(); page !== undefined; page = this.#nextPage()) {
        const generation = this.#generation;
        const { rows, totalRows } = await this.#fetch(page * PAGE_ROWS, PAGE_ROWS);
        // A reply that was overtaken by a change counts as old and is asked for again.
        this.#pages.delete(page);
        this.#pages.set(page, { rows, generation });
        this.#forget();
        const isCurrent = generation === this.#generation;
        if (isCurrent && totalRows !== this.totalRows) this.#generation++;
        this.#setTotal(isCurrent ? totalRows : this.totalRows);
      }
    } catch {
      // The stage was closed or replaced meanwhile: its successor invalidates and asks again.
    } finally {
      this.#isFetching = false;
    }
  }

  #forget(): void {
    for (const page of this.#pages.keys()) {
      if (this.#pages.size <= MAX_PAGES) return;
      this.#pages.delete(page);
    }
  }
}
