/**
 * What an edit changed in a layer, as data. Source: OpenUSD sdf/changeList.h; values.md section 9.
 *
 * Entries are net: they compare the layer before the outermost change block with the layer after it. A field that was set
 * and set back is not listed; a spec that was added and removed again has no entry.
 */
import type { Value } from '../vt/value.ts';
import type { Layer } from './layer.ts';
import type { Path } from './path.ts';

/** A field before and after an edit. */
export interface FieldChange {
  /** Undefined where it was not authored. */
  readonly before: Value | undefined;
  /** Undefined where it is not authored any more. */
  readonly after: Value | undefined;
}

/** What changed at one path: a prim, variant, variant set, property, or the layer itself (`/`). */
export interface ChangeEntry {
  /**
   * Fields whose values differ. Those that list children (`primChildren`, `properties`, `variantSetChildren`,
   * `variantChildren`) are not among them: specs that come and go have entries of their own, and order has its flag.
   */
  readonly fields: ReadonlyMap<string, FieldChange>;
  /** The spec came (and everything below it: descendants of an added or removed spec have no entries of their own). */
  readonly isAdded: boolean;
  /** The spec went, with everything below it. With `isAdded`: another took its place. */
  readonly isRemoved: boolean;
  /**
   * The spec that came or went has no effect: a prim spec that is an `over` without other fields, properties or children,
   * or a property spec with only its required fields (`typeName`, `variability`, `custom`).
   */
  readonly isInert: boolean;
  /** Prims or variants that are still there stand in another order. */
  readonly areChildrenReordered: boolean;
  /** Properties that are still there stand in another order. */
  readonly arePropertiesReordered: boolean;
  /** Where a spec that came was moved from; the entry there says removed. */
  readonly oldPath: Path | undefined;
}

/** What an edit changed in one layer, by path. */
export type ChangeList = ReadonlyMap<Path, ChangeEntry>;

/** Hears once per outermost change block of everything that changed in the layers it listens to. */
export type LayersDidChangeListener = (changes: ReadonlyMap<Layer, ChangeList>) => void;
