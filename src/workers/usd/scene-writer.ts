/**
 * Gathers what changed into change sets and sends them over the port to the render worker.
 *
 * Early messages leave after a few milliseconds so that something is seen at once; later ones are larger because a
 * message costs the renderer a pass over its tables. At most a few messages and bytes are under way: the renderer
 * acknowledges each, and `pace` waits when it falls behind.
 */
import {
  transferOfSceneChanges,
  type Aabb,
  type InstanceId,
  type LightId,
  type LightSnapshot,
  type MaterialId,
  type MaterialSnapshot,
  type MeshId,
  type MeshSnapshot,
  type SceneAck,
  type SceneChanges,
  type SceneInfo,
  type StageId,
  type TextureId,
  type TextureSnapshot,
} from '../../share/protocol/scene.ts';
import { IdAllocator } from './id-allocator.ts';
import type { Pace } from './pace.ts';

/** The port, or what stands in for it in tests. */
export interface SceneSink {
  postMessage(message: SceneChanges, transfer: Transferable[]): void;
}

const FIRST_FLUSHES = 3;
const FIRST_INTERVAL_MS = 8;
const INTERVAL_MS = 30;
const BATCH_BYTES = 4 << 20;
const MAX_UNACKNOWLEDGED = 8;
const MAX_UNACKNOWLEDGED_BYTES = 64 << 20;
/** Without an answer for so long nobody is drawing (no WebGPU): work goes on, so that the tree and the counts are right. */
const ACK_PATIENCE_MS = 4_000;

/** Growing columns of instance rows. */
class RowColumns {
  count = 0;
  ids = new Uint32Array(64);
  meshes = new Uint32Array(64);
  materials = new Uint32Array(64);
  prims = new Uint32Array(64);
  flags = new Uint32Array(64);
  matrices = new Float32Array(64 * 16);

  reserve(extra: number): void {
    const needed = this.count + extra;
    if (needed <= this.ids.length) return;
    const size = Math.max(needed, this.ids.length * 2);
    this.ids = grown(this.ids, size);
    this.meshes = grown(this.meshes, size);
    this.materials = grown(this.materials, size);
    this.prims = grown(this.prims, size);
    this.flags = grown(this.flags, size);
    const matrices = new Float32Array(size * 16);
    matrices.set(this.matrices);
    this.matrices = matrices;
  }

  keep(isKept: (id: number) => boolean): void {
    let to = 0;
    for (let i = 0; i < this.count; i++) {
      if (!isKept(this.ids[i]!)) continue;
      if (to !== i) {
        for (const column of [this.ids, this.meshes, this.materials, this.prims, this.flags]) column[to] = column[i]!;
        this.matrices.copyWithin(to * 16, i * 16, i * 16 + 16);
      }
      to++;
    }
    this.count = to;
  }
}

function grown(array: Uint32Array, size: number): Uint32Array<ArrayBuffer> {
  const result = new Uint32Array(size);
  result.set(array);
  return result;
}

export class SceneWriter {
  readonly stage: StageId;
  readonly meshIds = new IdAllocator();
  readonly materialIds = new IdAllocator();
  readonly textureIds = new IdAllocator();
  readonly lightIds = new IdAllocator();
  readonly instanceIds = new IdAllocator();
  /** Bytes and messages sent, for the timings. */
  sentBytes = 0;
  sentMessages = 0;

  #sink: SceneSink;
  #reset: SceneInfo | undefined;
  #sequence = 0;
  #bytes = 0;
  #lastFlush = performance.now();
  #unacknowledged = new Map<number, number>();
  #unacknowledgedBytes = 0;
  #onAck: (() => void) | undefined;
  #isDeaf = false;

  #removedMeshes: MeshId[] = [];
  #removedMaterials: MaterialId[] = [];
  #removedTextures: TextureId[] = [];
  #removedLights: LightId[] = [];
  #removedInstances: number[] = [];
  #textures = new Map<TextureId, TextureSnapshot>();
  #materials = new Map<MaterialId, MaterialSnapshot>();
  #meshes = new Map<MeshId, MeshSnapshot>();
  #lights = new Map<LightId, LightSnapshot>();
  #rows = new RowColumns();
  #moved = new RowColumns();
  #flagIds: number[] = [];
  #flagValues: number[] = [];
  #bounds: Aabb | undefined;

  /** @param info sent with the first message, which makes the renderer forget everything before it */
  constructor(stage: StageId, info: SceneInfo, sink: SceneSink) {
    this.stage = stage;
    this.#reset = info;
    this.#sink = sink;
  }

  /** Also replaces a mesh of the same id. */
  putMesh(mesh: MeshSnapshot): void {
    this.#meshes.set(mesh.id, mesh);
    let floats =
      mesh.positions.length + mesh.normals.length + (mesh.tangents?.length ?? 0) + (mesh.colors?.length ?? 0) + mesh.indices.length;
    for (const uvs of mesh.uvs) floats += uvs.length;
    this.#bytes += floats * 4;
  }

  removeMesh(id: MeshId): void {
    this.#meshes.delete(id);
    this.#removedMeshes.push(id);
    this.meshIds.release(id);
  }

  putMaterial(material: MaterialSnapshot): void {
    this.#materials.set(material.id, material);
  }

  removeMaterial(id: MaterialId): void {
    this.#materials.delete(id);
    this.#removedMaterials.push(id);
    this.materialIds.release(id);
  }

  putTexture(texture: TextureSnapshot): void {
    this.#textures.set(texture.id, texture);
    this.#bytes += texture.data.byteLength;
  }

  removeTexture(id: TextureId): void {
    this.#textures.delete(id);
    this.#removedTextures.push(id);
    this.textureIds.release(id);
  }

  putLight(light: LightSnapshot): void {
    this.#lights.set(light.id, light);
  }

  removeLight(id: LightId): void {
    this.#lights.delete(id);
    this.#removedLights.push(id);
    this.lightIds.release(id);
  }

  /** Writes one whole row. `matrix` is local to world, 16 numbers from `offset`, cast to f32 here. */
  putRow(id: InstanceId, mesh: MeshId, material: MaterialId, prim: number, flags: number, matrix: Float64Array, offset = 0): void {
    const rows = this.#rows;
    rows.reserve(1);
    const i = rows.count++;
    rows.ids[i] = id;
    rows.meshes[i] = mesh;
    rows.materials[i] = material;
    rows.prims[i] = prim;
    rows.flags[i] = flags;
    writeMatrix(rows.matrices, i * 16, matrix, offset);
    this.#bytes += 84;
    // Rows of one huge instancer come without a pause between them.
    if (this.#bytes >= 2 * BATCH_BYTES) this.flush();
  }

  removeRows(ids: Uint32Array): void {
    for (const id of ids) {
      this.#removedInstances.push(id);
      this.instanceIds.release(id);
    }
  }

  /** Moves a row that was sent before. */
  putTransform(id: InstanceId, matrix: Float64Array, offset = 0): void {
    const moved = this.#moved;
    moved.reserve(1);
    const i = moved.count++;
    moved.ids[i] = id;
    writeMatrix(moved.matrices, i * 16, matrix, offset);
    this.#bytes += 68;
  }

  putFlags(id: InstanceId, flags: number): void {
    this.#flagIds.push(id);
    this.#flagValues.push(flags);
  }

  putBounds(bounds: Aabb | undefined): void {
    this.#bounds = bounds;
  }

  /** Cheap enough to ask after every prim. */
  isDue(): boolean {
    if (this.#bytes >= BATCH_BYTES) return true;
    return this.#bytes > 0 && performance.now() - this.#lastFlush >= (this.#sequence < FIRST_FLUSHES ? FIRST_INTERVAL_MS : INTERVAL_MS);
  }

  /** Sends what is due, waits while the renderer is behind, yields when the slice is over. */
  async pace(pace: Pace): Promise<void> {
    if (this.isDue()) {
      this.flush();
      if (this.#isBehind()) await this.#waitForAck(pace);
    }
    if (pace.isDue()) await pace.rest();
  }

  /** Sends everything gathered so far. Does nothing when there is nothing and no milestone. */
  flush(milestone?: 'geometry' | 'complete'): void {
    const changes = this.#take(milestone);
    if (changes === undefined) return;
    const bytes = this.#bytes;
    this.#bytes = 0;
    this.#lastFlush = performance.now();
    this.#unacknowledged.set(changes.sequence, bytes);
    this.#unacknowledgedBytes += bytes;
    this.sentBytes += bytes;
    this.sentMessages++;
    this.#sink.postMessage(changes, transferOfSceneChanges(changes));
    for (const ids of [this.meshIds, this.materialIds, this.textureIds, this.lightIds, this.instanceIds]) ids.recycle();
  }

  /** Takes an acknowledgement from the render worker. Acknowledging one message acknowledges those before it. */
  acknowledge(ack: SceneAck): void {
    if (ack.stage !== this.stage) return;
    this.#isDeaf = false;
    for (const [sequence, bytes] of this.#unacknowledged) {
      if (sequence > ack.sequence) break;
      this.#unacknowledged.delete(sequence);
      this.#unacknowledgedBytes -= bytes;
    }
    this.#onAck?.();
  }

  /** Rows that were put and removed before they left: removals are applied first, so the rows must not be sent. */
  #dropRemovedRows(): void {
    const removed = new Set(this.#removedInstances);
    for (const columns of [this.#rows, this.#moved]) columns.keep((id) => !removed.has(id));
    const kept: number[] = [];
    for (let i = 0; i < this.#flagIds.length; i++) if (!removed.has(this.#flagIds[i]!)) kept.push(i);
    this.#flagValues = kept.map((i) => this.#flagValues[i]!);
    this.#flagIds = kept.map((i) => this.#flagIds[i]!);
  }

  #isBehind(): boolean {
    return !this.#isDeaf && (this.#unacknowledged.size > MAX_UNACKNOWLEDGED || this.#unacknowledgedBytes > MAX_UNACKNOWLEDGED_BYTES);
  }

  async #waitForAck(pace: Pace): Promise<void> {
    const deadline = performance.now() + ACK_PATIENCE_MS;
    while (this.#isBehind()) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 250);
        this.#onAck = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#onAck = undefined;
      pace.check();
      if (performance.now() > deadline) this.#isDeaf = true;
    }
  }

  #take(milestone: 'geometry' | 'complete' | undefined): SceneChanges | undefined {
    const changes: { -readonly [K in keyof SceneChanges]: SceneChanges[K] } = {
      kind: 'sceneChanges',
      stage: this.stage,
      sequence: this.#sequence,
    };
    let isEmpty = true;
    const set = <K extends keyof SceneChanges>(key: K, value: SceneChanges[K] | undefined): void => {
      if (value === undefined) return;
      changes[key] = value;
      isEmpty = false;
    };
    set('reset', this.#reset);
    set('removedMeshes', listOf(this.#removedMeshes));
    set('removedMaterials', listOf(this.#removedMaterials));
    set('removedTextures', listOf(this.#removedTextures));
    set('removedLights', listOf(this.#removedLights));
    if (this.#removedInstances.length > 0) set('removedInstances', Uint32Array.from(this.#removedInstances));
    set('textures', valuesOf(this.#textures));
    set('materials', valuesOf(this.#materials));
    set('meshes', valuesOf(this.#meshes));
    set('lights', valuesOf(this.#lights));
    if (this.#removedInstances.length > 0) this.#dropRemovedRows();
    const { count } = this.#rows;
    if (count > 0) {
      const rows = this.#rows;
      set('instances', {
        ids: rows.ids.slice(0, count),
        meshes: rows.meshes.slice(0, count),
        materials: rows.materials.slice(0, count),
        prims: rows.prims.slice(0, count),
        flags: rows.flags.slice(0, count),
        worldFromLocal: rows.matrices.slice(0, count * 16),
      });
    }
    if (this.#moved.count > 0) {
      set('transforms', {
        ids: this.#moved.ids.slice(0, this.#moved.count),
        worldFromLocal: this.#moved.matrices.slice(0, this.#moved.count * 16),
      });
    }
    if (this.#flagIds.length > 0) set('flags', { ids: Uint32Array.from(this.#flagIds), flags: Uint32Array.from(this.#flagValues) });
    set('bounds', this.#bounds);
    set('milestone', milestone);
    if (isEmpty) return undefined;

    this.#sequence++;
    this.#reset = undefined;
    this.#bounds = undefined;
    this.#removedMeshes = [];
    this.#removedMaterials = [];
    this.#removedTextures = [];
    this.#removedLights = [];
    this.#removedInstances = [];
    this.#textures = new Map();
    this.#materials = new Map();
    this.#meshes = new Map();
    this.#lights = new Map();
    this.#rows = new RowColumns();
    this.#moved = new RowColumns();
    this.#flagIds = [];
    this.#flagValues = [];
    return changes;
  }
}

/** Casts to f32. What has no finite numbers there collapses to a point, which draws nothing. */
function writeMatrix(out: Float32Array, to: number, matrix: Float64Array, from: number): void {
  let isFinite = true;
  for (let k = 0; k < 16; k++) {
    out[to + k] = matrix[from + k]!;
    isFinite &&= Number.isFinite(out[to + k]);
  }
  if (isFinite) return;
  out.fill(0, to, to + 15);
  out[to + 15] = 1;
}

function listOf<T>(items: T[]): T[] | undefined {
  return items.length > 0 ? items : undefined;
}

function valuesOf<T>(items: Map<unknown, T>): T[] | undefined {
  return items.size > 0 ? [...items.values()] : undefined;
}
