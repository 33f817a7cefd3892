/** Main thread ↔ render worker. Requests with `call` get exactly one reply; the rest are fire-and-forget. */
import type { ShareMode, TextureDescriptor } from '../frames/texture-descriptor.ts';
import type { TextureHandle } from '../frames/texture-handle.ts';
import type { TransportKind } from '../frames/transports/transport.ts';
import type { ErrorInfo } from './error-info.ts';
import type { Aabb, StageId, TextureId } from './scene.ts';

/** A camera as meaning, not matrices. World space of the stage. */
export interface CameraPose {
  readonly eye: readonly [number, number, number];
  readonly target: readonly [number, number, number];
  readonly up: readonly [number, number, number];
  /** Perspective: vertical field of view in radians. Orthographic: undefined, see `orthographicHeight`. */
  readonly fovYRadians?: number;
  /** Height of the view volume in stage units, for orthographic cameras. */
  readonly orthographicHeight?: number;
  /** Near distance, stage units, > 0. The far plane is at infinity. */
  readonly near: number;
  /** Lens shift of authored cameras: offset of the picture centre in half heights and half widths. */
  readonly shift?: readonly [x: number, y: number];
}

export type ToneMap = 'neutral' | 'srgb' | 'aces' | 'agx';
export type Lighting = 'studio' | 'image' | 'camera' | 'stage' | 'none';

export interface RenderSettings {
  readonly toneMap: ToneMap;
  /** Exposure in stops. */
  readonly exposure: number;
  /** `studio`: built-in environment. `image`: the picture given with `loadEnvironment`; the studio while there is none. */
  readonly lighting: Lighting;
  /** Turn of the studio or the picture about the stage's up axis, radians, counter-clockwise seen from above. */
  readonly environmentRotation: number;
  /** Factor on the light of the studio or the picture, and on what is seen of them. */
  readonly environmentIntensity: number;
  /** The environment is the background: the dome light of `lighting: 'stage'`, else the picture that was given, else the studio. */
  readonly showsEnvironment: boolean;
  /** Darkest part of the shadow on the ground: 0 none, 1 black. */
  readonly shadowIntensity: number;
  /** 0 sharp, 1 softest. */
  readonly shadowSoftness: number;
  /** sRGB-encoded RGBA in 0..1; alpha 0 keeps the picture transparent. */
  readonly background: readonly [number, number, number, number];
  /** Purposes drawn. Default purpose is always drawn unless left out here. */
  readonly purposes: readonly ('default' | 'render' | 'proxy' | 'guide')[];
}

export const DEFAULT_RENDER_SETTINGS: RenderSettings = {
  toneMap: 'neutral',
  exposure: 0,
  lighting: 'studio',
  environmentRotation: 0,
  environmentIntensity: 1,
  showsEnvironment: false,
  shadowIntensity: 0.5,
  shadowSoftness: 0.5,
  background: [0.16, 0.17, 0.19, 1],
  purposes: ['default', 'render'],
};

/** Pixels of the drawing buffer (not CSS pixels). */
export interface SurfaceSize {
  readonly width: number;
  readonly height: number;
}

export type RendererCalls = {
  /** First call, and again with a new canvas after device or canvas loss. `scene` (first time) receives SceneChanges. */
  attach: {
    request: { readonly protocol: number; readonly canvas: OffscreenCanvas; readonly size: SurfaceSize; readonly scene?: MessagePort };
    reply: RendererReady;
  };
  /** Draws one picture off screen and returns it as an encoded image of that exact size, with the same code path as the page. */
  capture: { request: CaptureRequest; reply: { readonly blob: Blob } };
  /** Resolves once everything sent so far is uploaded, pipelines are ready and a picture with all of it was presented. */
  settle: { request: object; reply: RenderStats };
  /** Prim handle under a pixel of the drawing buffer, and how far along the view axis its surface is (stage units); neither over nothing. */
  pick: { request: { readonly x: number; readonly y: number }; reply: { readonly prim?: number; readonly depth?: number } };
  /** Shares the pictures of this view, from now on: each picture that is drawn is published. Close the import to end it. */
  shareFrames: { request: ShareFramesRequest; reply: { readonly handle: TextureHandle } };
  /** Draws one picture off screen and hands it to the recorder; replies once the recorder has taken it. */
  recordFrame: { request: RecordFrameRequest; reply: object };
};

export interface ShareFramesRequest {
  /** Default: that of the drawing buffer, and following it. */
  readonly size?: SurfaceSize;
  readonly format?: Extract<TextureDescriptor['format'], 'rgba8unorm' | 'bgra8unorm'>;
  readonly mode?: ShareMode;
  readonly transport?: TransportKind | 'auto';
  readonly isPortless?: boolean;
  readonly label?: string;
}

export interface RecordFrameRequest {
  /** Goes with the first frame: where `RecordedFrame` messages are sent; the recorder answers each with `{ taken: number }`. */
  readonly recorder?: MessagePort;
  readonly size: SurfaceSize;
  /** Default: the view's. */
  readonly camera?: CameraPose;
  readonly settings?: Partial<RenderSettings>;
  /** From the beginning of the recording. */
  readonly timestampMicros: number;
  readonly durationMicros: number;
  /** What is transparent stays so: colours are straight, not multiplied by alpha. Without it, it is black. */
  readonly hasAlpha?: boolean;
}

/** Render worker → recorder. The frame is transferred. */
export interface RecordedFrame {
  readonly kind: 'recordedFrame';
  readonly index: number;
  readonly frame: VideoFrame;
}

export interface CaptureRequest {
  readonly size: SurfaceSize;
  readonly camera?: CameraPose;
  readonly settings?: Partial<RenderSettings>;
  readonly type?: 'image/png' | 'image/jpeg' | 'image/webp';
  /** Of types that lose detail: 0 to 1, default 0.92. */
  readonly quality?: number;
}

export interface RendererReady {
  readonly protocol: number;
  /** Adapter description for the about panel, e.g. `nvidia ampere`. */
  readonly adapter: string;
}

export type RendererRequest = {
  [K in keyof RendererCalls]: { readonly kind: K; readonly call: number } & RendererCalls[K]['request'];
}[keyof RendererCalls];

/** Fire-and-forget. Camera and settings cause at most one redraw per frame. */
export type RendererCommand =
  | { readonly kind: 'setCamera'; readonly camera: CameraPose }
  | { readonly kind: 'setSettings'; readonly settings: RenderSettings }
  | { readonly kind: 'resize'; readonly size: SurfaceSize }
  /** A hidden view draws nothing and keeps nothing that only drawing needs. */
  | { readonly kind: 'setVisible'; readonly isVisible: boolean }
  /** Another view of the same scene, with a camera, settings and a canvas of its own, behind `port`, which speaks this protocol (`attach` without a scene). */
  | { readonly kind: 'openCamera'; readonly port: MessagePort; readonly id: string }
  /** Ends a camera by the id it was opened with: a window that is gone cannot do so itself. */
  | { readonly kind: 'closeCamera'; readonly id: string }
  /** An animation frame of the window that shows this view, for views in other windows than the worker's own, whose animation frames may rest. */
  | { readonly kind: 'animationFrame' }
  /**
   * A shared texture takes the place of an image of the scene, for all views of it, in the image's size; without a handle the image is back. It may come
   * before the image, and ends with it. Default of `stage`: the one that is shown, else the first that comes.
   */
  | { readonly kind: 'setLiveTexture'; readonly texture: TextureId; readonly stage?: StageId; readonly handle?: TextureHandle }
  /** A shared texture over the picture of this view, and of its captures; without a handle it moves to the place, and without both it is gone. */
  | { readonly kind: 'setOverlay'; readonly id: string; readonly handle?: TextureHandle; readonly place?: OverlayPlace }
  /** Gives up what recording took, and what was not taken by the recorder. */
  | { readonly kind: 'endRecording' }
  /** For tests: destroys the device so that the loss path runs. */
  | { readonly kind: 'loseDevice' };

/** Where an overlay lies, in fractions of the picture from its top left corner, and how much it covers: 0 to 1. */
export interface OverlayPlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly opacity: number;
}

export type RendererReply =
  | {
      [K in keyof RendererCalls]: { readonly kind: 'reply'; readonly call: number; readonly reply: RendererCalls[K]['reply'] };
    }[keyof RendererCalls]
  | { readonly kind: 'failed'; readonly call: number; readonly error: ErrorInfo };

export interface RenderStats {
  readonly instances: number;
  readonly meshes: number;
  readonly triangles: number;
  /** Draw calls encoded in the last frame. */
  readonly draws: number;
  readonly materials: number;
  readonly textures: number;
  readonly gpuBytes: number;
  /** Frames drawn since the worker began. */
  readonly frames: number;
  /** Worker JavaScript milliseconds of the last frame, encode to submit. */
  readonly encodeMs: number;
}

export type RendererEvent =
  | { readonly kind: 'stats'; readonly stats: RenderStats }
  | { readonly kind: 'problem'; readonly stage?: StageId; readonly problem: ErrorInfo }
  /** First picture that shows geometry of a stage, and the picture with everything. Times are performance.timeOrigin-based epoch milliseconds. */
  | { readonly kind: 'pictured'; readonly stage: StageId; readonly what: 'first' | 'complete'; readonly epochMs: number }
  | { readonly kind: 'bounds'; readonly stage: StageId; readonly bounds: Aabb }
  /** The device is gone: make a new canvas and call `attach` again. The scene is kept. */
  | { readonly kind: 'lost'; readonly reason: string }
  /** No WebGPU here, or it keeps failing. */
  | { readonly kind: 'unavailable'; readonly error: ErrorInfo };

export type RendererMessage = RendererReply | RendererEvent;
