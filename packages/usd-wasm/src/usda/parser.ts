/**
 * Text layers, version 1.0 to 1.2, and the older `#sdf 1.4` ones. Source: OpenUSD sdf/textFileFormatParser.h; usda.md.
 *
 * The grammar is in thirds: this file reads layers, prims and variants, `property-reader.ts` and `metadata-reader.ts`
 * what they hold, `values.ts` values. Prims nest on a list of open scopes, not on the call stack. Reading stops at the
 * first syntax error, as the reference does.
 */
import { MemoryLayerData } from '../sdf/layer-data.ts';
import { appendChild, appendVariant, isValidIdentifier, ROOT_PATH, type Path } from '../sdf/path.ts';
import { STANDARD_FIELDS, type FieldRegistry } from '../sdf/schema.ts';
import { DEFAULT_LIMITS, LimitError, type ReadLimits } from '../tf/read-limits.ts';
import type { Reporter } from '../tf/reporter.ts';
import { decodeAscii } from '../tf/text-decoding.ts';
import { makeValue, valueAs, type Value } from '../vt/value.ts';
import { Lexer } from './lexer.ts';
import { MetadataReader } from './metadata-reader.ts';
import { isVariantName } from './path-syntax.ts';
import { PropertyReader } from './property-reader.ts';
import { SpecStore, type PropertyOwner } from './spec-store.ts';
import { ValueMemo } from './value-memo.ts';
import { ValueReader } from './values.ts';

/** How text is read. */
export interface UsdaOptions {
  /** Fields that metadata may have, for schemas of one's own. Others are kept as text. */
  readonly fields?: FieldRegistry;
  /** Keeps variant selections that are no variant names or stand in paths of arcs, as OpenUSD can be told to, instead of failing. */
  readonly keepInvalidSelections?: boolean;
  /** `DEFAULT_LIMITS` by default. */
  readonly limits?: ReadLimits;
}

/**
 * Characters that the paths of all specs may have together: so many, and so many for each byte of the file. A real
 * layer needs a fraction of it; deep nesting of long names would need memory out of all proportion to the file.
 */
const PATH_BUDGET = 64 * 2 ** 20;
const PATH_BUDGET_PER_BYTE = 16;

/** Highest minor version of `#usda 1.x` whose syntax is known. */
const NEWEST_MINOR = 2;

const SPECIFIERS = {
  def: makeValue('specifier', 'def'),
  over: makeValue('specifier', 'over'),
  class: makeValue('specifier', 'class'),
} as const;

/** A prim, variant set or variant whose `}` has not come yet; the layer itself at the bottom. */
interface Scope extends PropertyOwner {
  readonly kind: 'layer' | 'prim' | 'variantSet' | 'variant';
  /** Made when there is a first one: most prims have none. */
  childNames: string[] | undefined;
  variantSetNames: string[] | undefined;
  variantNames: string[] | undefined;
}

/**
 * Reads a text layer.
 *
 * @param identifier names the layer in errors
 * @throws UsdaParseError where the bytes are no text layer; it says which line. LimitError where it asks for more than allowed
 */
export function parseUsda(identifier: string, bytes: Uint8Array, reporter: Reporter, options: UsdaOptions = {}): MemoryLayerData {
  return new LayerReader(identifier, bytes, reporter, options).read();
}

class LayerReader {
  readonly #lexer: Lexer;
  readonly #limits: ReadLimits;
  readonly #data = new MemoryLayerData();
  readonly #specs: SpecStore;
  readonly #metadata: MetadataReader;
  readonly #properties: PropertyReader;
  readonly #scopes: Scope[] = [];
  /** Shared values of the `typeName` field of prims. */
  readonly #typeNames = new Map<string, Value>();

  constructor(identifier: string, bytes: Uint8Array, reporter: Reporter, options: UsdaOptions) {
    const lexer = new Lexer(identifier, bytes, reporter);
    const values = new ValueReader(lexer, options.limits);
    const memo = new ValueMemo(bytes);
    this.#lexer = lexer;
    const limits = options.limits ?? DEFAULT_LIMITS;
    this.#limits = limits;
    const budget = Math.min(PATH_BUDGET + bytes.length * PATH_BUDGET_PER_BYTE, limits.pathCharacters);
    this.#specs = new SpecStore(this.#data, budget, () => {
      if (budget < limits.pathCharacters) lexer.fail('the paths of this layer are too long altogether for its size');
      throw new LimitError('pathCharacters', budget, budget + 1, identifier, 'the paths of this layer are longer in all');
    });
    this.#metadata = new MetadataReader(lexer, values, memo, options.fields ?? STANDARD_FIELDS, {
      keepInvalidSelections: options.keepInvalidSelections ?? false,
    });
    this.#properties = new PropertyReader(lexer, values, memo, this.#metadata);
  }

  read(): MemoryLayerData {
    const lexer = this.#lexer;
    this.#readHeader();
    const root = this.#openScope('layer', ROOT_PATH, ROOT_PATH);
    lexer.skipLines();
    if (lexer.peek() === 40) {
      this.#metadata.read('layer', root.spec, ROOT_PATH);
      this.#expectLineEnd('the metadata of a layer');
    }
    for (;;) {
      lexer.skipLines();
      const scope = this.#scopes[this.#scopes.length - 1] as Scope;
      const c = lexer.peek();
      if (c === 0 && lexer.isAtEnd) {
        if (scope.kind !== 'layer') lexer.fail(`the file ends inside <${scope.path}>`);
        this.#closeScope(scope);
        return this.#data;
      }
      if (c === 125 && scope.kind !== 'layer') this.#readScopeEnd(scope);
      else if (scope.kind === 'variantSet') this.#readVariant(scope);
      else this.#readStatement(scope, c);
    }
  }

  /** `#usda 1.0` or `#sdf 1.4.32` at the very start; the rest of that line is a comment. */
  #readHeader(): void {
    const lexer = this.#lexer;
    const { bytes } = lexer;
    if (!lexer.takeWord('#usda 1.0')) this.#checkHead(decodeAscii(bytes, 0, Math.min(32, bytes.length)));
    while (lexer.offset < bytes.length && bytes[lexer.offset] !== 10 && bytes[lexer.offset] !== 13) lexer.offset++;
  }

  #checkHead(head: string): void {
    const lexer = this.#lexer;
    const usda = /^#usda (\d+)\.(\d+)/.exec(head);
    if (usda !== null) {
      if (usda[1] !== '1' || Number(usda[2]) > NEWEST_MINOR) lexer.fail(`version ${usda[1]}.${usda[2]} of the text format is not known`);
    } else if (!/^#sdf 1\.4(?!\d)/.test(head)) {
      const found =
        head === '' ? 'nothing' : head.startsWith('\u00ef\u00bb\u00bf') ? 'a byte order mark' : JSON.stringify(head.slice(0, 12));
      lexer.fail(`a text layer begins with '#usda 1.0', this begins with ${found}`);
    }
  }

  /** @param c its first byte */
  #readStatement(scope: Scope, c: number): void {
    const lexer = this.#lexer;
    const start = lexer.offset;
    if (c === 100 && lexer.takeWord('def')) this.#readPrim(scope, 'def');
    else if (c === 111 && lexer.takeWord('over')) this.#readPrim(scope, 'over');
    else if (c === 99 && lexer.takeWord('class')) this.#readPrim(scope, 'class');
    else if (c === 114 && lexer.takeWord('reorder') && this.#readReorder(scope)) return;
    else {
      lexer.offset = start;
      if (scope.kind === 'layer') lexer.fail(`expected 'def', 'over', 'class' or 'reorder rootPrims', found ${lexer.describeNext()}`);
      if (c === 118 && lexer.takeWord('variantSet')) this.#readVariantSet(scope);
      else this.#properties.read(scope);
    }
  }

  #readPrim(parent: Scope, specifier: 'def' | 'over' | 'class'): void {
    const lexer = this.#lexer;
    lexer.skipBlanks();
    let typeName = '';
    if (lexer.isAtIdentifier()) {
      typeName = lexer.readTypeName('the type of a prim');
      lexer.skipBlanks();
    }
    const nameStart = lexer.offset;
    const name = lexer.readString('the name of a prim');
    if (!isValidIdentifier(name)) lexer.fail(`'${name}' cannot be the name of a prim`, nameStart);
    const path = appendChild(parent.path, name);
    const scope = this.#openScope('prim', path, parent.anchor === parent.path ? path : appendChild(parent.anchor, name));
    if (scope.spec.names().length > 0) lexer.fail(`there is a prim <${path}> already`, nameStart);
    (parent.childNames ??= []).push(name);
    scope.spec.set('specifier', SPECIFIERS[specifier]);
    // The old name of "no type".
    if (typeName !== '' && typeName !== '__AnyType__') scope.spec.set('typeName', this.#typeName(typeName));
    this.#readPrimMetadata(scope);
    lexer.skipLines();
    lexer.expect(123, `before the contents of <${path}>`);
  }

  #typeName(name: string): Value {
    let value = this.#typeNames.get(name);
    if (value === undefined) this.#typeNames.set(name, (value = makeValue('token', name)));
    return value;
  }

  #readPrimMetadata(scope: Scope): void {
    const lexer = this.#lexer;
    lexer.skipLines();
    if (lexer.peek() !== 40) return;
    this.#metadata.read('prim', scope.spec, scope.anchor);
    const sets = valueAs(scope.spec.get('variantSetNames'), 'stringListOp');
    if (sets === undefined) return;
    for (const name of [...sets.explicitItems, ...sets.addedItems]) this.#openVariantSet(scope, name);
  }

  #readVariantSet(scope: Scope): void {
    const lexer = this.#lexer;
    lexer.skipBlanks();
    const start = lexer.offset;
    const name = lexer.readString('the name of a variant set');
    if (!/^[\p{XID_Start}_][\p{XID_Continue}-]*$/u.test(name)) lexer.fail(`'${name}' cannot be the name of a variant set`, start);
    lexer.expectEquals('the name of a variant set');
    lexer.expect(123, `before the variants of '${name}'`);
    const path = this.#openVariantSet(scope, name);
    const known = valueAs(this.#data.field(path, 'variantChildren'), 'tokenVector');
    this.#openScope('variantSet', path, scope.anchor).variantNames = known?.slice();
  }

  #openVariantSet(scope: Scope, name: string): Path {
    const path = appendVariant(scope.path, name, '');
    if (this.#data.specType(path) === undefined) {
      this.#specs.open(path, 'variantSet');
      (scope.variantSetNames ??= []).push(name);
    }
    return path;
  }

  #readVariant(set: Scope): void {
    const lexer = this.#lexer;
    const start = lexer.offset;
    const name = lexer.readString('the name of a variant');
    if (name === '' || !isVariantName(name)) lexer.fail(`'${name}' cannot be the name of a variant`, start);
    const path = `${set.path.slice(0, -1)}${name}}` as Path;
    const isNew = this.#data.specType(path) === undefined;
    if (isNew) (set.variantNames ??= []).push(name);
    const scope = this.#openScope('variant', path, set.anchor);
    if (!isNew) {
      scope.childNames = valueAs(scope.spec.get('primChildren'), 'tokenVector')?.slice();
      scope.variantSetNames = valueAs(scope.spec.get('variantSetChildren'), 'tokenVector')?.slice();
    }
    this.#readPrimMetadata(scope);
    lexer.skipLines();
    lexer.expect(123, `before the contents of <${path}>`);
  }

  /** The rest of `reorder rootPrims = …` and the like; false if it is the statement of a property. */
  #readReorder(scope: Scope): boolean {
    const lexer = this.#lexer;
    lexer.skipBlanks();
    let field: string;
    if (scope.kind === 'layer') {
      if (!lexer.takeWord('rootPrims')) return false;
      field = 'primOrder';
    } else if (lexer.takeWord('nameChildren')) field = 'primOrder';
    else if (lexer.takeWord('properties')) field = 'propertyOrder';
    else return false;
    lexer.skipBlanks();
    if (lexer.peek() !== 61) return false;
    lexer.expectEquals('what is reordered');
    const names: string[] = [];
    const readName = (): void => {
      names.push(lexer.readString('a name'));
    };
    if (lexer.take(91)) {
      lexer.skipLines();
      if (lexer.peek() !== 93) {
        do readName();
        while (lexer.takeListSeparator(93, 'a list of names'));
      }
      lexer.expect(93, 'after a list of names');
    } else readName();
    if (names.length > 0) scope.spec.set(field, makeValue('tokenVector', [...new Set(names)]));
    if (!lexer.takeStatementEnd()) lexer.fail(`expected a new line or ';' after 'reorder', found ${lexer.describeNext()}`);
    return true;
  }

  #readScopeEnd(scope: Scope): void {
    this.#lexer.offset++;
    this.#closeScope(scope);
    this.#scopes.pop();
    // Unlike the reference, this takes `} }` on one line.
    if (scope.kind !== 'variant' && this.#nextByte() !== 125) this.#expectLineEnd(`the end of <${scope.path}>`);
  }

  #nextByte(): number {
    this.#lexer.skipBlanks();
    return this.#lexer.peek();
  }

  #expectLineEnd(after: string): void {
    if (!this.#lexer.takeLineEnd()) this.#lexer.fail(`expected a new line after ${after}, found ${this.#lexer.describeNext()}`);
  }

  #openScope(kind: Scope['kind'], path: Path, anchor: Path): Scope {
    // the layer itself is the scope at the bottom
    const { namespaceDepth } = this.#limits;
    if (this.#scopes.length > namespaceDepth)
      throw new LimitError(
        'namespaceDepth',
        namespaceDepth,
        this.#scopes.length,
        this.#lexer.asset,
        'prims and variants are nested deeper',
      );
    const specType = kind === 'layer' ? 'pseudoRoot' : kind;
    const scope: Scope = {
      kind,
      path,
      anchor,
      spec: this.#specs.open(path, specType),
      childNames: undefined,
      variantSetNames: undefined,
      variantNames: undefined,
    };
    this.#scopes.push(scope);
    return scope;
  }

  /** Lists that grew by pushing hold room for more; copies are as long as they need to be. */
  #closeScope({ spec, childNames, variantSetNames, variantNames }: Scope): void {
    const propertyNames = spec.sealProperties();
    if (propertyNames !== undefined) spec.set('properties', propertyNames);
    if (childNames !== undefined) spec.set('primChildren', makeValue('tokenVector', childNames.slice()));
    if (variantSetNames !== undefined) spec.set('variantSetChildren', makeValue('tokenVector', variantSetNames));
    if (variantNames !== undefined) spec.set('variantChildren', makeValue('tokenVector', variantNames));
  }
}
