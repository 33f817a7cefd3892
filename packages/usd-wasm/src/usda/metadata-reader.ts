import { IDENTITY_OFFSET, type LayerOffset } from '../sdf/layer-offset.ts';
import { makeListOp, type ListOp } from '../sdf/list-op.ts';
import { ROOT_PATH, type Path } from '../sdf/path.ts';
import { UNIT_NAMES, type FieldDefinition, type FieldOwner, type FieldRegistry } from '../sdf/schema.ts';
import type { SpecFields } from '../sdf/spec-fields.ts';
import { attributeType } from '../sdf/value-type.ts';
import { makeValue, valueAs, type Dictionary, type ReferenceItem, type Value, type ValueMap } from '../vt/value.ts';
import type { Lexer } from './lexer.ts';
import { anchorPath, isPlainPath, isVariantName, parsePathText, type PathText } from './path-syntax.ts';
import { StatementHeads } from './statement-heads.ts';
import type { ValueMemo } from './value-memo.ts';
import type { ValueReader } from './values.ts';

/** Words in front of a list op field, and the part of the list op that they set. */
const LIST_OP_PARTS = {
  delete: 'deletedItems',
  add: 'addedItems',
  prepend: 'prependedItems',
  append: 'appendedItems',
  reorder: 'orderedItems',
} as const;
type ListOpWord = keyof typeof LIST_OP_PARTS;
export type ListOpPart = (typeof LIST_OP_PARTS)[ListOpWord] | 'explicitItems';

/** Element types of the list ops whose items are plain values. */
const LIST_OP_ELEMENTS = {
  tokenListOp: 'token',
  stringListOp: 'string',
  intListOp: 'int',
  uintListOp: 'uint',
  int64ListOp: 'int64',
  uint64ListOp: 'uint64',
} as const;

/** Words of the grammar: as keys they mean what they mean, or nothing at all. Source: OpenUSD sdf/textFileFormat.yy. */
const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'abstract add append class config connect custom customData def default delete dictionary displayUnit doc inherits kind nameChildren None ' +
    'offset over permission payload prefixSubstitutions suffixSubstitutions prepend properties references relocates rel renames reorder ' +
    'rootPrims scale specializes subLayers symmetryArguments symmetryFunction timeSamples uniform variants variantSet variantSets varying'
  ).split(' '),
);

export interface MetadataOptions {
  /** Whether variant selections that are no variant names, or stand in paths of arcs, are kept instead of refused. */
  readonly keepInvalidSelections: boolean;
}

/** A registered item of metadata, up to its value. */
interface ItemHead {
  readonly definition: FieldDefinition;
  readonly part: ListOpPart | undefined;
}

/** What a plain path of a property is taken apart into, but for its names. */
const SOME_PROPERTY: PathText = {
  isAbsolute: true,
  ups: 0,
  elements: [{ kind: 'property', name: '' }],
  hasVariants: false,
  kind: 'property',
};

/** Reads the `( … )` blocks of layers, prims and properties (usda.md sections 3 and 4). */
export class MetadataReader {
  readonly #lexer: Lexer;
  readonly #values: ValueReader;
  readonly #registry: FieldRegistry;
  readonly #options: MetadataOptions;
  readonly #memo: ValueMemo;
  /** Per kind of spec: the same word may mean another field, or none. */
  readonly #heads: Readonly<Record<FieldOwner, StatementHeads<ItemHead>>>;

  constructor(lexer: Lexer, values: ValueReader, memo: ValueMemo, registry: FieldRegistry, options: MetadataOptions) {
    this.#lexer = lexer;
    this.#values = values;
    this.#memo = memo;
    this.#registry = registry;
    this.#options = options;
    this.#heads = {
      layer: new StatementHeads(lexer),
      prim: new StatementHeads(lexer),
      attribute: new StatementHeads(lexer),
      relationship: new StatementHeads(lexer),
    };
  }

  /**
   * Reads a block into the fields of a spec; the next byte is its `(`.
   *
   * @param anchor the prim path that relative paths mean
   */
  read(owner: FieldOwner, spec: SpecFields, anchor: Path): void {
    const lexer = this.#lexer;
    lexer.expect(40, 'before metadata');
    for (;;) {
      lexer.skipLines();
      if (lexer.take(41)) return;
      if (lexer.isAtString()) spec.set('comment', makeValue('string', lexer.readString('a comment')));
      else this.#readItem(owner, spec, anchor);
      if (!lexer.takeStatementEnd() && lexer.peek() !== 41)
        lexer.fail(`expected a new line, ';' or ')' after metadata, found ${lexer.describeNext()}`);
    }
  }

  /** A word that edits a list, if it comes next and a name follows it. */
  takeListOpWord(): ListOpPart | undefined {
    const lexer = this.#lexer;
    const c = lexer.peek();
    if (c !== 97 && c !== 100 && c !== 112 && c !== 114) return undefined; // asked of every statement: no word but those below
    const start = lexer.offset;
    const word = this.#takeListOpWord();
    if (word === undefined) return undefined;
    lexer.skipBlanks();
    if (lexer.isAtIdentifier()) return LIST_OP_PARTS[word];
    lexer.offset = start;
    return undefined;
  }

  #takeListOpWord(): ListOpWord | undefined {
    const lexer = this.#lexer;
    switch (lexer.peek()) {
      case 97: // a
        if (lexer.takeWord('append')) return 'append';
        return lexer.takeWord('add') ? 'add' : undefined;
      case 100: // d
        return lexer.takeWord('delete') ? 'delete' : undefined;
      case 112: // p
        return lexer.takeWord('prepend') ? 'prepend' : undefined;
      case 114: // r
        return lexer.takeWord('reorder') ? 'reorder' : undefined;
      default:
        return undefined;
    }
  }

  /** `None`, one path or a list of paths: the targets of relationships and connections, inherits and specializes. */
  readPaths(part: ListOpPart, anchor: Path, accepts: (path: PathText) => boolean, what: string): Path[] {
    const lexer = this.#lexer;
    const start = lexer.offset;
    const paths: Path[] = [];
    if (!lexer.takeWord('None')) this.#values.readItems(what, () => paths.push(this.readPath(anchor, accepts, what)));
    this.#refuseEmptyEdit(part, paths, what, start);
    this.#refuseDuplicates(paths, (path) => path, what, start);
    return paths.slice();
  }

  /** One path, made absolute. */
  readPath(anchor: Path, accepts: (path: PathText) => boolean, what: string): Path {
    const lexer = this.#lexer;
    const { text, offset } = lexer.readPathText();
    if (isPlainPath(text) && (!text.includes('.') || accepts(SOME_PROPERTY))) return text;
    const parsed = parsePathText(text);
    if (parsed === undefined) return lexer.fail(`<${text}> is not a path`, offset);
    if (!accepts(parsed)) return lexer.fail(`<${text}> cannot stand in ${what}`, offset);
    const path = anchorPath(parsed, anchor);
    if (path === undefined || path === ROOT_PATH) return lexer.fail(`<${text}> leads to no prim from <${anchor}>`, offset);
    return path;
  }

  #readItem(owner: FieldOwner, spec: SpecFields, anchor: Path): void {
    const lexer = this.#lexer;
    const start = lexer.offset;
    const known = this.#heads[owner].take();
    if (known !== undefined) {
      if (known.definition.type.endsWith('ListOp')) this.#readListOp(known.definition, known.part ?? 'explicitItems', spec, anchor);
      else this.#readField(known.definition, spec, anchor);
      return;
    }
    const part = this.takeListOpWord();
    const keyStart = lexer.offset;
    const keyword = lexer.readIdentifier('the name of a metadata field');
    lexer.expectEquals(`'${keyword}'`);
    const definition = this.#registry.metadata(owner, keyword);
    if (definition === undefined) {
      if (this.#registry.isSyntaxField(keyword) || KEYWORDS.has(keyword)) lexer.fail(`'${keyword}' is not metadata of this`, keyStart);
      this.#readUnregistered(keyword, part, spec, anchor);
      return;
    }
    const isListOp = definition.type.endsWith('ListOp');
    if (part !== undefined && !isListOp) lexer.fail(`'${keyword}' is not a list that can be edited`, keyStart);
    this.#heads[owner].add(keyword, start, { definition, part });
    if (isListOp) this.#readListOp(definition, part ?? 'explicitItems', spec, anchor);
    else this.#readField(definition, spec, anchor);
  }

  #readField(definition: FieldDefinition, spec: SpecFields, anchor: Path): void {
    const lexer = this.#lexer;
    const { name } = definition;
    switch (definition.type) {
      case 'string':
      case 'token':
        spec.set(name, makeValue(definition.type, this.#readText(definition)));
        return;
      case 'dictionary':
        spec.set(
          name,
          makeValue('dictionary', definition.words === 'stringMap' ? this.#readStringMap() : this.#values.readDictionary(anchor)),
        );
        return;
      case 'permission': {
        const start = lexer.offset;
        const word = lexer.readIdentifier('public or private');
        if (word !== 'public' && word !== 'private') return lexer.fail(`expected public or private, found '${word}'`, start);
        spec.set(name, makeValue('permission', word));
        return;
      }
      case 'stringVector':
        this.#readSubLayers(spec);
        return;
      case 'relocates':
        spec.set(name, makeValue('relocates', this.#readRelocates(anchor)));
        return;
      case 'variantSelectionMap':
        spec.set(
          name,
          makeValue('variantSelectionMap', new Map([...(valueAs(spec.get(name), 'variantSelectionMap') ?? []), ...this.#readSelections()])),
        );
        return;
      default: {
        const type = attributeType(definition.type);
        if (type === undefined) return lexer.fail(`'${name}' cannot be given in text`);
        const start = lexer.offset;
        const value = this.#values.readValue(type, anchor);
        if (definition.accepts?.(value) === false) lexer.fail(`a value of '${name}' is out of range`, start);
        spec.set(name, value);
      }
    }
  }

  #readText(definition: FieldDefinition): string {
    const lexer = this.#lexer;
    if (definition.words === undefined) return lexer.readString(`a value of '${definition.name}'`);
    // `symmetryFunction = ` without a value is legal.
    if (definition.words === 'identifier' && !lexer.isAtIdentifier()) return '';
    const start = lexer.offset;
    const word = lexer.readIdentifier(`a value of '${definition.name}'`);
    if (definition.words === 'unit' && !UNIT_NAMES.has(word)) lexer.fail(`'${word}' is not a unit`, start);
    return word;
  }

  #readListOp(definition: FieldDefinition, part: ListOpPart, spec: SpecFields, anchor: Path): void {
    const { name, type } = definition;
    const lexer = this.#lexer;
    const start = lexer.offset;
    // Lists of values that mean the same wherever they stand: no relative paths.
    const isMemorable =
      part === 'prependedItems' &&
      (type !== 'pathListOp' || (lexer.peek() === 60 && lexer.peekAt(1) === 47)) &&
      spec.get(name) === undefined; // </
    const known = isMemorable ? this.#memo.find(definition, start) : undefined;
    if (known !== undefined) {
      lexer.offset = this.#memo.end;
      spec.set(name, known);
      return;
    }
    this.#readNewListOp(definition, part, spec, anchor);
    if (isMemorable && !holdsDictionary(spec.get(name))) this.#memo.add(definition, start, lexer.offset, spec.get(name) as Value);
  }

  #readNewListOp({ name, type }: FieldDefinition, part: ListOpPart, spec: SpecFields, anchor: Path): void {
    const what = this.#registry.keyword(name);
    switch (type) {
      case 'pathListOp':
        setListOpItems(
          spec,
          name,
          type,
          part,
          this.readPaths(
            part,
            anchor,
            (path) => (path.kind === 'prim' || path.kind === 'relative') && this.#acceptsVariants(path),
            `'${what}'`,
          ),
        );
        return;
      case 'referenceListOp':
      case 'payloadListOp':
        setListOpItems(spec, name, type, part, this.#readReferences(type, part, anchor, what));
        return;
      case 'tokenListOp':
      case 'stringListOp':
      case 'intListOp':
      case 'uintListOp':
      case 'int64ListOp':
      case 'uint64ListOp': {
        const lexer = this.#lexer;
        const start = lexer.offset;
        const items: unknown[] = [];
        if (!lexer.takeWord('None'))
          this.#values.readItems(`'${what}'`, () => items.push(this.#values.readScalar(LIST_OP_ELEMENTS[type], anchor).value));
        if (name === 'variantSetNames' && !(items as string[]).every(isVariantName))
          lexer.fail("'variantSets' has a name that no variant set can have", start);
        setListOpItems(spec, name, type as 'tokenListOp', part, this.#withoutDuplicates(items as string[], what));
        return;
      }
      default:
        this.#lexer.fail(`'${what}' cannot be given in text`);
    }
  }

  #readReferences(type: 'referenceListOp' | 'payloadListOp', part: ListOpPart, anchor: Path, what: string): ReferenceItem[] {
    const lexer = this.#lexer;
    const start = lexer.offset;
    const items: ReferenceItem[] = [];
    if (!lexer.takeWord('None')) this.#values.readItems(`'${what}'`, () => items.push(this.#readReference(type, anchor)));
    this.#refuseEmptyEdit(part, items, what, start);
    this.#refuseDuplicates(items, referenceKey, what, start);
    return items.slice();
  }

  /** `@asset@ <path> (offset = …)`, either part alone too. */
  #readReference(type: 'referenceListOp' | 'payloadListOp', anchor: Path): ReferenceItem {
    const lexer = this.#lexer;
    const start = lexer.offset;
    let assetPath = '';
    if (lexer.peek() === 64) {
      assetPath = lexer.readAssetPath();
      if (assetPath === '') lexer.fail('an asset path is empty: to refer to the layer itself, give a path in < > alone', start);
      lexer.skipBlanks();
    } else if (lexer.peek() !== 60) lexer.fail(`expected an asset path or a path, found ${lexer.describeNext()}`);
    let primPath: Path | '' = '';
    if (lexer.peek() === 60) {
      const { text, offset } = lexer.readPathText();
      if (text !== '') {
        const parsed = parsePathText(text);
        if (parsed === undefined || !parsed.isAbsolute || parsed.kind !== 'prim' || !this.#acceptsVariants(parsed))
          return lexer.fail(`<${text}> is not the absolute path of a prim`, offset);
        primPath = text as Path;
      }
      lexer.skipBlanks();
    }
    if (lexer.peek() !== 40) return { assetPath, primPath, layerOffset: IDENTITY_OFFSET };
    const { layerOffset, customData } = this.#readParameters(type === 'referenceListOp', anchor);
    return { assetPath, primPath, layerOffset, ...(customData === undefined ? {} : { customData }) };
  }

  /** `(offset = 1; scale = 2; customData = { … })` */
  #readParameters(
    takesCustomData: boolean,
    anchor: Path,
  ): { readonly layerOffset: LayerOffset; readonly customData: Dictionary | undefined } {
    const lexer = this.#lexer;
    let offset = 0;
    let scale = 1;
    let customData: Dictionary | undefined;
    lexer.expect(40, 'before parameters');
    for (;;) {
      lexer.skipLines();
      if (lexer.take(41)) break;
      const start = lexer.offset;
      const key = lexer.readIdentifier('offset or scale');
      lexer.expectEquals(`'${key}'`);
      if (key === 'offset') offset = lexer.readNumber('an offset');
      else if (key === 'scale') scale = lexer.readNumber('a scale');
      else if (key === 'customData' && takesCustomData) customData = this.#values.readDictionary(anchor);
      else lexer.fail(`'${key}' is not a parameter here`, start);
      if (!lexer.takeStatementEnd() && lexer.peek() !== 41) lexer.fail(`expected ';' or ')' after '${key}', found ${lexer.describeNext()}`);
    }
    const isIdentity = offset === 0 && scale === 1;
    return { layerOffset: isIdentity ? IDENTITY_OFFSET : { offset, scale }, customData };
  }

  #readSubLayers(spec: SpecFields): void {
    const lexer = this.#lexer;
    const paths: string[] = [];
    const offsets: LayerOffset[] = [];
    if (lexer.peek() !== 91) lexer.fail(`expected '[' before sublayers, found ${lexer.describeNext()}`);
    this.#values.readItems("'subLayers'", () => {
      const start = lexer.offset;
      const path = lexer.readAssetPath();
      if (path === '') lexer.fail('the path of a sublayer is empty', start);
      paths.push(path);
      lexer.skipBlanks();
      offsets.push(lexer.peek() === 40 ? this.#readParameters(false, ROOT_PATH).layerOffset : IDENTITY_OFFSET);
    });
    if (paths.length === 0) {
      spec.delete('subLayers');
      spec.delete('subLayerOffsets');
      return;
    }
    spec.set('subLayers', makeValue('stringVector', paths));
    spec.set('subLayerOffsets', makeValue('layerOffsetVector', offsets));
  }

  /** `{ <from>: <to>, … }` */
  #readRelocates(anchor: Path): (readonly [Path, Path | ''])[] {
    const lexer = this.#lexer;
    const isPrim = (path: PathText): boolean => path.kind === 'prim' && this.#acceptsVariants(path);
    const pairs = new Map<Path, Path | ''>();
    this.#readMap('relocates', () => {
      const from = this.readPath(anchor, isPrim, 'relocates');
      this.#colon('the source of a relocate');
      let to: Path | '' = '';
      if (lexer.peek() === 60 && lexer.peekAt(1) === 62) lexer.offset += 2;
      else to = this.readPath(anchor, isPrim, 'relocates');
      pairs.set(from, to);
    });
    return [...pairs];
  }

  /** `{ "a": "b", … }` */
  #readStringMap(): Dictionary {
    const lexer = this.#lexer;
    const entries = new Map<string, Value>();
    this.#readMap('a map of strings', () => {
      const start = lexer.offset;
      const key = lexer.readString('a key');
      if (key === '') lexer.fail('a key is empty', start);
      this.#colon('a key');
      entries.set(key, makeValue('string', lexer.readString('a value')));
    });
    return entries;
  }

  #readMap(what: string, readEntry: () => void): void {
    const lexer = this.#lexer;
    lexer.expect(123, `before the entries of ${what}`);
    lexer.skipLines();
    if (lexer.peek() !== 125) {
      do readEntry();
      while (lexer.takeListSeparator(125, what));
    }
    lexer.expect(125, `after the entries of ${what}`);
  }

  /** `{ string set = "selection" … }` */
  #readSelections(): ReadonlyMap<string, string> {
    const lexer = this.#lexer;
    const selections = new Map<string, string>();
    const start = lexer.offset;
    for (const [set, value] of this.#values.readDictionary(ROOT_PATH)) {
      const selection = valueAs(value, 'string');
      if (selection === undefined) return lexer.fail(`the selection of variant set '${set}' is not a string`, start);
      const isExpression = selection.length > 1 && selection.startsWith('`') && selection.endsWith('`');
      if (!isExpression && !isVariantName(selection) && !this.#options.keepInvalidSelections)
        lexer.fail(`'${selection}' cannot be the name of a variant`, start);
      selections.set(set, selection);
    }
    return selections;
  }

  #readUnregistered(keyword: string, part: ListOpPart | undefined, spec: SpecFields, anchor: Path): void {
    const lexer = this.#lexer;
    const value =
      lexer.peek() === 123
        ? makeValue('dictionary', this.#values.readDictionary(anchor))
        : makeValue('unregistered', this.#values.readRawValue());
    if (part === undefined) spec.set(keyword, value);
    else setListOpItems(spec, keyword, 'unregisteredListOp', part, [value]);
  }

  /** Variant selections do not belong into paths of arcs. */
  #acceptsVariants(path: PathText): boolean {
    return !path.hasVariants || this.#options.keepInvalidSelections;
  }

  #colon(after: string): void {
    this.#lexer.skipBlanks();
    this.#lexer.expect(58, `after ${after}`);
    this.#lexer.skipBlanks();
  }

  /** Edits of a list name items; only a whole list can be set to nothing. */
  #refuseEmptyEdit(part: ListOpPart, items: readonly unknown[], what: string, start: number): void {
    if (items.length === 0 && part !== 'explicitItems')
      this.#lexer.fail(`${what} can only be emptied as a whole, not edited with nothing`, start);
  }

  #refuseDuplicates<T>(items: readonly T[], keyOf: (item: T) => string, what: string, start: number): void {
    if (items.length < 2) return;
    const seen = new Set<string>();
    for (const item of items) {
      const key = keyOf(item);
      if (seen.has(key)) this.#lexer.fail(`${what} names ${key} twice`, start);
      seen.add(key);
    }
  }

  #withoutDuplicates<T>(items: readonly T[], what: string): T[] {
    const unique = items.length === 1 ? items.slice() : [...new Set(items)];
    if (unique.length < items.length) {
      this.#lexer.reporter.report({
        code: 'usda-duplicate-item',
        severity: 'warning',
        asset: this.#lexer.asset,
        message: `'${what}' names an item twice; the first is kept`,
      });
    }
    return unique;
  }
}

/** Sets one part of a list op field. An explicit list replaces edits, edits replace an explicit list. */
export function setListOpItems<K extends 'tokenListOp' | 'pathListOp' | 'referenceListOp' | 'payloadListOp' | 'unregisteredListOp'>(
  spec: SpecFields,
  name: string,
  type: K,
  part: ListOpPart,
  items: readonly (ValueMap[K] extends ListOp<infer T> ? T : never)[],
): void {
  const old = valueAs(spec.get(name), type) as ListOp<unknown> | undefined;
  const keeps = old !== undefined && part !== 'explicitItems' && !old.isExplicit;
  const op: { -readonly [P in keyof ListOp<unknown>]: ListOp<unknown>[P] } = makeListOp(keeps ? old : NO_PARTS);
  op.isExplicit = part === 'explicitItems';
  op[part] = items;
  spec.set(name, makeValue(type, op as ValueMap[K]));
}

const NO_PARTS = {};

/** Whether a list of references has custom data, in which paths may be relative. */
function holdsDictionary(value: Value | undefined): boolean {
  return value?.type === 'referenceListOp' && value.value.prependedItems.some((item) => item.customData !== undefined);
}

function referenceKey(item: ReferenceItem): string {
  return `@${item.assetPath}@<${item.primPath}> ${item.layerOffset.offset} ${item.layerOffset.scale}`;
}
