/** What a link restores, to and from a query. Its names are the attributes of `<usd-view>`. */
import type { VariantChoice } from '../protocol/engine.ts';
import {
  formatCameraOrbit,
  formatCameraTarget,
  formatFieldOfView,
  parseCameraOrbit,
  parseCameraTarget,
  parseFieldOfView,
  type CameraOrbit,
  type CameraTarget,
  type FieldOfView,
} from './camera.ts';
import { parsePrimPath } from './prim-path.ts';
import { formatPurposes, parsePurposes, type Purpose } from './purposes.ts';
import { parseNumber } from './quantity.ts';
import { formatVariants, parseVariants } from './variants.ts';
import { ViewStateError } from './view-state-error.ts';

export interface ViewState {
  /** Address of the file; unchecked. */
  readonly src?: string;
  /** Root layer inside a package or folder. */
  readonly root?: string;
  /** Time code. */
  readonly time?: number;
  readonly variants?: readonly VariantChoice[];
  /** Path of the selected prim. */
  readonly select?: string;
  /** Path of the camera looked through; it counts over the free camera's parts. */
  readonly camera?: string;
  readonly cameraOrbit?: CameraOrbit;
  readonly cameraTarget?: CameraTarget;
  readonly fieldOfView?: FieldOfView;
  readonly purposes?: readonly Purpose[];
}

export interface ReadViewState {
  readonly state: ViewState;
  /** One for each part that was left out because it cannot be read. */
  readonly errors: readonly ViewStateError[];
}

/** How each part is written and read. */
const PARTS: { readonly [K in keyof ViewState]-?: Part<NonNullable<ViewState[K]>> } = {
  src: { name: 'src', parse: asIs, format: String },
  root: { name: 'root', parse: asIs, format: String },
  time: { name: 'time', parse: parseNumber, format: String },
  variants: { name: 'variants', parse: parseVariants, format: formatVariants },
  select: { name: 'select', parse: parsePrimPath, format: String },
  camera: { name: 'camera', parse: parsePrimPath, format: String },
  cameraOrbit: { name: 'camera-orbit', parse: parseCameraOrbit, format: formatCameraOrbit },
  cameraTarget: { name: 'camera-target', parse: parseCameraTarget, format: formatCameraTarget },
  fieldOfView: { name: 'field-of-view', parse: parseFieldOfView, format: formatFieldOfView },
  purposes: { name: 'purposes', parse: parsePurposes, format: formatPurposes },
};

interface Part<T> {
  readonly name: string;
  parse(text: string, name: string): T;
  format(value: T): string;
}

/** Reads what it can: a link with a bad camera still names a file. Other parameters are left alone. */
export function readViewState(query: URLSearchParams): ReadViewState {
  const state: Record<string, unknown> = {};
  const errors: ViewStateError[] = [];
  for (const [key, part] of Object.entries(PARTS)) {
    const text = query.get(part.name);
    if (text === null) continue;
    try {
      state[key] = part.parse(text, part.name);
    } catch (error) {
      if (!(error instanceof ViewStateError)) throw error;
      errors.push(error);
    }
  }
  return { state, errors };
}

/** Sets the parameters of a state in a query and removes those of parts it lacks; others stay. */
export function writeViewState(state: ViewState, query: URLSearchParams): void {
  for (const [key, part] of Object.entries(PARTS) as [keyof ViewState, Part<unknown>][]) {
    const value = state[key];
    if (value === undefined) query.delete(part.name);
    else query.set(part.name, part.format(value));
  }
}

function asIs(text: string, name: string): string {
  if (text.trim() === '') throw new ViewStateError(name, text, 'the address or path of a file');
  return text;
}
