import { COMPONENT_COUNT, makeValue, type ArrayEdit, type Tuple3, type Value } from '../vt/value.ts';
import { valueText } from './value-text.ts';

/** `edit [ … ]` (usda.md section 5.3); needs version 1.2. */
export function arrayEditText(edit: ArrayEdit): string {
  const literal = (index: number): string => {
    const scalar = literalOf(edit, index);
    return scalar === undefined ? 'None' : (valueText(scalar) ?? 'None');
  };
  const operations = edit.instructions.map((instruction) => {
    switch (instruction.op) {
      case 'write':
      case 'insert': {
        const source = instruction.source === 'literal' ? literal(instruction.from) : `[${instruction.from}]`;
        return `${instruction.op} ${source} ${instruction.op === 'write' ? 'to' : 'at'} [${instruction.to}]`;
      }
      case 'erase':
        return `erase [${instruction.at}]`;
      case 'maxSize':
        return `maxsize ${instruction.size}`;
      default:
        return `${instruction.op === 'minSize' ? 'minsize' : 'resize'} ${instruction.size}${instruction.fill === undefined ? '' : ` fill ${literal(instruction.fill)}`}`;
    }
  });
  return `edit [${operations.join('; ')}]`;
}

/** One literal of an array edit as a scalar value; undefined where there is none of that index. */
function literalOf(edit: ArrayEdit, index: number): Value | undefined {
  const values = edit.literals.value as ArrayLike<unknown>;
  const width = COMPONENT_COUNT[edit.elementType];
  if (index < 0 || (index + 1) * width > values.length) return undefined;
  const components = Array.from({ length: width }, (_, k) => values[index * width + k]);
  return makeValue(edit.elementType as 'double3', (width === 1 ? components[0] : components) as unknown as Tuple3);
}
