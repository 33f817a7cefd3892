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
    this.#record().recordField(path, spec, name, before, value);
    writeField(spec, name, value);
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
    const names = this.layer.childNames(parent, field);
    if (names.includes(name)) return;
    const at = index ?? names.length;
    this.setField(parent, field, makeValue('tokenVector', [...names.slice(0, at), name, ...names.slice(at)]));
  }

  /** Takes a spec off its parent's list, which is cleared when it is empty. Gives the position that it had. */
  unlistChild(path: Path): number {
    const { parent, field, name } = childPlaceOf(path);
    const names = this.layer.childNames(parent, field);
    const left = names.filter((other) => other !== name);
    if (left.length < names.length) this.setField(parent, field, left.length === 0 ? undefined : makeValue('tokenVector', left));
    return names.indexOf(name);
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
    case 'insert':
      return { ...entry, kind: 'remove' };
    case 'remove':
      return { ...entry, kind: 'insert' };
  }
}
