/** How specs hang together: which field of which spec lists a spec, and what is below one. */
import { valueAs } from '../vt/value.ts';
import type { LayerData } from './layer-data.ts';
import {
  appendChild,
  appendProperty,
  appendVariant,
  endsInVariant,
  isPropertyPath,
  nameOf,
  parentPath,
  variantOf,
  type Path,
} from './path.ts';

export type ChildrenField = 'primChildren' | 'properties' | 'variantSetChildren' | 'variantChildren';

/** Where a spec is listed: its name in the children field of its parent. */
export interface ChildPlace {
  readonly parent: Path;
  readonly field: ChildrenField;
  readonly name: string;
}

export const CHILDREN_FIELDS: ReadonlySet<string> = new Set(['primChildren', 'properties', 'variantSetChildren', 'variantChildren']);

/** A variant belongs to its set (`/A{v=x}` to `/A{v=}`), the set to the prim or variant around it. */
export function childPlaceOf(path: Path): ChildPlace {
  const parent = parentPath(path);
  if (isPropertyPath(path)) return { parent, field: 'properties', name: nameOf(path) };
  if (!endsInVariant(path)) return { parent, field: 'primChildren', name: nameOf(path) };
  const [set, selection] = variantOf(path) as readonly [string, string];
  if (selection === '') return { parent, field: 'variantSetChildren', name: set };
  return { parent: appendVariant(parent, set, ''), field: 'variantChildren', name: selection };
}

/** Path of a child by its name in a children field; of a variant, from the path of its set. */
export function childPathOf(parent: Path, field: ChildrenField, name: string): Path {
  switch (field) {
    case 'primChildren':
      return appendChild(parent, name);
    case 'properties':
      return appendProperty(parent, name);
    case 'variantSetChildren':
      return appendVariant(parent, name, '');
    case 'variantChildren':
      return `${parent.slice(0, -1)}${name}}` as Path;
  }
}

/** The path itself and every spec listed below it, each once, parents before children. */
export function specTree(data: LayerData, path: Path): Path[] {
  const found = new Set<Path>([path]);
  for (const at of found) {
    for (const field of childrenFieldsOf(data, at)) {
      for (const name of valueAs(data.field(at, field), 'tokenVector') ?? []) {
        const child = childPathOf(at, field, name);
        if (data.specType(child) !== undefined) found.add(child);
      }
    }
  }
  return [...found];
}

const OF_PRIM: readonly ChildrenField[] = ['properties', 'primChildren', 'variantSetChildren'];
const OF_VARIANT_SET: readonly ChildrenField[] = ['variantChildren'];

/** Children fields that a spec may have. */
export function childrenFieldsOf(data: LayerData, path: Path): readonly ChildrenField[] {
  switch (data.specType(path)) {
    case 'pseudoRoot':
    case 'prim':
    case 'variant':
      return OF_PRIM;
    case 'variantSet':
      return OF_VARIANT_SET;
    default:
      return [];
  }
}
