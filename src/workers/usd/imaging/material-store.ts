/** Materials in the renderer: one per bound material (and order of coordinate sets), and one per plain display colour. */
import type { Path, Prim } from 'usd-wasm';
import type { ErrorInfo } from '../../../share/protocol/error-info.ts';
import type { MaterialId, MaterialSnapshot, TextureId } from '../../../share/protocol/scene.ts';
import type { SceneWriter } from '../scene-writer.ts';
import { plainSurface, readMaterial, type MaterialHost, type MaterialReading } from './material-network.ts';
import type { TextureStore } from './texture-store.ts';

/** A material in use, and what geometry must bring for it. */
export interface MaterialEntry {
  readonly id: MaterialId;
  /** '' for display colours. */
  readonly path: Path | '';
  readonly uvNames: readonly string[];
  /** Coordinate set that tangents are needed for. */
  readonly tangentUvs: number | undefined;
  readonly colorPrimvar: string | undefined;
  readonly opacityPrimvar: string | undefined;
}

interface StoredMaterial extends MaterialEntry {
  key: string;
  uvOrder: readonly string[];
  dependencies: readonly Path[];
  textures: readonly TextureId[];
  images: ReadonlyMap<Path, TextureId>;
  isAnimated: boolean;
  uses: number;
}

export class MaterialStore {
  #entries = new Map<string, StoredMaterial>();
  /** Materials without a surface that can be shown. */
  #unusable = new Set<Path>();
  #animated = new Set<StoredMaterial>();
  #writer: SceneWriter;
  #textures: TextureStore;
  #host: MaterialHost;
  #findPrim: (path: Path) => Prim | undefined;

  constructor(
    writer: SceneWriter,
    textures: TextureStore,
    findPrim: (path: Path) => Prim | undefined,
    report: (problem: ErrorInfo) => void,
  ) {
    this.#writer = writer;
    this.#textures = textures;
    this.#findPrim = findPrim;
    this.#host = {
      report,
      isMissing: (texture) => textures.isMissing(texture),
      texture: (asset, resolved, colorSpace, usedBy) => textures.request(asset, resolved, colorSpace, usedBy),
    };
  }

  get count(): number {
    return this.#entries.size;
  }

  get hasAnimated(): boolean {
    return this.#animated.size > 0;
  }

  /** The entry of a Material prim; undefined when nothing of it can be shown. Not retained. */
  bound(material: Prim, time: number, uvOrder: readonly string[] = []): MaterialEntry | undefined {
    if (this.#unusable.has(material.path)) return undefined;
    const key = `${material.path}\n${uvOrder.join('\n')}`;
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    const reading = readMaterial(material, time, this.#host, uvOrder);
    if (reading === undefined) {
      this.#unusable.add(material.path);
      return undefined;
    }
    return this.#add(key, material.path, uvOrder, reading);
  }

  /** The same material with its coordinate sets counted as in `uvNames`. */
  withUvOrder(entry: MaterialEntry, uvNames: readonly string[], time: number): MaterialEntry {
    if (entry.path === '' || entry.uvNames.every((name, i) => name === uvNames[i])) return entry;
    const prim = this.#findPrim(entry.path);
    return (prim === undefined ? undefined : this.bound(prim, time, uvNames)) ?? entry;
  }

  /** A plain surface. @param color linear RGBA */
  display(
    color: readonly [number, number, number, number],
    uses: { readonly vertexColor: boolean; readonly vertexOpacity: boolean },
  ): MaterialEntry {
    const key = `display\n${color.join(' ')} ${uses.vertexColor} ${uses.vertexOpacity}`;
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    return this.#add(key, '', [], {
      material: {
        ...plainSurface('display color', color.slice(0, 3), color[3]),
        usesVertexColor: uses.vertexColor,
        usesVertexOpacity: uses.vertexOpacity,
      },
      uvNames: [],
      tangentUvs: undefined,
      colorPrimvar: uses.vertexColor ? 'displayColor' : undefined,
      opacityPrimvar: uses.vertexOpacity ? 'displayOpacity' : undefined,
      dependencies: [],
      textures: [],
      images: new Map(),
      isAnimated: false,
    });
  }

  /** The image that a shader node of a material in use reads, while it can be had. */
  imageOf(shader: Path): TextureId | undefined {
    for (const entry of this.#entries.values()) {
      const texture = entry.uses > 0 ? entry.images.get(shader) : undefined;
      if (texture !== undefined && !this.#textures.isMissing(texture)) return texture;
    }
    return undefined;
  }

  retain(entry: MaterialEntry): void {
    (entry as StoredMaterial).uses++;
  }

  release(entry: MaterialEntry): void {
    (entry as StoredMaterial).uses--;
  }

  /** Reads animated materials at a new time. */
  setTime(time: number): void {
    for (const entry of this.#animated) {
      const prim = this.#findPrim(entry.path as Path);
      if (prim !== undefined) this.#reread(entry, prim, time);
    }
  }

  /** Sends materials again whose textures turned out to be missing. */
  setMissing(textures: ReadonlySet<TextureId>, time: number): void {
    for (const entry of this.#entries.values()) {
      if (entry.path === '' || !entry.textures.some((texture) => textures.has(texture))) continue;
      const prim = this.#findPrim(entry.path);
      if (prim !== undefined) this.#reread(entry, prim, time);
    }
  }

  /**
   * Reads again what was read from prims at or below the changed paths.
   *
   * @returns paths of materials that geometry must be looked at again for: gone, new, or with other needs
   */
  refresh(isChanged: (path: Path) => boolean, time: number): Set<Path> {
    const affected = new Set<Path>();
    for (const path of this.#unusable) {
      if (!isChanged(path)) continue;
      this.#unusable.delete(path);
      affected.add(path);
    }
    // A list of its own: entries are put back under other keys on the way.
    for (const entry of Array.from(this.#entries.values())) {
      if (entry.path === '' || !entry.dependencies.some(isChanged)) continue;
      const prim = this.#findPrim(entry.path);
      if (prim === undefined || !this.#reread(entry, prim, time)) {
        affected.add(entry.path);
        this.#entries.delete(entry.key);
        entry.key = `gone\n${entry.id}`;
        this.#entries.set(entry.key, entry);
      }
    }
    return affected;
  }

  /** Removes what nobody uses any more. */
  sweep(): void {
    for (const entry of this.#entries.values()) {
      if (entry.uses > 0) continue;
      this.#entries.delete(entry.key);
      this.#animated.delete(entry);
      for (const texture of entry.textures) this.#textures.release(texture);
      this.#writer.removeMaterial(entry.id);
    }
  }

  #add(key: string, path: Path | '', uvOrder: readonly string[], reading: MaterialReading): MaterialEntry {
    const id = this.#writer.materialIds.allocate() as MaterialId;
    const { uvNames, tangentUvs, colorPrimvar, opacityPrimvar, dependencies, textures, images, isAnimated } = reading;
    const entry: StoredMaterial = {
      id,
      key,
      path,
      uvOrder,
      uvNames,
      tangentUvs,
      colorPrimvar,
      opacityPrimvar,
      dependencies,
      textures,
      images,
      isAnimated,
      uses: 0,
    };
    this.#entries.set(key, entry);
    if (isAnimated) this.#animated.add(entry);
    this.#put(id, reading.material);
    return entry;
  }

  /** Returns false when the material now asks for other geometry, or cannot be shown. */
  #reread(entry: StoredMaterial, prim: Prim, time: number): boolean {
    const reading = readMaterial(prim, time, this.#host, entry.uvOrder);
    if (reading === undefined) return false;
    for (const texture of entry.textures) this.#textures.release(texture);
    entry.textures = reading.textures;
    entry.images = reading.images;
    entry.dependencies = reading.dependencies;
    this.#put(entry.id, reading.material);
    return (
      reading.uvNames.join('\n') === entry.uvNames.join('\n') &&
      reading.tangentUvs === entry.tangentUvs &&
      reading.colorPrimvar === entry.colorPrimvar &&
      reading.opacityPrimvar === entry.opacityPrimvar
    );
  }

  #put(id: MaterialId, material: Omit<MaterialSnapshot, 'id'>): void {
    this.#writer.putMaterial({ id, ...material });
  }
}
