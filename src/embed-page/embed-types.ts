/** What of the element pages may use from outside its frame, as types: the client's side of `embed-surface.ts`. */
import type { UsdViewEvents } from '../embed/events.ts';
import type { ReflectedElement } from '../embed/reflected-element.ts';
import type { UsdView } from '../embed/usd-view.ts';
import type { CONTENTS, METHODS, READ_ONLY } from './embed-surface.ts';

/** Names of the properties that reflect attributes; credentials are the reader's, not the page's to send. */
type ReflectedName = Exclude<
  { [K in keyof ReflectedElement]-?: K extends keyof HTMLElement ? never : K }[keyof ReflectedElement],
  'withCredentials'
>;

/** Properties that `set` takes. */
export type WritableEmbedProperty = ReflectedName | 'currentTime' | 'timeScale';

/** Properties that `get` takes, with what they hold. */
export type EmbedProperties = Pick<
  UsdView,
  WritableEmbedProperty | (typeof READ_ONLY)[number] | Extract<(typeof CONTENTS)[number], 'stage' | 'problems'>
>;

/** Methods that `call` takes, with what their promises hold. */
export type EmbedMethods = {
  readonly [K in keyof typeof METHODS]: UsdView[K] extends (...params: infer Params) => infer Result
    ? (...params: Params) => Plain<Awaited<Result>>
    : never;
};

/** Events that come out of the frame, with their details. */
export type EmbedEvents = { readonly [K in keyof UsdViewEvents]: UsdViewEvents[K]['detail'] };

/** An element stays in its frame; what would be one is nothing outside. */
type Plain<Result> = Result extends HTMLElement | undefined ? null : Result;
