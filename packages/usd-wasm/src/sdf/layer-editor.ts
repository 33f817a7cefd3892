/** The edits that all others are made of, recorded for change lists and undo. One for each layer that is listened to or edited. */
import { makeValue, valueAs, type Value } from '../vt/value.ts';
import { valuesEqual } from '../vt/value-equality.ts';
import { changeBlock, joinChangeBlock, type BlockObserver, type BlockParticipant, type LayerEdits } from './change-block.ts';
import type { LayersDidChangeListener } from './change-list.ts';
import { EditRecorder, type JournalEntry } from './edit-recorder.ts';
import type { EditableLayerData, EditableSpec } from './editable-layer-data.ts';
import type { Layer } from './layer.ts';
import { LayerEditError } from './layer-edit-error.ts';
import type { SpecType } from './layer-data.ts';
import type { Path } from './path.ts';
import { CHILDREN_FIELDS, childPlaceOf, type ChildrenField } from './spec-tree.ts';
import { sampleAt, withSample } from './time-sample-editing.ts';

/** Called inside of change blocks only. */
export class LayerEditor implements BlockParticipant {
  readonly layer: Layer;
  readonly data: EditableLayerData;
  readonly #listeners: ReadonlySet<LayersDidChangeListener>;
  readonly #observers: ReadonlySet<BlockObserver>;
  readonly #onChanged: () => void;
  #recorder: EditRecorder | undefined;
  /** Specs with lists of children that the open block has added to. */
  readonly #growing = new Set<EditableSpec>();

  /** @param onChanged called at the end of blocks that changed the layer, before anybody hears of it */
  constructor(
    layer: Layer,
    data: EditableLayerData,
    listeners: ReadonlySet<LayersDidChangeListener>,
    observers: ReadonlySet<BlockObserver>,
    onChanged: () => void,
  ) {
    this.layer = layer;
    this.data = data;
    this.#listeners = listeners;
    this.#observers = observers;
    this.#onChanged = onChanged;
  }

  fail(code: LayerEditError['code'], path: Path | undefined, message: string): never {
    throw new LayerEditError(code, this.layer.identifier, path, message);
  }

  /** @throws LayerEditError where there is no spec */
  specAt(path: Path): EditableSpec {
    return this.data.editSpec(path) ?? this.fail('layer-no-spec', path, 'there is no spec to edit');
  }

  /** Sets or clears a field of an existing spec. */
  setField(path: Path, name: string, value: Value | undefined): void {
    const before = this.data.field(path, name);
    if (valuesEqual(before, value)) {
      if (before === undefined && this.data.specType(path) === undefined) this.specAt(path);
      return;
    }
    const spec = this.specAt(path);
    const after = settled(value);
    this.#record().recordField(path, spec, name, settled(before), after);
    writeField(spec, name, after);
  }

  setTimeSample(path: Path, time: number, value: Value | undefined): void {
    const spec = this.specAt(path);
    const samplesBefore = spec.get('timeSamples');
    const samples = valueAs(samplesBefore, 'timeSamples');
    const before = sampleAt(samples, time);
    if (valuesEqual(before, value)) return;
    const edited = withSample(samples, time, value);
    const samplesAfter = edited === undefined ? undefined : makeValue('timeSamples', edited);
    // A list of no samples is not what taking the last one out leaves: such a step is kept as a whole.
    if (samples?.times.length === 0) this.#record().recordField(path, spec, 'timeSamples', samplesBefore, samplesAfter);
    else this.#record().recordSample(path, spec, time, before, value, samplesBefore);
    writeField(spec, 'timeSamples', samplesAfter);
  }

  /** Makes a spec where none is and lists it in its parent, last. The parent exists. */
  addSpec(path: Path, type: SpecType): void {
    this.insertSpecs([path], [this.data.makeSpec(type)]);
    this.listChild(path);
  }

  /** @param index position among the parent's children; last without one */
  listChild(path: Path, index?: number): void {
    const { parent, field, name } = childPlaceOf(path);
    this.#listName(parent, field, name, index);
  }

  /** Takes a spec off its parent's list, which is cleared when it is empty. Gives the position that it had, or -1. */
  unlistChild(path: Path): number {
    const { parent, field, name } = childPlaceOf(path);
    const names = this.layer.childNames(parent, field);
    const first = names.indexOf(name);
    // A broken file may list a name twice.
    for (let index = names.lastIndexOf(name); index >= 0; index = this.layer.childNames(parent, field).lastIndexOf(name))
      this.#unlistName(parent, field, name, index);
    return first;
  }

  #listName(parent: Path, field: ChildrenField, name: string, index: number | undefined): void {
    const spec = this.specAt(parent);
    const before = spec.get(field);
    if (before instanceof GrowingNames && (index ?? before.length) >= before.length) {
      if (before.has(name)) return;
      this.#record().recordList('list', parent, spec, field, name, before.length, undefined);
      before.push(name);
      return;
    }
    const names = valueAs(before, 'tokenVector') ?? [];
    if (names.includes(name)) return;
    const at = Math.min(index ?? names.length, names.length);
    this.#record().recordList('list', parent, spec, field, name, at, before);
    const after = names.toSpliced(at, 0, name);
    // The second name that a block adds is followed by many, more likely than not.
    const isGrowing = at === names.length && this.#growing.has(spec) && new Set(names).size === names.length;
    spec.set(field, isGrowing ? new GrowingNames(after) : makeValue('tokenVector', after));
    this.#growing.add(spec);
  }

  #unlistName(parent: Path, field: ChildrenField, name: string, index: number): void {
    const spec = this.specAt(parent);
    const before = spec.get(field);
    const left = (valueAs(before, 'tokenVector') ?? []).toSpliced(index, 1);
    this.#record().recordList('unlist', parent, spec, field, name, index, before);
    writeField(spec, field, left.length === 0 ? undefined : makeValue('tokenVector', left));
  }

  /** @param paths parents before children; none has a spec */
  insertSpecs(paths: readonly Path[], specs: readonly EditableSpec[]): void {
    this.#record().recordInsert(paths, specs);
    paths.forEach((path, i) => this.data.insertSpec(path, specs[i] as EditableSpec));
  }

  /** @param paths parents before children; each has a spec */
  removeSpecs(paths: readonly Path[]): EditableSpec[] {
    const specs = paths.map((path) => this.specAt(path));
    this.#record().recordRemove(paths, specs);
    for (let i = paths.length - 1; i >= 0; i--) this.data.removeSpec(paths[i] as Path);
    return specs;
  }

  endBlock(): LayerEdits | undefined {
    const recorder = this.#recorder;
    this.#recorder = undefined;
    if (recorder === undefined) return undefined;
    for (const spec of this.#growing) settleNames(spec);
    this.#growing.clear();
    const changes = recorder.changes(this.data);
    if (changes.size === 0) return undefined;
    this.#onChanged();
    const { journal } = recorder;
    return {
      layer: this.layer,
      changes,
      listeners: this.#listeners,
      observers: this.#observers,
      undo: () => changeBlock(() => journal.toReversed().forEach((entry) => this.#play(inverse(entry)))),
      redo: () => changeBlock(() => journal.forEach((entry) => this.#play(entry))),
    };
  }

  #play(entry: JournalEntry): void {
    switch (entry.kind) {
      case 'field':
        this.setField(entry.path, entry.name, entry.after);
        break;
      case 'sample':
        this.setTimeSample(entry.path, entry.time, entry.after);
        break;
      case 'list':
        this.#listName(entry.path, entry.field, entry.name, entry.index);
        break;
      case 'unlist':
        this.#unlistName(entry.path, entry.field, entry.name, entry.index);
        break;
      case 'insert':
        this.insertSpecs(entry.paths, entry.specs);
        break;
      case 'remove':
        this.removeSpecs(entry.paths);
        break;
    }
  }

  #record(): EditRecorder {
    if (this.#recorder === undefined) {
      joinChangeBlock(this);
      this.#recorder = new EditRecorder();
    }
    return this.#recorder;
  }
}

function writeField(spec: EditableSpec, name: string, value: Value | undefined): void {
  if (value === undefined) spec.delete(name);
  else spec.set(name, value);
}

/**
 * A list of children that a block adds to, one by one: nobody sees a list grow that they hold, and it is only copied when
 * somebody looks at it in between.
 */
class GrowingNames {
  readonly type = 'tokenVector';
  readonly #names: Set<string>;
  #list: readonly string[] | undefined;

  constructor(names: readonly string[]) {
    this.#names = new Set(names);
  }

  get value(): readonly string[] {
    return (this.#list ??= [...this.#names]);
  }

  get length(): number {
    return this.#names.size;
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  push(name: string): void {
    this.#names.add(name);
    this.#list = undefined;
  }
}

function settleNames(spec: EditableSpec): void {
  for (const field of CHILDREN_FIELDS) {
    const names = spec.get(field);
    if (names instanceof GrowingNames) spec.set(field, makeValue('tokenVector', names.value));
  }
}

/** The value itself, or what stays as it is when the list grows. */
function settled(value: Value | undefined): Value | undefined {
  return value instanceof GrowingNames ? makeValue('tokenVector', value.value) : value;
}

function inverse(entry: JournalEntry): JournalEntry {
  switch (entry.kind) {
    case 'field':
    case 'sample':
      return { ...entry, before: entry.after, after: entry.before };
    case 'list':
      return { ...entry, kind: 'unlist' };
    case 'unlist':
      return { ...entry, kind: 'list' };
    case 'insert':
      return { ...entry, kind: 'remove' };
    case 'remove':
      return { ...entry, kind: 'insert' };
  }
}
