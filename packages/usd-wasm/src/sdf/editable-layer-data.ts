import type { Value } from '../vt/value.ts';
import type { LayerData, SpecType } from './layer-data.ts';
import type { Path } from './path.ts';

/** One spec that can be written to. It is the same object for as long as the spec exists, wherever it moves. */
export interface EditableSpec {
  readonly type: SpecType;
  get(name: string): Value | undefined;
  set(name: string, value: Value): void;
  delete(name: string): void;
  names(): readonly string[];
}

/** Layer data that editing works on. Specs come and go one by one here; children fields are the caller's affair. */
export interface EditableLayerData extends LayerData {
  /** The spec at a path, to be written to. */
  editSpec(path: Path): EditableSpec | undefined;
  /** A spec without fields that is nowhere yet. */
  makeSpec(type: SpecType): EditableSpec;
  /** Puts a spec that this data made, or that was removed from it, where none is. Parents come before children. */
  insertSpec(path: Path, spec: EditableSpec): void;
  /** Takes out the spec at a path. Children go before parents. */
  removeSpec(path: Path): void;
}

export function isEditable(data: LayerData): data is EditableLayerData {
  return 'insertSpec' in data;
}
