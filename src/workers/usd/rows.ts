/** From nodes to rows of the renderer's instance table: own meshes, native instances and point instances, nested ones multiplied out. */
import type { ErrorInfo } from '../../share/protocol/error-info.ts';
import { InstanceFlag, type InstanceId, type MaterialId } from '../../share/protocol/scene.ts';
import type { MeshEntry } from './imaging/adapter.ts';
import { IDENTITY, isSameMatrix, multiplyInto, type Matrix } from './imaging/matrix.ts';
import { forEachNode, MOVED, FLAGGED, REPLACED, type FlatItem, type Purpose, type SceneNode, type Space } from './scene-node.ts';
import type { SceneWriter } from './scene-writer.ts';

/** Rows of one prim or prototype at most: 64 bytes each in the renderer's table. */
const MAX_ROWS = 4 << 20;

const PURPOSE_FLAGS: Readonly<Record<Purpose, number>> = {
  default: InstanceFlag.purposeDefault,
  render: InstanceFlag.purposeRender,
  proxy: InstanceFlag.purposeProxy,
  guide: InstanceFlag.purposeGuide,
};

export interface RowSink {
  /** The matrix is only valid during the call. */
  row(mesh: MeshEntry, material: MaterialId, isVisible: boolean, purpose: Purpose | undefined, matrix: Matrix): void;
}

export class RowExpander {
  #report: (problem: ErrorInfo) => void;
  /** Matrices of the row being walked. */
  #scratch = new Float64Array(16);
  #placed = new Float64Array(16);

  constructor(report: (problem: ErrorInfo) => void) {
    this.#report = report;
  }

  /** Rows of everything in a prototype, in its space. Kept with the space until something in it changes. */
  flatten(space: Space): readonly FlatItem[] {
    if (space.flat !== undefined) return space.flat;
    const items: FlatItem[] = [];
    space.flat = items; // an instancer that contains itself ends here
    const sink: RowSink = {
      row: (mesh, material, isVisible, purpose, matrix) =>
        void items.push({ mesh, material, isVisible, purpose, matrix: isSameMatrix(matrix, IDENTITY) ? IDENTITY : matrix.slice() }),
    };
    if (space.root !== undefined) {
      forEachNode(space.root, (node) => {
        const count = items.length + this.count(node);
        if (count > MAX_ROWS) this.#reportTooMany(node, count);
        else this.walk(node, sink);
      });
    }
    return items;
  }

  /** Number of rows of a node; 0 when they would be too many. */
  count(node: SceneNode): number {
    let count = node.imaged?.drawables?.length ?? 0;
    if (node.prototype !== undefined) count += this.flatten(node.prototype).length;
    const instances = node.imaged?.instances;
    if (instances !== undefined) {
      const sizes = node.pointPrototypes.map((space) => (space === undefined ? 0 : this.flatten(space).length));
      for (const index of instances.prototypeIndices) count += sizes[index] ?? 0;
    }
    if (count <= MAX_ROWS) return count;
    this.#reportTooMany(node, count);
    return 0;
  }

  /** Every row of a node, always in the same order. */
  walk(node: SceneNode, sink: RowSink): void {
    const { imaged, world, isVisible, purpose } = node;
    const scratch = this.#scratch;
    const drawables = imaged?.drawables;
    if (drawables !== undefined) {
      for (const { mesh, material, matrix } of drawables) {
        sink.row(mesh, material, isVisible, purpose, matrix === undefined ? world : multiplyInto(scratch, matrix, world));
      }
    }
    if (node.prototype !== undefined) {
      for (const item of this.flatten(node.prototype)) {
        sink.row(item.mesh, item.material, isVisible && item.isVisible, item.purpose ?? purpose, multiplyInto(scratch, item.matrix, world));
      }
    }
    const instances = imaged?.instances;
    if (instances === undefined) return;
    const flats = node.pointPrototypes.map((space) => (space === undefined ? [] : this.flatten(space)));
    const { prototypeIndices, matrices } = instances;
    const placed = this.#placed;
    for (let i = 0; i < prototypeIndices.length; i++) {
      const items = flats[prototypeIndices[i]!];
      if (items === undefined || items.length === 0) continue;
      multiplyInto(placed, matrices, world, 0, i * 16);
      for (const item of items) {
        const matrix = item.matrix === IDENTITY ? placed : multiplyInto(scratch, item.matrix, placed);
        sink.row(item.mesh, item.material, isVisible && item.isVisible, item.purpose ?? purpose, matrix);
      }
    }
  }

  #reportTooMany(node: SceneNode, count: number): void {
    this.#report({
      code: 'too-many-instances',
      severity: 'error',
      message: `${node.prim.path} and what it is part of stand for ${count} meshes; more than ${MAX_ROWS} are not shown`,
      path: node.prim.path,
    });
  }
}

/** Sends the rows of one node, or what changed about them. */
export class RowWriter implements RowSink {
  #writer: SceneWriter;
  #rows: Uint32Array = new Uint32Array(0);
  #handle = 0;
  #what = 0;
  #next = 0;

  constructor(writer: SceneWriter) {
    this.#writer = writer;
  }

  /** @param what bits of what changed since the rows were sent */
  begin(rows: Uint32Array, handle: number, what: number): void {
    this.#rows = rows;
    this.#handle = handle;
    this.#what = what;
    this.#next = 0;
  }

  row(mesh: MeshEntry, material: MaterialId, isVisible: boolean, purpose: Purpose | undefined, matrix: Matrix): void {
    const id = this.#rows[this.#next++] as InstanceId;
    const flags = (isVisible ? InstanceFlag.visible : 0) | PURPOSE_FLAGS[purpose ?? 'default'];
    if (this.#what & REPLACED) {
      this.#writer.putRow(id, mesh.id, material, this.#handle, flags, matrix);
      return;
    }
    if (this.#what & MOVED) this.#writer.putTransform(id, matrix);
    if (this.#what & FLAGGED) this.#writer.putFlags(id, flags);
  }
}
