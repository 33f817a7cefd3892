import type { Aabb, LightId, LightSnapshot, SceneChanges, SceneInfo, StageId, TextureId } from '../../share/protocol/scene.ts';
import type { ErrorInfo } from '../../share/protocol/error-info.ts';
import type { GraphicsDevice } from '../device/device.ts';
import type { TableBuffer } from '../resources/table-buffer.ts';
import { TexturePool } from '../resources/texture-pool.ts';
import { newVersion } from '../resources/version.ts';
import { EnvironmentStore } from './environment-store.ts';
import { InstanceStore } from './instance-store.ts';
import { MaterialStore } from './material-store.ts';
import { MeshStore } from './mesh-store.ts';

/** Rows of a column message that are written before looking at the clock again. */
const ROWS_PER_STEP = 4096;
/** Bytes of instance rows sent per call of `upload`. */
const UPLOAD_BYTES = 16 << 20;

export type ReportProblem = (problem: ErrorInfo) => void;

/**
 * The scene in the form the GPU reads, with mirrors in memory that outlive the device. `apply` takes one message in
 * steps; `upload` sends what changed.
 */
export class RenderScene {
  readonly meshes = new MeshStore();
  readonly instances = new InstanceStore();
  readonly textures = new TexturePool();
  readonly materials = new MaterialStore(this.textures);
  readonly lights = new Map<LightId, LightSnapshot>();
  /** Stays when another stage comes. */
  readonly environment = new EnvironmentStore();
  info: SceneInfo = { upAxis: 'Y', metersPerUnit: 1 };
  stage: StageId | undefined;
  bounds: Aabb | undefined;
  /** Raised when what lies on or near the ground may have changed. */
  shapeVersion = newVersion();
  /** Raised with every change of lights. */
  lightVersion = newVersion();
  #bufferVersion = newVersion();
  #hasMore = false;

  /** Changes when lists of the cull kernels must be laid out anew. */
  get structureVersion(): string {
    return `${this.meshes.version}/${this.instances.version}/${this.materials.version}`;
  }

  /** Changes when a buffer was replaced by a larger one. */
  get bufferVersion(): number {
    return this.#bufferVersion;
  }

  get gpuBytes(): number {
    return (
      this.#tables().reduce((sum, table) => sum + table.gpuBytes, 0) +
      this.meshes.pages.gpuBytes +
      this.textures.gpuBytes +
      this.environment.gpuBytes
    );
  }

  /** Moves the scene to a new device: everything is sent again by `upload` and `restoreTextures`. */
  setDevice(graphics: GraphicsDevice): void {
    const { device } = graphics;
    for (const table of this.#tables()) table.setDevice(device);
    this.meshes.pages.setDevice(device, graphics.maxBindingBytes);
    this.textures.setDevice(device, graphics.maxTextureSize, graphics.maxTextureLayers);
    this.environment.setDevice(graphics);
    for (const id of this.textures.missing()) this.materials.textureChanged(id);
    this.#bufferVersion = newVersion();
  }

  /** Sends textures that a lost device took with it. */
  *restoreTextures(): Generator<void, void> {
    yield* this.environment.upload();
    for (const id of this.textures.missing()) {
      yield* this.textures.upload(id);
      this.materials.textureChanged(id);
      yield;
    }
  }

  /** Shows an image again whose place something else has taken. */
  *restoreImage(id: TextureId): Generator<void, void> {
    yield* this.textures.restore(id);
    this.materials.textureChanged(id);
  }

  /** Applies one message whole, in steps of about a millisecond. */
  *apply(changes: SceneChanges, report: ReportProblem): Generator<void, void> {
    if (changes.reset !== undefined) {
      this.#clear();
      this.stage = changes.stage;
      this.info = changes.reset;
    }
    if (changes.stage !== this.stage) return;
    const warn = (code: string, message: string): void => report({ code, severity: 'warning', message });
    if (changes.removedInstances !== undefined) this.instances.remove(changes.removedInstances);
    for (const id of changes.removedMeshes ?? []) this.meshes.remove(id);
    for (const id of changes.removedMaterials ?? []) this.materials.remove(id);
    for (const id of changes.removedTextures ?? []) {
      this.textures.remove(id);
      this.materials.textureChanged(id);
    }
    for (const id of changes.removedLights ?? []) this.lights.delete(id);
    for (const texture of changes.textures ?? []) {
      const refusal = this.textures.add(texture);
      if (refusal !== undefined) warn('texture-refused', refusal);
    }
    for (const texture of changes.textures ?? []) {
      yield* this.textures.upload(texture.id);
      this.materials.textureChanged(texture.id);
      yield;
    }
    for (const [index, material] of (changes.materials ?? []).entries()) {
      this.materials.set(material);
      if (index % 64 === 63) yield;
    }
    for (const mesh of changes.meshes ?? []) yield* this.meshes.add(mesh, warn);
    const rows = changes.instances;
    if (rows !== undefined) {
      for (let first = 0; first < rows.ids.length; first += ROWS_PER_STEP) {
        this.instances.writeRows(rows, first, Math.min(first + ROWS_PER_STEP, rows.ids.length));
        this.meshes.ensureMeshRows(this.instances.maxMesh + 1);
        this.materials.ensureRows(this.instances.maxMaterialRow + 1);
        yield;
      }
    }
    const transforms = changes.transforms;
    if (transforms !== undefined) {
      for (let first = 0; first < transforms.ids.length; first += ROWS_PER_STEP) {
        this.instances.writeTransforms(transforms, first, Math.min(first + ROWS_PER_STEP, transforms.ids.length));
        if (first + ROWS_PER_STEP < transforms.ids.length) yield;
      }
    }
    if (changes.flags !== undefined) this.instances.writeFlags(changes.flags);
    for (const light of changes.lights ?? []) this.lights.set(light.id, light);
    if (changes.lights !== undefined || changes.removedLights !== undefined) this.lightVersion = newVersion();
    if (changes.bounds !== undefined) this.bounds = changes.bounds;
    if (changes.meshes ?? rows ?? transforms ?? changes.flags ?? changes.removedInstances ?? changes.removedMeshes ?? changes.bounds)
      this.shapeVersion = newVersion();
  }

  /** Sends changed tables and pages. Returns whether rows are left for the next frame. */
  upload(): boolean {
    let hasMore = false;
    let isReplaced = this.meshes.pages.upload();
    for (const table of this.#tables()) {
      const result = table.upload(UPLOAD_BYTES);
      isReplaced ||= result.isNewBuffer;
      hasMore ||= result.hasMore;
    }
    if (isReplaced) this.#bufferVersion = newVersion();
    this.#hasMore = hasMore;
    return hasMore;
  }

  get isUploaded(): boolean {
    return !this.#hasMore;
  }

  dispose(): void {
    for (const table of this.#tables()) table.dispose();
    this.meshes.pages.dispose();
    this.textures.dispose();
    this.environment.dispose();
  }

  #clear(): void {
    this.instances.clear();
    this.meshes.clear();
    this.materials.clear();
    this.textures.clear();
    this.lights.clear();
    this.bounds = undefined;
    this.shapeVersion = newVersion();
    this.lightVersion = newVersion();
  }

  #tables(): readonly TableBuffer[] {
    return [this.instances.table, this.meshes.meshTable, this.meshes.clusterTable, this.materials.table, this.materials.textureTable];
  }
}
