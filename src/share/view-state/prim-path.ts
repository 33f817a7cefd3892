import { ViewStateError } from './view-state-error.ts';

const PRIM_PATH = /^(?:\/[\p{ID_Start}_][\p{ID_Continue}]*)+$/u;

/** Whether this is an absolute path of a prim: no properties, no variant selections. */
export function isPrimPath(text: string): boolean {
  return PRIM_PATH.test(text);
}

/** @throws ViewStateError */
export function parsePrimPath(text: string, part: string): string {
  const path = text.trim();
  if (!isPrimPath(path)) throw new ViewStateError(part, text, 'the path of a prim such as "/World/Camera"');
  return path;
}
