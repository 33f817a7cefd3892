import type { LayerData } from '../sdf/layer-data.ts';
import type { Reporter } from '../tf/reporter.ts';
import { ByteSink } from './byte-sink.ts';
import { putCompressed, putIntegers32 } from './compressed-writer.ts';
import { CrateStrings } from './crate-strings.ts';
import { BOOTSTRAP_BYTES, CRATE_MAGIC, END_OF_FIELDS, SPEC_TYPES } from './layout.ts';
import { splitElement } from './path-element.ts';
import { UnwritableValueError } from './unwritable-value-error.ts';
import { ValueWriter } from './value-writer.ts';

/** Spec types that OpenUSD keeps no data of; what they say is in list ops. */
const SILENT_SPECS: ReadonlySet<string> = new Set(['connection', 'relationshipTarget']);

/**
 * Writes layer data as a crate: version 0.8.0, or as high as its values demand; sections and arrays compressed as
 * OpenUSD does, tokens, fields, field sets and values stored once. Source: usdc.md 16.
 *
 * @param reporter told of fields whose values crates cannot hold, single paths and text with NUL; they are left out
 * @throws UnwritableValueError on such values where there is no reporter
 */
export function writeUsdc(data: LayerData, reporter?: Reporter): Uint8Array {
  const sink = new ByteSink(1 << 16);
  sink.put(new Uint8Array(BOOTSTRAP_BYTES));
  const strings = new CrateStrings();
  strings.path('/');
  const values = new ValueWriter(sink, strings);
  const fields = new FieldTable();
  const specs: { path: number; fieldSet: number; type: number }[] = [];
  for (const path of data.paths()) {
    const type = data.specType(path);
    if (type === undefined || SILENT_SPECS.has(type)) continue;
    const set: number[] = [];
    for (const name of data.fieldNames(path)) {
      const value = data.field(path, name);
      if (value === undefined) continue;
      try {
        set.push(fields.field(strings.token(name), values.write(value)));
      } catch (error) {
        if (!(error instanceof UnwritableValueError) || reporter === undefined) throw error;
        reporter.report({
          code: 'usdc-unwritable',
          severity: 'warning',
          path,
          message: `${name} of <${path}> is left out: ${error.message}`,
        });
      }
    }
    specs.push({ path: strings.path(path), fieldSet: fields.set(set), type: SPEC_TYPES.indexOf(type) });
  }

  const sections: { name: string; start: number; size: number }[] = [];
  const section = (name: string, put: () => void): void => {
    const start = sink.length;
    put();
    sections.push({ name, start, size: sink.length - start });
  };
  const pathTree = encodePaths(strings);
  section('TOKENS', () => putTokens(sink, strings.tokens));
  section('STRINGS', () => {
    sink.u64(strings.strings.length);
    for (const token of strings.strings) sink.u32(token);
  });
  section('FIELDS', () => fields.putFields(sink));
  section('FIELDSETS', () => fields.putSets(sink));
  section('PATHS', () => {
    sink.u64(strings.paths.length);
    sink.u64(pathTree.indexes.length);
    putIntegers32(sink, pathTree.indexes);
    putIntegers32(sink, pathTree.elements);
    putIntegers32(sink, pathTree.jumps);
  });
  section('SPECS', () => {
    sink.u64(specs.length);
    putIntegers32(
      sink,
      Uint32Array.from(specs, (spec) => spec.path),
    );
    putIntegers32(
      sink,
      Uint32Array.from(specs, (spec) => spec.fieldSet),
    );
    putIntegers32(
      sink,
      Uint32Array.from(specs, (spec) => spec.type),
    );
  });
  const tocOffset = sink.length;
  sink.u64(sections.length);
  for (const { name, start, size } of sections) {
    sink.put(Uint8Array.from({ length: 16 }, (_, i) => name.charCodeAt(i) || 0));
    sink.u64(start);
    sink.u64(size);
  }

  const bytes = sink.bytes.slice();
  bytes.set(CRATE_MAGIC);
  bytes.set([values.version >> 16, (values.version >> 8) & 0xff, values.version & 0xff], 8);
  new DataView(bytes.buffer).setBigInt64(16, BigInt(tocOffset), true);
  return bytes;
}

class FieldTable {
  readonly #names: number[] = [];
  readonly #reps: bigint[] = [];
  readonly #fieldIndex = new Map<string, number>();
  readonly #sets: number[] = [];
  readonly #setStart = new Map<string, number>();

  field(name: number, rep: bigint): number {
    const key = `${name} ${rep}`;
    let index = this.#fieldIndex.get(key);
    if (index === undefined) {
      index = this.#names.push(name) - 1;
      this.#reps.push(rep);
      this.#fieldIndex.set(key, index);
    }
    return index;
  }

  /** Where the run of these fields begins. */
  set(fields: readonly number[]): number {
    const key = fields.join(' ');
    let start = this.#setStart.get(key);
    if (start === undefined) {
      start = this.#sets.length;
      this.#sets.push(...fields, END_OF_FIELDS);
      this.#setStart.set(key, start);
    }
    return start;
  }

  putFields(sink: ByteSink): void {
    sink.u64(this.#names.length);
    putIntegers32(sink, Uint32Array.from(this.#names));
    const reps = BigUint64Array.from(this.#reps);
    if (reps.length === 0) sink.u64(0);
    else putCompressed(sink, new Uint8Array(reps.buffer));
  }

  putSets(sink: ByteSink): void {
    sink.u64(this.#sets.length);
    putIntegers32(sink, Uint32Array.from(this.#sets));
  }
}

/** UTF-8, but for the lone surrogates that stand for bytes that are none (`tf/text-decoding.ts`). */
function encodeText(text: string): Uint8Array {
  const encoder = new TextEncoder();
  const parts = text.split(/(?<![\ud800-\udbff])([\udc80-\udcff])/);
  if (parts.length === 1) return encoder.encode(text);
  const sink = new ByteSink(text.length + 16);
  parts.forEach((part, i) => (i % 2 === 0 ? sink.put(encoder.encode(part)) : sink.u8(part.charCodeAt(0) & 0xff)));
  return sink.bytes;
}

function putTokens(sink: ByteSink, tokens: readonly string[]): void {
  const text = encodeText(`${tokens.join('\0')}\0`);
  sink.u64(tokens.length);
  sink.u64(text.length);
  putCompressed(sink, text);
}

/** The path tree in depth-first order. Jumps: -2 leaf, -1 only a child, 0 only a sibling, else how far the sibling is. */
function encodePaths(strings: CrateStrings): { indexes: Uint32Array; elements: Int32Array; jumps: Int32Array } {
  const children = new Map<number, number[]>();
  let count = 0;
  for (const [index, path] of strings.paths.entries()) {
    if (path === '') continue;
    count++;
    const element = splitElement(path);
    if (element === undefined) continue;
    const parent = strings.path(element.parent);
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [index]);
    else siblings.push(index);
  }
  const indexes = new Uint32Array(count);
  const elements = new Int32Array(count);
  const jumps = new Int32Array(count);
  let at = 0;
  const pending: { index: number; depth: number; isLast: boolean }[] = [{ index: strings.path('/'), depth: 0, isLast: true }];
  /** By depth: where the element visited last is, as long as its siblings are being visited. */
  const lastAtDepth: number[] = [];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { index, depth, isLast } = next;
    const here = at++;
    const before = lastAtDepth[depth];
    if (before !== undefined && jumps[before] === TO_SIBLING) jumps[before] = here - before;
    lastAtDepth[depth] = here;
    lastAtDepth.length = depth + 1;
    indexes[here] = index;
    const element = splitElement(strings.paths[index] as string);
    const token = element === undefined ? 0 : strings.token(element.text);
    elements[here] = element?.isPrimProperty === true ? -token : token;
    const own = children.get(index) ?? [];
    jumps[here] = own.length === 0 ? (isLast ? -2 : 0) : isLast ? -1 : TO_SIBLING;
    for (let i = own.length - 1; i >= 0; i--) pending.push({ index: own[i] as number, depth: depth + 1, isLast: i === own.length - 1 });
  }
  return { indexes, elements, jumps };
}

/** Stands for a jump until the sibling's place is known. */
const TO_SIBLING = 0x7fffffff;
