/** Sparse array edits. Source: OpenUSD vt/arrayEdit.h; values.md section 1.1. */
import { COMPONENT_COUNT, isArrayType, type ArrayEdit, type ScalarType, type Value } from '../vt/value.ts';

/** Edits may ask for any size: they make no arrays beyond this many elements, and move no more than so many in all. */
const MAX_ELEMENTS = 1 << 22;
const MAX_MOVES = 1 << 28;

const INTEGER_ARRAYS: Readonly<Record<string, (length: number) => { [index: number]: unknown; readonly length: number }>> = {
  bool: (n) => new Uint8Array(n),
  uchar: (n) => new Uint8Array(n),
  int: (n) => new Int32Array(n),
  uint: (n) => new Uint32Array(n),
  int64: (n) => new BigInt64Array(n),
  uint64: (n) => new BigUint64Array(n),
};

/** An array value without elements. */
export function emptyArrayOf(elementType: ScalarType): Value {
  return fromElements(elementType, []);
}

/** Applies an edit to a dense array; a value of another type stays as it is. */
export function applyArrayEdit(edit: ArrayEdit, base: Value): Value {
  if (base.type !== `${edit.elementType}[]`) return base;
  const width = COMPONENT_COUNT[edit.elementType];
  const elements = toElements(base, width);
  const literals = isArrayType(edit.literals.type) ? toElements(edit.literals, width) : [];
  const zero = zeroOf(edit.elementType, width);
  let moves = 0;
  for (const instruction of edit.instructions) {
    switch (instruction.op) {
      case 'write':
      case 'insert': {
        const source = instruction.source === 'literal' ? literals[instruction.from] : elements[indexOf(instruction.from, elements.length)];
        const to = instruction.to === 'end' ? elements.length : indexOf(instruction.to, elements.length);
        if (source === undefined || to < 0) break;
        if (instruction.op === 'write') {
          if (to < elements.length) elements[to] = source;
        } else if (to <= elements.length && elements.length < MAX_ELEMENTS && (moves += elements.length - to) <= MAX_MOVES)
          elements.splice(to, 0, source);
        break;
      }
      case 'erase': {
        const at = indexOf(instruction.at, elements.length);
        if (at >= 0 && at < elements.length && (moves += elements.length - at) <= MAX_MOVES) elements.splice(at, 1);
        break;
      }
      case 'maxSize':
        if (elements.length > instruction.size) elements.length = Math.max(0, instruction.size);
        break;
      case 'minSize':
      case 'setSize': {
        if (instruction.op === 'setSize' && elements.length > instruction.size) elements.length = Math.max(0, instruction.size);
        const fill = instruction.fill === undefined ? zero : (literals[instruction.fill] ?? zero);
        const size = Math.min(instruction.size, MAX_ELEMENTS);
        while (elements.length < size) elements.push(fill);
        break;
      }
    }
  }
  return fromElements(edit.elementType, elements);
}

function indexOf(index: number, length: number): number {
  return index < 0 ? index + length : index;
}

function toElements(value: Value, width: number): unknown[][] {
  const flat = value.value as ArrayLike<unknown>;
  const elements: unknown[][] = [];
  for (let i = 0; i + width <= flat.length; i += width) {
    const element: unknown[] = [];
    for (let c = 0; c < width; c++) element.push(flat[i + c]);
    elements.push(element);
  }
  return elements;
}

function fromElements(elementType: ScalarType, elements: readonly (readonly unknown[])[]): Value {
  const width = COMPONENT_COUNT[elementType];
  const length = elements.length * width;
  const base = elementType.replace(/[234]d?$/, '');
  let flat: { [index: number]: unknown; readonly length: number };
  if (['string', 'token', 'asset', 'pathExpression'].includes(elementType)) flat = new Array<unknown>(length);
  else if (/^(half|float|quat[hf])/.test(elementType)) flat = new Float32Array(length) as never;
  else flat = INTEGER_ARRAYS[elementType]?.(length) ?? INTEGER_ARRAYS[base]?.(length) ?? (new Float64Array(length) as never);
  elements.forEach((element, i) => element.forEach((component, c) => (flat[i * width + c] = component)));
  return { type: `${elementType}[]`, value: flat } as unknown as Value;
}

function zeroOf(elementType: ScalarType, width: number): unknown[] {
  if (elementType === 'asset') return [{ path: '' }];
  if (elementType === 'string' || elementType === 'token' || elementType === 'pathExpression') return [''];
  if (elementType === 'int64' || elementType === 'uint64') return [0n];
  if (elementType.startsWith('matrix')) {
    const rows = Math.sqrt(width);
    return Array.from({ length: width }, (_, i) => (i % (rows + 1) === 0 ? 1 : 0));
  }
  const zero = new Array<number>(width).fill(0);
  if (elementType.startsWith('quat')) zero[3] = 1;
  return zero;
}
