import { makeValue, valueAs, type Value, type ValueMap, type ValueType } from '../vt/value.ts';
import { changeBlock, type BlockObserver } from './change-block.ts';
import type { LayersDidChangeListener } from './change-list.ts';
import { copySpec } from './copy-spec.ts';
import { isEditable } from './editable-layer-data.ts';
import { MemoryLayerData, type LayerData, type SpecType } from './layer-data.ts';
import { LayerEditError } from './layer-edit-error.ts';
import { LayerEditor } from './layer-editor.ts';
import { IDENTITY_OFFSET, type LayerOffset } from './layer-offset.ts';
import { OverlayLayerData } from './overlay-layer-data.ts';
import { appendChild, appendProperty, ROOT_PATH, type Path } from './path.ts';
import { createPrimSpec, createPropertySpec, moveSpec, removeSpec, reorderChildren, type PropertySpecOptions } from './spec-editing.ts';
import { CHILDREN_FIELDS } from './spec-tree.ts';

/**
 * One layer: its data, what it is called, and the editing of it. Every edit is a change block of its own, or part of the
 * one that is open (`changeBlock`). Source: OpenUSD sdf/layer.h.
 */
export class Layer {
  /** Unique key of the layer: what the resolver made of its asset path, e.g. `pkg.usdz[geo/ball.usdc]`. */
  readonly identifier: string;
  /** Format the bytes were in. */
  readonly format: 'usda' | 'usdc' | 'memory';
  /** What was read; from the first edit on, something that can be written to. */
  #data: LayerData;
  #editor: LayerEditor | undefined;
  #permissionToEdit: boolean;
  #isDirty = false;
  readonly #listeners = new Set<LayersDidChangeListener>();
  readonly #observers = new Set<BlockObserver>();
  readonly #willEditListeners = new Set<() => void>();

  constructor(identifier: string, data: LayerData, format: 'usda' | 'usdc' | 'memory') {
    this.identifier = identifier;
    this.#data = data;
    this.format = format;
    this.#permissionToEdit = !identifier.endsWith(']');
  }

  /** An empty layer in memory, for session opinions. */
  static inMemory(identifier: string): Layer {
    return new Layer(identifier, new MemoryLayerData(), 'memory');
  }

  /** What it says, spec by spec; to be read only. */
  get data(): LayerData {
    return this.#data;
  }

  /** Whether something is said of a path. */
  hasSpec(path: Path): boolean {
    return this.#data.specType(path) !== undefined;
  }

  /** What the spec at a path is of; undefined where there is none. */
  specType(path: Path): SpecType | undefined {
    return this.#data.specType(path);
  }

  /** What a property of a prim is, or undefined where the layer has no spec of it. */
  propertyType(primPath: Path, name: string): SpecType | undefined {
    const data = this.#data;
    return data.propertyType === undefined ? data.specType(appendProperty(primPath, name)) : data.propertyType(primPath, name);
  }

  /** A field of the spec at a path, as authored there. */
  field(path: Path, name: string): Value | undefined {
    return this.#data.field(path, name);
  }

  /** Data of a field if it is authored with that type. */
  fieldAs<K extends ValueType>(path: Path, name: string, type: K): ValueMap[K] | undefined {
    return valueAs(this.#data.field(path, name), type);
  }

  /** Names in a children field (`primChildren`, `properties`, `variantSetChildren`, `variantChildren`). */
  childNames(path: Path, field: 'primChildren' | 'properties' | 'variantSetChildren' | 'variantChildren'): readonly string[] {
    return this.fieldAs(path, field, 'tokenVector') ?? [];
  }

  /** Authored time codes per second: `timeCodesPerSecond`, else `framesPerSecond`, else 24. */
  get timeCodesPerSecond(): number {
    return this.fieldAs(ROOT_PATH, 'timeCodesPerSecond', 'double') ?? this.fieldAs(ROOT_PATH, 'framesPerSecond', 'double') ?? 24;
  }

  /** Default prim as a path (a token is a root prim's name, a path is taken as it is), or undefined. */
  get defaultPrim(): Path | undefined {
    const name = this.fieldAs(ROOT_PATH, 'defaultPrim', 'token');
    if (name === undefined || name === '') return undefined;
    return (name.startsWith('/') ? name : `/${name}`) as Path;
  }

  /** Whether the layer may be edited: by default not inside of a package. */
  get permissionToEdit(): boolean {
    return this.#permissionToEdit;
  }

  /** Of a layer that is read from a package too: what is edited there cannot be written back. */
  set permissionToEdit(isAllowed: boolean) {
    this.#permissionToEdit = isAllowed;
  }

  /** @throws LayerEditError for a layer that may not be edited */
  assertEditable(): void {
    if (!this.#permissionToEdit) throw new LayerEditError('layer-not-editable', this.identifier, undefined, 'the layer may not be edited');
  }

  /** Whether it was edited since it was read or `markClean` was called. */
  get isDirty(): boolean {
    return this.#isDirty;
  }

  /** For whoever has written the layer somewhere. */
  markClean(): void {
    this.#isDirty = false;
  }

  /** Whether the layer says nothing at all. */
  get isEmpty(): boolean {
    return this.data.fieldNames(ROOT_PATH).length === 0;
  }

  /** Has the listener called after each change block that changes the layer. Returns what ends it. */
  addChangeListener(listener: LayersDidChangeListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** As `addChangeListener`, for undo: hears earlier, of edits that can be taken back. @internal */
  addBlockObserver(observer: BlockObserver): () => void {
    this.#observers.add(observer);
    return () => {
      this.#observers.delete(observer);
    };
  }

  /** Has the listener called before each edit, with the data as it was. Returns what ends it. @internal */
  addWillEditListener(listener: () => void): () => void {
    this.#willEditListeners.add(listener);
    return () => {
      this.#willEditListeners.delete(listener);
    };
  }

  /**
   * Makes the spec of a prim (`/A/B`), variant (`/A{set=sel}`), prim in a variant (`/A{set=sel}B`) or variant set (`/A{set=}`)
   * where there is none, and those above it, these as `over`. New variant sets are added to `variantSetNames`.
   *
   * @throws LayerEditError for a layer that may not be edited, or another kind of path
   */
  createPrimSpec(path: Path, specifier: 'def' | 'over' | 'class' = 'over', typeName = ''): void {
    this.#edit((editor) => createPrimSpec(editor, path, specifier, typeName));
  }

  /**
   * Makes the spec of a property where there is none, and its prim and those above it, these as `over`.
   *
   * @throws LayerEditError for a layer that may not be edited, a spec of the other type, another kind of path, or an attribute without type name
   */
  createPropertySpec(path: Path, type: 'attribute' | 'relationship', options: PropertySpecOptions = {}): void {
    this.#edit((editor) => createPropertySpec(editor, path, type, options));
  }

  /**
   * Removes a spec with all below it. Lists of names (`variantSetNames`, `primOrder`, …) stay as they are.
   *
   * @returns whether there was one
   * @throws LayerEditError for a layer that may not be edited
   */
  removeSpec(path: Path): boolean {
    return this.#edit((editor) => removeSpec(editor, path));
  }

  /**
   * Moves a spec with all below it. Paths in values stay as they are.
   *
   * @param index position among the new siblings; without it the last, and when only the name changes, where it was
   * @throws LayerEditError for a layer that may not be edited, or where there is no such spec, no parent for it, or a spec in the way
   */
  moveSpec(from: Path, to: Path, index?: number): void {
    this.#edit((editor) => moveSpec(editor, from, to, index));
  }

  /**
   * Sets the order of prims or properties.
   *
   * @param names all children that there are
   * @throws LayerEditError for a layer that may not be edited, or other names
   */
  reorderChildren(path: Path, field: 'primChildren' | 'properties', names: readonly string[]): void {
    this.#edit((editor) => reorderChildren(editor, path, field, names));
  }

  /**
   * Copies a spec with all below it over the one at `path`, whose parent exists. Targets, connections, inherits, specializes and
   * internal references that lead below the source lead below the copy.
   *
   * @throws LayerEditError for a layer that may not be edited, or where there is no such spec or no parent for it
   */
  copySpec(sourceLayer: Layer, sourcePath: Path, path: Path): void {
    this.#edit((editor) => copySpec(editor, sourceLayer === this ? editor.data : sourceLayer.data, sourcePath, path));
  }

  /**
   * Sets or clears a field of a spec.
   *
   * @throws LayerEditError for a layer that may not be edited, where there is no spec, or for a field that lists children
   */
  setField(path: Path, name: string, value: Value | undefined): void {
    this.#edit((editor) => {
      if (CHILDREN_FIELDS.has(name)) editor.fail('layer-invalid-edit', path, `"${name}" follows from the specs that there are`);
      editor.setField(path, name, value);
    });
  }

  /**
   * Sets or takes out the sample of an attribute at one time, in time codes of the layer. The last one takes the field with it.
   *
   * @throws LayerEditError for a layer that may not be edited, where there is no spec, or for a time that is not finite
   */
  setTimeSample(path: Path, time: number, value: Value | undefined): void {
    this.#edit((editor) => {
      if (!Number.isFinite(time)) editor.fail('layer-invalid-edit', path, `a sample cannot be at time ${time}`);
      editor.setTimeSample(path, time, value);
    });
  }

  /** Asset paths of the sublayers as authored, strongest first. */
  get subLayerPaths(): readonly string[] {
    return this.fieldAs(ROOT_PATH, 'subLayers', 'stringVector') ?? [];
  }

  /** One offset for each sublayer. */
  get subLayerOffsets(): readonly LayerOffset[] {
    const offsets = this.fieldAs(ROOT_PATH, 'subLayerOffsets', 'layerOffsetVector') ?? [];
    return this.subLayerPaths.map((_, i) => offsets[i] ?? IDENTITY_OFFSET);
  }

  /**
   * @param index position that it takes; without it the last (weakest)
   * @throws LayerEditError for a layer that may not be edited, or a path that is empty or there already
   */
  insertSubLayerPath(path: string, index = this.subLayerPaths.length, offset: LayerOffset = IDENTITY_OFFSET): void {
    this.#edit((editor) => {
      const paths = this.subLayerPaths;
      if (path === '' || paths.includes(path))
        editor.fail('layer-invalid-edit', ROOT_PATH, `'${path}' cannot be a sublayer, or is one already`);
      if (!Number.isInteger(index) || index < 0 || index > paths.length)
        editor.fail('layer-invalid-edit', ROOT_PATH, `a sublayer cannot be inserted at ${index}, there are ${paths.length}`);
      this.#setSubLayers(editor, paths.toSpliced(index, 0, path), this.subLayerOffsets.toSpliced(index, 0, offset));
    });
  }

  /** @throws LayerEditError for a layer that may not be edited, or where there is no such sublayer */
  removeSubLayerPath(index: number): void {
    this.#edit((editor) => {
      this.#checkSubLayer(editor, index);
      this.#setSubLayers(editor, this.subLayerPaths.toSpliced(index, 1), this.subLayerOffsets.toSpliced(index, 1));
    });
  }

  /** @throws LayerEditError for a layer that may not be edited, or where there is no such sublayer */
  setSubLayerOffset(index: number, offset: LayerOffset): void {
    this.#edit((editor) => {
      this.#checkSubLayer(editor, index);
      this.#setSubLayers(editor, this.subLayerPaths, this.subLayerOffsets.with(index, offset));
    });
  }

  /**
   * Makes the layer say what other data says. What is the same stays untouched, so that only differences count as changes.
   *
   * @throws LayerEditError for a layer that may not be edited
   */
  transferContent(data: LayerData): void {
    this.#edit((editor) => copySpec(editor, data, ROOT_PATH, ROOT_PATH));
  }

  /** As `transferContent`, from the bytes that the layer was read from as they are now: permitted always, and clean afterwards. */
  reload(data: LayerData): void {
    changeBlock(() => copySpec(this.#openEditor(), data, ROOT_PATH, ROOT_PATH));
    this.#isDirty = false;
  }

  #edit<T>(edit: (editor: LayerEditor) => T): T {
    this.assertEditable();
    return changeBlock(() => edit(this.#openEditor()));
  }

  #openEditor(): LayerEditor {
    for (const listener of this.#willEditListeners) listener();
    if (this.#editor === undefined) {
      const data = isEditable(this.#data) ? this.#data : new OverlayLayerData(this.#data);
      this.#data = data;
      this.#editor = new LayerEditor(this, data, this.#listeners, this.#observers, () => {
        this.#isDirty = true;
      });
    }
    return this.#editor;
  }

  #checkSubLayer(editor: LayerEditor, index: number): void {
    const count = this.subLayerPaths.length;
    if (!Number.isInteger(index) || index < 0 || index >= count)
      editor.fail('layer-invalid-edit', ROOT_PATH, `there is no sublayer ${index}, there are ${count}`);
  }

  #setSubLayers(editor: LayerEditor, paths: readonly string[], offsets: readonly LayerOffset[]): void {
    editor.setField(ROOT_PATH, 'subLayers', paths.length === 0 ? undefined : makeValue('stringVector', paths));
    editor.setField(ROOT_PATH, 'subLayerOffsets', paths.length === 0 ? undefined : makeValue('layerOffsetVector', offsets));
  }
}

/** Visits every prim spec below (and with) a path, depth first, variants included. */
export function* primSpecPaths(layer: Layer, path: Path = ROOT_PATH): Generator<Path> {
  yield path;
  for (const name of layer.childNames(path, 'primChildren')) yield* primSpecPaths(layer, appendChild(path, name));
}
