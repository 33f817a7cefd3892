/**
 * The prim tree as rows: flattened, expandable, searchable, made for 100,000 prims. Only which rows are shown is kept; what
 * a row says is read when a window asks for it.
 */
import { appendChild, computeVisibility, ownVisibility, parentPath, ROOT_PATH, type Path, type Prim, type Stage } from 'usd-wasm';
import type { FoundPrim, TreeRow, TreeWindow } from '../../share/protocol/engine.ts';

interface Row {
  readonly prim: Prim;
  readonly depth: number;
}

/** At the start levels are opened as long as the tree stays this short. */
const COMFORTABLE_ROWS = 40;
/** A recursive expansion stops here: instances of instances may have no end. */
const MAX_ROWS = 500_000;
const MAX_WINDOW = 1_000;
/** A search that has found so many prims is too short to look on. */
const MAX_FOUND = 2_000;

export interface TreeContext {
  readonly time: number;
  problemCountOf(path: string): number;
}

export class TreeModel {
  #stage: Stage;
  #expanded = new Set<Path>();
  /** Paths that may be shown while a filter is set. */
  #shown: Set<Path> | undefined;
  #filter = '';
  #rows: Row[] = [];

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#expandAtStart();
    this.#rebuild();
  }

  get totalRows(): number {
    return this.#rows.length;
  }

  window(first: number, count: number, reveal: string | undefined, context: TreeContext): TreeWindow {
    let revealedRow: number | undefined;
    if (reveal !== undefined) {
      revealedRow = this.#reveal(reveal as Path);
      if (revealedRow !== undefined && (revealedRow < first || revealedRow >= first + count)) first = revealedRow - (count >> 1);
    }
    const from = Math.min(Math.max(0, Math.floor(first)), this.#rows.length);
    const rows = this.#rows.slice(from, from + Math.min(Math.max(0, count), MAX_WINDOW)).map((row) => this.#describe(row, context));
    return { totalRows: this.#rows.length, first: from, rows, ...(revealedRow === undefined ? {} : { revealedRow }) };
  }

  setExpanded(path: Path, isExpanded: boolean, isRecursive: boolean): number {
    if (isRecursive) this.#setDeep(path, isExpanded);
    else if (isExpanded) this.#expanded.add(path);
    else this.#expanded.delete(path);
    const index = this.#rows.findIndex((row) => row.prim.path === path);
    const row = this.#rows[index];
    if (row === undefined) return this.#rows.length;
    let end = index + 1;
    while (end < this.#rows.length && this.#rows[end]!.depth > row.depth) end++;
    const below: Row[] = [];
    if (this.#isOpen(path)) this.#append(below, row.prim, row.depth + 1);
    this.#rows = [...this.#rows.slice(0, index + 1), ...below, ...this.#rows.slice(end)];
    return this.#rows.length;
  }

  setFilter(text: string): number {
    this.#filter = text.trim().toLowerCase();
    this.#applyFilter();
    this.#rebuild();
    return this.#rows.length;
  }

  /** Prims whose name contains the text, shortest names first. Prototypes are not looked into. */
  find(text: string, limit: number): FoundPrim[] {
    const wanted = text.trim().toLowerCase();
    if (wanted === '') return [];
    const found: Prim[] = [];
    const stack: Prim[] = [...this.#stage.pseudoRoot.allChildren].reverse();
    for (let prim = stack.pop(); prim !== undefined && found.length < MAX_FOUND; prim = stack.pop()) {
      if (prim.name.toLowerCase().includes(wanted)) found.push(prim);
      const children = prim.allChildren;
      for (let i = children.length - 1; i >= 0; i--) stack.push(children[i]!);
    }
    return found
      .sort((a, b) => a.name.length - b.name.length)
      .slice(0, Math.max(0, limit))
      .map(({ path, name, typeName }) => ({ path, name, typeName }));
  }

  /** Reads the stage again after it was recomposed. What was open stays open. */
  refresh(): void {
    this.#applyFilter();
    this.#rebuild();
  }

  #describe({ prim, depth }: Row, context: TreeContext): TreeRow {
    const row = {
      path: prim.path,
      name: prim.name,
      typeName: prim.typeName,
      depth,
      hasChildren: this.#childrenOf(prim).length > 0,
      isExpanded: this.#isOpen(prim.path),
      isActive: prim.isActive,
      isInstance: prim.isInstance,
      specifier: prim.specifier,
      problemCount: context.problemCountOf(prim.path),
    };
    if (!prim.isA('Imageable')) return row;
    const visibility =
      ownVisibility(prim, context.time) === 'invisible'
        ? 'invisible'
        : computeVisibility(prim, context.time) === 'invisible'
          ? 'hiddenByAncestor'
          : 'visible';
    return { ...row, visibility };
  }

  #isOpen(path: Path): boolean {
    return this.#expanded.has(path);
  }

  /** Composed children; below an instance those of its prototype, as seen through it. */
  #childrenOf(prim: Prim): readonly Prim[] {
    const { prototype } = prim;
    const children =
      prototype === undefined
        ? prim.allChildren
        : prototype.allChildren
            .map((child) => this.#stage.getPrimAtPath(appendChild(prim.path, child.name)))
            .filter((child) => child !== undefined);
    const shown = this.#shown;
    return shown === undefined ? children : children.filter((child) => shown.has(child.path));
  }

  #append(rows: Row[], prim: Prim, depth: number): void {
    const stack: Row[] = [];
    const push = (parent: Prim, childDepth: number): void => {
      const children = this.#childrenOf(parent);
      for (let i = children.length - 1; i >= 0; i--) stack.push({ prim: children[i] as Prim, depth: childDepth });
    };
    push(prim, depth);
    for (let row = stack.pop(); row !== undefined && rows.length < MAX_ROWS; row = stack.pop()) {
      rows.push(row);
      if (this.#isOpen(row.prim.path)) push(row.prim, row.depth + 1);
    }
  }

  #rebuild(): void {
    this.#rows = [];
    this.#append(this.#rows, this.#stage.pseudoRoot, 0);
  }

  #expandAtStart(): void {
    let level: Prim[] = [this.#stage.pseudoRoot];
    let rows = 0;
    while (level.length > 0) {
      const next = level.flatMap((prim) => (prim.isInstance || isNetwork(prim) ? [] : prim.allChildren));
      rows += next.length;
      if (rows > COMFORTABLE_ROWS) break;
      for (const prim of level) if (!prim.isInstance && !isNetwork(prim)) this.#expanded.add(prim.path);
      level = next;
    }
  }

  #setDeep(path: Path, isExpanded: boolean): void {
    const root = this.#stage.getPrimAtPath(path);
    const stack = root === undefined ? [] : [root];
    let count = 0;
    for (let prim = stack.pop(); prim !== undefined && count < MAX_ROWS; prim = stack.pop()) {
      count++;
      if (isExpanded) this.#expanded.add(prim.path);
      else this.#expanded.delete(prim.path);
      // Instances are opened one at a time: all of them together would be the whole scene written out.
      if (!prim.isInstance || prim === root) for (const child of this.#childrenOf(prim)) stack.push(child);
    }
  }

  /** Opens everything above a prim; returns its row. */
  #reveal(path: Path): number | undefined {
    if (this.#stage.getPrimAtPath(path) === undefined || path === ROOT_PATH) return undefined;
    let isChanged = false;
    for (let ancestor = parentPath(path); ancestor !== ROOT_PATH; ancestor = parentPath(ancestor)) {
      if (this.#expanded.has(ancestor)) continue;
      this.#expanded.add(ancestor);
      isChanged = true;
    }
    if (this.#shown !== undefined && !this.#shown.has(path)) {
      this.#filter = '';
      this.#shown = undefined;
      isChanged = true;
    }
    if (isChanged) this.#rebuild();
    const index = this.#rows.findIndex((row) => row.prim.path === path);
    return index < 0 ? undefined : index;
  }

  /** Prims that match by name, path or type, and what lies above them. Prototypes are searched once, where they are, not below each instance. */
  #applyFilter(): void {
    this.#shown = undefined;
    const wanted = this.#filter;
    if (wanted === '') return;
    const shown = new Set<Path>();
    const stack: Prim[] = [...this.#stage.pseudoRoot.allChildren];
    for (let prim = stack.pop(); prim !== undefined; prim = stack.pop()) {
      if (prim.path.toLowerCase().includes(wanted) || prim.typeName.toLowerCase().includes(wanted)) {
        for (let path = prim.path; path !== ROOT_PATH && !shown.has(path); path = parentPath(path)) {
          shown.add(path);
          if (path !== prim.path) this.#expanded.add(path);
        }
      }
      for (const child of prim.allChildren) stack.push(child);
    }
    this.#shown = shown;
  }
}

/** Shading networks are many small prims that few want to see at once. */
function isNetwork(prim: Prim): boolean {
  return prim.typeName === 'Material' || prim.typeName === 'NodeGraph';
}
