import { DEFAULT_LIMITS, LimitError, type ReadLimits } from '../tf/read-limits.ts';
import { attributeType, elementDimensions, type AttributeType } from '../sdf/value-type.ts';
import type { Path } from '../sdf/path.ts';
import { parseNumbersInWindows } from '../kernel/numbers-windows.ts';
import type { ParsedNumbers } from '../kernel/numbers-reference.ts';
import {
  COMPONENT_COUNT,
  makeTuple,
  makeValue,
  type ArrayType,
  type AssetPath,
  type Dictionary,
  type ScalarType,
  type TupleType,
  type Value,
} from '../vt/value.ts';
import { roundAllToHalf, roundToHalf } from './half.ts';
import type { Lexer } from './lexer.ts';
import { NumberScanner } from './number-scanner.ts';
import { anchorPathExpression } from './path-expression.ts';

const OPEN_TUPLE = 40;
const CLOSE_TUPLE = 41;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** What one number of a type is stored in, and its range if it is an integer. */
interface NumberKind {
  readonly kind: 'bool' | 'integer' | 'bigInteger' | 'half' | 'float' | 'double';
  readonly lowest: number;
  readonly highest: number;
  /** How the kernel reads arrays of it, if it does. */
  readonly kernel: 'f32' | 'f64' | 'i32' | undefined;
  /** Shape of one element in text, and its numbers. */
  readonly dimensions: readonly number[];
  readonly width: number;
  /** What is expected, for messages. */
  readonly what: string;
}

/** Arrays whose text is at least this long are worth a call into WebAssembly. */
const LEAST_KERNEL_BYTES = 2048;

const NOT_BOUNDED = { lowest: -Infinity, highest: Infinity };
const INTEGER_RANGES: Readonly<Record<string, readonly [number, number]>> = {
  uchar: [0, 255],
  int: [-(2 ** 31), 2 ** 31 - 1],
  uint: [0, 2 ** 32 - 1],
};
const BIG_RANGES: Readonly<Record<'int64' | 'uint64', readonly [bigint, bigint]>> = {
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};
const NUMBER_KINDS: ReadonlyMap<ScalarType, NumberKind> = new Map(
  (Object.keys(COMPONENT_COUNT) as ScalarType[]).flatMap((type) => {
    const kind = numberKind(type);
    return kind === undefined
      ? []
      : [[type, { ...kind, dimensions: elementDimensions(type), width: COMPONENT_COUNT[type], what: `a number for a ${type}` }]];
  }),
);

/** Reads values: scalars, arrays and dictionaries (usda.md sections 5 and 6). */
export class ValueReader {
  readonly #lexer: Lexer;
  readonly #limits: ReadLimits;
  readonly #numbers = new NumberScanner();
  /** Components of the tuple that is being read. */
  readonly #components: number[] = [];

  constructor(lexer: Lexer, limits: ReadLimits = DEFAULT_LIMITS) {
    this.#limits = limits;
    this.#lexer = lexer;
  }

  /**
   * A value of a type that has values.
   *
   * @param anchor the prim path that relative parts of path expressions mean
   */
  readValue(type: AttributeType, anchor: Path): Value {
    const { scalar, storage } = type;
    if (scalar === undefined || storage === undefined) return this.#lexer.fail(`an attribute of type ${type.name} has no value`);
    if (!type.isArray) return this.readScalar(scalar, anchor);
    const array = this.#readArray(scalar, anchor);
    const { length } = array.value as { readonly length: number };
    this.#allow('arrayElements', length / COMPONENT_COUNT[scalar], 'an array has more elements');
    return array;
  }

  #allow(limit: 'valueDepth' | 'arrayElements' | 'valueItems', found: number, what: string): void {
    const allowed = this.#limits[limit];
    if (found > allowed) throw new LimitError(limit, allowed, found, this.#lexer.asset, what);
  }

  readScalar(scalar: ScalarType, anchor: Path): Value {
    const lexer = this.#lexer;
    const kind = NUMBER_KINDS.get(scalar);
    if (kind === undefined) return makeValue(scalar as 'token', this.#readWord(scalar, anchor) as string);
    if (kind.kind === 'bool') return makeValue('bool', this.#readBool());
    if (kind.kind === 'bigInteger') return makeValue(scalar as 'int64', this.#readBigInteger(scalar as 'int64'));
    const { dimensions } = kind;
    const scanned = this.#scanElement(scalar, kind);
    if (scanned !== undefined) return scanned;
    if (dimensions.length === 0) return makeValue(scalar as 'double', this.#readComponent(kind, scalar));
    const components = this.#components;
    components.length = 0;
    this.#readTuple(dimensions, 0, scalar, () => components.push(this.#readComponent(kind, scalar)));
    if (lexer.peek() === OPEN_TUPLE) lexer.fail(`this is more than one ${scalar}`);
    if (scalar.startsWith('quat')) components.push(components.shift() as number);
    return makeTuple(scalar as TupleType, components.slice());
  }

  /** One number, tuple or matrix in one loop; undefined where it is not of floats, or its text needs a closer look. */
  #scanElement(scalar: ScalarType, { kind, dimensions, width }: NumberKind): Value | undefined {
    if (kind !== 'double' && kind !== 'float' && kind !== 'half') return undefined;
    const lexer = this.#lexer;
    // the scanner passes line ends, which may stand in a value but not before it
    if (lexer.peek() <= 32) return undefined;
    const { values } = this.#numbers;
    const end = this.#numbers.scan(lexer.bytes, lexer.offset, width, dimensions.length === 0 ? 0 : (dimensions.at(-1) as number), true);
    if (end < 0 || !isElementEnd(lexer.bytes[end])) return undefined;
    lexer.offset = end;
    if (width === 1) return { type: scalar, value: rounded(values[0]!, kind) } as Value;
    const components = new Array<number>(width);
    for (let i = 0; i < width; i++) components[i] = rounded(values[i]!, kind);
    if (scalar.startsWith('quat')) components.push(components.shift() as number);
    return makeTuple(scalar as TupleType, components);
  }

  /** `{ type key = value … }` */
  readDictionary(anchor: Path, depth = 0): Dictionary {
    const lexer = this.#lexer;
    this.#allow('valueDepth', depth, 'dictionaries are nested deeper');
    lexer.expect(OPEN_BRACE, 'before the entries of a dictionary');
    const entries = new Map<string, Value>();
    for (;;) {
      lexer.skipLines();
      if (lexer.take(CLOSE_BRACE)) return entries;
      this.#allow('valueItems', entries.size + 1, 'a dictionary has more entries');
      const typeStart = lexer.offset;
      const typeName = lexer.readValueTypeName('the type of an entry');
      lexer.skipBlanks();
      const key = lexer.isAtString() ? lexer.readString('a key') : lexer.readPropertyName();
      lexer.expectEquals('the key of an entry');
      if (typeName === 'dictionary') entries.set(key, makeValue('dictionary', this.readDictionary(anchor, depth + 1)));
      else {
        const type = attributeType(typeName);
        if (type === undefined) return lexer.fail(`'${typeName}' is not a type that dictionary entries can have`, typeStart);
        entries.set(key, this.readValue(type, anchor));
      }
      if (!lexer.takeStatementEnd() && lexer.peek() !== CLOSE_BRACE)
        lexer.fail(`expected a new line, ';' or '}' after the entry '${key}', found ${lexer.describeNext()}`);
    }
  }

  /** Skips a value of any shape and returns its text. */
  readRawValue(): string {
    const start = this.#lexer.offset;
    this.#skipValue(0);
    return new TextDecoder().decode(this.#lexer.bytes.subarray(start, this.#lexer.offset));
  }

  /** A list in brackets, or a single item without them. Items are read by `readItem`. */
  readItems(what: string, readItem: () => void): void {
    const lexer = this.#lexer;
    if (!lexer.take(OPEN_LIST)) {
      readItem();
      return;
    }
    lexer.skipLines();
    if (lexer.take(CLOSE_LIST)) return;
    do readItem();
    while (lexer.takeListSeparator(CLOSE_LIST, what));
    lexer.expect(CLOSE_LIST, `after ${what}`);
  }

  #readArray(scalar: ScalarType, anchor: Path): Value {
    const lexer = this.#lexer;
    if (lexer.peek() !== OPEN_LIST) lexer.fail(`expected '[' before the elements of a ${scalar}[], found ${lexer.describeNext()}`);
    const type = `${scalar}[]` as ArrayType;
    const kind = NUMBER_KINDS.get(scalar);
    if (kind === undefined) {
      const words: (string | AssetPath)[] = [];
      this.#readElements(type, () => words.push(this.#readWord(scalar, anchor)));
      return makeValue(type as 'token[]', words.slice() as string[]);
    }
    return makeValue(type as 'float[]', this.#scanNumbers(scalar, kind) ?? (this.#readNumbers(scalar, kind) as Float32Array));
  }

  /** The whole array in one loop, or undefined where its text needs a closer look. */
  #scanNumbers(scalar: ScalarType, kind: NumberKind): Float32Array | undefined {
    const lexer = this.#lexer;
    const { dimensions, width } = kind;
    const numbers = this.#numbers;
    const parsed = this.#parseInKernel(kind);
    if (parsed !== undefined && (parsed.values.length === 0 || isSameShape(parsed.shape, dimensions))) {
      lexer.offset = parsed.end;
      if (kind.kind === 'half') roundAllToHalf(parsed.values as Float32Array);
      return reorderQuaternions(parsed.values as Float32Array, scalar);
    }
    const end = numbers.scan(lexer.bytes, lexer.offset + 1, width, dimensions.at(-1) ?? 0);
    if (end < 0) return undefined;
    const isWhole = kind.kind === 'integer' || kind.kind === 'bigInteger' || kind.kind === 'bool';
    if (isWhole && !numbers.areIntegers) return undefined;
    const array = storeNumbers(numbers.values, numbers.count, scalar, kind);
    if (array !== undefined) lexer.offset = end;
    return array as Float32Array | undefined;
  }

  /** The numbers of a long array as the kernel reads them; undefined where it is not loaded or gives up. */
  #parseInKernel(kind: NumberKind): ParsedNumbers | undefined {
    const { bytes, offset } = this.#lexer;
    if (kind.kernel === undefined || bytes.indexOf(CLOSE_LIST, offset) < offset + LEAST_KERNEL_BYTES) return undefined;
    const parsed = parseNumbersInWindows(bytes, offset + 1, kind.kernel);
    return parsed !== undefined && 'values' in parsed ? parsed : undefined;
  }

  #readNumbers(scalar: ScalarType, kind: NumberKind): unknown {
    const { dimensions } = kind;
    const type = `${scalar}[]` as ArrayType;
    if (kind.kind === 'bigInteger') {
      const big: bigint[] = [];
      this.#readElements(type, () => big.push(this.#readBigInteger(scalar as 'int64')));
      return scalar === 'int64' ? BigInt64Array.from(big) : BigUint64Array.from(big);
    }
    const numbers: number[] = [];
    const readOne = (): void => {
      numbers.push(kind.kind === 'bool' ? Number(this.#readBool()) : this.#readComponent(kind, scalar));
    };
    this.#readElements(type, dimensions.length === 0 ? readOne : () => this.#readTuple(dimensions, 0, scalar, readOne));
    return storeNumbers(Float64Array.from(numbers), numbers.length, scalar, kind);
  }

  /** Lists in lists are read as one list, if they all have the same shape. */
  #readElements(type: ArrayType, readElement: () => void): void {
    const lexer = this.#lexer;
    /** Items per list at each depth, once one was closed. */
    const shape: number[] = [];
    let leafDepth = -1;
    const readList = (depth: number): void => {
      const start = lexer.offset;
      if (depth > 16) lexer.fail('lists are nested too deep');
      lexer.expect(OPEN_LIST, `before the elements of a ${type}`);
      let count = 0;
      lexer.skipLines();
      if (lexer.peek() !== CLOSE_LIST) {
        do {
          const isList = lexer.peek() === OPEN_LIST;
          if (!isList) {
            if (leafDepth >= 0 && leafDepth !== depth) lexer.fail(`elements of this ${type} are at different depths`);
            leafDepth = depth;
            readElement();
          } else {
            if (leafDepth >= 0 && leafDepth <= depth) lexer.fail(`elements of this ${type} are at different depths`);
            readList(depth + 1);
          }
          count++;
        } while (lexer.takeListSeparator(CLOSE_LIST, `a ${type}`));
      } else if (depth > 0) lexer.fail(`an inner list of a ${type} is empty`, start);
      lexer.expect(CLOSE_LIST, `after the elements of a ${type}`);
      if (depth > 0 && shape[depth] !== undefined && shape[depth] !== count)
        lexer.fail(`lists in this ${type} have ${shape[depth]} and ${count} items`, start);
      shape[depth] = count;
    };
    readList(0);
  }

  #readTuple(dimensions: readonly number[], level: number, scalar: ScalarType, readOne: () => void): void {
    const lexer = this.#lexer;
    const size = dimensions[level] as number;
    const start = lexer.offset;
    lexer.expect(OPEN_TUPLE, `before the components of a ${scalar}`);
    let count = 0;
    lexer.skipLines();
    do {
      if (count === size) lexer.fail(`this ${scalar} has more than ${size} components`, start);
      if (level + 1 < dimensions.length) this.#readTuple(dimensions, level + 1, scalar, readOne);
      else readOne();
      count++;
    } while (lexer.takeListSeparator(CLOSE_TUPLE, `a ${scalar}`));
    lexer.expect(CLOSE_TUPLE, `after the components of a ${scalar}`);
    if (count !== size) lexer.fail(`this ${scalar} has ${count} components instead of ${size}`, start);
  }

  #readComponent(kind: NumberKind, scalar: ScalarType): number {
    const lexer = this.#lexer;
    const value = lexer.readNumber(kind.what);
    switch (kind.kind) {
      case 'half':
      case 'float':
      case 'double':
        return rounded(value, kind.kind);
      default: {
        const whole = Math.trunc(value) + 0;
        if (!(whole >= kind.lowest && whole <= kind.highest))
          lexer.fail(`${lexer.numberText()} is outside the range of ${scalar}`, lexer.numberStart);
        return whole;
      }
    }
  }

  #readBigInteger(scalar: 'int64' | 'uint64'): bigint {
    const lexer = this.#lexer;
    const value = lexer.readNumber(`a number for a ${scalar}`);
    const [lowest, highest] = BIG_RANGES[scalar];
    if (lexer.numberEnd - lexer.numberStart > 400 || !Number.isFinite(value))
      lexer.fail(`this number is outside the range of ${scalar}`, lexer.numberStart);
    const whole = lexer.isInteger ? BigInt(lexer.numberText()) : BigInt(Math.trunc(value));
    if (whole < lowest || whole > highest) lexer.fail(`${lexer.numberText()} is outside the range of ${scalar}`, lexer.numberStart);
    return whole;
  }

  #readBool(): boolean {
    const lexer = this.#lexer;
    const start = lexer.offset;
    if (lexer.isAtNumber()) return lexer.readNumber('a bool') !== 0;
    const word = lexer.isAtString() ? lexer.readString('a bool') : lexer.readIdentifier('a bool');
    switch (word.toLowerCase()) {
      case 'true':
      case 'yes':
      case '1':
        return true;
      case 'false':
      case 'no':
      case '0':
        return false;
      default:
        return lexer.fail(`expected a bool, found '${word}'`, start);
    }
  }

  #readWord(scalar: ScalarType, anchor: Path): string | AssetPath {
    const lexer = this.#lexer;
    if (scalar === 'asset') return { path: lexer.readAssetPath() };
    const text = lexer.readString(`a ${scalar}`);
    return scalar === 'pathExpression' ? anchorPathExpression(text, anchor) : text;
  }

  #skipValue(depth: number): void {
    const lexer = this.#lexer;
    this.#allow('valueDepth', depth, 'values are nested deeper');
    const c = lexer.peek();
    if (c === OPEN_LIST || c === OPEN_TUPLE) {
      const closer = c === OPEN_LIST ? CLOSE_LIST : CLOSE_TUPLE;
      lexer.offset++;
      lexer.skipLines();
      if (lexer.peek() !== closer) {
        do this.#skipValue(depth + 1);
        while (lexer.takeListSeparator(closer, 'a value'));
      } else if (c === OPEN_TUPLE) lexer.fail('a tuple cannot be empty');
      lexer.expect(closer, 'after a value');
    } else if (lexer.isAtString()) lexer.readString('a value');
    else if (c === 64) lexer.readAssetPath();
    else if (c === 60) lexer.readPathText();
    else if (lexer.isAtNumber()) lexer.readNumber('a value');
    else lexer.readTypeName('a value');
  }
}

function numberKind(type: ScalarType): Omit<NumberKind, 'dimensions' | 'width' | 'what'> | undefined {
  if (type === 'bool') return { kind: 'bool', ...NOT_BOUNDED, kernel: undefined };
  if (type === 'int64' || type === 'uint64') return { kind: 'bigInteger', ...NOT_BOUNDED, kernel: undefined };
  const stem = type.replace(/[234]$/, '');
  const range = INTEGER_RANGES[stem];
  if (range !== undefined) return { kind: 'integer', lowest: range[0], highest: range[1], kernel: stem === 'int' ? 'i32' : undefined };
  if (stem === 'half' || type === 'quath') return { kind: 'half', ...NOT_BOUNDED, kernel: 'f32' };
  if (stem === 'float' || type === 'quatf') return { kind: 'float', ...NOT_BOUNDED, kernel: 'f32' };
  if (stem === 'double' || type === 'quatd' || type === 'timecode' || type.startsWith('matrix'))
    return { kind: 'double', ...NOT_BOUNDED, kernel: 'f64' };
  return undefined;
}

function isSameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}

/** What may follow a number or a tuple without a closer look: the end of a line, a list or a dictionary, or what comes next in it. */
function isElementEnd(c: number | undefined): boolean {
  return c === 10 || c === 44 || c === 13 || c === 41 || c === 93 || c === 125 || c === 59;
}

function rounded(value: number, kind: 'half' | 'float' | 'double'): number {
  if (kind === 'double') return value;
  return kind === 'float' ? Math.fround(value) : roundToHalf(value);
}

/** Numbers up to which copying one by one beats making a view to copy from. */
const FEW = 64;

/** Copies numbers into the array their type is stored in; undefined where an integer is out of range or not exact. */
function storeNumbers(numbers: Float64Array, count: number, scalar: ScalarType, kind: NumberKind): unknown {
  if (count < FEW && kind.kind === 'float') {
    const array = new Float32Array(count);
    for (let i = 0; i < count; i++) array[i] = numbers[i]!;
    return reorderQuaternions(array, scalar);
  }
  const source = numbers.subarray(0, count);
  switch (kind.kind) {
    case 'bool': {
      const array = new Uint8Array(count);
      for (let i = 0; i < count; i++) array[i] = source[i] === 0 ? 0 : 1;
      return array;
    }
    case 'bigInteger': {
      for (let i = 0; i < count; i++) if (!Number.isSafeInteger(source[i]!) || (scalar === 'uint64' && source[i]! < 0)) return undefined;
      const array = scalar === 'int64' ? new BigInt64Array(count) : new BigUint64Array(count);
      for (let i = 0; i < count; i++) array[i] = BigInt(source[i]!);
      return array;
    }
    case 'integer': {
      const { lowest, highest } = kind;
      for (let i = 0; i < count; i++) if (!(source[i]! >= lowest && source[i]! <= highest)) return undefined;
      if (scalar === 'uchar') return new Uint8Array(source);
      return scalar === 'uint' ? new Uint32Array(source) : new Int32Array(source);
    }
    case 'half':
      return reorderQuaternions(roundAllToHalf(new Float32Array(source)), scalar);
    case 'float':
      return reorderQuaternions(new Float32Array(source), scalar);
    default:
      return reorderQuaternions(source.slice(), scalar);
  }
}

/** Text has the real part first, memory has it last. */
function reorderQuaternions<T extends Float32Array | Float64Array>(array: T, scalar: ScalarType): T {
  if (!scalar.startsWith('quat')) return array;
  for (let i = 0; i + 3 < array.length; i += 4) {
    const real = array[i]!;
    array.copyWithin(i, i + 1, i + 4);
    array[i + 3] = real;
  }
  return array;
}
