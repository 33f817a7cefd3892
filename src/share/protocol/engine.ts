/** Main thread ↔ USD worker. Every request has an id and one reply; `cancel` overtakes queued work; events expect nothing. */
import type { ErrorInfo } from './error-info.ts';
import type { CameraPose } from './renderer.ts';
import type { Aabb, StageId, TextureId } from './scene.ts';

/** A file the user gave: its path relative to the dropped folder (or its name), and its bytes, read when needed. */
export interface FileEntry {
  readonly path: string;
  readonly file: File;
}

/** What to open. */
export type AssetSource =
  /** `root`: path of the root layer among the files; `pkg.usdz[scene.usda]` is a layer inside a package. */
  | { readonly kind: 'files'; readonly files: readonly FileEntry[]; readonly root: string }
  /**
   * Relative references are fetched relative to this URL; only the same origin, or where the server allows it (CORS).
   * `pkg.usdz[scene.usda]` is a layer inside a package.
   */
  | {
      readonly kind: 'url';
      readonly url: string;
      /** Cookies and other credentials go with requests to other origins than the page's too. */
      readonly withCredentials?: boolean;
    };

/** A latitude-longitude picture to light the scene with: Radiance HDR, OpenEXR, or any picture textures are read from. */
export type EnvironmentSource =
  | { readonly kind: 'file'; readonly file: File }
  /** Absolute http, https or blob address; other origins must allow it (CORS). Credentials as for `AssetSource`. */
  | { readonly kind: 'url'; readonly url: string; readonly withCredentials?: boolean };

/** The picture as it is used, perhaps scaled down. */
export interface EnvironmentSummary {
  /** Name to show: the file's. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
}

/** A file that could be the root layer, likeliest first. */
export interface RootCandidate {
  readonly path: string;
  readonly format: 'usdz' | 'usdc' | 'usda';
  readonly sizeBytes: number;
  /** Other candidates refer to it: probably not the root. */
  readonly isReferenced: boolean;
}

export interface StageSummary {
  readonly stage: StageId;
  /** Name to show: the root layer's file name. */
  readonly name: string;
  readonly upAxis: 'Y' | 'Z';
  readonly metersPerUnit: number;
  readonly timeCodesPerSecond: number;
  readonly framesPerSecond: number;
  /** Undefined when unauthored. */
  readonly startTimeCode?: number;
  readonly endTimeCode?: number;
  /** Some attribute that is drawn has more than one sample. */
  readonly isAnimated: boolean;
  readonly defaultPrim?: string;
  /** What the default prim says of itself to who cannot see it (USD's AccessibilityAPI), most important first. */
  readonly accessibility: readonly AccessibilityEntry[];
  readonly comment?: string;
  readonly primCount: number;
  readonly layerCount: number;
  readonly cameras: readonly CameraEntry[];
  readonly variantSets: readonly VariantSetEntry[];
  /** Visible purposes' bounds in world space, undefined while unknown or empty. */
  readonly bounds?: Aabb;
}

/** One instance of the AccessibilityAPI, at the stage's first time; at least one of label and description is there. */
export interface AccessibilityEntry {
  readonly name: string;
  readonly label?: string;
  readonly description?: string;
}

export interface CameraEntry {
  readonly path: string;
  readonly name: string;
}

export interface VariantSetEntry {
  readonly primPath: string;
  readonly set: string;
  readonly variants: readonly string[];
  /** '' when none is selected. */
  readonly selection: string;
}

export interface VariantChoice {
  readonly primPath: string;
  readonly set: string;
  /** '' clears. */
  readonly selection: string;
}

/** How fine curved shapes are drawn, named as usdview names them. */
export type Complexity = 'low' | 'medium' | 'high' | 'veryhigh';

/** How a stage is opened. */
export interface StageOptions {
  readonly timeCode?: number;
  readonly variants?: readonly VariantChoice[];
  /** `none` leaves payloads out. Default: `load`. */
  readonly payloads?: 'load' | 'none';
  /** Default: `low`. */
  readonly complexity?: Complexity;
  /**
   * Bytes that files, geometry and textures may each take once they are decoded. A file beyond them fails with code
   * `memory-budget`; geometry is left out and textures are shown smaller, with a problem of that code.
   */
  readonly memoryBytes?: number;
}

/** One visible row of the prim tree. Rows are numbered in the flattened, expanded tree. */
export interface TreeRow {
  readonly path: string;
  readonly name: string;
  readonly typeName: string;
  readonly depth: number;
  readonly hasChildren: boolean;
  readonly isExpanded: boolean;
  readonly isActive: boolean;
  readonly isInstance: boolean;
  /** `def`s only are shown as normal; `over` and `class` rows are dimmed. */
  readonly specifier: 'def' | 'over' | 'class';
  /** undefined: not imageable. `inherited`: itself visible, but an ancestor is not. */
  readonly visibility?: 'visible' | 'invisible' | 'hiddenByAncestor';
  readonly problemCount: number;
}

export interface TreeWindow {
  readonly totalRows: number;
  readonly first: number;
  readonly rows: readonly TreeRow[];
  /** Position of the row asked to be revealed. */
  readonly revealedRow?: number;
}

export interface FoundPrim {
  readonly path: string;
  readonly name: string;
  readonly typeName: string;
}

/** A property of a prim, its value already formatted for reading (long arrays are cut, with their length). */
export interface PropertyRow {
  readonly name: string;
  readonly kind: 'attribute' | 'relationship' | 'metadata';
  readonly typeName: string;
  readonly value: string;
  readonly isAuthored: boolean;
  readonly source: 'default' | 'timeSamples' | 'spline' | 'clips' | 'fallback' | 'none';
  readonly connections: readonly string[];
  /** Element count of array values. */
  readonly elementCount?: number;
}

export interface PrimDetails {
  readonly path: string;
  readonly typeName: string;
  readonly properties: readonly PropertyRow[];
  readonly variantSets: readonly VariantSetEntry[];
}

export type EngineCalls = {
  /** First call: protocol check; hands over the port to the render worker. */
  connect: { request: { readonly protocol: number; readonly scene: MessagePort }; reply: { readonly protocol: number } };
  /** Which of these files could be the root. Told apart by content. */
  findRoots: { request: { readonly files: readonly FileEntry[] }; reply: { readonly candidates: readonly RootCandidate[] } };
  /** Opens a stage and sends its scene. An open in progress is cancelled first. Replies once composed; geometry follows by events. */
  openStage: { request: { readonly source: AssetSource } & StageOptions; reply: StageSummary };
  closeStage: { request: object; reply: object };
  /** Samples what is animated; the reply comes after the change set was posted. Coalesced: only the newest waiting one runs. */
  setTime: { request: { readonly timeCode: number }; reply: { readonly timeCode: number } };
  /** Authors the selection in the session layer, recomposes below the prim, sends the changes. '' clears. */
  setVariant: { request: VariantChoice; reply: StageSummary };
  /** Several selections as one change set. A choice that names no prim or no set of it is left out with a problem. */
  setVariants: { request: { readonly choices: readonly VariantChoice[] }; reply: StageSummary };
  /** Authors visibility in the session layer. */
  setVisibility: { request: { readonly primPath: string; readonly isVisible: boolean }; reply: object };
  /** Window on the flattened tree. */
  treeRows: { request: { readonly first: number; readonly count: number; readonly reveal?: string }; reply: TreeWindow };
  setExpanded: {
    request: { readonly path: string; readonly isExpanded: boolean; readonly isRecursive?: boolean };
    reply: { readonly totalRows: number };
  };
  /** Shows only prims whose name, path or type contains the text, with their ancestors; '' shows all. */
  setTreeFilter: { request: { readonly text: string }; reply: { readonly totalRows: number } };
  /** Prims whose name contains the text, shortest names first; the tree stays as it is. */
  findPrims: { request: { readonly text: string; readonly limit: number }; reply: { readonly prims: readonly FoundPrim[] } };
  primDetails: { request: { readonly path: string }; reply: PrimDetails };
  cameraPose: { request: { readonly path: string }; reply: { readonly pose: CameraPose } };
  primBounds: { request: { readonly path: string }; reply: { readonly bounds?: Aabb } };
  /** Path of a prim handle from picking. */
  primOfHandle: { request: { readonly prim: number }; reply: { readonly path?: string } };
  /**
   * The image of a UsdUVTexture, for the renderer's `setLiveTexture`; undefined: the prim is no such shader, or no image of it is drawn. Other shaders that
   * read the same image share it. Fails with code `no-prim`.
   */
  textureOfShader: { request: { readonly path: string }; reply: { readonly texture?: TextureId } };
  /**
   * Reads a picture and sends it to the renderer, whose setting `lighting: 'image'` uses it; without a source the picture is
   * forgotten. Independent of the stage. A newer call cancels an older one. Fails with code `environment-not-found`,
   * `environment-unsupported` or `environment-too-large`, and leaves the picture that was there.
   */
  loadEnvironment: { request: { readonly source?: EnvironmentSource }; reply: { readonly environment?: EnvironmentSummary } };
  /** Thumbnail image inside the package (`thumbnail.*` or `thumbnails/`, or metadata), if any. */
  thumbnail: { request: object; reply: { readonly image?: Blob } };
};

export type EngineRequest = {
  [K in keyof EngineCalls]: { readonly kind: K; readonly call: number } & EngineCalls[K]['request'];
}[keyof EngineCalls];
/** Overtakes: the call is dropped if it waits, stopped if it runs; it then fails with code `cancelled`. */
export interface EngineCancel {
  readonly kind: 'cancel';
  readonly call: number;
}
export type EngineReply =
  | {
      [K in keyof EngineCalls]: { readonly kind: 'reply'; readonly call: number; readonly reply: EngineCalls[K]['reply'] };
    }[keyof EngineCalls]
  | { readonly kind: 'failed'; readonly call: number; readonly error: ErrorInfo };

export type LoadPhase = 'reading' | 'composing' | 'geometry' | 'textures' | 'done';

export type EngineEvent =
  /** `loadedBytes`/`totalBytes` while reading; `done`/`total` items in later phases. Unknown totals are 0. */
  | {
      readonly kind: 'progress';
      readonly phase: LoadPhase;
      readonly loadedBytes: number;
      readonly totalBytes: number;
      readonly done: number;
      readonly total: number;
    }
  /** Batched: problems found since the last event. `isReset` clears the list (a new stage). */
  | { readonly kind: 'problems'; readonly problems: readonly ErrorInfo[]; readonly isReset?: boolean }
  /** The tree changed (composition, filter, visibility): windows must be asked for again. */
  | { readonly kind: 'treeChanged'; readonly totalRows: number }
  | { readonly kind: 'summaryChanged'; readonly summary: StageSummary }
  | { readonly kind: 'bounds'; readonly bounds: Aabb }
  /** Milestones of a load, epoch milliseconds. */
  | { readonly kind: 'milestone'; readonly what: 'bytes' | 'stage' | 'geometry' | 'complete'; readonly epochMs: number }
  /** The selected camera moved with time (sent after setTime when a camera was asked for with cameraPose). */
  | { readonly kind: 'cameraMoved'; readonly path: string; readonly pose: CameraPose };

export type EngineMessage = EngineReply | EngineEvent;
