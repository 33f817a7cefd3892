/** Attributes of `<usd-view>` and the properties that reflect them. */

/** Without a DOM (a static site generator renders pages) there is nothing to extend, and nothing is ever constructed. */
const Base = globalThis.HTMLElement ?? (class {} as unknown as typeof HTMLElement);

/** Property → attribute, its kind, and what the property says while the attribute is absent. */
type Reflected =
  | readonly [attribute: string, kind: 'text', fallback: string | null]
  | readonly [attribute: string, kind: 'number', fallback: number | null]
  | readonly [attribute: string, kind: 'flag'];

const REFLECTED: Readonly<Record<string, Reflected>> = {
  src: ['src', 'text', null],
  root: ['root', 'text', null],
  alt: ['alt', 'text', null],
  poster: ['poster', 'text', null],
  loading: ['loading', 'text', 'auto'],
  reveal: ['reveal', 'text', 'auto'],
  withCredentials: ['with-credentials', 'flag'],
  payloads: ['payloads', 'text', 'load'],
  complexity: ['complexity', 'text', 'low'],
  variants: ['variants', 'text', ''],
  variantName: ['variant-name', 'text', null],
  time: ['time', 'number', null],
  start: ['start', 'number', null],
  end: ['end', 'number', null],
  autoplay: ['autoplay', 'flag'],
  purposes: ['purposes', 'text', 'render'],
  camera: ['camera', 'text', null],
  cameraControls: ['camera-controls', 'flag'],
  cameraOrbit: ['camera-orbit', 'text', 'auto auto auto'],
  cameraTarget: ['camera-target', 'text', 'auto auto auto'],
  fieldOfView: ['field-of-view', 'text', 'auto'],
  minCameraOrbit: ['min-camera-orbit', 'text', 'auto auto auto'],
  maxCameraOrbit: ['max-camera-orbit', 'text', 'auto auto auto'],
  minFieldOfView: ['min-field-of-view', 'text', 'auto'],
  maxFieldOfView: ['max-field-of-view', 'text', 'auto'],
  autoRotate: ['auto-rotate', 'flag'],
  autoRotateDelay: ['auto-rotate-delay', 'number', 3000],
  rotationPerSecond: ['rotation-per-second', 'text', 'auto'],
  interactionPrompt: ['interaction-prompt', 'text', 'auto'],
  interactionPromptThreshold: ['interaction-prompt-threshold', 'number', 3000],
  touchAction: ['touch-action', 'text', 'pan-y'],
  disableZoom: ['disable-zoom', 'flag'],
  disablePan: ['disable-pan', 'flag'],
  disableTap: ['disable-tap', 'flag'],
  orbitSensitivity: ['orbit-sensitivity', 'number', 1],
  panSensitivity: ['pan-sensitivity', 'number', 1],
  zoomSensitivity: ['zoom-sensitivity', 'number', 1],
  environmentImage: ['environment-image', 'text', null],
  skyboxImage: ['skybox-image', 'text', null],
  lighting: ['lighting', 'text', 'auto'],
  exposure: ['exposure', 'number', 1],
  toneMapping: ['tone-mapping', 'text', 'auto'],
  shadowIntensity: ['shadow-intensity', 'number', 0],
  shadowSoftness: ['shadow-softness', 'number', 1],
  controls: ['controls', 'flag'],
  ar: ['ar', 'flag'],
  iosSrc: ['ios-src', 'text', null],
};

/** The names of all attributes. */
export const ATTRIBUTES: readonly string[] = Object.values(REFLECTED).map(([attribute]) => attribute);

/** Every attribute as a property. Setting `null` (or `false`) removes the attribute. */
export class ReflectedElement extends Base {
  static readonly observedAttributes: readonly string[] = ATTRIBUTES;

  /**
   * Address of the file (.usdz, .usdc, .usda or .usd), relative to the page: http, https, blob or data.
   * @attr
   */
  declare src: string | null;
  /**
   * The file to open inside the package, or beside `src` where that is a folder.
   * @attr
   */
  declare root: string | null;
  /**
   * What the model is, for those who cannot see it. Absent: the file's own accessibility label, else its name.
   * @attr
   */
  declare alt: string | null;
  /**
   * Address of a picture that is shown until the model is.
   * @attr
   */
  declare poster: string | null;
  /**
   * When loading begins: `auto` and `lazy` when the element comes near the window, `eager` at once.
   * @attr
   */
  declare loading: 'auto' | 'lazy' | 'eager';
  /**
   * When the model is shown: `auto` as soon as it can be, `manual` on a click on the poster, or by `dismissPoster()`. With `manual`
   * nothing is loaded before, except with `loading="eager"`.
   * @attr
   */
  declare reveal: 'auto' | 'manual';
  /**
   * Sends cookies and other credentials with requests to other origins.
   * @attr with-credentials
   */
  declare withCredentials: boolean;
  /**
   * Whether payloads are loaded: `load` or `none`.
   * @attr
   */
  declare payloads: 'load' | 'none';
  /**
   * How fine curved shapes are drawn.
   * @attr
   */
  declare complexity: 'low' | 'medium' | 'high' | 'veryhigh';
  /**
   * Variant selections, separated by spaces: `/Car{color=red} /Car{trim=sport}`.
   * @attr
   */
  declare variants: string;
  /**
   * Name of a variant; it is chosen in the first variant set of the default prim that has it.
   * @attr variant-name
   */
  declare variantName: string | null;
  /**
   * Time code to show. Absent: the stage's first.
   * @attr
   */
  declare time: number | null;
  /**
   * First time code of playback. Absent: the stage's own.
   * @attr
   */
  declare start: number | null;
  /**
   * Last time code of playback. Absent: the stage's own.
   * @attr
   */
  declare end: number | null;
  /**
   * Plays an animated stage when it is loaded, unless the user asked for reduced motion.
   * @attr
   */
  declare autoplay: boolean;
  /**
   * What is drawn beside prims without a purpose: some of `render`, `proxy` and `guide`.
   * @attr
   */
  declare purposes: string;
  /**
   * Path of a camera of the stage to look through.
   * @attr
   */
  declare camera: string | null;
  /**
   * Lets pointers, wheel, fingers and keys move the camera.
   * @attr camera-controls
   */
  declare cameraControls: boolean;
  /**
   * Azimuth, polar angle and radius: `30deg 75deg 105%`, each also `auto` (`0deg 75deg 100%`, at which everything fits).
   * @attr camera-orbit
   */
  declare cameraOrbit: string;
  /**
   * What the camera looks at, in metres with Y up: `0m 1m 0m`, each also `auto` (the middle).
   * @attr camera-target
   */
  declare cameraTarget: string;
  /**
   * Vertical field of view: `30deg`, or `auto`.
   * @attr field-of-view
   */
  declare fieldOfView: string;
  /**
   * Least azimuth, polar angle and radius that input can reach; `auto` for no limit.
   * @attr min-camera-orbit
   */
  declare minCameraOrbit: string;
  /**
   * Greatest azimuth, polar angle and radius that input can reach; `auto` for no limit.
   * @attr max-camera-orbit
   */
  declare maxCameraOrbit: string;
  /**
   * Least field of view.
   * @attr min-field-of-view
   */
  declare minFieldOfView: string;
  /**
   * Greatest field of view.
   * @attr max-field-of-view
   */
  declare maxFieldOfView: string;
  /**
   * Turns slowly about the model while nobody touches it, unless the user asked for reduced motion.
   * @attr auto-rotate
   */
  declare autoRotate: boolean;
  /**
   * Milliseconds without input before turning begins.
   * @attr auto-rotate-delay
   */
  declare autoRotateDelay: number;
  /**
   * Speed of `auto-rotate`: an angle (`30deg`), or a share of the usual speed (`200%`). Negative turns the other way.
   * @attr rotation-per-second
   */
  declare rotationPerSecond: string;
  /**
   * Whether a hint tells that the model can be turned: `auto` or `none`.
   * @attr interaction-prompt
   */
  declare interactionPrompt: 'auto' | 'none';
  /**
   * Milliseconds without input before that hint.
   * @attr interaction-prompt-threshold
   */
  declare interactionPromptThreshold: number;
  /**
   * What fingers do to the page, as in CSS: `pan-y` leaves vertical scrolling to it, `none` takes everything.
   * @attr touch-action
   */
  declare touchAction: 'pan-y' | 'pan-x' | 'none';
  /**
   * Takes zooming away.
   * @attr disable-zoom
   */
  declare disableZoom: boolean;
  /**
   * Takes panning away.
   * @attr disable-pan
   */
  declare disablePan: boolean;
  /**
   * Takes away that a double click or tap frames what is there.
   * @attr disable-tap
   */
  declare disableTap: boolean;
  /**
   * Speed of turning, times the usual.
   * @attr orbit-sensitivity
   */
  declare orbitSensitivity: number;
  /**
   * Speed of panning, times the usual.
   * @attr pan-sensitivity
   */
  declare panSensitivity: number;
  /**
   * Speed of zooming, times the usual.
   * @attr zoom-sensitivity
   */
  declare zoomSensitivity: number;
  /**
   * Picture all around that lights the model (.hdr, .exr, or any picture; latitude-longitude). Absent or `neutral`: a built-in studio.
   * @attr environment-image
   */
  declare environmentImage: string | null;
  /**
   * Picture all around that is seen behind the model; it also lights it, unless `environment-image="neutral"`.
   * @attr skybox-image
   */
  declare skyboxImage: string | null;
  /**
   * What lights the model: `auto` (the environment), `stage` (the file's own lights), `camera` (a light at the camera) or `none`.
   * @attr
   */
  declare lighting: 'auto' | 'stage' | 'camera' | 'none';
  /**
   * Factor on the light.
   * @attr
   */
  declare exposure: number;
  /**
   * How light becomes colour: `auto` and `neutral` (Khronos PBR Neutral), `aces`, `agx` or `none`.
   * @attr tone-mapping
   */
  declare toneMapping: 'auto' | 'neutral' | 'commerce' | 'aces' | 'agx' | 'none';
  /**
   * Darkness of the shadow on the ground, 0 to 1.
   * @attr shadow-intensity
   */
  declare shadowIntensity: number;
  /**
   * Softness of that shadow, 0 to 1.
   * @attr shadow-softness
   */
  declare shadowSoftness: number;
  /**
   * Shows buttons to play, to go back to the first view, and to fill the screen.
   * @attr
   */
  declare controls: boolean;
  /**
   * Offers the model to the system's AR viewer, where there is one (Quick Look on iOS).
   * @attr
   */
  declare ar: boolean;
  /**
   * The .usdz for that viewer. Absent: `src`.
   * @attr ios-src
   */
  declare iosSrc: string | null;

  /** Properties that were set before the element was defined hide the reflecting ones: they are set again. */
  protected upgradeProperties(): void {
    const own = this as unknown as Record<string, unknown>;
    for (const name of Object.keys(REFLECTED)) {
      if (!Object.hasOwn(own, name)) continue;
      const value = own[name];
      delete own[name];
      own[name] = value;
    }
  }
}

for (const [property, entry] of Object.entries(REFLECTED)) Object.defineProperty(ReflectedElement.prototype, property, accessorOf(entry));

function accessorOf(entry: Reflected): PropertyDescriptor & ThisType<HTMLElement> {
  const [attribute, kind, fallback] = entry;
  return {
    configurable: true,
    enumerable: true,
    get() {
      const text = this.getAttribute(attribute);
      if (kind === 'flag') return text !== null;
      if (kind === 'text') return text ?? fallback;
      // What is no number counts as absent, as for every number attribute of HTML.
      const value = text === null || text.trim() === '' ? Number.NaN : Number(text);
      return Number.isFinite(value) ? value : fallback;
    },
    set(value: unknown) {
      if (kind === 'flag') this.toggleAttribute(attribute, Boolean(value));
      else if (value === null || value === undefined) this.removeAttribute(attribute);
      else this.setAttribute(attribute, String(value as string | number));
    },
  };
}
