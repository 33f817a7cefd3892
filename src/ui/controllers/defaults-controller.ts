/** Brings what a visitor prefers to one view: at first, and whenever it changes. What is changed for one scene alone stays. */
import type { RenderSettings } from '../../share/protocol/renderer.ts';
import { DEFAULT_PREFERENCES, type Preferences } from '../app/preferences.ts';
import type { BackgroundChoice } from '../panels/usd-render-settings.ts';
import type { OrbitPolicy } from '../viewport/orbit-controller.ts';

export interface DefaultsHooks {
  look(settings: Partial<RenderSettings>): void;
  background(choice: BackgroundChoice): void;
  /** The environment picture of an earlier visit is wanted. */
  environment(): void;
  /** What is open was opened in another way than is preferred now. */
  reopen(): void;
}

export class DefaultsController {
  /** For the viewport. */
  controls: Partial<OrbitPolicy> = {};

  #hooks: DefaultsHooks;
  #applied: Preferences = DEFAULT_PREFERENCES;

  constructor(hooks: DefaultsHooks) {
    this.#hooks = hooks;
  }

  apply(next: Preferences): void {
    const before = this.#applied;
    if (next === before) return;
    this.#applied = next;
    const isOther = (key: keyof Preferences): boolean => String(before[key]) !== String(next[key]);
    this.controls = {
      orbitSensitivity: next.orbitSensitivity,
      panSensitivity: next.panSensitivity,
      zoomSensitivity: next.zoomSensitivity,
      isWheelInverted: next.isZoomInverted,
    };
    const look: Partial<RenderSettings> = {
      ...(isOther('lighting') ? { lighting: next.lighting } : {}),
      ...(isOther('toneMap') ? { toneMap: next.toneMap } : {}),
      ...(isOther('exposure') ? { exposure: next.exposure } : {}),
    };
    if (Object.keys(look).length > 0) this.#hooks.look(look);
    if (isOther('background')) this.#hooks.background(next.background);
    if (look.lighting === 'image') this.#hooks.environment();
    if (isOther('complexity') || isOther('memoryBytes')) this.#hooks.reopen();
  }
}
