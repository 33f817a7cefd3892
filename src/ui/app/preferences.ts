/** What the page remembers of a visitor, in this browser only. */
import { get, set } from 'idb-keyval';
import type { ThemeChoice } from '../controllers/theme-controller.ts';

export interface Preferences {
  readonly theme: ThemeChoice;
  /** Widths of the side panels, rem. */
  readonly leftWidth: number;
  readonly rightWidth: number;
  /** Undefined: by the window's width. */
  readonly isLeftOpen?: boolean;
  readonly isRightOpen?: boolean;
}

export const DEFAULT_PREFERENCES: Preferences = { theme: 'system', leftWidth: 21, rightWidth: 24 };
const KEY = 'proscenium-preferences';

/** Stored preferences over the defaults. Where storage is closed (private windows), the defaults. */
export async function loadPreferences(): Promise<Preferences> {
  try {
    const stored: unknown = await get(KEY);
    return typeof stored === 'object' && stored !== null ? { ...DEFAULT_PREFERENCES, ...stored } : DEFAULT_PREFERENCES;
  } catch {
    return DEFAULT_PREFERENCES;
  }
}

/** Remembers; says whether it could. */
export async function savePreferences(preferences: Preferences): Promise<boolean> {
  try {
    await set(KEY, preferences);
    return true;
  } catch {
    return false;
  }
}
