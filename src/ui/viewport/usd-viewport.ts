import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { CameraPose, SurfaceSize } from '../../share/protocol/renderer.ts';
import type { Aabb } from '../../share/protocol/scene.ts';
import { base } from '../styles/shared.ts';
import { drawingSize } from './drawing-size.ts';
import { isUsableBounds } from './framing.ts';
import { OrbitCamera, type FreeView, type UpAxis } from './orbit-camera.ts';
import { FULL_CONTROL, OrbitController, type OrbitPolicy } from './orbit-controller.ts';

/** Longest time one animation step stands for, milliseconds: a slow machine arrives in few steps, not in slow motion. */
const MAX_STEP_MS = 400;

/** A canvas that the renderer is to take over. */
export interface CanvasHandover {
  readonly canvas: OffscreenCanvas;
  readonly size: SurfaceSize;
}

/**
 * The drawing surface and its camera. It draws nothing itself: the canvas is handed out, camera and size follow as events, at
 * most one camera each animation frame. While nothing moves it asks for no frames.
 *
 * @fires usd-canvas a new canvas was made (at first, and after `renewCanvas`)
 * @fires usd-resize the drawing buffer should have this many pixels
 * @fires usd-camera the camera to draw with
 * @fires usd-camera-freed the user's hand moved away from a pose given by `lookThrough`
 * @fires usd-choose a double click or tap, in pixels of the drawing buffer
 */
@customElement('usd-viewport')
export class UsdViewport extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        position: relative;
        display: block;
        overflow: hidden;
        background: radial-gradient(120% 90% at 50% 42%, var(--stage-glow), var(--stage) 48%, var(--stage-edge));
        touch-action: none;
        user-select: none;
        -webkit-user-select: none;
        -webkit-touch-callout: none;
        cursor: grab;
      }

      :host(:active) {
        cursor: grabbing;
      }

      :host(:focus-visible) {
        outline-offset: -2px;
      }

      canvas {
        position: absolute;
        inset: 0;
        display: block;
        width: 100%;
        height: 100%;
        pointer-events: none;
      }
    `,
  ];

  /** What the picture shows, for screen readers. */
  @property() label = '';
  /** False where the user wants no motion: the camera jumps. */
  @property({ type: Boolean }) isMotionAllowed = true;
  /** Height at the bottom that controls cover, CSS pixels. */
  @property({ type: Number }) coveredBottom = 0;

  /** How hands move the camera, where not as usual. */
  @property({ attribute: false }) controls: Partial<OrbitPolicy> = {};

  readonly #camera = new OrbitCamera();
  readonly #policy: OrbitPolicy = { ...FULL_CONTROL };
  #bounds: Aabb | undefined;
  /** The view still is the one made on opening: it may be framed again when more of the scene is known. */
  #isFirstView = true;
  #canvas: HTMLCanvasElement | undefined;
  #size: SurfaceSize = { width: 0, height: 0 };
  #resizing: ResizeObserver | undefined;
  #frame = 0;
  #lastFrameMs = 0;
  #restWaiters: (() => void)[] = [];

  constructor() {
    super();
    const hooks = {
      moved: () => this.#onMoved(),
      chosen: (x: number, y: number) => this.#emit('usd-choose', { x: x * this.#pixelScale, y: y * this.#pixelScale }),
    };
    void new OrbitController(this, this.#camera, hooks, this.#policy);
  }

  /** Pixels of the drawing buffer per CSS pixel. */
  get #pixelScale(): number {
    return this.#size.width / Math.max(this.clientWidth, 1);
  }

  get aspect(): number {
    return this.clientWidth > 0 && this.clientHeight > 0 ? this.clientWidth / this.clientHeight : 1;
  }

  get size(): SurfaceSize {
    return this.#size;
  }

  /** What shows the picture, undefined before the first. The renderer draws into it. */
  get canvas(): HTMLCanvasElement | undefined {
    return this.#canvas;
  }

  /** The camera once all movement has ended; of a first view, framed for a picture of another aspect. */
  poseForAspect(aspect: number): CameraPose {
    if (!this.#isFirstView || this.#camera.isHeld || !isUsableBounds(this.#bounds)) return this.#camera.goalPose();
    return this.#camera.framedPose(this.#bounds, aspect);
  }

  /** A new stage: forgets view and bounds. */
  reset(upAxis: UpAxis): void {
    this.#camera.reset(upAxis);
    this.#bounds = undefined;
    this.#isFirstView = true;
    this.#requestFrame();
  }

  /** Bounds of everything visible. The first view is framed to them at once, later views stay. */
  setBounds(bounds: Aabb | undefined): void {
    if (!isUsableBounds(bounds)) return;
    this.#bounds = bounds;
    this.#camera.setSceneBounds(bounds);
    if (this.#isFirstView && !this.#camera.isHeld) {
      this.#camera.frame(bounds, this.aspect);
      this.#camera.snap();
    }
    this.#requestFrame();
  }

  /** Fits a box, or everything, into the picture. */
  frame(bounds: Aabb | undefined = this.#bounds): void {
    if (!isUsableBounds(bounds)) return;
    this.#isFirstView = bounds === this.#bounds && this.#isFirstView;
    const isLeaving = this.#camera.isHeld;
    this.#camera.frame(bounds, this.aspect);
    if (isLeaving) this.#emit('usd-camera-freed', {});
    this.#requestFrame();
  }

  /** Between the view before the last framing and the framed one. */
  toggleFraming(): void {
    this.#camera.toggleFraming();
    this.#isFirstView = false;
    this.#requestFrame();
  }

  /** The free view that somebody chose; undefined while it is the one made on opening, or a pose from outside. */
  get view(): FreeView | undefined {
    return this.#isFirstView || this.#camera.isHeld ? undefined : this.#camera.view;
  }

  /** Fits everything visible into the picture, then stands at the parts of a view that are given. */
  setView(view: (framed: FreeView) => Partial<FreeView>): void {
    if (isUsableBounds(this.#bounds)) this.#camera.frame(this.#bounds, this.aspect);
    this.#camera.setView(view(this.#camera.view));
    this.#isFirstView = false;
    this.#requestFrame();
  }

  /** Shows exactly this pose until the user moves. */
  lookThrough(pose: CameraPose): void {
    this.#camera.hold(pose);
    this.#isFirstView = false;
    this.#requestFrame();
  }

  /** From an authored camera back to a free one at the same place. */
  lookFreely(): void {
    this.#camera.orbit(0, 0);
    this.#requestFrame();
  }

  /** Resolves when the camera has stopped and its last pose was sent. */
  atRest(): Promise<void> {
    if (this.#frame === 0) return Promise.resolve();
    return new Promise((resolve) => this.#restWaiters.push(resolve));
  }

  /** Makes a new canvas: one whose device was lost never shows another picture. */
  renewCanvas(): void {
    const canvas = document.createElement('canvas');
    canvas.setAttribute('aria-hidden', 'true');
    this.#canvas?.remove();
    this.#canvas = canvas;
    this.renderRoot.append(canvas);
    const size = drawingSize(this);
    canvas.width = size.width;
    canvas.height = size.height;
    this.#size = size;
    this.#observeSize(canvas);
    this.#emit('usd-canvas', { canvas: canvas.transferControlToOffscreen(), size });
    this.#requestFrame();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.tabIndex = 0;
    this.setAttribute('role', 'application');
    // Back on the page with the canvas of before: its size may be another, and a movement may have been cut short.
    if (this.#canvas !== undefined) {
      this.#observeSize(this.#canvas);
      this.#requestFrame();
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizing?.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    for (const resolve of this.#restWaiters.splice(0)) resolve();
  }

  protected override render(): TemplateResult {
    return html``;
  }

  protected override firstUpdated(): void {
    this.renewCanvas();
  }

  protected override updated(changed: PropertyValues<this>): void {
    this.setAttribute('aria-label', this.label);
    if (changed.has('controls')) Object.assign(this.#policy, FULL_CONTROL, this.controls);
    if (changed.has('coveredBottom')) this.#reframe();
  }

  /** After the picture's shape changed: the first view fits it again, a later one stays. */
  #reframe(): void {
    this.#camera.setCovered(0, this.coveredBottom / Math.max(this.clientHeight, 1));
    if (this.#isFirstView && isUsableBounds(this.#bounds) && !this.#camera.isHeld) {
      this.#camera.frame(this.#bounds, this.aspect);
      this.#camera.snap();
    }
    this.#requestFrame();
  }

  #onMoved(): void {
    const wasHeld = this.#isLookingThrough;
    this.#isFirstView = false;
    if (wasHeld && !this.#camera.isHeld) this.#emit('usd-camera-freed', {});
    this.#isLookingThrough = false;
    this.#requestFrame();
  }

  /** Last known state of the camera's hold, to notice the hand that ends it. */
  #isLookingThrough = false;

  #requestFrame(): void {
    this.#isLookingThrough = this.#camera.isHeld;
    if (this.#frame !== 0 || !this.isConnected) return;
    this.#lastFrameMs = performance.now();
    this.#frame = requestAnimationFrame(this.#onFrame);
  }

  #onFrame = (now: number): void => {
    const elapsedMs = Math.min(MAX_STEP_MS, Math.max(4, now - this.#lastFrameMs));
    this.#lastFrameMs = now;
    if (!this.isMotionAllowed) this.#camera.snap();
    const isMoving = this.#camera.step(elapsedMs);
    this.#emit('usd-camera', { camera: this.#camera.pose() });
    this.#frame = isMoving ? requestAnimationFrame(this.#onFrame) : 0;
    if (isMoving) return;
    for (const resolve of this.#restWaiters.splice(0)) resolve();
  };

  #observeSize(canvas: HTMLCanvasElement): void {
    this.#resizing?.disconnect();
    this.#resizing = new ResizeObserver((entries) => this.#onResize(entries.at(-1)));
    // A window that goes to a screen of another density keeps its size in CSS pixels.
    this.#resizing.observe(canvas, 'devicePixelContentBoxSize' in ResizeObserverEntry.prototype ? { box: 'device-pixel-content-box' } : {});
  }

  #onResize(entry: ResizeObserverEntry | undefined): void {
    // Off the page it has no size; the one it had counts again when it comes back.
    if (!this.isConnected) return;
    const size = drawingSize(this, entry?.devicePixelContentBoxSize?.[0]);
    if (size.width === this.#size.width && size.height === this.#size.height) return;
    this.#size = size;
    this.#emit('usd-resize', { size });
    this.#reframe();
  }

  #emit<K extends keyof ViewportEvents>(type: K, detail: ViewportEvents[K]): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

interface ViewportEvents {
  'usd-canvas': CanvasHandover;
  'usd-resize': { readonly size: SurfaceSize };
  'usd-camera': { readonly camera: CameraPose };
  'usd-camera-freed': object;
  'usd-choose': { readonly x: number; readonly y: number };
}

declare global {
  interface HTMLElementTagNameMap {
    'usd-viewport': UsdViewport;
  }
  interface HTMLElementEventMap {
    'usd-canvas': CustomEvent<CanvasHandover>;
    'usd-resize': CustomEvent<{ readonly size: SurfaceSize }>;
    'usd-camera': CustomEvent<{ readonly camera: CameraPose }>;
    'usd-camera-freed': CustomEvent<object>;
    'usd-choose': CustomEvent<{ readonly x: number; readonly y: number }>;
  }
}
