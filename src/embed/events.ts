/** Events of `<usd-view>`. None of them bubbles, except those of hotspots, which come from the hotspots themselves. */
import type { ErrorInfo } from '../share/protocol/error-info.ts';

/** What went wrong: the file, the machine's graphics, or an attribute. */
export interface UsdViewErrorDetail {
  readonly type: 'loadfailure' | 'unsupported' | 'devicelost' | 'attribute';
  readonly error: ErrorInfo;
}

export interface UsdViewEvents {
  /** A picture of the whole model is shown. */
  load: CustomEvent<{ readonly url: string }>;
  /** The model is loaded, shown or not. */
  preload: CustomEvent<{ readonly url: string }>;
  progress: CustomEvent<{ readonly totalProgress: number; readonly reason: 'model-load' }>;
  error: CustomEvent<UsdViewErrorDetail>;
  'model-visibility': CustomEvent<{ readonly visible: boolean }>;
  'poster-dismissed': CustomEvent<null>;
  'camera-change': CustomEvent<{ readonly source: 'user-interaction' | 'automatic' | 'none' }>;
  play: CustomEvent<null>;
  pause: CustomEvent<null>;
  loop: CustomEvent<{ readonly count: number }>;
  finished: CustomEvent<null>;
  /** Another time is shown. */
  'time-change': CustomEvent<{ readonly time: number }>;
  'variant-applied': CustomEvent<{ readonly variants: string }>;
  'environment-change': CustomEvent<{ readonly url: string | null }>;
}

/** The events of an element, those above in place of the platform's of the same name. */
export type UsdViewEventMap = Omit<HTMLElementEventMap, keyof UsdViewEvents> & UsdViewEvents;
