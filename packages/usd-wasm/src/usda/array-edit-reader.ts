import type { Path } from '../sdf/path.ts';
import {
  COMPONENT_COUNT,
  makeValue,
  type ArrayEdit,
  type ArrayEditInstruction,
  type ArrayType,
  type ScalarType,
  type Value,
} from '../vt/value.ts';
import type { Lexer } from './lexer.ts';
import type { ValueReader } from './values.ts';

/** Array constructors of the types that are stored in one. */
const STORES: readonly (readonly [pattern: RegExp, store: new (length: number) => { [index: number]: number | bigint }])[] = [
  [/^(?:bool|uchar)$/, Uint8Array],
  [/^int[234]?$/, Int32Array],
  [/^uint$/, Uint32Array],
  [/^int64$/, BigInt64Array],
  [/^uint64$/, BigUint64Array],
  [/^(?:half|float)[234]?$|^quat[hf]$/, Float32Array],
  [/^double[234]?$|^quatd$|^timecode$|^matrix[234]d$/, Float64Array],
];

/** One operand: an element of the array as it is then, or a value in the text. */
type Operand = { readonly source: 'literal' | 'element'; readonly from: number };

/** Reads `edit [ … ]`, changes to a weaker array (usda.md section 5.3). */
export function readArrayEdit(lexer: Lexer, values: ValueReader, elementType: ScalarType, anchor: Path): ArrayEdit {
  const literals: Value[] = [];
  const instructions: ArrayEditInstruction[] = [];
  const index = (): number | 'end' => {
    lexer.expect(91, 'before an index');
    lexer.skipBlanks();
    const result = lexer.takeWord('end') ? 'end' : readWhole(lexer);
    lexer.skipBlanks();
    lexer.expect(93, 'after an index');
    return result;
  };
  const elementIndex = (): number => {
    const start = lexer.offset;
    const result = index();
    return result === 'end' ? lexer.fail("only 'insert' goes to [end]", start) : result;
  };
  const literal = (): number => literals.push(values.readScalar(elementType, anchor)) - 1;
  const operand = (): Operand =>
    lexer.peek() === 91 ? { source: 'element', from: elementIndex() } : { source: 'literal', from: literal() };
  const word = (expected: string): void => {
    lexer.skipBlanks();
    if (!lexer.takeWord(expected)) lexer.fail(`expected '${expected}', found ${lexer.describeNext()}`);
    lexer.skipBlanks();
  };
  const fill = (): { readonly fill?: number } => {
    lexer.skipBlanks();
    if (!lexer.takeWord('fill')) return {};
    lexer.skipBlanks();
    return { fill: literal() };
  };

  lexer.skipBlanks();
  lexer.expect(91, 'before array edits');
  for (;;) {
    lexer.skipLines();
    if (lexer.take(93)) break;
    const start = lexer.offset;
    const verb = lexer.readIdentifier('an array edit');
    lexer.skipBlanks();
    switch (verb) {
      case 'write': {
        const from = operand();
        word('to');
        instructions.push({ op: 'write', ...from, to: elementIndex() });
        break;
      }
      case 'insert': {
        const from = operand();
        word('at');
        instructions.push({ op: 'insert', ...from, to: index() });
        break;
      }
      case 'prepend':
        instructions.push({ op: 'insert', ...operand(), to: 0 });
        break;
      case 'append':
        instructions.push({ op: 'insert', ...operand(), to: 'end' });
        break;
      case 'erase':
        instructions.push({ op: 'erase', at: elementIndex() });
        break;
      case 'minsize':
        instructions.push({ op: 'minSize', size: readWhole(lexer), ...fill() });
        break;
      case 'resize':
        instructions.push({ op: 'setSize', size: readWhole(lexer), ...fill() });
        break;
      case 'maxsize':
        instructions.push({ op: 'maxSize', size: readWhole(lexer) });
        break;
      default:
        lexer.fail(`'${verb}' is no array edit`, start);
    }
    if (!lexer.takeStatementEnd() && lexer.peek() !== 93)
      lexer.fail(`expected ';' or ']' after an array edit, found ${lexer.describeNext()}`);
  }
  return { elementType, literals: packScalars(elementType, literals), instructions };
}

function readWhole(lexer: Lexer): number {
  const value = lexer.readNumber('a whole number');
  if (!lexer.isInteger || !Number.isSafeInteger(value))
    lexer.fail(`expected a whole number, found ${lexer.numberText()}`, lexer.numberStart);
  return value;
}

/** Scalars of one type as one array value. */
function packScalars(type: ScalarType, scalars: readonly Value[]): Value {
  const arrayType = `${type}[]` as ArrayType;
  const Store = STORES.find(([pattern]) => pattern.test(type))?.[1];
  if (Store === undefined)
    return makeValue(
      arrayType as 'string[]',
      scalars.map((scalar) => scalar.value as string),
    );
  const width = COMPONENT_COUNT[type];
  const array = new Store(scalars.length * width);
  scalars.forEach((scalar, i) => {
    const components = (width === 1 ? [scalar.value] : scalar.value) as readonly (number | bigint | boolean)[];
    components.forEach((component, k) => {
      array[i * width + k] = typeof component === 'boolean' ? Number(component) : component;
    });
  });
  return makeValue(arrayType as 'double[]', array as unknown as Float64Array);
}
