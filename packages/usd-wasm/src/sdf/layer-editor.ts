/** The edits that all others are made of, recorded for change lists and undo. One for each layer that is listened to or edited. */
import { makeValue, valueAs, type Value } from '../vt/value.ts';
import { valuesEqual } from '../vt/value-equality.ts';
import { changeBlock, joinChangeBlock, type BlockObserver, type BlockParticipant, type LayerEdits } from './change-block.ts';
import type { LayersDidChangeListener } from './change-list.ts';
import { EditRecorder, type FieldEntry, type JournalEntry, type NameEntry, type SampleEntry } from './edit-recorder.ts';
import type { EditableLayerData, EditableSpec } from './editable-layer-data.ts';
import { GrowingNames, GrowingSamples, settled } from './growing-fields.ts';
import type { Layer } from './layer.ts';
import { LayerEditError } from './layer-edit-error.ts';
import type { SpecType } from './layer-data.ts';
import type { Path } from './path.ts';
import { childPlaceOf } from './spec-tree.ts';
import { sampleAt, withSample } from './time-sample-editing.ts';

/** Called inside of change blocks only. */
export class LayerEditor implements BlockParticipant {
  readonly layer: Layer;
  readonly data: EditableLayerData;
  readonly #listeners: ReadonlySet<LayersDidChangeListener>;
  readonly #observers: ReadonlySet<BlockObserver>;
  readonly #onChanged: () => void;
  #recorder: EditRecorder | undefined;
  /** Fields that the open block has edited items of, and what their edits together will be recorded as. */
  readonly #growing = new Map<EditableSpec, Map<string, FieldEntry | undefined>>();

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
    this.#settle(spec, name);
    this.#record().recordField(path, spec, name, settled(before), after);
    writeField(spec, name, after);
  }

  setTimeSample(path: Path, time: number, value: Value | undefined): void {
    const spec = this.specAt(path);
    const field = spec.get('timeSamples');
    const before = field instanceof GrowingSamples ? field.at(time) : sampleAt(valueAs(field, 'timeSamples'), time);
    if (valuesEqual(before, value)) return;
    const recorder = this.#record();
    const entry: SampleEntry = { kind: 'sample', path, time, before, after: value };
    if (field instanceof GrowingSamples) {
      recorder.recordSample(entry, spec, undefined);
      field.set(time, value);
      if (field.length > 0) return;
      this.#settle(spec, 'timeSamples');
      spec.delete('timeSamples');
      return;
    }
    const samples = valueAs(field, 'timeSamples');
    const edited = withSample(samples, time, value);
    const after = edited === undefined ? undefined : makeValue('timeSamples', edited);
    // A list of no samples is not what taking the last one out leaves: such a step is kept as a whole.
    if (samples?.times.length === 0) recorder.recordField(path, spec, 'timeSamples', field, after);
    else recorder.recordSample(entry, spec, field);
    const isSecond = this.#touch(spec, 'timeSamples');
    writeField(spec, 'timeSamples', isSecond && edited !== undefined ? new GrowingSamples(edited) : after);
  }

  /** Makes a spec where none is and lists it in its parent, last. The parent exists. */
  addSpec(path: Path, type: SpecType): void {
    this.makeSpec(path, type);
    this.listChild(path);
  }

  /** Makes a spec where none is; its parent does not list it. */
  makeSpec(path: Path, type: SpecType): void {
    const spec = this.data.makeSpec(type);
    this.#record().recordMade(path, spec);
    this.data.insertSpec(path, spec);
  }

  /** @param index position among the parent's children; last without one */
  listChild(path: Path, index?: number): void {
    const { parent, field, name } = childPlaceOf(path);
    const names = this.specAt(parent).get(field);
    if (names instanceof GrowingNames ? names.has(name) : valueAs(names, 'tokenVector')?.includes(name) === true) return;
    const length = names instanceof GrowingNames ? names.length : (valueAs(names, 'tokenVector')?.length ?? 0);
    this.#editNames({ kind: 'list', path: parent, field, name, index: Math.min(index ?? length, length) });
  }

  /** Takes a spec off its parent's list, which is cleared when it is empty. */
  unlistChild(path: Path): void {
    const { parent, field, name } = childPlaceOf(path);
    const value = this.specAt(parent).get(field);
    if (value instanceof GrowingNames) {
      if (value.has(name)) this.#editNames({ kind: 'unlist', path: parent, field, name, index: -1 });
      return;
    }
    const names = valueAs(value, 'tokenVector') ?? [];
    // A broken file may list a name twice.
    for (let index = names.lastIndexOf(name); index >= 0; index = index === 0 ? -1 : names.lastIndexOf(name, index - 1))
      this.#editNames({ kind: 'unlist', path: parent, field, name, index });
  }

  /** The first edit of a list in a block is kept as what it is, later ones as the difference that they make together. */
  #editNames(entry: NameEntry): void {
    const { path, field, name, index } = entry;
    const spec = this.specAt(path);
    const before = spec.get(field);
    if (before instanceof GrowingNames) {
      if (entry.kind === 'unlist') before.delete(name);
      else if (index === before.length) before.push(name);
      else {
        const growing = new GrowingNames(before.value.toSpliced(index, 0, name));
        spec.set(field, growing);
      }
      return;
    }
    const names = valueAs(before, 'tokenVector') ?? [];
    const after = entry.kind === 'list' ? names.toSpliced(index, 0, name) : names.toSpliced(index, 1);
    const isSecond = this.#touch(spec, field);
    if (isSecond && new Set(names).size === names.length) {
      const open = this.#record().openField(path, spec, field, before);
      (this.#growing.get(spec) as Map<string, FieldEntry | undefined>).set(field, open);
      spec.set(field, new GrowingNames(after));
      return;
    }
    this.#record().recordName(entry, spec, before);
    writeField(spec, field, after.length === 0 ? undefined : makeValue('tokenVector', after));
  }

  /** Whether the block has edited items of the field before. */
  #touch(spec: EditableSpec, field: string): boolean {
    let fields = this.#growing.get(spec);
    if (fields === undefined) this.#growing.set(spec, (fields = new Map()));
    if (fields.has(field)) return true;
    fields.set(field, undefined);
    return false;
  }

  /** Puts a plain value in the place of one that grows. */
  #settle(spec: EditableSpec, field: string): void {
    const fields = this.#growing.get(spec);
    if (fields === undefined || !fields.has(field)) return;
    const value = settled(spec.get(field));
    const isEmptyList = value?.type === 'tokenVector' && value.value.length === 0;
    const after = isEmptyList ? undefined : value;
    writeField(spec, field, after);
    const open = fields.get(field);
    if (open !== undefined) open.after = after;
    fields.delete(field);
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
    for (const [spec, fields] of this.#growing) for (const field of fields.keys()) this.#settle(spec, field);
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
      case 'unlist':
        this.#editNames(entry);
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
