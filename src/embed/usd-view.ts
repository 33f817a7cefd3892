/** `<usd-view>`: the element, without what draws. Importing this where there is no DOM defines nothing and does no harm. */
import type { TextureHandle } from '../share/frames/texture-handle.ts';
import type { StageSummary, VariantSetEntry } from '../share/protocol/engine.ts';
import type { ErrorInfo } from '../share/protocol/error-info.ts';
import { canQuickLook, openQuickLook } from './ar.ts';
import type { UsdViewEventMap } from './events.ts';
import { LoadingElement } from './loading-element.ts';
import type {
  CaptureOptions,
  HotspotReading,
  OrbitReading,
  OverlayPlacement,
  PlayOptions,
  PrimReading,
  ShareFramesOptions,
  Vector3,
} from './runtime/readings.ts';
import type { View } from './runtime/view.ts';

type Listener = EventListenerOrEventListenerObject;

/**
 * Shows an OpenUSD file. The module that defines it is small; what reads and draws is fetched when an element comes near the window.
 * Many elements share one device and one engine, and draw nothing while they are out of sight.
 *
 * @tag usd-view
 * @tagname usd-view
 *
 * @fires load - a picture of the whole model is shown (detail: `url`)
 * @fires preload - the model is loaded, shown or not (detail: `url`)
 * @fires progress - loading went on (detail: `totalProgress` from 0 to 1, `reason`)
 * @fires error - the file could not be read, nothing can be drawn, or an attribute is wrong (detail: `type`, `error`)
 * @fires model-visibility - the model came into sight or left it (detail: `visible`)
 * @fires poster-dismissed - the poster gave way to the model
 * @fires camera-change - the camera moved (detail: `source`)
 * @fires play - playback began
 * @fires pause - playback stopped before its end
 * @fires loop - playback began again (detail: `count`)
 * @fires finished - playback came to its end
 * @fires time-change - another time is shown (detail: `time`)
 * @fires variant-applied - a variant was chosen and composed (detail: `variants`)
 * @fires environment-change - another environment lights the model (detail: `url`)
 * @fires hotspot-visibility - from a hotspot: it came into view or left it (detail: `visible`)
 *
 * @slot - laid over the picture
 * @slot poster - shown until the model is, in place of the `poster` picture
 * @slot progress - in place of the progress bar (also `progress-bar`)
 * @slot controls - in place of the buttons that `controls` shows
 * @slot interaction-prompt - in place of the hint that the model can be turned
 * @slot ar-button - in place of the AR button
 * @slot hotspot-* - placed at `data-position` ("0m 1m 0m") or at the middle of `data-prim` ("/World/Ball"); out of view it loses `data-visible`
 *
 * @csspart surface - what the model is drawn on; it takes focus
 * @csspart poster - the poster with everything in it
 * @csspart poster-image - the picture of `poster`
 * @csspart load-button - the button that loads a model with `reveal="manual"`
 * @csspart progress - around the progress bar
 * @csspart progress-bar - the progress bar's track
 * @csspart progress-bar-value - its moving part
 * @csspart message - says what went wrong and what to do
 * @csspart retry-button - the message's button that tries again
 * @csspart file-link - the message's link to the file
 * @csspart interaction-prompt - the hint that the model can be turned
 * @csspart wheel-hint - the hint that a wheel needs a key to zoom
 * @csspart controls - the row of buttons
 * @csspart play-button - the button that plays and pauses
 * @csspart time-slider - the slider of time
 * @csspart home-button - the button that goes back to the first view
 * @csspart fullscreen-button - the button that fills the screen
 * @csspart hotspots - the layer of hotspots
 * @csspart default-ar-button - the AR button
 *
 * @cssprop [--usd-view-aspect-ratio=4 / 3] - shape of the element where its height is not given
 * @cssprop [--poster-color=transparent] - ground of the poster
 * @cssprop [--progress-bar-color=#1263c4] - colour of the progress bar
 * @cssprop [--progress-bar-height=4px] - height of the progress bar
 * @cssprop [--progress-mask=rgb(0 0 0 / 0.25)] - ground of the progress bar
 * @cssprop [--min-hotspot-opacity=0.25] - opacity of hotspots that are hidden by the model
 * @cssprop [--usd-view-text-color=#fff] - colour of texts and symbols on buttons and messages
 * @cssprop [--usd-view-button-color=rgb(24 27 32 / 0.88)] - ground of buttons
 * @cssprop [--usd-view-button-hover-color=rgb(48 54 64 / 0.95)] - ground of the button under the pointer
 * @cssprop [--usd-view-message-color=rgb(24 27 32 / 0.92)] - ground of messages
 * @cssprop [--usd-view-focus-color=#1263c4] - colour of the focus ring
 *
 * @cssState loading - a file is being loaded
 * @cssState loaded - a model is there
 * @cssState error - a message is shown
 * @cssState poster - the poster is shown
 * @cssState animated - the model can be played
 * @cssState playing - it plays
 * @cssState interacting - the camera is being moved by hand
 * @cssState visible - some of the element is in sight
 */
export class UsdView extends LoadingElement {
  #timeScale = 1;

  constructor() {
    super();
    this.skeleton.arButton.addEventListener('click', () => this.activateAR());
  }

  /** Facts of the stage that is open. */
  get stage(): StageSummary | undefined {
    return this.view?.summary;
  }

  /** All variant sets of the stage, with what is chosen. */
  get variantSets(): readonly VariantSetEntry[] {
    return this.stage?.variantSets ?? [];
  }

  /** Names of the variants that `variantName` may take. */
  get availableVariants(): readonly string[] {
    const { defaultPrim } = this.stage ?? {};
    return [...new Set(this.variantSets.filter(({ primPath }) => primPath === defaultPrim).flatMap(({ variants }) => variants))];
  }

  /** Paths of the stage's cameras, for `camera`. */
  get availableCameras(): readonly string[] {
    return (this.stage?.cameras ?? []).map(({ path }) => path);
  }

  /** Everything that is wrong with the stage, or could not be read of it. */
  get problems(): readonly ErrorInfo[] {
    return this.view?.problems ?? [];
  }

  /** Nothing is playing. */
  get paused(): boolean {
    return this.view?.isPlaying !== true;
  }

  /** The time shown, a time code. */
  get timeCode(): number {
    return this.view?.timeCode ?? this.time ?? 0;
  }

  /** Seconds since the first time code of playback. */
  get currentTime(): number {
    return this.view?.seconds ?? 0;
  }

  set currentTime(seconds: number) {
    this.view?.seekSeconds(seconds);
  }

  /** Length of playback, seconds; 0 where nothing moves. */
  get duration(): number {
    return this.view?.duration ?? 0;
  }

  /** Speed of playback, times the authored one; may be negative. */
  get timeScale(): number {
    return this.#timeScale;
  }

  set timeScale(value: number) {
    this.#timeScale = Number.isFinite(value) ? value : 1;
    this.view?.setTimeScale(this.#timeScale);
  }

  /** Angle that `auto-rotate` has turned by, radians. */
  get turntableRotation(): number {
    return this.view?.turntableRotation ?? 0;
  }

  /** Whether `activateAR()` would open anything. */
  get canActivateAR(): boolean {
    return this.ar && canQuickLook() && this.#arAddress !== undefined;
  }

  /** A picture of what is shown. Without a size it is the element's own. */
  async toBlob(options: CaptureOptions = {}): Promise<Blob> {
    return (await this.openedView()).inspection.capture(options);
  }

  /** The same as the text of a `data:` address. */
  async toDataURL(type?: CaptureOptions['mimeType']): Promise<string> {
    const blob = await this.toBlob(type === undefined ? {} : { mimeType: type });
    return new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result as string);
      reader.onerror = () => reject(reader.error ?? new Error('The picture could not be read'));
      reader.readAsDataURL(blob);
    });
  }

  /**
   * A handle of the pictures that are drawn from now on, for one importer in this page or another window: `importTexture` of `proscenium/share`. Ends with the
   * import or the element. While nobody imports it, it costs nothing.
   */
  async shareFrames(options: ShareFramesOptions = {}): Promise<TextureHandle> {
    return (await this.openedView()).sharing.shareFrames(options);
  }

  /**
   * Shows a shared texture in place of the image that a UsdUVTexture reads, stretched to its size; without a handle the image is back. Resolves once it is
   * known which image that is, and rejects where none is drawn. What goes wrong later is told by `error`. Ends with the image.
   */
  async setTexture(shaderPath: string, handle?: TextureHandle): Promise<void> {
    await (await this.openedView()).sharing.setTexture(shaderPath, handle);
  }

  /** Lays a shared texture over the picture; without a handle it moves to the place, and without both it is gone. The last one set is on top. */
  async setOverlay(id: string, handle?: TextureHandle, place?: OverlayPlacement): Promise<void> {
    (await this.openedView()).sharing.setOverlay(id, handle, place);
  }

  /** Size of what is visible, metres with Y up; zeros where nothing is. */
  getDimensions(): Vector3 {
    return this.openView.inspection.dimensions();
  }

  /** Its middle. */
  getBoundingBoxCenter(): Vector3 {
    return this.openView.inspection.center();
  }

  /** Where the camera is: radians and metres. Its text is an attribute's. */
  getCameraOrbit(): OrbitReading {
    return this.openView.inspection.cameraOrbit();
  }

  /** What the camera looks at: metres with Y up. Its text is an attribute's. */
  getCameraTarget(): Vector3 {
    return this.openView.inspection.cameraTarget();
  }

  /** Vertical field of view, degrees. */
  getFieldOfView(): number {
    return this.openView.inspection.fieldOfView();
  }

  /** Ends all movement of the camera where it leads. */
  jumpCameraToGoal(): void {
    this.view?.jumpCameraToGoal();
  }

  /** Turns back to where `auto-rotate` began, or to an angle from there, radians. */
  resetTurntableRotation(theta = 0): void {
    this.view?.resetTurntableRotation(theta);
  }

  /** Fits everything visible, or one prim, into the picture. */
  async frame(primPath?: string): Promise<void> {
    await (await this.openedView()).frame(primPath);
  }

  /** Zooms by so many steps of the wheel; negative ones go away from the model. */
  zoom(steps: number): void {
    this.view?.zoom(steps);
  }

  /** Plays, also where the user prefers reduced motion: this is asked for. */
  play(options: PlayOptions = {}): void {
    this.view?.play(options);
  }

  /** Stops playback where it is. */
  pause(): void {
    this.view?.pause();
  }

  /** Shows a time code. Resolves when it is drawn or about to be. */
  async seek(timeCode: number): Promise<void> {
    await (await this.openedView()).seek(timeCode);
  }

  /** Chooses a variant; '' clears the choice. Resolves when the changed part is loaded. */
  async setVariant(primPath: string, set: string, selection: string): Promise<void> {
    await (await this.openedView()).setVariant(primPath, set, selection);
  }

  /** Type, properties and variants of a prim, with its bounds in metres. Rejects where there is none. */
  async query(primPath: string): Promise<PrimReading> {
    return (await this.openedView()).inspection.query(primPath);
  }

  /** Path of the prim at a point of the window, CSS pixels. */
  async primFromPoint(clientX: number, clientY: number): Promise<string | undefined> {
    return (await this.openedView()).primFromPoint(clientX, clientY);
  }

  /** Where a hotspot is. */
  queryHotspot(name: string): HotspotReading | undefined {
    return this.view?.queryHotspot(name);
  }

  /** Opens the system's AR viewer; call it from a click. */
  activateAR(): void {
    const address = this.#arAddress;
    if (this.canActivateAR && address !== undefined) openQuickLook(address);
  }

  /** Events are typed: `view.addEventListener('camera-change', (event) => event.detail.source)`. */
  override addEventListener<K extends keyof UsdViewEventMap>(
    type: K,
    listener: (this: UsdView, event: UsdViewEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(type: string, listener: Listener, options?: boolean | AddEventListenerOptions): void;
  override addEventListener(type: string, listener: Listener, options?: boolean | AddEventListenerOptions): void {
    super.addEventListener(type, listener, options);
  }

  override removeEventListener<K extends keyof UsdViewEventMap>(
    type: K,
    listener: (this: UsdView, event: UsdViewEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  override removeEventListener(type: string, listener: Listener, options?: boolean | EventListenerOptions): void;
  override removeEventListener(type: string, listener: Listener, options?: boolean | EventListenerOptions): void {
    super.removeEventListener(type, listener, options);
  }

  /** @internal */
  protected override refreshed(): void {
    this.skeleton.arButton.hidden = !this.canActivateAR;
  }

  /** @internal */
  protected override viewMade(view: View): void {
    view.setTimeScale(this.#timeScale);
  }

  /** Quick Look reads packages only. */
  get #arAddress(): string | undefined {
    const url = this.addressOf(this.iosSrc ?? this.src);
    return url !== undefined && (this.iosSrc !== null || /\.usdz$/i.test(url.pathname)) ? url.href : undefined;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'usd-view': UsdView;
  }
}

const registry = globalThis.customElements;
if (registry !== undefined && registry.get('usd-view') === undefined) registry.define('usd-view', UsdView);
