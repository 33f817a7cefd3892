import type { InstanceFlags, InstanceRows, InstanceTransforms, MaterialId } from '../../share/protocol/scene.ts';
import { NONE_ID } from '../../share/protocol/scene.ts';
import {
  INSTANCE_FLAGS_WORD,
  INSTANCE_FLAG_MASK,
  INSTANCE_MATERIAL_WORD,
  INSTANCE_MESH_WORD,
  INSTANCE_MIRRORED,
  INSTANCE_PRIM_WORD,
  INSTANCE_WORDS,
  writeTransformInto,
} from '../layout/instance-record.ts';
import { materialRow } from '../layout/material-record.ts';
import { TableBuffer } from '../resources/table-buffer.ts';
import { newVersion } from '../resources/version.ts';

/** Instances that share a mesh and an inherited material. */
export interface InstancePair {
  readonly mesh: number;
  readonly material: number;
  count: number;
}

/** Rows with no instance have this in their flags word: nothing set, so kernels skip them. */
const EMPTY = 0;
const PAIR_FACTOR = 2 ** 26;

/** The instance table. Columns of a message are written row by row into the mirror; nothing is allocated per row. */
export class InstanceStore {
  readonly table = new TableBuffer('instances', INSTANCE_WORDS, 64);
  /** Raised when the numbers of instances per mesh and material change. */
  version = newVersion();
  #rowCount = 0;
  #instanceCount = 0;
  #pairs = new Map<number, InstancePair>();
  /** 1 where a row holds an instance. */
  #isUsed = new Uint8Array(64);
  #maxMesh = -1;
  #maxMaterialRow = 0;

  /** Rows that kernels must look at. */
  get rowCount(): number {
    return this.#rowCount;
  }

  get instanceCount(): number {
    return this.#instanceCount;
  }

  /** Largest mesh id and material row named by a row. */
  get maxMesh(): number {
    return this.#maxMesh;
  }

  get maxMaterialRow(): number {
    return this.#maxMaterialRow;
  }

  pairs(): IterableIterator<InstancePair> {
    return this.#pairs.values();
  }

  /** Writes rows `first` to `end` of the columns. */
  writeRows(rows: InstanceRows, first: number, end: number): void {
    let highest = -1;
    for (let i = first; i < end; i++) highest = Math.max(highest, rows.ids[i]!);
    this.#ensure(highest + 1);
    const { words, floats } = this.table;
    let pair: InstancePair | undefined;
    for (let i = first; i < end; i++) {
      const id = rows.ids[i]!;
      const mesh = rows.meshes[i]!;
      const materialId = rows.materials[i]!;
      const material = materialId === NONE_ID ? 0 : materialRow(materialId as MaterialId);
      const word = id * INSTANCE_WORDS;
      if (this.#isUsed[id] === 1) this.#forget(word);
      else this.#instanceCount++;
      this.#isUsed[id] = 1;
      const mirrored = writeTransformInto(floats, word, rows.worldFromLocal, 16 * i);
      words[word + INSTANCE_MESH_WORD] = mesh;
      words[word + INSTANCE_MATERIAL_WORD] = material;
      words[word + INSTANCE_PRIM_WORD] = rows.prims[i]!;
      words[word + INSTANCE_FLAGS_WORD] = (rows.flags[i]! & INSTANCE_FLAG_MASK) | mirrored;
      if (pair === undefined || pair.mesh !== mesh || pair.material !== material) pair = this.#pairOf(mesh, material);
      pair.count++;
      if (mesh > this.#maxMesh) this.#maxMesh = mesh;
      if (material > this.#maxMaterialRow) this.#maxMaterialRow = material;
    }
    this.#mark(rows.ids, first, end);
    this.version = newVersion();
  }

  writeTransforms(transforms: InstanceTransforms, first: number, end: number): void {
    const { words, floats } = this.table;
    for (let i = first; i < end; i++) {
      const id = transforms.ids[i]!;
      if (this.#isUsed[id] !== 1) continue;
      const word = id * INSTANCE_WORDS;
      const mirrored = writeTransformInto(floats, word, transforms.worldFromLocal, 16 * i);
      words[word + INSTANCE_FLAGS_WORD] = (words[word + INSTANCE_FLAGS_WORD]! & ~INSTANCE_MIRRORED) | mirrored;
    }
    this.#mark(transforms.ids, first, end);
  }

  writeFlags(flags: InstanceFlags): void {
    const { words } = this.table;
    for (let i = 0; i < flags.ids.length; i++) {
      const id = flags.ids[i]!;
      if (this.#isUsed[id] !== 1) continue;
      const word = id * INSTANCE_WORDS + INSTANCE_FLAGS_WORD;
      words[word] = (words[word]! & ~INSTANCE_FLAG_MASK) | (flags.flags[i]! & INSTANCE_FLAG_MASK);
    }
    this.#mark(flags.ids, 0, flags.ids.length);
  }

  remove(ids: Uint32Array): void {
    for (const id of ids) {
      if (this.#isUsed[id] !== 1) continue;
      this.#forget(id * INSTANCE_WORDS);
      this.#isUsed[id] = 0;
      this.table.words[id * INSTANCE_WORDS + INSTANCE_FLAGS_WORD] = EMPTY;
      this.#instanceCount--;
    }
    this.#mark(ids, 0, ids.length);
    while (this.#rowCount > 0 && this.#isUsed[this.#rowCount - 1] !== 1) this.#rowCount--;
    this.version = newVersion();
  }

  clear(): void {
    this.table.words.fill(0, 0, this.#rowCount * INSTANCE_WORDS);
    this.table.markRows(0, this.#rowCount);
    this.#isUsed.fill(0);
    this.#pairs.clear();
    this.#rowCount = 0;
    this.#instanceCount = 0;
    this.#maxMesh = -1;
    this.#maxMaterialRow = 0;
    this.version = newVersion();
  }

  /** Marks written ids; runs of ascending ids are one range. */
  #mark(ids: Uint32Array, first: number, end: number): void {
    let start = first;
    while (start < end) {
      const firstId = ids[start]!;
      let next = start + 1;
      while (next < end && ids[next] === firstId + (next - start)) next++;
      if (firstId < this.#isUsed.length) this.table.markRows(firstId, Math.min(next - start, this.#isUsed.length - firstId));
      start = next;
    }
  }

  #ensure(rows: number): void {
    if (rows > this.#isUsed.length) {
      const grown = new Uint8Array(Math.max(rows, this.#isUsed.length * 2));
      grown.set(this.#isUsed);
      this.#isUsed = grown;
      this.table.ensureRows(grown.length);
    }
    if (rows > this.#rowCount) this.#rowCount = rows;
  }

  #pairOf(mesh: number, material: number): InstancePair {
    const key = mesh * PAIR_FACTOR + material;
    let pair = this.#pairs.get(key);
    if (pair === undefined) {
      pair = { mesh, material, count: 0 };
      this.#pairs.set(key, pair);
    }
    return pair;
  }

  #forget(word: number): void {
    const { words } = this.table;
    const mesh = words[word + INSTANCE_MESH_WORD]!;
    const material = words[word + INSTANCE_MATERIAL_WORD]!;
    const pair = this.#pairOf(mesh, material);
    pair.count--;
    if (pair.count === 0) this.#pairs.delete(mesh * PAIR_FACTOR + material);
  }
}
