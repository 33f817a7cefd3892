/** The scene as one adapter sees it while it images one node; gathers what the node then holds. */
import { computeBoundMaterial, skelBinding, type Path, type Prim, type SkelCache, type SkinningQuery } from 'usd-wasm';
import type { ErrorInfo } from '../../share/protocol/error-info.ts';
import type { TextureId } from '../../share/protocol/scene.ts';
import type { ImagingContext, InheritedOpinions, MadeMesh, MeshEntry } from './imaging/adapter.ts';
import type { MaterialEntry, MaterialStore } from './imaging/material-store.ts';
import type { Matrix } from './imaging/matrix.ts';
import type { MeshStore } from './imaging/mesh-store.ts';
import type { TextureStore } from './imaging/texture-store.ts';
import type { SceneNode } from './scene-node.ts';
import { seenPath } from './skeleton-sharing.ts';

/** Storm's choice: the quicker of two looks where a material has both. */
const BINDING_PURPOSE = 'preview';

export interface Stores {
  readonly time: number;
  readonly segments: number;
  readonly stage: { getPrimAtPath(path: Path): Prim | undefined };
  readonly meshes: MeshStore;
  readonly materials: MaterialStore;
  readonly textures: TextureStore;
  readonly skeletons: SkelCache;
}

export class ImagingNode implements ImagingContext {
  readonly time: number;
  readonly segments: number;
  readonly inherited: InheritedOpinions | undefined;
  readonly worldFromLocal: Matrix;
  readonly meshes: MeshEntry[] = [];
  readonly materials: MaterialEntry[] = [];
  readonly materialPaths: Path[] = [];
  readonly skeletonPaths: Path[] = [];
  readonly #node: SceneNode;
  #stores: Stores;
  #report: (problem: ErrorInfo) => void;

  constructor(stores: Stores, node: SceneNode, report: (problem: ErrorInfo) => void) {
    this.#stores = stores;
    this.#node = node;
    this.#report = report;
    this.time = stores.time;
    this.segments = stores.segments;
    this.inherited = node.space.inherited;
    this.worldFromLocal = node.world;
  }

  report(problem: ErrorInfo): void {
    this.#report(problem);
  }

  mesh(
    key: string,
    label: string,
    options: { isAnimated?: boolean; materials?: readonly MaterialEntry[] },
    make: () => MadeMesh | undefined,
  ): MeshEntry | undefined {
    const entry = this.#stores.meshes.request(key, label, this.time, options, make);
    if (entry !== undefined) this.meshes.push(entry);
    return entry;
  }

  boundMaterial(prim: Prim): MaterialEntry | undefined {
    const material =
      computeBoundMaterial(prim, BINDING_PURPOSE) ??
      (this.inherited === undefined || this.inherited.materialPath === ''
        ? undefined
        : this.#stores.stage.getPrimAtPath(this.inherited.materialPath));
    return material === undefined ? undefined : this.#entry(material);
  }

  ownMaterial(prim: Prim): MaterialEntry | undefined {
    const hasOwn = prim
      .getRelationships()
      .some((relationship) => relationship.name.startsWith('material:binding') && relationship.isAuthored);
    const material = hasOwn ? computeBoundMaterial(prim, BINDING_PURPOSE) : undefined;
    return material === undefined ? undefined : this.#entry(material);
  }

  withUvOrder(material: MaterialEntry, uvNames: readonly string[]): MaterialEntry {
    return this.#held(this.#stores.materials.withUvOrder(material, uvNames, this.time));
  }

  displayMaterial(color: readonly [number, number, number, number], uses: { vertexColor: boolean; vertexOpacity: boolean }): MaterialEntry {
    return this.#held(this.#stores.materials.display(color, uses));
  }

  skinning(prim: Prim): SkinningQuery | undefined {
    const path = seenPath(prim.path, this.#node.space);
    const seen = path === prim.path ? prim : (this.#stores.stage.getPrimAtPath(path) ?? prim);
    const binding = skelBinding(seen);
    if (binding === undefined) return undefined;
    this.skeletonPaths.push(seen.path, binding.skeletonPath);
    const query = this.#stores.skeletons.skinningQuery(seen, binding);
    if (query === undefined) {
      this.report({
        code: 'skinning-failed',
        severity: 'warning',
        message: `${prim.path} is bound to ${binding.skeletonPath}, which is no active Skeleton; it is shown as it is`,
        path: prim.path,
      });
      return undefined;
    }
    const animation = query.skeleton.animation?.prim.path;
    if (animation !== undefined) this.skeletonPaths.push(animation);
    this.skeletonPaths.push(...(binding.blendShapeTargets?.getTargets() ?? []));
    return query;
  }

  texture(asset: string, resolved: string): TextureId {
    return this.#stores.textures.request(asset, resolved, 'auto', '');
  }

  #entry(material: Prim): MaterialEntry | undefined {
    this.materialPaths.push(material.path);
    const entry = this.#stores.materials.bound(material, this.time);
    return entry === undefined ? undefined : this.#held(entry);
  }

  #held(entry: MaterialEntry): MaterialEntry {
    this.#stores.materials.retain(entry);
    this.materials.push(entry);
    return entry;
  }
}
