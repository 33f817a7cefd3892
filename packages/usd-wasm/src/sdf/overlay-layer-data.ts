/**
 * Makes read-only layer data editable: specs that are written to get a spec of their own, whose fields fall back to
 * those of the data below, so that nothing is decoded before somebody asks for it, even of specs that have moved.
 */
import type { Value } from '../vt/value.ts';
import type { EditableLayerData, EditableSpec } from './editable-layer-data.ts';
import type { LayerData, SpecType } from './layer-data.ts';
import type { Path } from './path.ts';

export class OverlayLayerData implements EditableLayerData {
  readonly #base: LayerData;
  /** Specs that were written to, are new or came from elsewhere; null where the one of the base is gone. */
  readonly #specs = new Map<Path, OverlaySpec | null>();

  constructor(base: LayerData) {
    this.#base = base;
  }

  specType(path: Path): SpecType | undefined {
    const spec = this.#specs.get(path);
    if (spec !== undefined) return spec?.type;
    return this.#isHidden(path) ? undefined : this.#base.specType(path);
  }

  fieldNames(path: Path): readonly string[] {
    const spec = this.#specs.get(path);
    if (spec !== undefined) return spec?.names() ?? [];
    return this.#isHidden(path) ? [] : this.#base.fieldNames(path);
  }

  field(path: Path, name: string): Value | undefined {
    const spec = this.#specs.get(path);
    if (spec !== undefined) return spec?.get(name);
    return this.#isHidden(path) ? undefined : this.#base.field(path, name);
  }

  *paths(): Generator<Path> {
    for (const path of this.#base.paths()) if (this.#specs.get(path) !== null && !this.#isHidden(path)) yield path;
    for (const [path, spec] of this.#specs) if (spec !== null && this.#base.specType(path) === undefined) yield path;
  }

  editSpec(path: Path): OverlaySpec | undefined {
    const known = this.#specs.get(path);
    if (known !== undefined) return known ?? undefined;
    const type = this.specType(path);
    if (type === undefined) return undefined;
    const spec = new OverlaySpec(type, this.#base, path);
    this.#specs.set(path, spec);
    return spec;
  }

  makeSpec(type: SpecType): OverlaySpec {
    return new OverlaySpec(type, undefined, undefined);
  }

  insertSpec(path: Path, spec: EditableSpec): void {
    if (!(spec instanceof OverlaySpec)) throw new TypeError(`the spec for <${path}> is of other data`);
    this.#specs.set(path, spec);
  }

  removeSpec(path: Path): void {
    if (this.#base.specType(path) === undefined) this.#specs.delete(path);
    else this.#specs.set(path, null);
  }

  /** Specs of targets (`/A.r[/B]`) in the base are there for as long as their property stands where it was. */
  #isHidden(path: Path): boolean {
    const bracket = path.indexOf('[');
    if (bracket < 0) return false;
    const property = path.slice(0, bracket) as Path;
    const spec = this.#specs.get(property);
    return spec !== undefined && spec?.basePath !== property;
  }
}

/** A spec's own fields over those of a spec of read-only data, if there is one. */
class OverlaySpec implements EditableSpec {
  readonly type: SpecType;
  /** Where the fields below are, whatever the spec's own path is. */
  readonly basePath: Path | undefined;
  readonly #base: LayerData | undefined;
  /** Fields set, in order; null where one of the base is cleared. */
  readonly #fields = new Map<string, Value | null>();

  constructor(type: SpecType, base: LayerData | undefined, basePath: Path | undefined) {
    this.type = type;
    this.#base = base;
    this.basePath = basePath;
  }

  get(name: string): Value | undefined {
    const own = this.#fields.get(name);
    if (own !== undefined) return own ?? undefined;
    return this.basePath === undefined ? undefined : this.#base?.field(this.basePath, name);
  }

  set(name: string, value: Value): void {
    this.#fields.set(name, value);
  }

  delete(name: string): void {
    if (this.#baseNames().includes(name)) this.#fields.set(name, null);
    else this.#fields.delete(name);
  }

  names(): readonly string[] {
    const below = this.#baseNames();
    const names = below.filter((name) => this.#fields.get(name) !== null);
    for (const [name, value] of this.#fields) if (value !== null && !below.includes(name)) names.push(name);
    return names;
  }

  #baseNames(): readonly string[] {
    return this.basePath === undefined ? [] : (this.#base?.fieldNames(this.basePath) ?? []);
  }
}
