/** The prim tree, the selection in it, and what is done to single prims. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { UsdStageTree } from '../panels/usd-stage-tree.ts';
import type { EngineController } from './engine-controller.ts';
import { SelectionController } from './selection-controller.ts';
import { TreeRows } from './tree-rows.ts';

export interface PrimsHooks {
  /** Runs what may fail; a failure is told. */
  attempt(run: () => Promise<void>): Promise<void>;
  selected(): void;
  /** The tree, where it is shown. */
  tree(): UsdStageTree | null;
}

export class PrimsController implements ReactiveController {
  readonly rows: TreeRows;
  readonly selection: SelectionController;
  /** Text that the tree is searched for. */
  filter = '';

  #host: ReactiveControllerHost;
  #engine: EngineController;
  #hooks: PrimsHooks;

  constructor(host: ReactiveControllerHost, engine: EngineController, hooks: PrimsHooks) {
    this.#host = host;
    this.#engine = engine;
    this.#hooks = hooks;
    this.rows = new TreeRows(host, (first, count, reveal) => engine.treeRows(first, count, reveal));
    this.selection = new SelectionController(host, (path) => engine.primDetails(path));
    host.addController(this);
  }

  hostConnected(): void {}

  /** The stage is closed, or another one opened. */
  forget(): void {
    this.select('', false);
    this.#setFilterText('');
    this.rows.clear();
  }

  select(path: string, isRevealed: boolean): void {
    this.selection.select(path);
    this.#hooks.selected();
    if (path !== '' && isRevealed) void this.#reveal(path);
  }

  treeChanged(totalRows: number): void {
    this.rows.invalidate(totalRows);
    this.selection.refresh();
  }

  expand({ path, isExpanded, isRecursive }: HTMLElementEventMap['usd-expand']['detail']): Promise<void> {
    return this.#hooks.attempt(async () => this.rows.invalidate(await this.#engine.setExpanded(path, isExpanded, isRecursive)));
  }

  setFilter(text: string): Promise<void> {
    this.#setFilterText(text);
    return this.#hooks.attempt(async () => {
      const totalRows = await this.#engine.setTreeFilter(text);
      if (this.filter === text) this.rows.invalidate(totalRows);
    });
  }

  setVisibility(path: string, isVisible: boolean): Promise<void> {
    return this.#hooks.attempt(() => this.#engine.setVisibility(path, isVisible));
  }

  /** Hides the selected prim, or shows it. */
  async toggleSelected(): Promise<void> {
    const { path } = this.selection;
    if (path === '') return;
    await this.#hooks.attempt(async () => {
      const row = await this.#engine.treeRows(0, 1, path);
      const found = row.revealedRow === undefined ? undefined : (await this.#engine.treeRows(row.revealedRow, 1)).rows[0];
      if (found?.visibility !== undefined) await this.#engine.setVisibility(path, found.visibility === 'invisible');
    });
  }

  #setFilterText(text: string): void {
    this.filter = text;
    this.#host.requestUpdate();
  }

  async #reveal(path: string): Promise<void> {
    const row = await this.rows.reveal(path).catch(() => undefined);
    if (row !== undefined && this.selection.path === path) this.#hooks.tree()?.showRow(row);
  }
}
