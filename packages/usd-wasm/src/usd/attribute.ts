import type { SpecSite } from '../pcp/prim-index.ts';
import { applyOffset } from '../sdf/layer-offset.ts';
import type { ListPosition } from '../sdf/list-op.ts';
import type { Path } from '../sdf/path.ts';
import { storageTypeOf, type AttributeTypeName, type StorageTypeOf } from '../sdf/value-type.ts';
import { valueAs, type ArrayType, type ScalarType, type Spline, type Value, type ValueMap } from '../vt/value.ts';
import { parseValue } from '../usda/parse-value.ts';
import { castNumeric } from './cast-value.ts';
import type { MetadataInput } from './field-authoring.ts';
import { composeField } from './metadata.ts';
import type { Prim } from './prim.ts';
import {
  addTarget,
  blockValue,
  clearAtTime,
  clearDefault,
  clearPropertyMetadata,
  clearSpline,
  clearTargets,
  clearValue,
  removeTarget,
  setPropertyMetadata,
  setSpline,
  setTargets,
  setTypeName,
  setValue,
} from './property-authoring.ts';
import type { SchemaProperty } from './schema-registry.ts';
import { composedTimes, resolveSparse } from './sparse-values.ts';
import { splineVaries, type SplineSide } from './spline.ts';
import { clipsFor } from './value-clips.ts';
import type { ValueInput } from './value-input.ts';
import { isSparse, resolveSource, resolveValue, type AttributeOpinions, type ResolveInfo, type ValueSource } from './value-resolution.ts';

/** Storage types that attributes have. */
export type AttributeValueType = ScalarType | ArrayType;
/** What attribute values are made of. */
export type AttributeData = ValueMap[AttributeValueType];

const NO_TIMES = new Float64Array(0);

/** An attribute of a composed prim: a handle that stays valid over edits. Source: OpenUSD usd/attribute.h, usd/attributeQuery.h. */
export class Attribute {
  /** Path of the prim and the name: `/World.points`. */
  readonly path: Path;
  /** With its namespaces: `primvars:st`. */
  readonly name: string;
  /** The prim whose attribute it is. */
  readonly prim: Prim;
  /** As of `#revision`. */
  #knownBuiltIn: SchemaProperty | undefined;
  #knownSites: readonly SpecSite[] | undefined;
  #revision: number;
  #opinions: AttributeOpinions | undefined;
  #storageType: string | undefined;
  #knownTimes: Float64Array | undefined;
  #atDefault: ResolveInfo | undefined;
  #atTime: ResolveInfo | undefined;

  constructor(prim: Prim, path: Path, name: string, builtIn: SchemaProperty | undefined) {
    this.prim = prim;
    this.path = path;
    this.name = name;
    this.#knownBuiltIn = builtIn?.kind === 'attribute' ? builtIn : undefined;
    this.#revision = prim.stage.revision;
  }

  /** Specs, strongest first; none once the property is of another kind. */
  get #sites(): readonly SpecSite[] {
    this.#refresh();
    return (this.#knownSites ??= this.prim.propertySites(this.name, 'attribute'));
  }

  get #builtIn(): SchemaProperty | undefined {
    this.#refresh();
    return this.#knownBuiltIn;
  }

  /** After an edit what was looked up before it counts no more. */
  #refresh(): void {
    const { prim, name } = this;
    if (this.#revision === prim.stage.revision) return;
    this.#revision = prim.stage.revision;
    const builtIn = prim.schemaProperty(name);
    this.#knownBuiltIn = builtIn?.kind === 'attribute' ? builtIn : undefined;
    this.#knownSites = undefined;
    this.#opinions = undefined;
    this.#knownTimes = undefined;
    this.#storageType = undefined;
    this.#atDefault = undefined;
    this.#atTime = undefined;
  }

  /** Type name with its role, e.g. `color3f[]`: the schema's, else the strongest authored one. */
  get typeName(): string {
    if (this.#builtIn !== undefined) return this.#builtIn.typeName;
    for (const site of this.#sites) {
      const typeName = site.layer.fieldAs(site.path, 'typeName', 'token');
      if (typeName !== undefined && typeName !== '') return typeName;
    }
    return '';
  }

  /** The schema's, else the weakest authored one. */
  get variability(): 'varying' | 'uniform' {
    if (this.#builtIn !== undefined) return this.#builtIn.variability;
    const weakest = valueAs(this.prim.weakestOpinion(this.name, 'variability'), 'variability');
    return weakest === undefined || weakest === 'varying' ? 'varying' : 'uniform';
  }

  /** No schema has it, and the weakest opinion is `custom`. */
  get isCustom(): boolean {
    return this.#builtIn === undefined && this.prim.weakestOpinion(this.name, 'custom')?.value === true;
  }

  /**
   * Data of the resolved value: a typed array for arrays (components interleaved, shapes in `ArrayMap`), a number, string,
   * boolean, bigint or number list for scalars. `getValue` tells the type too, `getAs` asks for one.
   *
   * @param timeCode stage time; undefined asks for the default value, without animation
   * @returns undefined where there is no value, also when it is blocked
   */
  get(timeCode?: number): AttributeData | undefined {
    return this.getValue(timeCode)?.value as AttributeData | undefined;
  }

  /**
   * As `get`, where the value is stored as that type is: `getAs('point3f[]')` is a `Float32Array` of shape [N, 3],
   * `getAs('color3f')` three numbers. Roles that are stored alike are not told apart, precisions are.
   *
   * @returns undefined where there is no value, or one that is stored otherwise
   */
  getAs<T extends AttributeTypeName>(type: T, timeCode?: number): ValueMap[StorageTypeOf<T>] | undefined {
    return valueAs(this.getValue(timeCode), storageTypeOf(type));
  }

  /**
   * Resolved value. Asset paths are resolved, time codes are the stage's, numbers of another precision than the attribute's type are converted.
   *
   * @param timeCode stage time; undefined asks for the default value, without animation
   * @returns undefined where there is no value, also when it is blocked
   */
  getValue(timeCode?: number): Value | undefined {
    return this.#valueAt(timeCode, 'at');
  }

  /**
   * What the value tends to as time comes to `timeCode` from before: of held samples, splines and clips that jump there
   * the value that ends.
   */
  getValueBefore(timeCode: number): Value | undefined {
    return this.#valueAt(timeCode, 'before');
  }

  /** The default value that layers author, as `getValue()` gives it; a `block` value where the strongest one is blocked. */
  authoredDefault(): Value | undefined {
    for (const site of this.#sites) {
      const value = site.layer.field(site.path, 'default');
      if (value === undefined || value.type === 'animationBlock') continue;
      return value.type === 'block' ? value : this.getValue();
    }
    return undefined;
  }

  /** Some layer has a spec for it. */
  get isAuthored(): boolean {
    return this.#sites.length > 0;
  }

  /** An authored opinion gives a value (a fallback or a block is none). */
  get hasAuthoredValue(): boolean {
    return this.valueSource !== 'none' && this.valueSource !== 'fallback';
  }

  /** Something gives a value at numeric times, a fallback too. */
  get hasValue(): boolean {
    return this.valueSource !== 'none';
  }

  /** Where values at numeric times come from. */
  get valueSource(): ValueSource {
    return this.#timed().source;
  }

  /** Times of the samples of the winning source, in stage time, ascending. */
  getTimeSamples(): Float64Array {
    const info = this.#timed();
    if (info.source === 'clips') return info.clips.times();
    if (info.source === 'spline')
      return Float64Array.from(info.spline.knots, (knot) => applyOffset(info.site.layerOffset, knot.time)).sort();
    if (info.source === 'default') return info.isSparse ? this.#composedTimes() : NO_TIMES;
    if (info.source !== 'timeSamples') return NO_TIMES;
    if (this.#sites.length > 1 && this.typeName.endsWith('[]')) return this.#composedTimes();
    const { offset, scale } = info.site.layerOffset;
    if (offset === 0 && scale === 1) return info.samples.times;
    // A layer whose rate is zero has all its times at once: none can be told from another.
    if (scale === 0 || !Number.isFinite(scale)) return NO_TIMES;
    const times = info.samples.times.map((time) => time * scale + offset);
    return scale < 0 ? times.reverse() : times;
  }

  /** More than one sample, or something else that may change with time. */
  get valueMightBeTimeVarying(): boolean {
    const info = this.#timed();
    if (info.source === 'timeSamples') return info.samples.times.length > 1 || this.getTimeSamples().length > 1;
    if (info.source === 'default') return info.isSparse && this.#composedTimes().length > 1;
    if (info.source === 'spline') return splineVaries(info.spline);
    return info.source === 'clips' && info.clips.times().length > 1;
  }

  /** Composed connection targets. */
  getConnections(): readonly Path[] {
    return this.#sites.length === 0 ? [] : this.prim.stage.targetsOf(this.prim, this.name, 'connectionPaths');
  }

  /** Composed metadata: `interpolation`, `elementSize`, `colorSpace`, … Undefined where neither a layer nor a schema gives any. */
  getMetadata(name: string): Value | undefined {
    return composeField(this.#sites, name, this.prim.stage.resolveAssetPath) ?? this.#builtIn?.metadata.get(name);
  }

  /**
   * Authors a value in the edit target: the default value, or a sample.
   *
   * @param value plain data or a tagged `Value`, converted to the attribute's type; a `block` value blocks
   * @param timeCode stage time; undefined sets the default value
   * @throws EditError `edit-value-type` for other data, or where the prim cannot be edited
   */
  set(value: ValueInput, timeCode?: number): void {
    setValue(this, value, timeCode);
  }

  /** Takes default value, samples and spline of the edit target back. @throws EditError, as every edit */
  clear(): void {
    clearValue(this);
  }

  /** Takes the edit target's default value back. @throws EditError, as every edit */
  clearDefault(): void {
    clearDefault(this);
  }

  /** Takes the sample at exactly this time back. @param timeCode stage time */
  clearAtTime(timeCode: number): void {
    clearAtTime(this, timeCode);
  }

  /** Authors that there is no value, whatever weaker layers say; the fallback remains. */
  block(): void {
    blockValue(this, 'block');
  }

  /** Authors that there is no animation; default values of weaker layers remain. */
  blockAnimation(): void {
    blockValue(this, 'animationBlock');
  }

  /** @throws EditError `edit-value-type` for an unknown type */
  setTypeName(typeName: string): void {
    setTypeName(this, typeName);
  }

  /** Authors the variability. @throws EditError, as every edit */
  setVariability(variability: 'varying' | 'uniform'): void {
    setPropertyMetadata(this, 'variability', variability);
  }

  /** Authors whether no schema has it. @throws EditError, as every edit */
  setCustom(isCustom: boolean): void {
    setPropertyMetadata(this, 'custom', isCustom);
  }

  /** @throws EditError `edit-invalid-field`, `edit-value-type` */
  setMetadata(name: string, value: MetadataInput): void {
    setPropertyMetadata(this, name, value);
  }

  /** Takes the edit target's opinion back. */
  clearMetadata(name: string): void {
    clearPropertyMetadata(this, name);
  }

  /** Authors the name of the colour space of its values. @throws EditError, as every edit */
  setColorSpace(colorSpace: string): void {
    setPropertyMetadata(this, 'colorSpace', colorSpace);
  }

  /** @throws EditError `edit-value-type` for a spline of another type, or times that do not ascend */
  setSpline(spline: Spline): void {
    setSpline(this, spline);
  }

  /** Takes the edit target's spline back. @throws EditError, as every edit */
  clearSpline(): void {
    clearSpline(this);
  }

  /** Adds a connection, or moves it to the position. @param source path of the stage, absolute */
  addConnection(source: Path, position: ListPosition = 'backOfPrependList'): void {
    addTarget(this, source, position);
  }

  /** Takes a connection out here, and out of weaker layers' lists. */
  removeConnection(source: Path): void {
    removeTarget(this, source);
  }

  /** These connections and none of weaker layers. */
  setConnections(sources: readonly Path[]): void {
    setTargets(this, sources);
  }

  /** Leaves the connections to weaker layers. */
  clearConnections(): void {
    clearTargets(this, false);
  }

  /** Specs, strongest first. */
  get sites(): readonly SpecSite[] {
    return this.#sites;
  }

  #valueAt(timeCode: number | undefined, side: SplineSide): Value | undefined {
    this.#refresh();
    const { stage } = this.prim;
    const opinions = (this.#opinions ??= this.#gather());
    let info = timeCode === undefined ? this.#atDefault : this.#atTime;
    let known: Value | undefined;
    if (info === undefined) ({ info, value: known } = this.#resolve(timeCode !== undefined));
    let value = resolveValue(opinions, info, timeCode, stage.interpolation, stage.resolveAssetPath, known, side);
    if (value !== undefined && isSparse(value)) {
      const times = timeCode === undefined ? NO_TIMES : this.#composedTimes();
      value = resolveSparse(opinions, info, timeCode, stage.interpolation, stage.resolveAssetPath, times);
    }
    const type = (this.#storageType ??= storageTypeOf(this.typeName) ?? '');
    if (value === undefined || type === '' || value.type === type) return value;
    return value.type === 'unregistered' ? parseValue(value.value, type) : castNumeric(value, type);
  }

  /** Times of the winning samples and of those that sparse ones let through. */
  #composedTimes(): Float64Array {
    const info = this.#timed();
    return (this.#knownTimes ??= composedTimes((this.#opinions ??= this.#gather()), info));
  }

  #timed(): ResolveInfo {
    this.#refresh();
    return this.#atTime ?? this.#resolve(true).info;
  }

  #resolve(isTimed: boolean): { readonly info: ResolveInfo; readonly value?: Value } {
    const opinions = (this.#opinions ??= this.#gather());
    const result = resolveSource(opinions, isTimed);
    if (isTimed) this.#atTime = result.info;
    else this.#atDefault = result.info;
    return result;
  }

  #gather(): AttributeOpinions {
    const clips = !this.prim.stage.hasClips || this.variability === 'uniform' ? [] : clipsFor(this.prim, this.name, this.#sites);
    return { sites: this.#sites, clips, fallback: this.#builtIn?.fallback };
  }
}
