/**
 * Encodes values into the value area of a crate and gives their ValueReps. Equal flat values are stored once.
 * Source: usdc.md 4-14; OpenUSD sdf/crateFile.cpp, crateValueInliners.h.
 */
import type { ListOp } from '../sdf/list-op.ts';
import {
  COMPONENT_COUNT,
  isArrayType,
  type ArrayEdit,
  type Dictionary,
  type ReferenceItem,
  type ScalarType,
  type Spline,
  type TimeSamples,
  type Value,
} from '../vt/value.ts';
import { encodeArrayEdit } from './array-edit-writer.ts';
import { encodeArray } from './array-writer.ts';
import { ByteSink } from './byte-sink.ts';
import type { CrateStrings } from './crate-strings.ts';
import { numberToHalfBits } from './half.ts';
import {
  COMPONENT_KIND,
  LIST_OP,
  REP_ARRAY,
  REP_ARRAY_EDIT,
  REP_COMPRESSED,
  REP_INLINED,
  SCALAR_TYPES,
  TYPE,
  VERSION,
  crateVersion,
  type ComponentKind,
  type CrateVersion,
} from './layout.ts';
import { encodeSpline, hasTangentAlgorithms } from './spline-writer.ts';
import { UnwritableValueError } from './unwritable-value-error.ts';

/** A ValueRep as its 64 bits. */
export type Rep = bigint;

const TYPE_NUMBERS: ReadonlyMap<string, number> = new Map(
  SCALAR_TYPES.flatMap((type, number) => (type === undefined ? [] : [[type, number] as const])),
);
const SPECIFIERS = ['def', 'over', 'class'];
const PERMISSIONS = ['public', 'private'];

export class ValueWriter {
  readonly #sink: ByteSink;
  readonly #strings: CrateStrings;
  /** Offsets of stored bytes by type and hash. */
  readonly #stored = new Map<string, { readonly at: number; readonly length: number }[]>();
  /** The least version that can hold what was written. */
  version: CrateVersion = VERSION.payloadOffsets;

  constructor(sink: ByteSink, strings: CrateStrings) {
    this.#sink = sink;
    this.#strings = strings;
  }

  write(value: Value): Rep {
    if (isArrayType(value.type)) return this.#array(value.type.slice(0, -2) as ScalarType, value.value);
    const number = TYPE_NUMBERS.get(value.type);
    return number === undefined ? this.#other(value) : this.#scalar(value.type as ScalarType, number, value.value);
  }

  #array(type: ScalarType, data: unknown): Rep {
    const number = TYPE_NUMBERS.get(type) as number;
    this.#requireFor(type);
    const length = (data as ArrayLike<unknown>).length;
    if (length === 0) return rep(REP_ARRAY, number, 0);
    const { bytes, isCompressed } = encodeArray(type, data, this.#strings);
    const body = new ByteSink(bytes.length + 8);
    body.u64(length / COMPONENT_COUNT[type]);
    body.put(bytes);
    return rep(isCompressed ? REP_ARRAY | REP_COMPRESSED : REP_ARRAY, number, this.#store(number | 256, body.bytes, isCompressed ? 1 : 8));
  }

  #scalar(type: ScalarType, number: number, data: unknown): Rep {
    this.#requireFor(type);
    const inlined = this.#inline(type, data);
    if (inlined !== undefined) return rep(REP_INLINED, number, inlined);
    const body = new ByteSink(128);
    if (type === 'int64' || type === 'uint64') body.big(data as bigint);
    else if (type === 'pathExpression') body.u32(this.#strings.string(data as string));
    else
      for (const component of typeof data === 'number' ? [data] : (data as readonly number[]))
        putComponent(body, COMPONENT_KIND[type], component);
    return rep(0, number, this.#store(number, body.bytes, 1));
  }

  /** The 32 bits that stand for the value, where it has such a form. */
  #inline(type: ScalarType, data: unknown): number | undefined {
    switch (type) {
      case 'bool':
        return data === true ? 1 : 0;
      case 'uchar':
      case 'uint':
      case 'int':
        return (data as number) >>> 0;
      case 'half':
        return numberToHalfBits(data as number);
      case 'float':
        return bitsOfFloat(data as number);
      case 'double':
        return Math.fround(data as number) === data && Number.isFinite(data) ? bitsOfFloat(data as number) : undefined;
      case 'int64':
        return BigInt.asIntN(32, data as bigint) === data ? Number(data) >>> 0 : undefined;
      case 'uint64':
        return BigInt.asUintN(32, data as bigint) === data ? Number(data) : undefined;
      case 'string':
        return this.#strings.string(data as string);
      case 'token':
        return this.#strings.token(data as string);
      case 'asset':
        return this.#strings.token((data as { path: string }).path);
      case 'half2':
        return (data as number[]).reduceRight((bits, value) => (bits << 16) | numberToHalfBits(value), 0) >>> 0;
      case 'matrix2d':
      case 'matrix3d':
      case 'matrix4d':
        return inlineDiagonal(data as readonly number[]);
      case 'timecode':
      case 'pathExpression':
      case 'quath':
      case 'quatf':
      case 'quatd':
        return undefined;
      default:
        return inlineBytes(data as readonly number[]);
    }
  }

  #other(value: Value): Rep {
    switch (value.type) {
      case 'block':
        return rep(REP_INLINED, TYPE.block, 0);
      case 'animationBlock':
        return rep(REP_INLINED, TYPE.animationBlock, 0);
      case 'specifier':
        return rep(REP_INLINED, TYPE.specifier, SPECIFIERS.indexOf(value.value));
      case 'permission':
        return rep(REP_INLINED, TYPE.permission, PERMISSIONS.indexOf(value.value));
      case 'variability':
        return rep(REP_INLINED, TYPE.variability, value.value === 'varying' ? 0 : 1);
      case 'dictionary': {
        if (value.value.size === 0) return rep(REP_INLINED, TYPE.dictionary, 0);
        const body = new ByteSink();
        this.#putDictionary(body, value.value);
        return this.#stored1(TYPE.dictionary, body);
      }
      case 'tokenListOp':
        return this.#listOp(TYPE.tokenListOp, value.value, (body, item) => body.u32(this.#strings.token(item)));
      case 'stringListOp':
        return this.#listOp(TYPE.stringListOp, value.value, (body, item) => body.u32(this.#strings.string(item)));
      case 'pathListOp':
        return this.#listOp(TYPE.pathListOp, value.value, (body, item) => body.u32(this.#strings.path(item)));
      case 'intListOp':
        return this.#listOp(TYPE.intListOp, value.value, (body, item) => body.i32(item));
      case 'uintListOp':
        return this.#listOp(TYPE.uintListOp, value.value, (body, item) => body.u32(item));
      case 'int64ListOp':
        return this.#listOp(TYPE.int64ListOp, value.value, (body, item) => body.big(item));
      case 'uint64ListOp':
        return this.#listOp(TYPE.uint64ListOp, value.value, (body, item) => body.big(item));
      case 'referenceListOp':
        return this.#listOp(TYPE.referenceListOp, value.value, (body, item) => {
          this.#putArc(body, item);
          this.#putDictionary(body, item.customData ?? new Map());
        });
      case 'payloadListOp':
        return this.#listOp(TYPE.payloadListOp, value.value, (body, item) => this.#putArc(body, item));
      case 'unregisteredListOp':
        return this.#listOp(TYPE.unregisteredListOp, value.value, (body, item) => putBoxed(body, this.write(asRegistered(item))));
      case 'unregistered': {
        const body = new ByteSink();
        putBoxed(body, this.write(asRegistered(value)));
        return this.#stored1(TYPE.unregistered, body);
      }
      case 'pathVector':
        return this.#vector(TYPE.pathVector, value.value, (body, item) => body.u32(this.#strings.path(item)));
      case 'tokenVector':
        return this.#vector(TYPE.tokenVector, value.value, (body, item) => body.u32(this.#strings.token(item)));
      case 'stringVector':
        return this.#vector(TYPE.stringVector, value.value, (body, item) => body.u32(this.#strings.string(item)));
      case 'doubleVector':
        return this.#vector(TYPE.doubleVector, [...value.value], (body, item) => body.f64(item));
      case 'layerOffsetVector':
        return this.#vector(TYPE.layerOffsetVector, value.value, (body, item) => {
          body.f64(item.offset);
          body.f64(item.scale);
        });
      case 'variantSelectionMap':
        return this.#vector(
          TYPE.variantSelectionMap,
          [...value.value].sort(([a], [b]) => (a < b ? -1 : 1)),
          (body, [set, selection]) => {
            body.u32(this.#strings.string(set));
            body.u32(this.#strings.string(selection));
          },
        );
      case 'relocates':
        this.#require(VERSION.relocates);
        return this.#vector(TYPE.relocates, value.value, (body, [source, target]) => {
          body.u32(this.#strings.path(source));
          body.u32(this.#strings.path(target));
        });
      case 'timeSamples':
        return this.#timeSamples(value.value);
      case 'spline':
        return this.#spline(value.value);
      case 'arrayEdit':
        return this.#arrayEdit(value.value);
      default:
        throw new UnwritableValueError(`crates have no type for a ${value.type}`);
    }
  }

  #listOp<T>(type: number, op: ListOp<T>, put: (body: ByteSink, item: T) => void): Rep {
    const lists: readonly (readonly [number, readonly T[]])[] = [
      [LIST_OP.explicitItems, op.explicitItems],
      [LIST_OP.added, op.addedItems],
      [LIST_OP.prepended, op.prependedItems],
      [LIST_OP.appended, op.appendedItems],
      [LIST_OP.deleted, op.deletedItems],
      [LIST_OP.ordered, op.orderedItems],
    ];
    const present = lists.filter(([, items]) => items.length > 0);
    const body = new ByteSink();
    body.u8(present.reduce((bits, [bit]) => bits | bit, op.isExplicit ? LIST_OP.explicit : 0));
    for (const [, items] of present) {
      body.u64(items.length);
      for (const item of items) put(body, item);
    }
    return this.#stored1(type, body);
  }

  #vector<T>(type: number, items: readonly T[], put: (body: ByteSink, item: T) => void): Rep {
    const body = new ByteSink();
    body.u64(items.length);
    for (const item of items) put(body, item);
    return this.#stored1(type, body);
  }

  #putArc(body: ByteSink, item: ReferenceItem): void {
    body.u32(this.#strings.string(item.assetPath));
    body.u32(this.#strings.path(item.primPath));
    body.f64(item.layerOffset.offset);
    body.f64(item.layerOffset.scale);
  }

  /** Values of entries are written to the value area first, so their reps can follow the keys at once. */
  #putDictionary(body: ByteSink, dictionary: Dictionary): void {
    body.u64(dictionary.size);
    for (const [key, value] of dictionary) {
      const valueRep = this.write(value);
      body.u32(this.#strings.string(key));
      putBoxed(body, valueRep);
    }
  }

  #timeSamples(samples: TimeSamples): Rep {
    const times = this.#vector(TYPE.doubleVector, [...samples.times], (body, time) => body.f64(time));
    const reps = Array.from(samples.times, (_, i) => this.write(samples.value(i)));
    const body = new ByteSink();
    putBoxed(body, times);
    body.u64(8);
    body.u64(reps.length);
    for (const valueRep of reps) body.big(valueRep);
    return this.#stored1(TYPE.timeSamples, body);
  }

  #spline(spline: Spline): Rep {
    this.#require(hasTangentAlgorithms(spline) ? crateVersion(0, 13, 0) : VERSION.splines);
    const body = new ByteSink();
    const blob = encodeSpline(spline);
    body.u64(blob.length);
    body.put(blob);
    const custom = spline.knots.filter((knot) => knot.customData !== undefined);
    body.u64(custom.length);
    for (const knot of custom) {
      body.f64(knot.time);
      this.#putDictionary(body, knot.customData as Dictionary);
    }
    return this.#stored1(TYPE.spline, body);
  }

  #arrayEdit(edit: ArrayEdit): Rep {
    this.#require(VERSION.newest);
    const number = TYPE_NUMBERS.get(edit.elementType) as number;
    if (edit.instructions.length === 0) return rep(REP_ARRAY_EDIT, number, 0);
    const body = new ByteSink();
    body.big(this.write(edit.literals));
    body.big(this.write({ type: 'int64[]', value: encodeArrayEdit(edit.instructions) }));
    body.u8(0);
    return rep(REP_ARRAY_EDIT, number, this.#store(number | 512, body.bytes, 1));
  }

  #stored1(type: number, body: ByteSink): Rep {
    return rep(0, type, this.#store(type, body.bytes, 1));
  }

  /** Offset of these bytes in the value area: where the same ones are already, or at its end. */
  #store(kind: number, bytes: Uint8Array, alignment: number): number {
    const key = `${kind} ${bytes.length} ${hash(bytes)}`;
    const candidates = this.#stored.get(key) ?? [];
    const written = this.#sink.bytes;
    for (const { at, length } of candidates) {
      if (length === bytes.length && bytes.every((byte, i) => byte === written[at + i])) return at;
    }
    this.#sink.align(alignment);
    const at = this.#sink.length;
    this.#sink.put(bytes);
    if (candidates.length === 0) this.#stored.set(key, candidates);
    candidates.push({ at, length: bytes.length });
    return at;
  }

  #requireFor(type: ScalarType): void {
    if (type === 'timecode') this.#require(VERSION.timecodes);
    else if (type === 'pathExpression') this.#require(VERSION.pathExpressions);
  }

  #require(version: CrateVersion): void {
    if (version > this.version) this.version = version;
  }
}

function rep(flags: number, type: number, payload: number): Rep {
  return (BigInt(flags) << 60n) | (BigInt(type) << 48n) | BigInt(payload);
}

/** The distance to the rep, which follows at once, and the rep. */
function putBoxed(body: ByteSink, valueRep: Rep): void {
  body.u64(8);
  body.big(valueRep);
}

function asRegistered(value: Value): Value {
  return value.type === 'unregistered' ? { type: 'string', value: value.value } : value;
}

function putComponent(body: ByteSink, kind: ComponentKind, value: number): void {
  if (kind === 'f64') body.f64(value);
  else if (kind === 'f32') body.f32(value);
  else if (kind === 'f16') body.u16(numberToHalfBits(value));
  else body.i32(value);
}

/** One signed byte per component, where all are such numbers; -0 would lose its sign. */
function inlineBytes(components: readonly number[]): number | undefined {
  if (!components.every((value) => (value << 24) >> 24 === value && !Object.is(value, -0))) return undefined;
  return components.reduceRight((bits, value) => (bits << 8) | (value & 0xff), 0) >>> 0;
}

function inlineDiagonal(matrix: readonly number[]): number | undefined {
  const size = Math.sqrt(matrix.length);
  if (!matrix.every((value, i) => i % (size + 1) === 0 || Object.is(value, 0))) return undefined;
  return inlineBytes(matrix.filter((_, i) => i % (size + 1) === 0));
}

const float = new Float32Array(1);
const floatBits = new Uint32Array(float.buffer);

function bitsOfFloat(value: number): number {
  float[0] = value;
  return floatBits[0]!;
}

/** FNV-1a. */
function hash(bytes: Uint8Array): number {
  let state = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) state = Math.imul(state ^ bytes[i]!, 0x01000193);
  return state >>> 0;
}
