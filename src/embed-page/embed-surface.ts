/** What of the element pages may use from outside its frame. Everything else of it, such as what every element has, they may not. */
import type { UsdView } from '../embed/usd-view.ts';
import { EmbedCallError, type EmbedSurface } from './embed-host.ts';

/** What `get` takes besides what `set` takes. */
export const READ_ONLY = [
  'loaded',
  'modelIsVisible',
  'availableVariants',
  'availableCameras',
  'variantSets',
  'paused',
  'timeCode',
  'duration',
  'turntableRotation',
] as const satisfies readonly (keyof UsdView)[];

/** Properties and methods that give away pictures or data of the model. */
export const CONTENTS = ['stage', 'problems', 'toDataURL', 'query'] as const satisfies readonly (keyof UsdView)[];

const PLAYBACK = ['currentTime', 'timeScale'] as const satisfies readonly (keyof UsdView)[];

/** Kinds of a method's parameters; those with `?` may be left out. */
export const METHODS = {
  whenLoaded: [],
  dismissPoster: [],
  showPoster: [],
  getDimensions: [],
  getBoundingBoxCenter: [],
  getCameraOrbit: [],
  getCameraTarget: [],
  getFieldOfView: [],
  jumpCameraToGoal: [],
  resetTurntableRotation: ['number?'],
  frame: ['string?'],
  zoom: ['number'],
  play: ['object?'],
  pause: [],
  seek: ['number'],
  setVariant: ['string', 'string', 'string'],
  toDataURL: ['string?'],
  query: ['string'],
} as const satisfies Partial<Record<keyof UsdView, readonly ParameterKind[]>>;

/** Events that are told, as their details say. */
const EVENTS = [
  'load',
  'preload',
  'progress',
  'error',
  'model-visibility',
  'poster-dismissed',
  'camera-change',
  'play',
  'pause',
  'loop',
  'finished',
  'time-change',
  'variant-applied',
  'environment-change',
];

type ParameterKind = 'string' | 'number' | 'string?' | 'number?' | 'object?';
type Members = Record<string, unknown>;

/** Attributes that an address or a message may set: not that the reader's credentials are sent, which only a page of one's own may ask for. */
export function linkable(attributes: readonly string[]): string[] {
  return attributes.filter((name) => name !== 'with-credentials');
}

/** The property that reflects an attribute. */
export function propertyOf(attribute: string): string {
  return attribute.replaceAll(/-[a-z]/gu, (part) => part.slice(1).toUpperCase());
}

/** @param reflected properties that reflect attributes, which links may set too */
export function surfaceOf(reflected: readonly string[]): EmbedSurface<UsdView> {
  const settable = [...reflected, ...PLAYBACK];
  const readable = [...settable, ...READ_ONLY, ...CONTENTS.filter((name) => !Object.hasOwn(METHODS, name))];
  return {
    loaded: (view) => view.loaded,
    readable: tableOf(readable, (name) => (view) => membersOf(view)[name]),
    writable: tableOf(settable, (name) => (view, value) => {
      if (value !== null && typeof value === 'object')
        throw new EmbedCallError('bad-value', `${name} takes a text, a number, true, false or null`);
      membersOf(view)[name] = value;
    }),
    methods: tableOf(Object.keys(METHODS), (name) => async (view, params) => {
      checkParameters(name, METHODS[name as keyof typeof METHODS], params);
      const method = membersOf(view)[name] as (...params: unknown[]) => unknown;
      // In JSON, what is left out before something that is given can only be null.
      const result = await method.apply(
        view,
        params.map((param) => param ?? undefined),
      );
      return result === view ? null : result;
    }),
    contents: CONTENTS,
    events: tableOf(EVENTS, () => (event) => (event as CustomEvent<unknown>).detail),
  };
}

function tableOf<Entry>(names: readonly string[], entryOf: (name: string) => Entry): Record<string, Entry> {
  return Object.fromEntries(names.map((name) => [name, entryOf(name)]));
}

function membersOf(view: UsdView): Members {
  return view as unknown as Members;
}

function checkParameters(method: string, kinds: readonly ParameterKind[], params: readonly unknown[]): void {
  if (params.length > kinds.length)
    throw new EmbedCallError('bad-value', `${method} takes ${kinds.length} parameters, not ${params.length}`);
  for (const [i, kind] of kinds.entries()) {
    const value = params[i];
    const isMissing = value === undefined || value === null;
    if (isMissing ? !kind.endsWith('?') : typeof value !== kind.replace('?', '')) {
      throw new EmbedCallError('bad-value', `Parameter ${i + 1} of ${method} has to be a ${kind.replace('?', '')}`);
    }
  }
}
