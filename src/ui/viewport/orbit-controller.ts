/**
 * Turns pointers, wheel and keys over the viewport into camera movement.
 *
 * Mouse: left turns, right or middle or Shift+left pans, Ctrl+left or Alt+right dollies, wheel dollies, Alt+wheel zooms.
 * Touch: one finger turns, two pan and pinch. Pen: turns, with its barrel button pans. Trackpad: two fingers dolly, pinch dollies.
 * Keys: arrows turn, Shift+arrows pan, + and - dolly, [ and ] zoom. Double click or tap asks what is there.
 * A policy takes some of these away, in pages where the wheel and fingers belong to the page first.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { OrbitCamera } from './orbit-camera.ts';

const RADIANS_PER_HEIGHT = Math.PI * 1.15;
const KEY_RADIANS = (5 * Math.PI) / 180;
const KEY_PAN = 0.05;
const KEY_DOLLY = 1.1;
const WHEEL_RATE = 0.0011;
const PINCH_WHEEL_RATE = 0.009;
/** Longest wheel step that a pinch sends, CSS pixels. */
const PINCH_MAX = 40;
/** Largest wheel step that counts, CSS pixels: coarse wheels send hundreds at once. */
const WHEEL_MAX = 160;
const TAP_MS = 320;
const TAP_PIXELS = 7;
const DOUBLE_TAP_PIXELS = 26;
/** Way after which a finger's direction is clear. */
const DECIDING_PIXELS = 5;

export interface OrbitHooks {
  /** The camera moved by the user's hand. */
  moved(): void;
  /** A double click or tap, CSS pixels from the viewport's corner. */
  chosen(x: number, y: number): void;
  /** A wheel was left to the page. */
  wheelPassed?(): void;
}

/** What input may do; read at each event. */
export interface OrbitPolicy {
  canPan: boolean;
  canZoom: boolean;
  /** A plain wheel scrolls the page; it needs Ctrl or Meta to dolly. */
  passesWheel: boolean;
  /** Along this axis one finger scrolls the page, as the element's `touch-action` says. */
  passesTouch: 'pan-x' | 'pan-y' | 'none';
  /** Times the usual speeds. */
  orbitSensitivity: number;
  panSensitivity: number;
  zoomSensitivity: number;
  /** The wheel comes nearer where it usually goes further. */
  isWheelInverted: boolean;
}

export const FULL_CONTROL: OrbitPolicy = {
  canPan: true,
  canZoom: true,
  passesWheel: false,
  passesTouch: 'none',
  orbitSensitivity: 1,
  panSensitivity: 1,
  zoomSensitivity: 1,
  isWheelInverted: false,
};

interface Contact {
  x: number;
  y: number;
  readonly startX: number;
  readonly startY: number;
  readonly startMs: number;
  /** `undecided`: a finger that has not yet shown whether it means the page. */
  mode: 'orbit' | 'pan' | 'dolly' | 'page' | 'undecided';
}

/** Safari's trackpad pinch. */
interface GestureEvent extends UIEvent {
  readonly scale: number;
}

/** An element; one that is no reactive host calls `hostConnected` and `hostDisconnected` by itself. */
type OrbitHost = HTMLElement & Partial<ReactiveControllerHost>;

export class OrbitController implements ReactiveController {
  #host: OrbitHost;
  #camera: OrbitCamera;
  #hooks: OrbitHooks;
  #policy: OrbitPolicy;
  #contacts = new Map<number, Contact>();
  #lastTap: { x: number; y: number; ms: number } | undefined;
  #gestureScale = 1;
  #listening: AbortController | undefined;

  constructor(host: OrbitHost, camera: OrbitCamera, hooks: OrbitHooks, policy: OrbitPolicy = FULL_CONTROL) {
    this.#host = host;
    this.#camera = camera;
    this.#hooks = hooks;
    this.#policy = policy;
    host.addController?.(this);
  }

  hostConnected(): void {
    this.#listening = new AbortController();
    const options = { signal: this.#listening.signal };
    const host = this.#host;
    host.addEventListener('pointerdown', this.#onDown, options);
    host.addEventListener('pointermove', this.#onMove, options);
    host.addEventListener('pointerup', this.#onUp, options);
    host.addEventListener('pointercancel', this.#onCancel, options);
    host.addEventListener('lostpointercapture', this.#onCancel, options);
    host.addEventListener('contextmenu', this.#onContextMenu, options);
    host.addEventListener('wheel', this.#onWheel, { ...options, passive: false });
    host.addEventListener('keydown', this.#onKey, options);
    host.addEventListener('gesturestart', this.#onGesture, options);
    host.addEventListener('gesturechange', this.#onGesture, options);
  }

  hostDisconnected(): void {
    this.#listening?.abort();
    this.#contacts.clear();
  }

  #onDown = (event: PointerEvent): void => {
    // The middle button would scroll the page.
    if (event.button === 1) event.preventDefault();
    // Events made by scripts have no pointer to capture.
    if (event.isTrusted) this.#host.setPointerCapture(event.pointerId);
    this.#contacts.set(event.pointerId, {
      x: event.clientX,
      y: event.clientY,
      startX: event.clientX,
      startY: event.clientY,
      startMs: event.timeStamp,
      mode: event.pointerType === 'touch' && this.#policy.passesTouch !== 'none' ? 'undecided' : modeOf(event),
    });
  };

  #onMove = (event: PointerEvent): void => {
    const contact = this.#contacts.get(event.pointerId);
    if (contact === undefined) return;
    const height = Math.max(this.#host.clientHeight, 1);
    const [dx, dy] = [event.clientX - contact.x, event.clientY - contact.y];
    if (dx === 0 && dy === 0) return;
    if (this.#contacts.size === 1) {
      contact.x = event.clientX;
      contact.y = event.clientY;
      const [alongX, alongY] = [Math.abs(contact.x - contact.startX), Math.abs(contact.y - contact.startY)];
      const isResting = Math.hypot(alongX, alongY) < 2 && event.pointerType !== 'mouse';
      if (isResting) return;
      if (contact.mode === 'undecided') {
        if (Math.hypot(alongX, alongY) < DECIDING_PIXELS) return;
        contact.mode = alongY > alongX === (this.#policy.passesTouch === 'pan-y') ? 'page' : 'orbit';
      }
      if (contact.mode === 'page') return;
      if (contact.mode === 'orbit') this.#orbit((-dx / height) * RADIANS_PER_HEIGHT, (dy / height) * RADIANS_PER_HEIGHT);
      else if (contact.mode === 'pan') this.#pan(dx / height, -dy / height);
      else this.#dolly(Math.exp(((dy - dx) / height) * 3));
    } else {
      this.#moveOfMany(event, contact, height);
    }
    this.#hooks.moved();
  };

  /** Two or more fingers: their middle pans, their spread dollies. */
  #moveOfMany(event: PointerEvent, contact: Contact, height: number): void {
    const before = spreadOf(this.#contacts);
    contact.x = event.clientX;
    contact.y = event.clientY;
    const after = spreadOf(this.#contacts);
    this.#pan((after.x - before.x) / height, -(after.y - before.y) / height);
    if (before.radius > 4 && after.radius > 4) this.#dolly(before.radius / after.radius);
  }

  #onUp = (event: PointerEvent): void => {
    const contact = this.#contacts.get(event.pointerId);
    this.#contacts.delete(event.pointerId);
    if (contact === undefined || this.#contacts.size > 0 || !(contact.mode === 'orbit' || contact.mode === 'undecided')) return;
    const isTap =
      event.timeStamp - contact.startMs < TAP_MS && Math.hypot(event.clientX - contact.startX, event.clientY - contact.startY) < TAP_PIXELS;
    if (!isTap) return;
    const last = this.#lastTap;
    const isSecond =
      last !== undefined &&
      event.timeStamp - last.ms < TAP_MS * 1.5 &&
      Math.hypot(event.clientX - last.x, event.clientY - last.y) < DOUBLE_TAP_PIXELS;
    this.#lastTap = isSecond ? undefined : { x: event.clientX, y: event.clientY, ms: event.timeStamp };
    if (!isSecond) return;
    const box = this.#host.getBoundingClientRect();
    this.#hooks.chosen(event.clientX - box.left, event.clientY - box.top);
  };

  #onCancel = (event: PointerEvent): void => {
    this.#contacts.delete(event.pointerId);
  };

  #onContextMenu = (event: Event): void => {
    // Its button pans.
    if (this.#policy.canPan) event.preventDefault();
  };

  #onWheel = (event: WheelEvent): void => {
    if (!this.#policy.canZoom) return;
    if (this.#policy.passesWheel && !event.ctrlKey && !event.metaKey) {
      this.#hooks.wheelPassed?.();
      return;
    }
    event.preventDefault();
    const pixels =
      (event.deltaY + event.deltaX) *
      (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? 400 : 1);
    const step = Math.min(WHEEL_MAX, Math.max(-WHEEL_MAX, pixels));
    // A trackpad's pinch arrives as a wheel with Ctrl, in small steps; a wheel's own steps are long.
    const isPinch = event.ctrlKey && Math.abs(pixels) < PINCH_MAX;
    // Fingers that spread always come nearer.
    const sign = this.#policy.isWheelInverted && !isPinch ? -1 : 1;
    const factor = Math.exp(sign * step * (isPinch ? PINCH_WHEEL_RATE : WHEEL_RATE));
    if (event.altKey) this.#zoom(factor);
    else this.#dolly(factor);
    this.#hooks.moved();
  };

  #onGesture = (event: Event): void => {
    if (!this.#policy.canZoom) return;
    event.preventDefault();
    const { scale } = event as GestureEvent;
    if (event.type === 'gesturechange' && scale > 0) {
      this.#dolly(this.#gestureScale / scale);
      this.#hooks.moved();
    }
    this.#gestureScale = event.type === 'gesturestart' ? 1 : scale;
  };

  #onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const { canPan, canZoom } = this.#policy;
    const [x, y] = DIRECTIONS[event.key] ?? [0, 0];
    if (x !== 0 || y !== 0) {
      if (!event.shiftKey) this.#orbit(-x * KEY_RADIANS, -y * KEY_RADIANS);
      else if (canPan) this.#pan(-x * KEY_PAN, -y * KEY_PAN);
      else return;
    } else if (!canZoom) return;
    else if (event.key === '+' || event.key === '=') this.#dolly(1 / KEY_DOLLY);
    else if (event.key === '-' || event.key === '_') this.#dolly(KEY_DOLLY);
    else if (event.key === '[') this.#zoom(1 / KEY_DOLLY);
    else if (event.key === ']') this.#zoom(KEY_DOLLY);
    else return;
    event.preventDefault();
    this.#hooks.moved();
  };

  #orbit(azimuthRadians: number, elevationRadians: number): void {
    const { orbitSensitivity } = this.#policy;
    this.#camera.orbit(azimuthRadians * orbitSensitivity, elevationRadians * orbitSensitivity);
  }

  #pan(rightParts: number, upParts: number): void {
    const { canPan, panSensitivity } = this.#policy;
    if (canPan) this.#camera.pan(rightParts * panSensitivity, upParts * panSensitivity);
  }

  #dolly(factor: number): void {
    if (this.#policy.canZoom) this.#camera.dolly(factor ** this.#policy.zoomSensitivity);
  }

  #zoom(factor: number): void {
    this.#camera.zoom(factor ** this.#policy.zoomSensitivity);
  }
}

const DIRECTIONS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

function modeOf(event: PointerEvent): Contact['mode'] {
  if (event.pointerType === 'touch') return 'orbit';
  if (event.button === 2) return event.altKey ? 'dolly' : 'pan';
  if (event.button === 1 || event.shiftKey) return 'pan';
  return event.ctrlKey || event.metaKey ? 'dolly' : 'orbit';
}

/** Middle of all contacts and their mean distance from it, CSS pixels. */
function spreadOf(contacts: ReadonlyMap<number, Contact>): { x: number; y: number; radius: number } {
  let [x, y, radius] = [0, 0, 0];
  for (const contact of contacts.values()) {
    x += contact.x / contacts.size;
    y += contact.y / contacts.size;
  }
  for (const contact of contacts.values()) radius += Math.hypot(contact.x - x, contact.y - y) / contacts.size;
  return { x, y, radius };
}
