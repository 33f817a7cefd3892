/** What the page remembers of a visitor, in this browser only. All views of a page share it. */
import { get, set } from 'idb-keyval';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ThemeChoice } from '../controllers/theme-controller.ts';

const MIB = 1024 * 1024;

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
}

export const DEFAULT_PREFERENCES: Preferences = { theme: 'system', leftWidth: 21, rightWidth: 24, recentsBytes: 256 * MIB };
const KEY = 'proscenium-preferences';

/** The page's one set of preferences; a change is heard by every view. */
class SharedPreferences extends EventTarget {
  current: Preferences = DEFAULT_PREFERENCES;

  /** Stored preferences over the defaults. Where storage is closed (private windows), the defaults. */
  async load(): Promise<void> {
    const before = this.current;
    const stored = await storedPreferences();
    // What was chosen in the meantime is newer.
    if (this.current !== before) return;
    this.#set(typeof stored === 'object' && stored !== null ? { ...DEFAULT_PREFERENCES, ...stored } : DEFAULT_PREFERENCES);
  }

  /** Changes some, and remembers them where that is possible. */
  change(changed: Partial<Preferences>): void {
    this.#set({ ...this.current, ...changed });
    void store(this.current);
  }

  #set(preferences: Preferences): void {
    this.current = preferences;
    this.dispatchEvent(new Event('change'));
  }
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

  #onChange = (): void => {
    this.#changed(sharedPreferences.current);
    this.#host.requestUpdate();
  };
}
