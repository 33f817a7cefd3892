import type { ErrorInfo } from '../share/protocol/error-info.ts';
import type { UsdViewErrorDetail, UsdViewEvents } from './events.ts';
import type { ReflectedElement } from './reflected-element.ts';
import type { Skeleton } from './skeleton.ts';
import type { StateName } from './states.ts';

/** What the lazily loaded part may do to the element it draws in. */
export interface ElementSide {
  readonly element: ReflectedElement;
  readonly skeleton: Skeleton;
  emit<K extends keyof UsdViewEvents>(type: K, detail: UsdViewEvents[K]['detail']): void;
  setState(state: StateName, isOn: boolean): void;
  /** For screen readers. */
  announce(text: string): void;
  /** The file's own words for itself, used where the page gives none. */
  setFileLabel(label: string, description: string): void;
  /** 0 to 1. */
  progressed(share: number): void;
  /** Something can be seen. */
  pictured(): void;
  /** All of the model is there. */
  preloaded(): void;
  /** All of it can be seen. */
  loaded(): void;
  failed(type: UsdViewErrorDetail['type'], error: ErrorInfo): void;
}
