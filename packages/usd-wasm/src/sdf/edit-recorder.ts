/**
 * What a change block does to one layer, recorded as it happens: a journal to take it back, and what net change it makes.
 *
 * Specs are told apart as objects. A path whose spec is another object at the end than it was at the begin of the block
 * saw a spec come or go; fields are compared where the object stayed in its place. So moving there and back is no change.
 */
import { valueAs, type Value } from '../vt/value.ts';
import { valuesEqual } from '../vt/value-equality.ts';
import type { ChangeEntry, ChangeList, FieldChange } from './change-list.ts';
import type { EditableLayerData, EditableSpec } from './editable-layer-data.ts';
import { ROOT_PATH, type Path } from './path.ts';
import { CHILDREN_FIELDS, childPlaceOf, type ChildrenField } from './spec-tree.ts';

/** Values before and after. */
export interface FieldEntry {
  readonly kind: 'field';
  readonly path: Path;
  readonly name: string;
  readonly before: Value | undefined;
  after: Value | undefined;
}

/** One sample of `timeSamples`, before and after. */
export interface SampleEntry {
  readonly kind: 'sample';
  readonly path: Path;
  readonly time: number;
  readonly before: Value | undefined;
  readonly after: Value | undefined;
}

/** A name that came into a children field, or went, and its position there. */
export interface NameEntry {
  readonly kind: 'list' | 'unlist';
  readonly path: Path;
  readonly field: ChildrenField;
  readonly name: string;
  readonly index: number;
}

/** Specs that came or went, parents before children. */
export interface SpecsEntry {
  readonly kind: 'insert' | 'remove';
  readonly paths: Path[];
  readonly specs: EditableSpec[];
}

export type JournalEntry = FieldEntry | SampleEntry | NameEntry | SpecsEntry;

interface EditedFields {
  path: Path;
  /** Values at the begin of the block. */
  readonly before: Map<string, Value | undefined>;
}

export class EditRecorder {
  readonly journal: JournalEntry[] = [];
  /** Specs at the begin of the block, of every path where one came or went since. */
  readonly #startSpecs = new Map<Path, EditableSpec | undefined>();
  readonly #edited = new Map<EditableSpec, EditedFields>();
  /** Specs that the block has made. Their fields come and go with them, and were nothing before. */
  readonly #made = new Set<EditableSpec>();

  recordField(path: Path, spec: EditableSpec, name: string, before: Value | undefined, after: Value | undefined): void {
    this.openField(path, spec, name, before).after = after;
  }

  /** As `recordField`, of a field that is edited more than once: the value after it is filled in later. */
  openField(path: Path, spec: EditableSpec, name: string, before: Value | undefined): FieldEntry {
    const entry: FieldEntry = { kind: 'field', path, name, before, after: undefined };
    this.#record(entry, path, spec, name, before);
    return entry;
  }

  /** As `recordField` of a children field, for one name; `namesBefore` is the whole field. */
  recordName(entry: NameEntry, spec: EditableSpec, namesBefore: Value | undefined): void {
    this.#record(entry, entry.path, spec, entry.field, namesBefore);
  }

  /** As `recordField` of `timeSamples`, for one sample; `samplesBefore` is the whole field. */
  recordSample(entry: SampleEntry, spec: EditableSpec, samplesBefore: Value | undefined): void {
    this.#record(entry, entry.path, spec, 'timeSamples', samplesBefore);
  }

  recordInsert(paths: readonly Path[], specs: readonly EditableSpec[]): void {
    const last = this.journal.at(-1);
    if (last?.kind === 'insert') {
      for (const path of paths) last.paths.push(path);
      for (const spec of specs) last.specs.push(spec);
    } else this.journal.push({ kind: 'insert', paths: [...paths], specs: [...specs] });
    paths.forEach((path, i) => {
      if (!this.#startSpecs.has(path)) this.#startSpecs.set(path, undefined);
      const edited = this.#edited.get(specs[i] as EditableSpec);
      if (edited !== undefined) edited.path = path;
    });
  }

  /** As `recordInsert`, of a spec that is new. */
  recordMade(path: Path, spec: EditableSpec): void {
    this.#made.add(spec);
    this.recordInsert([path], [spec]);
  }

  recordRemove(paths: readonly Path[], specs: readonly EditableSpec[]): void {
    this.journal.push({ kind: 'remove', paths: [...paths], specs: [...specs] });
    paths.forEach((path, i) => {
      if (!this.#startSpecs.has(path)) this.#startSpecs.set(path, specs[i]);
    });
  }

  /** The difference between the begin of the block and `data` now. */
  changes(data: EditableLayerData): ChangeList {
    const replaced = new Map<Path, readonly [start: EditableSpec | undefined, end: EditableSpec | undefined]>();
    const startPaths = new Map<EditableSpec, Path>();
    for (const [path, start] of this.#startSpecs) {
      const end = data.editSpec(path);
      if (start !== end) replaced.set(path, [start, end]);
      if (start !== undefined) startPaths.set(start, path);
    }
    const changes = new Map<Path, ChangeEntry>();
    for (const [path, [start, end]] of replaced) {
      if (isBelowAny(path, replaced)) continue;
      const oldPath = end === undefined ? undefined : startPaths.get(end);
      changes.set(path, {
        ...UNCHANGED,
        isAdded: end !== undefined,
        isRemoved: start !== undefined,
        isInert:
          (start === undefined || this.#wasInert(start)) && (end === undefined || isInert(end.type, end.names(), (name) => end.get(name))),
        oldPath: oldPath === path ? undefined : oldPath,
      });
    }
    for (const [spec, { path, before }] of this.#edited) {
      if (data.editSpec(path) !== spec || replaced.has(path) || isBelowAny(path, replaced)) continue;
      const entry = fieldEntry(spec, before);
      if (entry !== undefined) changes.set(path, entry);
    }
    return changes;
  }

  #record(entry: JournalEntry, path: Path, spec: EditableSpec, name: string, before: Value | undefined): void {
    if (this.#made.has(spec)) return;
    this.journal.push(entry);
    let edited = this.#edited.get(spec);
    if (edited === undefined) this.#edited.set(spec, (edited = { path, before: new Map() }));
    if (!edited.before.has(name)) edited.before.set(name, before);
  }

  #wasInert(spec: EditableSpec): boolean {
    const before = this.#edited.get(spec)?.before;
    if (before === undefined) return isInert(spec.type, spec.names(), (name) => spec.get(name));
    const get = (name: string): Value | undefined => (before.has(name) ? before.get(name) : spec.get(name));
    const names = [...new Set([...spec.names(), ...before.keys()])].filter((name) => get(name) !== undefined);
    return isInert(spec.type, names, get);
  }
}

const UNCHANGED: ChangeEntry = {
  fields: new Map(),
  isAdded: false,
  isRemoved: false,
  isInert: false,
  areChildrenReordered: false,
  arePropertiesReordered: false,
  oldPath: undefined,
};

function fieldEntry(spec: EditableSpec, before: ReadonlyMap<string, Value | undefined>): ChangeEntry | undefined {
  const fields = new Map<string, FieldChange>();
  let areChildrenReordered = false;
  let arePropertiesReordered = false;
  for (const [name, old] of before) {
    const now = spec.get(name);
    if (CHILDREN_FIELDS.has(name)) {
      if (!isReordered(valueAs(old, 'tokenVector') ?? [], valueAs(now, 'tokenVector') ?? [])) continue;
      if (name === 'properties') arePropertiesReordered = true;
      else areChildrenReordered = true;
    } else if (!valuesEqual(old, now)) fields.set(name, { before: old, after: now });
  }
  if (fields.size === 0 && !areChildrenReordered && !arePropertiesReordered) return undefined;
  return { ...UNCHANGED, fields, areChildrenReordered, arePropertiesReordered };
}

/** Whether names that are in both lists stand in another order. */
function isReordered(before: readonly string[], after: readonly string[]): boolean {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  if (head + tail === shorter) return false;
  const left = new Set(after.slice(head, after.length - tail));
  const old = before.slice(head, before.length - tail).filter((name) => left.has(name));
  const kept = new Set(old);
  let at = 0;
  for (const name of left) if (kept.has(name) && old[at++] !== name) return true;
  return false;
}

const REQUIRED_OF_PROPERTY: ReadonlySet<string> = new Set(['typeName', 'variability', 'custom']);

/** Source: OpenUSD sdf/primSpec.cpp (IsInert), sdf/propertySpec.cpp (HasOnlyRequiredFields); a custom property counts by being there. */
function isInert(type: EditableSpec['type'], names: readonly string[], get: (name: string) => Value | undefined): boolean {
  if (type === 'prim')
    return (
      names.every((name) => name === 'specifier') &&
      valueAs(get('specifier'), 'specifier') !== 'def' &&
      valueAs(get('specifier'), 'specifier') !== 'class'
    );
  if (type !== 'attribute' && type !== 'relationship') return false;
  return names.every((name) => REQUIRED_OF_PROPERTY.has(name)) && valueAs(get('custom'), 'bool') !== true;
}

function isBelowAny(path: Path, ancestors: ReadonlyMap<Path, unknown>): boolean {
  if (ancestors.size === 0) return false;
  for (let at = path; at !== ROOT_PATH;) {
    at = childPlaceOf(at).parent;
    if (ancestors.has(at)) return true;
  }
  return false;
}
