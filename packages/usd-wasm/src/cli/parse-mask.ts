import { isPropertyPath, type Path } from '../node.ts';
import { UsageError } from './command.ts';

/** Prim paths between commas or blanks, as `--mask` takes them. */
export function parseMask(text: string): Path[] {
  return text
    .split(/[, ]+/)
    .filter((path) => path !== '')
    .map((path) => {
      if (!path.startsWith('/') || isPropertyPath(path as Path)) throw new UsageError(`"${path}" is no absolute prim path`);
      return path as Path;
    });
}
