/**
 * What an adapter is: it turns one composed prim into what is drawn of it. One file per kind of prim, registered in
 * `registry.ts`; nothing else knows prim types.
 */
import type { Path, Prim, SkinningQuery } from 'usd-wasm';
import type { ErrorInfo } from '../../../share/protocol/error-info.ts';
import type { Aabb, LightSnapshot, MaterialId, MeshId, MeshSnapshot, TextureId } from '../../../share/protocol/scene.ts';
import type { MaterialEntry } from './material-store.ts';
import type { Matrix } from './matrix.ts';
import type { MeshArrays, PrimvarData } from './mesh-geometry.ts';

/** Geometry in the renderer, shared by all that ask for the same key. */
export interface MeshEntry {
  readonly id: MeshId;
  readonly bounds: Aabb;
  readonly triangleCount: number;
}

/** One mesh of a prim. */
export interface Drawable {
  readonly mesh: MeshEntry;
  readonly material: MaterialId;
  /** From the mesh to the prim's local space; absent: the same. */
  readonly matrix?: Matrix;
}

/** Many placements of other prims. */
export interface PointInstances {
  readonly prototypes: readonly Prim[];
  /** Index into `prototypes` per instance, shape [N]. Hidden and invalid instances are left out. */
  readonly prototypeIndices: Uint32Array;
  /** Instance to the prim's local space, shape [16·N]; the prototype root's own transform is included. */
  readonly matrices: Float64Array;
}

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

/** What is drawn of one prim at one time. */
export interface Imaged {
  readonly drawables?: readonly Drawable[];
  readonly instances?: PointInstances;
  readonly light?: WithoutId<LightSnapshot>;
  /** Something other than the transform and visibility changes with time: ask again then. */
  readonly isAnimated?: boolean;
}

/** What an instance hands down into its shared prototype. */
export interface InheritedOpinions {
  /** Path of the bound material, '' when none is bound. */
  readonly materialPath: Path | '';
  readonly color: PrimvarData | undefined;
  readonly opacity: PrimvarData | undefined;
  /** Skeletons are bound at or above the instance: what is in the prototype must be looked at through one of its instances. */
  readonly seesSkeletons: boolean;
  /** Equal keys: the same opinions. */
  readonly key: string;
}

/** Geometry as an adapter makes it. */
export type MadeMesh = MeshArrays & Pick<MeshSnapshot, 'isDoubleSided'>;

/** The scene as adapters see it, while one prim is imaged. */
export interface ImagingContext {
  /** In the stage's time codes. */
  readonly time: number;
  /** Around round shapes; one number for the whole stage. */
  readonly segments: number;
  readonly inherited: InheritedOpinions | undefined;
  /** World from the prim's local space. Inside a prototype, world is the prototype's. */
  readonly worldFromLocal: Matrix;
  report(problem: ErrorInfo): void;
  /**
   * The geometry of `key`, made now unless it exists. `isAnimated` geometry is made again, under the same id, when the time has
   * changed. `materials` are kept alive with it. Undefined when there is nothing to draw.
   */
  mesh(
    key: string,
    label: string,
    options: { isAnimated?: boolean; materials?: readonly MaterialEntry[] },
    make: () => MadeMesh | undefined,
  ): MeshEntry | undefined;
  /** The material bound to a prim or subset (here, or by the instance above), undefined when none is. */
  boundMaterial(prim: Prim): MaterialEntry | undefined;
  /** The material bound to the prim itself, nothing inherited. */
  ownMaterial(prim: Prim): MaterialEntry | undefined;
  /** The same material, its texture coordinate sets numbered in another order. */
  withUvOrder(material: MaterialEntry, uvNames: readonly string[]): MaterialEntry;
  /** A plain surface: one colour, or the mesh's vertex colours. Linear RGBA. */
  displayMaterial(color: readonly [number, number, number, number], uses: { vertexColor: boolean; vertexOpacity: boolean }): MaterialEntry;
  /** What a skeleton makes of the prim; undefined where none is bound. */
  skinning(prim: Prim): SkinningQuery | undefined;
  /** Id of a texture that is read and sent later, for lights. */
  texture(asset: string, resolved: string): TextureId;
}

export interface PrimAdapter {
  /** Type names it serves, exactly (derived types have their own entry). */
  readonly typeNames: readonly string[];
  /** Prims below are not drawn by themselves. */
  readonly ownsChildren?: boolean;
  /** False: its extent does not count for framing, since nothing of it is seen. */
  readonly isBounded?: boolean;
  image(prim: Prim, context: ImagingContext): Imaged | undefined;
}
