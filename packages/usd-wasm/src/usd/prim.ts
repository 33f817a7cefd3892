import type { PrimIndex, SpecSite } from '../pcp/prim-index.ts';
import { appendChild, appendProperty, nameOf, type Path } from '../sdf/path.ts';
import { valueAs, type Dictionary, type Value } from '../vt/value.ts';
import { Attribute } from './attribute.ts';
import { compareDictionaryOrder } from '../tf/dictionary-order.ts';
import { reorder, type ListPosition } from '../sdf/list-op.ts';
import { entryAt, type DictionaryEntry, type DictionaryInput, type MetadataInput } from './field-authoring.ts';
import { composeField } from './metadata.ts';
import {
  addAppliedSchema,
  applyAPI,
  clearPrimMetadata,
  clearPrimMetadataByDictKey,
  createProperty,
  removeAPI,
  removeAppliedSchema,
  removeProperty,
  setOrder,
  setPrimMetadata,
  setPrimMetadataByDictKey,
} from './prim-authoring.ts';
import {
  composeTypeName,
  PRIM_ABSTRACT,
  PRIM_ACTIVE,
  PRIM_DEFAULT_FLAGS,
  PRIM_DEFAULT_MASK,
  PRIM_DEFINED,
  PRIM_EXPIRED,
  PRIM_IN_PROTOTYPE,
  PRIM_INSTANCE,
  PRIM_LOADED,
  PRIM_PROTOTYPE,
  type PrimRecord,
} from './prim-record.ts';
import { Inherits, Payloads, References, Specializes } from './references.ts';
import { Relationship } from './relationship.ts';
import {
  isConcreteType,
  isTypeA,
  primDefinition,
  sortedBuiltInNames,
  type PrimDefinition,
  type SchemaProperty,
} from './schema-registry.ts';
import type { Stage } from './stage.ts';
import { propertyKind, propertySites, weakestOpinion } from './value-resolution.ts';
import { addVariantSet, VariantSet } from './variant-set.ts';

/** Something that schemas make of a prim, to be kept with it. */
export interface PrimFact<T> {
  /** Called once between two edits. */
  readonly compute: (prim: Prim) => T;
}

/** What a new attribute says of itself. */
export interface AttributeOptions {
  /** True by default: no schema has it. */
  readonly custom?: boolean;
  /** `varying` by default. */
  readonly variability?: 'varying' | 'uniform';
}

/**
 * A composed prim: a handle on what the stage has at a path, valid as long as there is a prim, whatever edits do to it.
 * Asking for a property of a prim costs nothing until the next edit. Source: OpenUSD usd/prim.h.
 */
export class Prim {
  /** The stage that it is on. */
  readonly stage: Stage;
  /** Where it is: `/World/Chair`. */
  readonly path: Path;
  #record: PrimRecord;
  #definition: PrimDefinition | undefined;
  #typeName: string | undefined;
  /** By name, once one was asked for. */
  #properties: Map<string, Attribute | Relationship | undefined> | undefined;
  /** In the order of `getPropertyNames`, once all were asked for. */
  #allProperties: readonly (Attribute | Relationship)[] | undefined;
  #propertyNames: readonly string[] | undefined;
  #facts: Map<PrimFact<unknown>, unknown> | undefined;
  #revision = -1;

  constructor(stage: Stage, record: PrimRecord, path: Path) {
    this.stage = stage;
    this.#record = record;
    this.path = path;
  }

  /** What the stage keeps of the prim; for an instance proxy of the prim in the prototype. @internal */
  get record(): PrimRecord {
    // composed anew since: the stage has another record there, if it has any
    if ((this.#record.flags & PRIM_EXPIRED) !== 0) this.#record = this.stage.recordAt(this.path) ?? this.#record;
    return this.#record;
  }

  /** The prim is seen through an instance: it is that of the prototype. */
  get isInstanceProxy(): boolean {
    return this.path !== this.record.path;
  }

  /** Last element of the path. */
  get name(): string {
    return nameOf(this.path);
  }

  /** Undefined for the pseudo-root and for prototypes. */
  get parent(): Prim | undefined {
    return this.stage.parentOf(this);
  }

  /** Sites that opinions come from, as composed. */
  get index(): PrimIndex {
    return this.record.index;
  }

  /** False once there is no prim at the path any more. */
  get isValid(): boolean {
    return (this.record.flags & PRIM_EXPIRED) === 0;
  }

  /** Composed type name as authored, `''` if none. */
  get typeName(): string {
    this.#refresh();
    return (this.#typeName ??= this.isPrototype ? '' : composeTypeName(this.record.index));
  }

  /** The strongest one that defines, else `over`. */
  get specifier(): 'def' | 'over' | 'class' {
    return this.record.specifier;
  }

  /** Every applied API schema: those the type brings along, then the authored ones, strongest first. */
  get appliedSchemas(): readonly string[] {
    return this.definition.appliedSchemas;
  }

  /** Kind of model: `component`, `group`, `assembly`, … Undefined where unauthored. */
  get kind(): string | undefined {
    return valueAs(this.getMetadata('kind'), 'token');
  }

  /** The prim and all its ancestors are active; one that is not has no children. */
  get isActive(): boolean {
    return (this.record.flags & PRIM_ACTIVE) !== 0;
  }

  /** The prim and all its ancestors have a `def` or `class`. */
  get isDefined(): boolean {
    return (this.record.flags & PRIM_DEFINED) !== 0;
  }

  /** The prim or an ancestor is a class. */
  get isAbstract(): boolean {
    return (this.record.flags & PRIM_ABSTRACT) !== 0;
  }

  /** The payloads of the prim and of its ancestors are loaded, or there are none. */
  get isLoaded(): boolean {
    return (this.record.flags & PRIM_LOADED) !== 0;
  }

  /** Its subtree is that of a prototype, shared with other instances. */
  get isInstance(): boolean {
    return (this.record.flags & PRIM_INSTANCE) !== 0;
  }

  /** The root of a subtree that instances share. */
  get isPrototype(): boolean {
    return (this.record.flags & PRIM_PROTOTYPE) !== 0;
  }

  /** A prototype or below one, and not seen through an instance. */
  get isInPrototype(): boolean {
    return !this.isInstanceProxy && (this.record.flags & PRIM_IN_PROTOTYPE) !== 0;
  }

  /** The shared subtree of an instance. */
  get prototype(): Prim | undefined {
    const prototype = this.record.prototype;
    return prototype === undefined || !this.isInstance ? undefined : this.stage.primOf(prototype.root);
  }

  /** Children an ordinary traversal visits: active, loaded, defined, not abstract. An instance has none. */
  get children(): readonly Prim[] {
    const children: Prim[] = [];
    for (const child of this.record.children) {
      if ((child.flags & PRIM_DEFAULT_MASK) === PRIM_DEFAULT_FLAGS) children.push(this.#childHandle(child));
    }
    return children;
  }

  /** Every composed child. An instance has none. */
  get allChildren(): readonly Prim[] {
    return this.record.children.map((child) => this.#childHandle(child));
  }

  /**
   * Whether the prim's type is this one or derives from it, by the schema registry: `Xformable`, `Gprim`, … A prim whose type is unknown or
   * abstract (`def Gprim`) is none. Source: OpenUSD usd/primTypeInfo.cpp.
   */
  isA(typeName: string): boolean {
    const { typeName: known } = this.definition;
    return isConcreteType(known) && isTypeA(known, typeName);
  }

  /** Whether an API schema is applied: `MaterialBindingAPI`, `CollectionAPI:lightLink`; a multiple-apply name alone means any instance. */
  hasAPI(name: string): boolean {
    return this.appliedSchemas.some((applied) => applied === name || applied.startsWith(`${name}:`));
  }

  /** Schema facts of the prim: built-in properties and their fallbacks. */
  get definition(): PrimDefinition {
    this.#refresh();
    if (this.#definition === undefined) {
      const apis = this.isPrototype ? undefined : composeField(this.record.index.primStack, 'apiSchemas', this.stage.resolveAssetPath);
      const names = valueAs(apis, 'tokenListOp')?.explicitItems;
      const applied = names ?? (apis === undefined ? [] : listItems(apis));
      this.#definition = primDefinition(this.#knownType(), applied);
    }
    return this.#definition;
  }

  /** Names of authored properties, in no particular order. */
  getAuthoredPropertyNames(): readonly string[] {
    return this.isPrototype ? [] : this.record.index.propertyNames;
  }

  /** Whether some layer has a spec of this property. Cheaper than asking for the property. */
  hasAuthoredProperty(name: string): boolean {
    if (this.isPrototype) return false;
    const { primStack } = this.record.index;
    for (let i = 0; i < primStack.length; i++) {
      const { layer, path } = primStack[i] as SpecSite;
      if (layer.propertyType(path, name) !== undefined) return true;
    }
    return false;
  }

  /** Authored and built-in properties in dictionary order, then as `propertyOrder` says. */
  getPropertyNames(): readonly string[] {
    this.#refresh();
    if (this.#propertyNames === undefined) {
      const sorted = this.#sortedPropertyNames();
      const order = valueAs(this.getMetadata('propertyOrder'), 'tokenVector');
      this.#propertyNames = order === undefined ? sorted : reorder(sorted, order, (name) => name);
    }
    return this.#propertyNames;
  }

  /** The attribute, if it is authored or built-in. */
  getAttribute(name: string): Attribute | undefined {
    const property = this.#property(name);
    return property instanceof Attribute ? property : undefined;
  }

  /** The relationship, if it is authored or built-in. */
  getRelationship(name: string): Relationship | undefined {
    const property = this.#property(name);
    return property instanceof Relationship ? property : undefined;
  }

  /** Every attribute, authored or built-in, in the order of `getPropertyNames`. */
  getAttributes(): Attribute[] {
    return this.#propertiesOf(Attribute);
  }

  /** Every relationship, authored or built-in, in the order of `getPropertyNames`. */
  getRelationships(): Relationship[] {
    return this.#propertiesOf(Relationship);
  }

  /** Composed metadata: dictionaries merged, list ops as explicit ones. Undefined where nothing is authored. */
  getMetadata(name: string): Value | undefined {
    if (this.isPrototype) return undefined;
    if (name === 'specifier') return { type: 'specifier', value: this.specifier };
    return composeField(this.record.index.primStack, name, this.stage.resolveAssetPath);
  }

  /** The variant sets that layers name, strongest node's first. */
  getVariantSets(): readonly VariantSet[] {
    return this.record.index.variantSetNames.map((name) => new VariantSet(this, name));
  }

  /** The variant set of that name, whether or not there is one. */
  getVariantSet(name: string): VariantSet {
    return new VariantSet(this, name);
  }

  /** Built-in definition of a property, if the schemas have one. */
  schemaProperty(name: string): SchemaProperty | undefined {
    return this.definition.properties.get(name);
  }

  /** A fact of the prim, computed when it is first asked for and kept until the stage is edited. */
  fact<T>(fact: PrimFact<T>): T {
    this.#refresh();
    const facts = (this.#facts ??= new Map());
    if (!facts.has(fact)) facts.set(fact, fact.compute(this));
    return facts.get(fact) as T;
  }

  /** Specs of a property, strongest first. @param kind none where the property is of another kind */
  propertySites(name: string, kind?: 'attribute' | 'relationship'): readonly SpecSite[] {
    if (this.isPrototype) return [];
    const { primStack } = this.record.index;
    return kind === undefined || propertyKind(primStack, name) === kind ? propertySites(primStack, name) : [];
  }

  /** The weakest opinion on a field of a property, whatever the kinds of its specs. */
  weakestOpinion(propertyName: string, field: string): Value | undefined {
    return this.isPrototype ? undefined : weakestOpinion(this.record.index.primStack, propertyName, field);
  }

  /** Authors the type. @throws EditError, as every edit */
  setTypeName(typeName: string): void {
    setPrimMetadata(this, 'typeName', typeName);
  }

  /** Takes the edit target's type back. @throws EditError, as every edit */
  clearTypeName(): void {
    clearPrimMetadata(this, 'typeName');
  }

  /** Authors `def`, `over` or `class`. @throws EditError, as every edit */
  setSpecifier(specifier: 'def' | 'over' | 'class'): void {
    setPrimMetadata(this, 'specifier', specifier);
  }

  /** False takes the prim and everything below it off the stage; its scene description stays. */
  setActive(isActive: boolean): void {
    setPrimMetadata(this, 'active', isActive);
  }

  /** Takes the edit target's opinion back. @throws EditError, as every edit */
  clearActive(): void {
    clearPrimMetadata(this, 'active');
  }

  /** Lets the prim share what its arcs bring in with prims that are composed alike. @throws EditError, as every edit */
  setInstanceable(isInstanceable: boolean): void {
    setPrimMetadata(this, 'instanceable', isInstanceable);
  }

  /** Takes the edit target's opinion back. @throws EditError, as every edit */
  clearInstanceable(): void {
    clearPrimMetadata(this, 'instanceable');
  }

  /** Authors the kind of model. @throws EditError, as every edit */
  setKind(kind: string): void {
    setPrimMetadata(this, 'kind', kind);
  }

  /** Authors what people should know of it. @throws EditError, as every edit */
  setDocumentation(text: string): void {
    setPrimMetadata(this, 'documentation', text);
  }

  /** Authors whether browsers of the scene should hide it; it is drawn all the same. @throws EditError, as every edit */
  setHidden(isHidden: boolean): void {
    setPrimMetadata(this, 'hidden', isHidden);
  }

  /**
   * Authors metadata. The pseudo-root's is the stage's.
   *
   * @throws EditError `edit-invalid-field`, `edit-value-type`, or where the prim cannot be edited
   */
  setMetadata(name: string, value: MetadataInput): void {
    setPrimMetadata(this, name, value);
  }

  /** Takes the edit target's opinion back. */
  clearMetadata(name: string): void {
    clearPrimMetadata(this, name);
  }

  /** One entry of a dictionary. @param keyPath keys of nested dictionaries, joined by colons */
  getMetadataByDictKey(name: string, keyPath: string): Value | undefined {
    return entryAt(valueAs(this.getMetadata(name), 'dictionary'), keyPath);
  }

  /** Authors one entry of a dictionary. @param keyPath keys of nested dictionaries, joined by colons */
  setMetadataByDictKey(name: string, keyPath: string, value: DictionaryEntry): void {
    setPrimMetadataByDictKey(this, name, keyPath, value);
  }

  /** Takes the edit target's opinion on one entry back. */
  clearMetadataByDictKey(name: string, keyPath: string): void {
    clearPrimMetadataByDictKey(this, name, keyPath);
  }

  /** What applications keep with the prim, merged over all layers; empty where there is none. */
  get customData(): Dictionary {
    return valueAs(this.getMetadata('customData'), 'dictionary') ?? new Map();
  }

  /** Authors the whole dictionary. @throws EditError, as every edit */
  setCustomData(entries: DictionaryInput): void {
    setPrimMetadata(this, 'customData', entries);
  }

  /** Authors one entry. @param keyPath keys of nested dictionaries, joined by colons. @throws EditError, as every edit */
  setCustomDataByKey(keyPath: string, value: DictionaryEntry): void {
    setPrimMetadataByDictKey(this, 'customData', keyPath, value);
  }

  /** Takes the edit target's opinion on one entry back. @throws EditError, as every edit */
  clearCustomDataByKey(keyPath: string): void {
    clearPrimMetadataByDictKey(this, 'customData', keyPath);
  }

  /** What asset it is the root of, merged over all layers; empty where nothing says. */
  get assetInfo(): Dictionary {
    return valueAs(this.getMetadata('assetInfo'), 'dictionary') ?? new Map();
  }

  /** Authors the whole dictionary. @throws EditError, as every edit */
  setAssetInfo(entries: DictionaryInput): void {
    setPrimMetadata(this, 'assetInfo', entries);
  }

  /** Authors one entry. @param keyPath keys of nested dictionaries, joined by colons. @throws EditError, as every edit */
  setAssetInfoByKey(keyPath: string, value: DictionaryEntry): void {
    setPrimMetadataByDictKey(this, 'assetInfo', keyPath, value);
  }

  /** Takes the edit target's opinion on one entry back. @throws EditError, as every edit */
  clearAssetInfoByKey(keyPath: string): void {
    clearPrimMetadataByDictKey(this, 'assetInfo', keyPath);
  }

  /**
   * Applies an API schema that the registry knows.
   *
   * @param instance for schemas that can be applied several times, and only for these
   * @throws EditError `edit-invalid-schema`
   */
  applyAPI(name: string, instance = ''): void {
    applyAPI(this, name, instance);
  }

  /** Takes an API schema away, here and out of weaker layers' lists. @throws EditError `edit-invalid-schema` */
  removeAPI(name: string, instance = ''): void {
    removeAPI(this, name, instance);
  }

  /** As `applyAPI`, for any name: `Name` or `Name:instance`. */
  addAppliedSchema(name: string, position: ListPosition = 'backOfPrependList'): void {
    addAppliedSchema(this, name, position);
  }

  /** As `removeAPI`, for any name: `Name` or `Name:instance`. @throws EditError, as every edit */
  removeAppliedSchema(name: string): void {
    removeAppliedSchema(this, name);
  }

  /**
   * Makes sure that the edit target has a spec of the attribute. What schemas or layers say of it already comes before
   * type name, variability and custom as given here.
   *
   * @throws EditError `edit-invalid-name`, `edit-value-type` for an unknown type, `edit-conflict` for a relationship of that name
   */
  createAttribute(name: string, typeName: string, options: AttributeOptions = {}): Attribute {
    createProperty(this, name, {
      kind: 'attribute',
      typeName,
      variability: options.variability ?? 'varying',
      isCustom: options.custom ?? true,
    });
    // Inside of a change block the stage does not know of the spec yet.
    return this.getAttribute(name) ?? new Attribute(this, appendProperty(this.path, name), name, this.schemaProperty(name));
  }

  /** As `createAttribute`. */
  createRelationship(name: string, options: { readonly custom?: boolean } = {}): Relationship {
    createProperty(this, name, { kind: 'relationship', typeName: '', variability: 'uniform', isCustom: options.custom ?? true });
    return this.getRelationship(name) ?? new Relationship(this, appendProperty(this.path, name), name);
  }

  /**
   * Removes the edit target's opinions on a property.
   *
   * @returns whether there were any
   */
  removeProperty(name: string): boolean {
    return removeProperty(this, name);
  }

  /** Authors the order of children (`reorder nameChildren`); undefined leaves it to weaker layers. */
  setChildrenReorder(names: readonly string[] | undefined): void {
    setOrder(this, 'primOrder', names);
  }

  /** Authors the order of properties; undefined leaves it to weaker layers. */
  setPropertyOrder(names: readonly string[] | undefined): void {
    setOrder(this, 'propertyOrder', names);
  }

  /** Edits of the references. */
  getReferences(): References {
    return new References(this);
  }

  /** Edits of the payloads. */
  getPayloads(): Payloads {
    return new Payloads(this);
  }

  /** Edits of the classes that it inherits from. */
  getInherits(): Inherits {
    return new Inherits(this);
  }

  /** Edits of the prims that it specializes. */
  getSpecializes(): Specializes {
    return new Specializes(this);
  }

  /** Adds a variant set without variants. @throws EditError */
  addVariantSet(name: string, position: ListPosition = 'backOfPrependList'): VariantSet {
    return addVariantSet(this, name, position);
  }

  #childHandle(child: PrimRecord): Prim {
    return this.isInstanceProxy ? this.stage.proxyOf(child, appendChild(this.path, nameOf(child.path))) : this.stage.primOf(child);
  }

  #knownType(): string {
    const { typeName } = this;
    if (typeName === '' || isConcreteType(typeName)) return typeName;
    return this.stage.fallbackTypes(typeName).find(isConcreteType) ?? typeName;
  }

  #property(name: string): Attribute | Relationship | undefined {
    this.#refresh();
    let known = this.#properties;
    if (known === undefined) {
      known = this.#properties = new Map();
      for (const property of this.#allProperties ?? []) known.set(property.name, property);
    }
    let property = known.get(name);
    if (property === undefined && !known.has(name)) {
      property = this.#makeProperty(name, this.schemaProperty(name), this.#primStack);
      known.set(name, property);
    }
    return property;
  }

  #propertiesOf<T extends Attribute | Relationship>(kind: abstract new (...parts: never[]) => T): T[] {
    const names = this.getPropertyNames();
    const all = (this.#allProperties ??= this.#makeProperties(names));
    const properties: T[] = [];
    for (let i = 0; i < all.length; i++) {
      const property = all[i];
      if (property instanceof kind) properties.push(property);
    }
    return properties;
  }

  /** What all properties have in common is asked for once. They are kept as a list: whoever asks for all seldom asks for one. */
  #makeProperties(names: readonly string[]): readonly (Attribute | Relationship)[] {
    const known = this.#properties;
    const builtIn = this.definition.properties;
    const primStack = this.#primStack;
    const properties: (Attribute | Relationship)[] = [];
    for (let i = 0; i < names.length; i++) {
      const name = names[i] as string;
      const property = known?.get(name) ?? this.#makeProperty(name, builtIn.get(name), primStack);
      if (property === undefined) continue;
      known?.set(name, property);
      properties.push(property);
    }
    return properties;
  }

  #makeProperty(name: string, builtIn: SchemaProperty | undefined, primStack: readonly SpecSite[]): Attribute | Relationship | undefined {
    const kind = propertyKind(primStack, name) ?? builtIn?.kind;
    if (kind === undefined) return undefined;
    const path = appendProperty(this.path, name);
    return kind === 'attribute' ? new Attribute(this, path, name, builtIn) : new Relationship(this, path, name);
  }

  get #primStack(): readonly SpecSite[] {
    return this.isPrototype ? [] : this.record.index.primStack;
  }

  /** The names that are no built-in ones are few: they are sorted, and merged with the definition's, which many prims share. */
  #sortedPropertyNames(): readonly string[] {
    const { definition } = this;
    const { properties } = definition;
    const builtIn = sortedBuiltInNames(definition);
    const authored = this.getAuthoredPropertyNames();
    const others: string[] = [];
    for (let i = 0; i < authored.length; i++) if (!properties.has(authored[i] as string)) others.push(authored[i] as string);
    if (others.length === 0) return builtIn;
    if (others.length > 1) others.sort(compareDictionaryOrder);
    const names: string[] = [];
    let next = 0;
    for (let i = 0; i < others.length; i++) {
      const name = others[i] as string;
      if (i > 0 && name === others[i - 1]) continue; // damaged layers may name a property twice
      while (next < builtIn.length && compareDictionaryOrder(builtIn[next] as string, name) < 0) names.push(builtIn[next++] as string);
      names.push(name);
    }
    while (next < builtIn.length) names.push(builtIn[next++] as string);
    return names;
  }

  /** An edit may have changed what was looked up before it. */
  #refresh(): void {
    if (this.#revision === this.stage.revision) return;
    this.#revision = this.stage.revision;
    this.#definition = undefined;
    this.#typeName = undefined;
    this.#properties = undefined;
    this.#allProperties = undefined;
    this.#propertyNames = undefined;
    this.#facts = undefined;
  }
}

function listItems(value: Value): readonly string[] {
  if (value.type === 'token[]' || value.type === 'tokenVector' || value.type === 'stringVector' || value.type === 'string[]')
    return value.value;
  return [];
}
