/**
 * A document's further windows: the same page opened once more as `?window`, without workers of its own. Each is a camera in the scene of the window that
 * opened it: its canvas goes to the opener's render worker, and pictures never pass either page.
 *
 * The new window says `windowReady` to its opener, which answers `windowOpen` with two ports: one speaks the renderer's protocol, the other the
 * messages below. A window that is reloaded says `windowReady` again.
 */
import type { CameraEntry } from './engine.ts';
import type { CameraPose, RenderSettings } from './renderer.ts';
import type { Aabb, StageId } from './scene.ts';

/** Query parameter that makes the page a further window. */
export const WINDOW_PARAMETER = 'window';

/**
 * - `popOut`: in place of the opener's viewport; cameras are in step both ways
 * - `camera`: a camera of its own
 * - `present`: nothing but the picture, as the opener's camera sees it
 */
export type WindowMode = 'popOut' | 'camera' | 'present';

/** New window → opener, by `window.postMessage`. */
export interface WindowReady {
  readonly kind: 'windowReady';
}

/** Opener → new window, by `window.postMessage`, with both ports transferred. */
export interface WindowOpen {
  readonly kind: 'windowOpen';
  readonly mode: WindowMode;
  readonly renderer: MessagePort;
  readonly control: MessagePort;
}

/** What the window shows beside the picture, and needs for its camera. */
export interface WindowState {
  readonly name: string;
  readonly theme: 'dark' | 'light';
  /** Undefined: nothing is open. */
  readonly stage?: StageId;
  readonly upAxis: 'Y' | 'Z';
  readonly bounds?: Aabb;
  readonly cameras: readonly CameraEntry[];
  readonly settings: RenderSettings;
  /** The opener is hidden: its animation frames rest. */
  readonly isOpenerHidden: boolean;
}

/** Opener → window, over the control port. */
export type WindowCommand =
  | { readonly kind: 'state'; readonly state: WindowState }
  /** Where the opener's camera is; for windows that follow it. */
  | { readonly kind: 'camera'; readonly camera: CameraPose }
  /** The opener goes: nothing is drawn any more. */
  | { readonly kind: 'openerLeft' };

/** A free camera that the window's user moved to: turns in radians, lengths in stage units. */
export interface WindowView {
  readonly azimuth: number;
  readonly elevation: number;
  readonly distance: number;
  readonly target: readonly [number, number, number];
  readonly fovYRadians: number;
}

/** Window → opener, over the control port. */
export type WindowRequest =
  | { readonly kind: 'view'; readonly view: WindowView }
  /** The pose of a camera of the stage comes back as `camera`. */
  | { readonly kind: 'useCamera'; readonly path: string }
  /** A double click: the handle of the prim there, undefined over nothing. */
  | { readonly kind: 'choose'; readonly prim?: number }
  /** A key that the window has no use for. */
  | { readonly kind: 'key'; readonly key: string; readonly isShifted: boolean }
  /** While the opener is hidden, time goes on by the animation frames here. */
  | { readonly kind: 'animationFrame' }
  | { readonly kind: 'bringBack' }
  /** It is closed or reloaded. */
  | { readonly kind: 'left' };

export function isWindowReady(data: unknown): data is WindowReady {
  return typeof data === 'object' && data !== null && 'kind' in data && data.kind === 'windowReady';
}

export function isWindowOpen(data: unknown): data is WindowOpen {
  return typeof data === 'object' && data !== null && 'kind' in data && data.kind === 'windowOpen';
}
