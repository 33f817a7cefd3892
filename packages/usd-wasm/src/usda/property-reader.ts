import type { Path } from '../sdf/path.ts';
import { FieldShape, SpecFields } from '../sdf/spec-fields.ts';
import { attributeType, type AttributeType } from '../sdf/value-type.ts';
import { makeValue, valueAs, type Spline, type TimeSamples, type Value } from '../vt/value.ts';
import { readArrayEdit } from './array-edit-reader.ts';
import type { Lexer } from './lexer.ts';
import { setListOpItems, type ListOpPart, type MetadataReader } from './metadata-reader.ts';
import type { PathText } from './path-syntax.ts';
import type { PropertyOwner } from './spec-store.ts';
import { SplineReader } from './spline-reader.ts';
import { StatementHeads } from './statement-heads.ts';
import type { ValueMemo } from './value-memo.ts';
import type { ValueReader } from './values.ts';

const FALSE = makeValue('bool', false);
const TRUE = makeValue('bool', true);
const VARYING = makeValue('variability', 'varying');
const UNIFORM = makeValue('variability', 'uniform');
const BLOCK = makeValue('block', null);
const ANIMATION_BLOCK = makeValue('animationBlock', null);

/** Kind of the memo's entries that are a relationship's one target. */
const ONE_TARGET = Symbol('one target');

/** A prim or a property, without variant selections. A path of old layers through a target ends in a property of it. */
const isTarget = (path: PathText): boolean => {
  if (path.kind === 'root' || path.kind === 'variant' || path.hasVariants) return false;
  const last = path.elements.at(-1);
  return last?.kind !== 'legacy' || /^\[.*\]\.[^[\]]+$/.test(last.text);
};

/** Relationships may also target mappers. */
const isRelationshipTarget = (path: PathText): boolean => {
  const last = path.elements.at(-1);
  return isTarget(path) || (!path.hasVariants && last?.kind === 'legacy' && /^\.mapper\[.*\]$/.test(last.text));
};

/** What a type name as written stands for, and the shared value of the `typeName` field. */
interface NamedType {
  readonly type: AttributeType | undefined;
  readonly typeName: Value;
  readonly name: string;
}

/** By their text, of all layers: there are only so many. */
const KNOWN_TYPES = new Map<string, NamedType>();

/** A statement that gives an attribute a default value, up to the value. */
interface AttributeHead {
  readonly named: NamedType;
  readonly name: string;
  readonly variability: 'varying' | 'uniform';
  readonly isCustom: boolean;
  /** Bytes before the type. */
  readonly typeAt: number;
}

/** Reads statements on attributes and relationships (usda.md section 5). Statements on one property add up. */
export class PropertyReader {
  readonly #lexer: Lexer;
  readonly #values: ValueReader;
  readonly #metadata: MetadataReader;
  #unknownTypes: Map<string, NamedType> | undefined;
  readonly #heads: StatementHeads<AttributeHead>;
  readonly #memo: ValueMemo;
  /** Shape of a new attribute, once there was one; with a default value. */
  #attributeShape: FieldShape | undefined;
  #valuedShape: FieldShape | undefined;

  constructor(lexer: Lexer, values: ValueReader, memo: ValueMemo, metadata: MetadataReader) {
    this.#lexer = lexer;
    this.#values = values;
    this.#metadata = metadata;
    this.#memo = memo;
    this.#heads = new StatementHeads(lexer);
  }

  /** Reads one statement; `reorder properties` and the like have been dealt with. */
  read(owner: PropertyOwner): void {
    const lexer = this.#lexer;
    const start = lexer.offset;
    const head = this.#heads.take();
    if (head === undefined) this.#readStatement(owner, start);
    else this.#readValued(owner, head, start);
    if (!lexer.takeStatementEnd()) lexer.fail(`expected a new line or ';' after a property, found ${lexer.describeNext()}`);
  }

  #readStatement(owner: PropertyOwner, start: number): void {
    const lexer = this.#lexer;
    const part = this.#metadata.takeListOpWord() ?? 'explicitItems';
    let c = lexer.peek();
    const isCustom = c === 99 && this.#takeQualifier('custom');
    if (isCustom) c = lexer.peek();
    let variability: 'varying' | 'uniform' | undefined;
    if (c === 118 && this.#takeQualifier('varying')) variability = 'varying';
    else if ((c === 117 && this.#takeQualifier('uniform')) || (c === 99 && this.#takeQualifier('config'))) variability = 'uniform';
    const qualified = lexer.offset;
    if (lexer.peek() === 114 && this.#takeQualifier('rel')) {
      if (variability === 'uniform') lexer.fail('relationships are uniform, which is not said', qualified);
      this.#readRelationship(owner, isCustom, variability === 'varying', part);
    } else this.#readAttribute(owner, isCustom, variability ?? 'varying', part, start);
  }

  /** A word followed by a blank: it qualifies the property and is not its type. */
  #takeQualifier(word: string): boolean {
    const lexer = this.#lexer;
    const start = lexer.offset;
    if (!lexer.takeWord(word)) return false;
    const next = lexer.peek();
    if (next === 32 || next === 9) {
      lexer.skipBlanks();
      return true;
    }
    lexer.offset = start;
    return false;
  }

  #readAttribute(
    owner: PropertyOwner,
    isCustom: boolean,
    variability: 'varying' | 'uniform',
    part: ListOpPart,
    statementStart: number,
  ): void {
    const lexer = this.#lexer;
    const start = lexer.offset;
    const typeText = lexer.readValueTypeName('a property, a prim or the end of this one');
    if (lexer.peek() !== 32 && lexer.peek() !== 9)
      lexer.fail(`expected a blank and a name after the type '${typeText}', found ${lexer.describeNext()}`);
    lexer.skipBlanks();
    const name = lexer.readPropertyName();
    const named = this.#typeOf(typeText);
    const { type, typeName } = named;
    lexer.skipBlanks();
    const suffix = this.#takeSuffix();
    if (part !== 'explicitItems' && suffix !== 'connect') lexer.fail('only connections can be edited as a list', start);
    if (suffix === undefined) {
      if (lexer.take(61)) {
        lexer.skipBlanks();
        const head = { named, name, variability, isCustom, typeAt: start - statementStart };
        this.#heads.add(name, statementStart, head);
        this.#readValued(owner, head, statementStart);
        return;
      }
      const fields = this.#openAttribute(owner, name, typeName, variability, isCustom, start, undefined);
      if (lexer.peek() === 40) this.#metadata.read('attribute', fields, owner.anchor);
      return;
    }
    const fields = this.#openAttribute(owner, name, typeName, variability, isCustom, start, undefined);
    switch (suffix) {
      case 'timeSamples':
        lexer.expectEquals("'timeSamples'");
        fields.set(
          'timeSamples',
          makeValue(
            'timeSamples',
            this.#readSamples(() => this.#readValueOrBlock(type, owner.anchor)),
          ),
        );
        return;
      case 'connect': {
        lexer.expectEquals("'connect'");
        const paths = this.#metadata.readPaths(part, owner.anchor, isTarget, 'connections');
        setListOpItems(fields, 'connectionPaths', 'pathListOp', part, paths);
        return;
      }
      case 'spline': {
        const scalar = type?.isArray === false ? type.scalar : undefined;
        if (scalar !== 'double' && scalar !== 'float' && scalar !== 'half' && scalar !== 'timecode')
          return lexer.fail(`an attribute of type ${named.name} cannot have a spline`, start);
        lexer.expectEquals("'spline'");
        fields.set('spline', makeValue('spline', new SplineReader(lexer, this.#values, owner.anchor).read(scalar as Spline['valueType'])));
        return;
      }
      case 'mapper':
        this.#skipMapper(owner, name);
        return;
      default:
        lexer.fail(`an attribute has no '${suffix}'`);
    }
  }

  /** The value of an attribute and its metadata. */
  #readValued(owner: PropertyOwner, head: AttributeHead, start: number): void {
    const { named, name } = head;
    const value = this.#readDefault(named.type, owner.anchor);
    this.#lexer.skipBlanks();
    const fields = this.#openAttribute(owner, name, named.typeName, head.variability, head.isCustom, start + head.typeAt, value);
    if (this.#lexer.peek() === 40) this.#metadata.read('attribute', fields, owner.anchor);
  }

  #readRelationship(owner: PropertyOwner, isCustom: boolean, isVarying: boolean, part: ListOpPart): void {
    const lexer = this.#lexer;
    const start = lexer.offset;
    const name = lexer.readPropertyName();
    const fields = this.#openRelationship(owner, name, isVarying, isCustom, start);
    lexer.skipBlanks();
    const suffix = this.#takeSuffix();
    if (part !== 'explicitItems' && suffix !== undefined) lexer.fail('only targets can be edited as a list', start);
    switch (suffix) {
      case undefined:
        if (lexer.peek() === 91) {
          this.#skipTargetChild(owner, name);
          return;
        }
        if (lexer.take(61)) {
          lexer.skipBlanks();
          this.#readTargets(fields, part, owner.anchor);
          lexer.skipBlanks();
        } else if (part !== 'explicitItems') lexer.fail(`expected '=' and targets, found ${lexer.describeNext()}`);
        if (lexer.peek() === 40) this.#metadata.read('relationship', fields, owner.anchor);
        return;
      case 'timeSamples':
        lexer.expectEquals("'timeSamples'");
        fields.set(
          'timeSamples',
          makeValue(
            'timeSamples',
            this.#readSamples(() => (lexer.takeWord('None') ? BLOCK : this.#readPathValue(owner.anchor))),
          ),
        );
        return;
      case 'default':
        lexer.expectEquals("'default'");
        fields.set('default', lexer.takeWord('None') ? BLOCK : this.#readPathValue(owner.anchor));
        return;
      default:
        lexer.fail(`a relationship has no '${suffix}'`);
    }
  }

  #readTargets(fields: SpecFields, part: ListOpPart, anchor: Path): void {
    const lexer = this.#lexer;
    const start = lexer.offset;
    const isMemorable = part === 'explicitItems' && lexer.peek() === 60 && lexer.peekAt(1) === 47; // </
    const known = isMemorable ? this.#memo.find(ONE_TARGET, start) : undefined;
    if (known !== undefined) {
      lexer.offset = this.#memo.end;
      fields.set('targetPaths', known);
      return;
    }
    const targets = this.#metadata.readPaths(part, anchor, isRelationshipTarget, 'relationship targets');
    setListOpItems(fields, 'targetPaths', 'pathListOp', part, targets);
    if (isMemorable) this.#memo.add(ONE_TARGET, start, lexer.offset, fields.get('targetPaths') as Value);
  }

  #takeSuffix(): string | undefined {
    const lexer = this.#lexer;
    if (!lexer.take(46)) return undefined;
    const suffix = lexer.readIdentifier('timeSamples, connect or spline');
    return suffix;
  }

  #openAttribute(
    owner: PropertyOwner,
    name: string,
    typeName: Value,
    variability: 'varying' | 'uniform',
    isCustom: boolean,
    start: number,
    value: Value | undefined,
  ): SpecFields {
    const fields = owner.spec.openProperty(name, 'attribute');
    if (fields.names().length === 0) {
      this.#fillAttribute(fields, typeName, isCustom ? TRUE : FALSE, variability === 'uniform' ? UNIFORM : VARYING, value);
      return fields;
    }
    if (fields.type !== 'attribute') this.#lexer.fail(`'${name}' is a relationship already`, start);
    const knownType = fields.get('typeName')?.value as string;
    if (knownType !== typeName.value)
      this.#lexer.fail(`attribute '${name}' has type ${knownType} already, not ${typeName.value as string}`, start);
    const knownVariability = valueAs(fields.get('variability'), 'variability');
    if (knownVariability !== variability) this.#lexer.fail(`attribute '${name}' is ${knownVariability} already, not ${variability}`, start);
    if (isCustom) fields.set('custom', TRUE);
    if (value !== undefined) fields.set('default', value);
    return fields;
  }

  /** In one step where the shape is known: setting fields one by one copies their values each time. */
  #fillAttribute(fields: SpecFields, typeName: Value, custom: Value, variability: Value, value: Value | undefined): void {
    const shape = value === undefined ? this.#attributeShape : this.#valuedShape;
    if (shape !== undefined) {
      fields.fill(shape, typeName, custom, variability, value);
      return;
    }
    fields.set('typeName', typeName);
    fields.set('custom', custom);
    fields.set('variability', variability);
    this.#attributeShape = fields.shape;
    if (value === undefined) return;
    fields.set('default', value);
    this.#valuedShape = fields.shape;
  }

  #openRelationship(owner: PropertyOwner, name: string, isVarying: boolean, isCustom: boolean, start: number): SpecFields {
    const fields = owner.spec.openProperty(name, 'relationship');
    if (fields.names().length === 0) {
      fields.set('custom', isCustom ? TRUE : FALSE);
      fields.set('variability', isVarying ? VARYING : UNIFORM);
      return fields;
    }
    if (fields.type !== 'relationship') this.#lexer.fail(`'${name}' is an attribute already`, start);
    if (isCustom) fields.set('custom', TRUE);
    if (isVarying) fields.set('variability', VARYING);
    return fields;
  }

  #typeOf(text: string): NamedType {
    let known = KNOWN_TYPES.get(text) ?? this.#unknownTypes?.get(text);
    if (known === undefined) {
      const type = attributeType(text);
      const name = type?.name ?? text;
      known = { type, typeName: makeValue('token', name), name };
      (type === undefined ? (this.#unknownTypes ??= new Map<string, NamedType>()) : KNOWN_TYPES).set(text, known);
    }
    return known;
  }

  #readDefault(type: AttributeType | undefined, anchor: Path): Value {
    if (type !== undefined && type.scalar === undefined) this.#lexer.fail(`an attribute of type ${type.name} has no value`);
    const start = this.#lexer.offset;
    const isMemorable = type !== undefined && type.scalar !== 'pathExpression' && this.#lexer.peek() !== 60; // paths depend on the anchor
    const known = isMemorable ? this.#memo.find(type, start) : undefined;
    if (known !== undefined) {
      this.#lexer.offset = this.#memo.end;
      return known;
    }
    const value = this.#lexer.takeWord('AnimationBlock') ? ANIMATION_BLOCK : this.#readValueOrBlock(type, anchor);
    if (isMemorable && value.type !== 'arrayEdit') this.#memo.add(type, start, this.#lexer.offset, value);
    return value;
  }

  #readValueOrBlock(type: AttributeType | undefined, anchor: Path): Value {
    const lexer = this.#lexer;
    const c = lexer.peek();
    if (c === 78 && lexer.takeWord('None')) return BLOCK;
    // A path may stand for any single value, as the reference allows.
    if (c === 60 && type?.isArray === false) return this.#readPathValue(anchor);
    if (type === undefined) return makeValue('unregistered', this.#values.readRawValue());
    if (c === 101 && type.isArray && type.scalar !== undefined && lexer.takeWord('edit')) {
      return makeValue('arrayEdit', readArrayEdit(lexer, this.#values, type.scalar, anchor));
    }
    return this.#values.readValue(type, anchor);
  }

  #readPathValue(anchor: Path): Value {
    return makeValue('path', this.#metadata.readPath(anchor, isTarget, 'a value'));
  }

  /** `{ time: value, … }`: sorted by time, the last of several at one time. */
  #readSamples(readValue: () => Value): TimeSamples {
    const lexer = this.#lexer;
    const times: number[] = [];
    const values: Value[] = [];
    let isSorted = true;
    lexer.expect(123, 'before time samples');
    lexer.skipLines();
    if (lexer.peek() !== 125) {
      do {
        const time = lexer.readNumber('the time of a sample');
        if (Number.isNaN(time)) lexer.fail('the time of a sample is not a number', lexer.numberStart);
        lexer.skipBlanks();
        lexer.expect(58, 'after the time of a sample');
        lexer.skipBlanks();
        if (times.length > 0 && time <= (times.at(-1) as number)) isSorted = false;
        times.push(time);
        values.push(readValue());
      } while (lexer.takeListSeparator(125, 'time samples'));
    }
    lexer.expect(125, 'after time samples');
    return isSorted ? samplesOf(times, values) : sortedSamples(times, values);
  }

  /** `rel name[</target>]`: a target spec of old layers, which holds nothing that is used. */
  #skipTargetChild(owner: PropertyOwner, name: string): void {
    const lexer = this.#lexer;
    lexer.offset++;
    lexer.skipBlanks();
    lexer.readPathText();
    lexer.skipBlanks();
    lexer.expect(93, 'after a target');
    this.#reportLegacy(`${owner.path}.${name}`, 'A target child');
  }

  /** `double a.mapper[</b.c>] = Name { … }`: connections through mappers are long gone from USD. */
  #skipMapper(owner: PropertyOwner, name: string): void {
    const lexer = this.#lexer;
    lexer.skipBlanks();
    lexer.expect(91, "after 'mapper'");
    lexer.skipBlanks();
    lexer.readPathText();
    lexer.skipBlanks();
    lexer.expect(93, 'after the path of a mapper');
    lexer.expectEquals("'mapper'");
    lexer.readIdentifier('the name of a mapper');
    lexer.skipBlanks();
    if (lexer.peek() === 40) this.#metadata.read('attribute', new SpecFields(FieldShape.empty()), owner.anchor);
    lexer.skipBlanks();
    if (lexer.peek() === 123) this.#values.readDictionary(owner.anchor);
    this.#reportLegacy(`${owner.path}.${name}`, 'A mapper');
  }

  #reportLegacy(path: string, what: string): void {
    this.#lexer.reporter.report({
      code: 'usda-legacy-syntax',
      severity: 'warning',
      asset: this.#lexer.asset,
      path,
      message: `${what} of old text layers is ignored`,
    });
  }
}

function samplesOf(times: readonly number[], values: readonly Value[]): TimeSamples {
  return { times: Float64Array.from(times), value: (index) => values[index] as Value };
}

function sortedSamples(times: readonly number[], values: readonly Value[]): TimeSamples {
  const byTime = new Map<number, Value>();
  times.forEach((time, i) => byTime.set(time, values[i] as Value));
  const sorted = [...byTime.keys()].sort((a, b) => a - b);
  return samplesOf(
    sorted,
    sorted.map((time) => byTime.get(time) as Value),
  );
}
