/** The camera of a view: attributes, input, `auto-rotate`, and the frames in which it moves. */
import type { StageSummary } from '../../share/protocol/engine.ts';
import type { CameraPose } from '../../share/protocol/renderer.ts';
import type { Aabb } from '../../share/protocol/scene.ts';
import { parseCameraOrbit, parseCameraTarget, parseFieldOfView } from '../../share/view-state/camera.ts';
import { parseAngle, parseLength } from '../../share/view-state/quantity.ts';
import { isUsableBounds } from '../../ui/viewport/framing.ts';
import { FULL_CONTROL, OrbitController, type OrbitPolicy } from '../../ui/viewport/orbit-controller.ts';
import { OrbitCamera, WIDEST_LIMITS, type FreeView } from '../../ui/viewport/orbit-camera.ts';
import type { ElementSide } from '../element-side.ts';
import type { AttributeReader } from './attribute-reader.ts';
import { limitsOf, viewOf, type CameraWords, type FittedScene } from './camera-attributes.ts';
import { directionInWords } from './directions.ts';
import type { StageSpace } from './stage-space.ts';

/** Attributes that say where the camera is. */
const PLACE: readonly string[] = ['camera-orbit', 'camera-target', 'field-of-view'];
const LIMITS: readonly string[] = ['min-camera-orbit', 'max-camera-orbit', 'min-field-of-view', 'max-field-of-view'];
/** Longest time one step of movement stands for, milliseconds: a slow machine arrives in few steps, not in slow motion. */
const MAX_STEP_MS = 400;
/** model-viewer's speed, radians a second. */
const TURNTABLE_SPEED = Math.PI / 32;
/** Pause after which a direction is told. */
const TELL_MS = 500;
const ZOOM_STEP = 1.1;

type Source = 'user-interaction' | 'automatic' | 'none';

export interface RigHooks {
  pose(pose: CameraPose): void;
  /** Input moved the camera. */
  touched(): void;
  /** A double click or tap, CSS pixels from the surface's corner. */
  chosen(x: number, y: number): void;
  wheelPassed(): void;
  aspect(): number;
  isMotionReduced(): boolean;
}

export class CameraRig {
  #side: ElementSide;
  #hooks: RigHooks;
  #reader: AttributeReader;
  #camera = new OrbitCamera();
  #controller: OrbitController;
  #policy: OrbitPolicy = { ...FULL_CONTROL, passesWheel: true };
  #hasControls = false;
  #space: StageSpace = { upAxis: 'Y', metersPerUnit: 1 };
  #bounds: Aabb | undefined;
  /** The view still is the attributes': it follows the picture's shape and what is known of the scene. */
  #isFirstView = true;
  #isShown = false;
  #frame = 0;
  #lastMs = 0;
  #source: Source = 'none';
  #turned = 0;
  #isTurning = false;
  #turnTimer: ReturnType<typeof setTimeout> | undefined;
  #tellTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(side: ElementSide, reader: AttributeReader, hooks: RigHooks) {
    this.#side = side;
    this.#reader = reader;
    this.#hooks = hooks;
    this.#controller = new OrbitController(
      side.skeleton.surface,
      this.#camera,
      {
        moved: () => this.#onTouched(),
        chosen: (x, y) => hooks.chosen(x, y),
        wheelPassed: () => hooks.wheelPassed(),
      },
      this.#policy,
    );
    this.#updatePolicy();
  }

  get pose(): CameraPose {
    return this.#camera.pose();
  }

  /** Where the camera comes to rest. */
  get goal(): FreeView {
    return this.#camera.view;
  }

  /** Angle that `auto-rotate` has turned by, radians. */
  get turned(): number {
    return this.#turned;
  }

  /** A new stage. */
  reset(summary: StageSummary): void {
    this.#space = { upAxis: summary.upAxis, metersPerUnit: summary.metersPerUnit };
    this.#camera.setLimits(WIDEST_LIMITS);
    this.#camera.reset(summary.upAxis);
    this.#bounds = undefined;
    this.#isFirstView = true;
    this.#turned = 0;
    this.setBounds(summary.bounds);
    this.#restartTurntable();
  }

  /** Bounds of everything visible. */
  setBounds(bounds: Aabb | undefined): void {
    if (!isUsableBounds(bounds)) return;
    this.#bounds = bounds;
    this.#camera.setSceneBounds(bounds);
    this.fit();
  }

  /** The picture's shape or the scene changed: a first view is made again, a later one stays. */
  fit(): void {
    if (this.#isFirstView && !this.#camera.isHeld) {
      this.#place(true);
      // At once: the next picture may be drawn before the next frame of this page.
      if (this.#bounds !== undefined) this.#hooks.pose(this.#camera.pose());
    } else this.#updateLimits();
    this.request('none');
  }

  update(changed: ReadonlySet<string>): void {
    this.#updatePolicy();
    if (PLACE.some((name) => changed.has(name))) this.goHome();
    else if (LIMITS.some((name) => changed.has(name))) {
      this.#updateLimits();
      this.request('none');
    }
    if (changed.has('auto-rotate') || changed.has('auto-rotate-delay')) this.#restartTurntable();
  }

  /** Moves to where the attributes put the camera. */
  goHome(): void {
    this.#place(false);
    this.#isFirstView = true;
    this.request('none');
  }

  /** Fits a box, or everything, into the picture without turning. */
  frame(bounds: Aabb | undefined = this.#bounds): void {
    if (!isUsableBounds(bounds)) return;
    this.#isFirstView = false;
    this.#camera.frame(bounds, this.#hooks.aspect());
    this.request('none');
  }

  zoom(steps: number): void {
    this.#isFirstView = false;
    this.#camera.dolly(ZOOM_STEP ** -steps);
    this.request('none');
  }

  /** Shows exactly this pose until the camera is moved. */
  lookThrough(pose: CameraPose): void {
    this.#camera.hold(pose);
    this.request('none');
  }

  get isLookingThrough(): boolean {
    return this.#camera.isHeld;
  }

  jumpToGoal(): void {
    this.#camera.snap();
    this.request('none');
  }

  resetTurntable(theta: number): void {
    this.#camera.orbit(this.#turned - theta, 0);
    this.#camera.snap();
    this.#turned = theta;
    this.request('none');
  }

  /** Starts or stops turning; returns whether it turns now. */
  toggleTurntable(): boolean {
    clearTimeout(this.#turnTimer);
    this.#isTurning = !this.#isTurning && this.#side.element.autoRotate;
    this.request('automatic');
    return this.#isTurning;
  }

  setShown(isShown: boolean): void {
    this.#isShown = isShown;
    if (isShown) this.request('none');
    else {
      cancelAnimationFrame(this.#frame);
      this.#frame = 0;
    }
  }

  dispose(): void {
    this.setShown(false);
    clearTimeout(this.#turnTimer);
    clearTimeout(this.#tellTimer);
    if (this.#hasControls) this.#controller.hostDisconnected();
  }

  /** Draws the camera in the next frame, and goes on while it moves. */
  request(source: Source): void {
    if (source !== 'none') this.#source = source;
    if (this.#frame !== 0 || !this.#isShown) return;
    this.#lastMs = performance.now();
    this.#frame = requestAnimationFrame(this.#onFrame);
  }

  #onFrame = (now: number): void => {
    const elapsedMs = Math.min(MAX_STEP_MS, Math.max(4, now - this.#lastMs));
    this.#lastMs = now;
    const isTurning = this.#isTurning && !this.#camera.isHeld;
    if (isTurning) this.#turn(elapsedMs);
    if (this.#hooks.isMotionReduced()) this.#camera.snap();
    const isMoving = this.#camera.step(elapsedMs) || isTurning;
    // Without a scene there is nowhere to stand.
    if (this.#bounds !== undefined || this.#camera.isHeld) {
      this.#hooks.pose(this.#camera.pose());
      this.#side.emit('camera-change', { source: this.#source });
    }
    this.#frame = isMoving ? requestAnimationFrame(this.#onFrame) : 0;
    if (isMoving) return;
    this.#source = 'none';
    this.#side.setState('interacting', false);
  };

  #turn(elapsedMs: number): void {
    const angle = this.#turntableSpeed() * (elapsedMs / 1000);
    // Turning the model to the right is going round it to the left.
    this.#camera.orbit(-angle, 0);
    this.#turned += angle;
  }

  #turntableSpeed(): number {
    const parse = (text: string, name: string): number => {
      if (text === 'auto') return TURNTABLE_SPEED;
      return text.endsWith('%') ? TURNTABLE_SPEED * parseLength(text, name).value : parseAngle(text, name);
    };
    return this.#reader.read('rotation-per-second', this.#side.element.rotationPerSecond.trim(), parse, 'auto');
  }

  #onTouched(): void {
    this.#isFirstView = false;
    this.#side.setState('interacting', true);
    this.#restartTurntable();
    this.#hooks.touched();
    this.request('user-interaction');
    clearTimeout(this.#tellTimer);
    this.#tellTimer = setTimeout(() => {
      const { azimuth, elevation } = this.#camera.view;
      this.#side.announce(directionInWords(azimuth, elevation));
    }, TELL_MS);
  }

  /** After input, and at the begin, the camera rests for a while. */
  #restartTurntable(): void {
    clearTimeout(this.#turnTimer);
    this.#isTurning = false;
    const { autoRotate, autoRotateDelay } = this.#side.element;
    if (!autoRotate || this.#hooks.isMotionReduced()) return;
    this.#turnTimer = setTimeout(() => {
      this.#isTurning = true;
      this.request('automatic');
    }, autoRotateDelay);
  }

  #place(isAtOnce: boolean): void {
    const scene = this.#scene();
    if (scene === undefined) return;
    const view = viewOf(this.#words(), scene);
    this.#updateLimits(view);
    this.#turned = 0;
    if (isAtOnce) this.#camera.setView(view);
    else this.#camera.moveTo(nearestTurn(view, this.#camera.view));
  }

  #scene(): FittedScene | undefined {
    if (this.#bounds === undefined) return undefined;
    return { space: this.#space, bounds: this.#bounds, aspect: this.#hooks.aspect(), isTurning: this.#side.element.autoRotate };
  }

  #words(): CameraWords {
    const { cameraOrbit, cameraTarget, fieldOfView } = this.#side.element;
    return {
      orbit: this.#reader.read('camera-orbit', cameraOrbit, parseCameraOrbit, 'auto auto auto'),
      target: this.#reader.read('camera-target', cameraTarget, parseCameraTarget, 'auto auto auto'),
      fieldOfView: this.#reader.read('field-of-view', fieldOfView, parseFieldOfView, 'auto'),
    };
  }

  #updateLimits(view?: FreeView): void {
    const scene = this.#scene();
    if (scene === undefined) return;
    const { minCameraOrbit, maxCameraOrbit, minFieldOfView, maxFieldOfView } = this.#side.element;
    const orbit = (name: string, text: string) => this.#reader.read(name, text, parseCameraOrbit, 'auto auto auto');
    const fieldOfView = (name: string, text: string) => this.#reader.read(name, text, parseFieldOfView, 'auto');
    const words = {
      minOrbit: orbit('min-camera-orbit', minCameraOrbit),
      maxOrbit: orbit('max-camera-orbit', maxCameraOrbit),
      minFieldOfView: fieldOfView('min-field-of-view', minFieldOfView),
      maxFieldOfView: fieldOfView('max-field-of-view', maxFieldOfView),
    };
    this.#camera.setLimits(limitsOf(words, view ?? viewOf(this.#words(), scene), scene));
  }

  #updatePolicy(): void {
    const { element, skeleton } = this.#side;
    const { cameraControls, disablePan, disableZoom, orbitSensitivity, panSensitivity, zoomSensitivity, touchAction } = element;
    Object.assign(this.#policy, {
      canPan: !disablePan,
      canZoom: !disableZoom,
      passesTouch: touchAction === 'none' || touchAction === 'pan-x' ? touchAction : 'pan-y',
      orbitSensitivity,
      panSensitivity,
      zoomSensitivity,
    } satisfies Partial<OrbitPolicy>);
    skeleton.surface.style.touchAction = cameraControls ? this.#policy.passesTouch : '';
    if (cameraControls === this.#hasControls) return;
    this.#hasControls = cameraControls;
    if (cameraControls) this.#controller.hostConnected();
    else this.#controller.hostDisconnected();
  }
}

/** The same view, at most half a turn away. */
function nearestTurn(view: FreeView, from: FreeView): FreeView {
  const turns = Math.round((from.azimuth - view.azimuth) / (2 * Math.PI));
  return { ...view, azimuth: view.azimuth + turns * 2 * Math.PI };
}
