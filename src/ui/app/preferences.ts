/** What the page remembers of a visitor, in this browser only. All views of a page share it. */
import { del, get, set } from 'idb-keyval';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Complexity } from '../../share/protocol/engine.ts';
import { DEFAULT_RENDER_SETTINGS, type Lighting, type ToneMap } from '../../share/protocol/renderer.ts';
import type { ThemeChoice } from '../controllers/theme-controller.ts';
import type { LengthUnit } from '../elements/format-length.ts';
import type { BackgroundChoice } from '../panels/usd-render-settings.ts';

const MIB = 1024 * 1024;
/** Longest wait for the storage before the first scene is opened without it, milliseconds. */
const STORAGE_PATIENCE_MS = 500;

export interface Preferences {
  readonly theme: ThemeChoice;
  /** Widths of the side panels, rem. */
  readonly leftWidth: number;
  readonly rightWidth: number;
  /** Undefined: by the window's width. */
  readonly isLeftOpen?: boolean;
  readonly isRightOpen?: boolean;
  /** Bytes that copies of files without a handle may take together; 0 keeps none. */
  readonly recentsBytes: number;
  /** How scenes look until somebody changes it for one of them. */
  readonly background: BackgroundChoice;
  readonly lighting: Lighting;
  readonly toneMap: ToneMap;
  /** Stops. */
  readonly exposure: number;
  /** Times the usual speeds. */
  readonly orbitSensitivity: number;
  readonly panSensitivity: number;
  readonly zoomSensitivity: number;
  readonly isZoomInverted: boolean;
  /** Unit that sizes are shown in. */
  readonly units: LengthUnit;
  readonly complexity: Complexity;
  /** Bytes that a scene's files, geometry and textures may each take once decoded; 0: as much as there is. */
  readonly memoryBytes: number;
}

export const DEFAULT_PREFERENCES: Preferences = {
  theme: 'system',
  leftWidth: 21,
  rightWidth: 24,
  recentsBytes: 256 * MIB,
  background: 'theme',
  lighting: DEFAULT_RENDER_SETTINGS.lighting,
  toneMap: DEFAULT_RENDER_SETTINGS.toneMap,
  exposure: DEFAULT_RENDER_SETTINGS.exposure,
  orbitSensitivity: 1,
  panSensitivity: 1,
  zoomSensitivity: 1,
  isZoomInverted: false,
  units: 'stage',
  complexity: 'low',
  memoryBytes: 4096 * MIB,
};
const KEY = 'proscenium-preferences';

/** The page's one set of preferences; a change is heard by every view. */
class SharedPreferences extends EventTarget {
  current: Preferences = DEFAULT_PREFERENCES;
  /** What is stored was read, or something was chosen since. */
  isKnown = false;
  #loading: Promise<void> | undefined;

  /** Resolves once what is stored is known, or the storage does not answer. */
  get ready(): Promise<void> {
    return Promise.race([this.load(), new Promise<void>((resolve) => void setTimeout(resolve, STORAGE_PATIENCE_MS))]);
  }

  /** Stored preferences over the defaults. Where storage is closed (private windows), the defaults. */
  load(): Promise<void> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** The defaults again; widths and sides of panels stay. */
  reset(): void {
    const { leftWidth, rightWidth, isLeftOpen, isRightOpen } = this.current;
    const sides = { ...(isLeftOpen === undefined ? {} : { isLeftOpen }), ...(isRightOpen === undefined ? {} : { isRightOpen }) };
    this.#set({ ...DEFAULT_PREFERENCES, leftWidth, rightWidth, ...sides });
    void store(this.current);
  }

  /** The defaults, and nothing stored. */
  async forget(): Promise<void> {
    this.#set(DEFAULT_PREFERENCES);
    await del(KEY);
  }

  async #load(): Promise<void> {
    const before = this.current;
    const stored = await storedPreferences();
    // What was chosen in the meantime is newer.
    if (this.current !== before) return;
    this.#set({ ...DEFAULT_PREFERENCES, ...soundParts(stored) });
  }

  /** Changes some, and remembers them where that is possible. */
  change(changed: Partial<Preferences>): void {
    this.#set({ ...this.current, ...changed });
    void store(this.current);
  }

  #set(preferences: Preferences): void {
    this.isKnown = true;
    this.current = preferences;
    this.dispatchEvent(new Event('change'));
  }
}

/** A later version of the page may have stored what this one does not know. */
function soundParts(stored: unknown): Partial<Preferences> {
  if (typeof stored !== 'object' || stored === null) return {};
  return Object.fromEntries(
    Object.entries(stored).filter(([key, value]) => {
      if (key === 'isLeftOpen' || key === 'isRightOpen') return typeof value === 'boolean';
      if (key === 'background' && typeof value === 'object') return isColor(value);
      const choices = CHOICES[key];
      if (choices !== undefined) return choices.includes(value);
      const usual = (DEFAULT_PREFERENCES as unknown as Record<string, unknown>)[key];
      return typeof value === typeof usual && (typeof value !== 'number' || Number.isFinite(value));
    }),
  );
}

const CHOICES: Readonly<Record<string, readonly unknown[]>> = {
  theme: ['system', 'dark', 'light'] satisfies ThemeChoice[],
  background: ['theme', 'environment'] satisfies BackgroundChoice[],
  lighting: ['studio', 'image', 'camera', 'stage', 'none'] satisfies Lighting[],
  toneMap: ['neutral', 'srgb', 'aces', 'agx'] satisfies ToneMap[],
  units: ['stage', 'm', 'cm', 'mm', 'in', 'ft'] satisfies LengthUnit[],
  complexity: ['low', 'medium', 'high', 'veryhigh'] satisfies Complexity[],
};

function isColor(value: unknown): boolean {
  return Array.isArray(value) && value.length === 4 && value.every((part) => typeof part === 'number' && part >= 0 && part <= 1);
}

async function storedPreferences(): Promise<unknown> {
  try {
    return await get<unknown>(KEY);
  } catch {
    return undefined;
  }
}

async function store(preferences: Preferences): Promise<void> {
  try {
    await set(KEY, preferences);
  } catch {
    // They last as long as the page.
  }
}

export const sharedPreferences = new SharedPreferences();

/** The page's preferences, for one view of it. */
export class PreferencesController implements ReactiveController {
  #host: ReactiveControllerHost;
  #changed: (preferences: Preferences) => void;

  /** @param changed hears of every change, also of other views' */
  constructor(host: ReactiveControllerHost, changed: (preferences: Preferences) => void = () => undefined) {
    this.#host = host;
    this.#changed = changed;
    host.addController(this);
    void sharedPreferences.load();
  }

  get current(): Preferences {
    return sharedPreferences.current;
  }

  hostConnected(): void {
    sharedPreferences.addEventListener('change', this.#onChange);
    this.#onChange();
  }

  hostDisconnected(): void {
    sharedPreferences.removeEventListener('change', this.#onChange);
  }

  change(changed: Partial<Preferences>): void {
    sharedPreferences.change(changed);
  }

  reset(): void {
    sharedPreferences.reset();
  }

  #onChange = (): void => {
    this.#changed(sharedPreferences.current);
    this.#host.requestUpdate();
  };
}
