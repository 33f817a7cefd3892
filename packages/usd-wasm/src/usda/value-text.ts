import { elementDimensions } from '../sdf/value-type.ts';
import { COMPONENT_COUNT, isArrayType, type AssetPath, type Dictionary, type ScalarType, type Value } from '../vt/value.ts';
import { doubleText, floatText, halfText } from './number-text.ts';

/** A quoted string: `"`, or `'` where that saves escapes; three of them where there are line ends. */
export function quote(text: string): string {
  const mark = text.includes('"') && !text.includes("'") ? "'" : '"';
  const isMultiLine = text.includes('\n');
  if (!isMultiLine && /^[ !#-&(-[\]-~]*$/.test(text)) return mark + text + mark;
  let result = '';
  for (const character of text) result += escapeCharacter(character, mark, isMultiLine);
  const marks = isMultiLine ? mark.repeat(3) : mark;
  return marks + result + marks;
}

/** `@path@`, or `@@@path@@@` where the path holds an `@`. */
export function assetPathText(path: string): string {
  return path.includes('@') ? `@@@${path.replaceAll('@@@', '\\@@@')}@@@` : `@${path}@`;
}

/** Text of a plain value, scalar or array, as it stands behind `=`; undefined for types that are not plain. */
export function valueText(value: Value): string | undefined {
  switch (value.type) {
    case 'block':
      return 'None';
    case 'animationBlock':
      return 'AnimationBlock';
    case 'unregistered':
      return value.value;
    case 'path':
      return `<${value.value}>`;
    case 'tokenVector':
    case 'stringVector':
      return `[${value.value.map(quote).join(', ')}]`;
    case 'doubleVector':
      return `[${Array.from(value.value, doubleText).join(', ')}]`;
    case 'pathVector':
      return `[${value.value.map((path) => `<${path}>`).join(', ')}]`;
    default:
  }
  if (isArrayType(value.type)) return arrayText(value.type.slice(0, -2) as ScalarType, value.value as ArrayLike<unknown>);
  return value.type in COMPONENT_COUNT ? scalarText(value.type as ScalarType, value.value) : undefined;
}

/** Writes a dictionary: `head`, which ends in `{`, then one sorted entry per line. Types without a text form are left out. */
export function writeDictionary(head: string, entries: Dictionary, indent: string, line: (text: string) => void): void {
  line(head);
  for (const key of [...entries.keys()].sort()) {
    const value = entries.get(key) as Value;
    const typeName = entryTypeName(value);
    if (typeName === undefined) continue;
    const entry = `${indent}    ${typeName} ${keyText(key)} = `;
    if (value.type === 'dictionary') writeDictionary(`${entry}{`, value.value, `${indent}    `, line);
    else line(`${entry}${valueText(value)}`);
  }
  line(`${indent}}`);
}

/** A dictionary on one line, entries sorted. */
export function dictionaryLine(entries: Dictionary): string {
  const parts: string[] = [];
  for (const key of [...entries.keys()].sort()) {
    const value = entries.get(key) as Value;
    const typeName = entryTypeName(value);
    if (typeName === undefined) continue;
    const text = value.type === 'dictionary' ? dictionaryLine(value.value) : valueText(value);
    parts.push(`${typeName} ${keyText(key)} = ${text}`);
  }
  return `{ ${parts.join('; ')} }`;
}

function keyText(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? key : quote(key);
}

/** Name of the type of a plain value, for dictionary entries; undefined for types that entries cannot have. */
function entryTypeName(value: Value): string | undefined {
  switch (value.type) {
    case 'dictionary':
      return 'dictionary';
    case 'tokenVector':
      return 'token[]';
    case 'stringVector':
      return 'string[]';
    case 'doubleVector':
      return 'double[]';
    default:
      return isArrayType(value.type) || value.type in COMPONENT_COUNT ? value.type : undefined;
  }
}

function scalarText(type: ScalarType, value: unknown): string {
  const component = componentText(type);
  if (COMPONENT_COUNT[type] === 1) return component(value);
  return elementText(type, value as ArrayLike<unknown>, 0, component);
}

function arrayText(type: ScalarType, values: ArrayLike<unknown>): string {
  const component = componentText(type);
  const width = COMPONENT_COUNT[type];
  const elements: string[] = [];
  if (width === 1) for (let i = 0; i < values.length; i++) elements.push(component(values[i]));
  else for (let i = 0; i + width <= values.length; i += width) elements.push(elementText(type, values, i, component));
  return `[${elements.join(', ')}]`;
}

/** Text of one tuple, quaternion (real part first) or matrix (rows). */
function elementText(type: ScalarType, values: ArrayLike<unknown>, at: number, component: (value: unknown) => string): string {
  if (type.startsWith('quat')) return `(${[3, 0, 1, 2].map((k) => component(values[at + k])).join(', ')})`;
  const dimensions = elementDimensions(type);
  const columns = dimensions.at(-1) as number;
  const row = (from: number): string => {
    let text = `(${component(values[from])}`;
    for (let k = 1; k < columns; k++) text += `, ${component(values[from + k])}`;
    return `${text})`;
  };
  if (dimensions.length === 1) return row(at);
  return `( ${Array.from({ length: dimensions[0] as number }, (_, r) => row(at + r * columns)).join(', ')} )`;
}

function componentText(type: ScalarType): (value: unknown) => string {
  if (type === 'bool') return (value) => (value ? '1' : '0');
  if (type === 'string' || type === 'token' || type === 'pathExpression') return (value) => quote(value as string);
  if (type === 'asset') return (value) => assetPathText((value as AssetPath).path);
  if (/^half[234]?$|^quath$/.test(type)) return (value) => halfText(value as number);
  if (/^float[234]?$|^quatf$/.test(type)) return (value) => floatText(value as number);
  if (/^(?:double|timecode|matrix|quatd)/.test(type)) return (value) => doubleText(value as number);
  return String;
}

function escapeCharacter(character: string, mark: string, isMultiLine: boolean): string {
  const c = character.codePointAt(0) as number;
  switch (character) {
    case mark:
      return `\\${mark}`;
    case '\\':
      return '\\\\';
    case '\n':
      return isMultiLine ? character : '\\n';
    case '\r':
      return '\\r';
    case '\t':
      return '\\t';
    default:
  }
  if (c < 32 || c === 127) return `\\x${c.toString(16).padStart(2, '0')}`;
  // A byte that is not UTF-8: see tf/text-decoding.ts. Other lone surrogates cannot be written.
  if (c >= 0xdc80 && c <= 0xdcff) return `\\x${(c - 0xdc00).toString(16)}`;
  return c >= 0xd800 && c <= 0xdfff ? '\ufffd' : character;
}
