/**
 * Decodes the values of a crate from their ValueReps, when asked for.
 * Source: usdc.md 4-14; OpenUSD sdf/crateFile.cpp, crateValueInliners.h.
 */
import type { LayerOffset } from '../sdf/layer-offset.ts';
import { LimitError } from '../tf/read-limits.ts';
import { makeListOp, type ListOp } from '../sdf/list-op.ts';
import type { Path } from '../sdf/path.ts';
import { makeValue, type Dictionary, type ReferenceItem, type Spline, type TimeSamples, type Value } from '../vt/value.ts';
import { readArrayEditInstructions } from './array-edit-reader.ts';
import { emptyArray, readArray, viewArray } from './array-reader.ts';
import type { CrateBytes, CrateCursor } from './crate-bytes.ts';
import type { CrateTables } from './crate-tables.ts';
import {
  LIMIT,
  LIST_OP,
  REP_ARRAY,
  REP_ARRAY_EDIT,
  REP_COMPRESSED,
  REP_INLINED,
  SCALAR_LAYOUTS,
  TYPE,
  VERSION,
  type ScalarLayout,
} from './layout.ts';
import { RecentArrays } from './recent-arrays.ts';
import { readFloats, readInlined, readScalar } from './scalar-reader.ts';
import { readSpline } from './spline-reader.ts';
import type { UsdcReadError } from './usdc-error.ts';

const SPECIFIERS = ['def', 'over', 'class'] as const;
const PERMISSIONS = ['public', 'private'] as const;
/** The third is a legacy form of `uniform`. */
const VARIABILITIES = ['varying', 'uniform', 'uniform'] as const;

/** Reads what lies at the cursor. */
type ReadAt<T> = (reader: ValueReader, cursor: CrateCursor) => T;

const readToken: ReadAt<string> = (reader, cursor) => reader.token(cursor.u32());
const readString: ReadAt<string> = (reader, cursor) => reader.string(cursor.u32());
const readPath: ReadAt<Path> = (reader, cursor) => reader.path(cursor.u32()) as Path;

export class ValueReader {
  readonly #tables: CrateTables;
  readonly #file: CrateBytes;
  /** Whether arrays begin with a count of 64 bits and nothing else. */
  readonly #hasWideCounts: boolean;
  /** Told of a sample that cannot be decoded; the sample then counts as blocked. */
  readonly #onBadSample: (error: unknown) => void;
  /** Arrays that are no views on the file's bytes. */
  readonly #arrays: RecentArrays;
  readonly #times = new Map<number, Float64Array>();
  /** Byte offsets of the nested values being decoded: one that comes up again holds itself. */
  readonly #open = new Set<number>();
  /** Items of one value. Equal parts may be stored once, but not so often that few bytes unfold to very much. */
  readonly #mostItems: number;
  #itemsLeft = 0;
  #bytesLeft = 0;

  readonly #names = {
    string: (index: number): string => this.string(index),
    token: (index: number): string => this.token(index),
  };

  constructor(tables: CrateTables, onBadSample: (error: unknown) => void) {
    this.#tables = tables;
    this.#onBadSample = onBadSample;
    const { file } = tables;
    this.#file = file;
    this.#hasWideCounts = tables.version >= VERSION.wideCounts;
    this.#arrays = new RecentArrays(file.length);
    this.#mostItems = Math.min(file.limits.valueItems, LIMIT.itemsOfAnyFile + LIMIT.valueItemsPerByte * file.length);
  }

  /** Decodes the value of a ValueRep given by its low and high word, the high one signed or not. Throws UsdcReadError. */
  read(lo: number, hi: number): Value {
    return readPlain(this.#file, this.#hasWideCounts, lo, hi) ?? this.#readWhole(lo, hi);
  }

  #readWhole(lo: number, hi: number): Value {
    this.#itemsLeft = this.#mostItems;
    this.#bytesLeft = this.#file.limits.decodedBytes;
    // clearing a set makes a new table, even where there is nothing to clear
    if (this.#open.size > 0) this.#open.clear();
    return this.#read(lo, hi);
  }

  token(index: number): string {
    const token = this.#tables.tokens[index];
    if (token === undefined) throw this.#error('usdc-index', 0, `token ${index}, there are ${this.#tables.tokens.length}`);
    return token;
  }

  string(index: number): string {
    const token = this.#tables.strings[index];
    if (token === undefined) throw this.#error('usdc-index', 0, `string ${index}, there are ${this.#tables.strings.length}`);
    return this.token(token);
  }

  /** The path of an index; `''` for the empty path. */
  path(index: number): Path | '' {
    const { pathTable } = this.#tables;
    if (index >= pathTable.length) throw this.#error('usdc-index', 0, `path ${index}, there are ${pathTable.length}`);
    const path = pathTable.path(index);
    if (path === undefined) throw this.#error('usdc-path', 0, `path ${index} is not legal`);
    return path;
  }

  #error(code: UsdcReadError['code'], at: number, what: string): UsdcReadError {
    return this.#file.error(code, 'VALUES', at, what);
  }

  #read(lo: number, hi: number): Value {
    const flags = hi >>> 28;
    const typeNumber = (hi >>> 16) & 0xff;
    const payload = offsetOf(lo, hi);
    const layout = SCALAR_LAYOUTS[typeNumber];
    const { file } = this.#tables;
    if (layout === undefined) {
      if (flags & (REP_ARRAY | REP_ARRAY_EDIT)) throw this.#error('usdc-value', payload, `type ${typeNumber} has no arrays`);
      return flags & REP_INLINED ? this.#readInlinedOther(typeNumber, lo) : this.#readOther(typeNumber, file.cursor('VALUES', payload));
    }
    if (flags & REP_ARRAY_EDIT) return this.#readArrayEdit(layout, payload);
    if (flags & REP_ARRAY) return payload === 0 ? emptyArray(layout) : this.#readArray(layout, hi, payload);
    if (flags & REP_INLINED) return readInlined(layout.type, lo, this.#names);
    return readScalar(layout, file.cursor('VALUES', payload), this.#names);
  }

  #readInlinedOther(typeNumber: number, lo: number): Value {
    switch (typeNumber) {
      case TYPE.specifier:
        return makeValue('specifier', this.#enumerator(SPECIFIERS, lo));
      case TYPE.permission:
        return makeValue('permission', this.#enumerator(PERMISSIONS, lo));
      case TYPE.variability:
        return makeValue('variability', this.#enumerator(VARIABILITIES, lo));
      case TYPE.block:
        return makeValue('block', null);
      case TYPE.animationBlock:
        return makeValue('animationBlock', null);
      case TYPE.dictionary:
        return makeValue('dictionary', new Map());
      default:
        throw this.#error('usdc-value', 0, `type ${typeNumber} cannot be inlined`);
    }
  }

  #enumerator<T>(names: readonly T[], number: number): T {
    const name = names[number];
    if (name === undefined) throw this.#error('usdc-value', 0, `enumerator ${number}, there are ${names.length}`);
    return name;
  }

  #readArray(layout: ScalarLayout, hi: number, payload: number): Value {
    const kind = hi >>> 16;
    const known = this.#arrays.find(payload, kind);
    if (known !== undefined) return known;
    const cursor = this.#file.cursor('VALUES', payload);
    const value = readArray(cursor, layout, ((hi >>> 28) & REP_COMPRESSED) !== 0, this.#tables.version, this.#names);
    const data = value.value as ArrayBufferView | readonly unknown[];
    const isView = ArrayBuffer.isView(data) && data.buffer === this.#file.bytes.buffer;
    if (!isView) {
      const bytes = ArrayBuffer.isView(data) ? data.byteLength : 8 * data.length;
      this.#bytesLeft -= bytes;
      if (this.#bytesLeft < 0)
        this.#file.allow('decodedBytes', this.#file.limits.decodedBytes - this.#bytesLeft, 'the arrays of one value take more');
      this.#arrays.add(payload, kind, value, bytes);
    }
    return value;
  }

  #readArrayEdit(layout: ScalarLayout, payload: number): Value {
    const { type } = layout;
    if (payload === 0) return makeValue('arrayEdit', { elementType: type, literals: emptyArray(layout), instructions: [] });
    const cursor = this.#file.cursor('VALUES', payload);
    const literals = this.#readArrayRep(cursor, layout.arrayType);
    const words = this.#readArrayRep(cursor, 'int64[]').value as BigInt64Array;
    if (cursor.u8() !== 0) return literals;
    const instructions = readArrayEditInstructions(words);
    if (instructions === undefined) throw this.#error('usdc-value', payload, 'the instructions of an array edit are broken');
    return makeValue('arrayEdit', { elementType: type, literals, instructions });
  }

  #readArrayRep(cursor: CrateCursor, type: string): Value {
    const lo = cursor.u32();
    const hi = cursor.u32();
    const layout = SCALAR_LAYOUTS[(hi >>> 16) & 0xff];
    if (hi >>> 31 === 0 || layout?.arrayType !== type)
      throw cursor.error('usdc-value', `an array edit refers to another type than ${type}`);
    const payload = offsetOf(lo, hi);
    return payload === 0 ? emptyArray(layout) : this.#readArray(layout, hi, payload);
  }

  /** By type number: what reads values that are no plain scalars. Each is a function of its own, as few files hold more than a few of these types. */
  static readonly #others: readonly (ReadAt<Value> | undefined)[] = ValueReader.#listOthers();

  static #listOthers(): (ReadAt<Value> | undefined)[] {
    const others: (ReadAt<Value> | undefined)[] = [];
    others[TYPE.dictionary] = (reader, cursor) => makeValue('dictionary', reader.#nested(cursor, ValueReader.#dictionary));
    others[TYPE.tokenListOp] = (reader, cursor) => makeValue('tokenListOp', reader.#listOp(cursor, 4, readToken));
    others[TYPE.stringListOp] = (reader, cursor) => makeValue('stringListOp', reader.#listOp(cursor, 4, readString));
    others[TYPE.pathListOp] = (reader, cursor) => makeValue('pathListOp', reader.#listOp(cursor, 4, readPath));
    others[TYPE.referenceListOp] = (reader, cursor) => makeValue('referenceListOp', reader.#nested(cursor, ValueReader.#references));
    others[TYPE.payloadListOp] = (reader, cursor) => makeValue('payloadListOp', reader.#listOp(cursor, 8, ValueReader.#payload));
    others[TYPE.payload] = (reader, cursor) => makeValue('payloadListOp', singlePayload(ValueReader.#payload(reader, cursor)));
    others[TYPE.intListOp] = (reader, cursor) =>
      makeValue(
        'intListOp',
        reader.#listOp(cursor, 4, (_, at) => at.i32()),
      );
    others[TYPE.uintListOp] = (reader, cursor) =>
      makeValue(
        'uintListOp',
        reader.#listOp(cursor, 4, (_, at) => at.u32()),
      );
    others[TYPE.int64ListOp] = (reader, cursor) =>
      makeValue(
        'int64ListOp',
        reader.#listOp(cursor, 8, (_, at) => at.i64()),
      );
    others[TYPE.uint64ListOp] = (reader, cursor) =>
      makeValue(
        'uint64ListOp',
        reader.#listOp(cursor, 8, (_, at) => at.u64()),
      );
    others[TYPE.unregisteredListOp] = (reader, cursor) =>
      makeValue('unregisteredListOp', reader.#nested(cursor, ValueReader.#unregistereds));
    others[TYPE.pathVector] = (reader, cursor) => makeValue('pathVector', reader.#items(cursor, 4, readPath));
    others[TYPE.tokenVector] = (reader, cursor) => makeValue('tokenVector', reader.#items(cursor, 4, readToken));
    others[TYPE.stringVector] = (reader, cursor) => makeValue('stringVector', reader.#items(cursor, 4, readString));
    others[TYPE.doubleVector] = (reader, cursor) =>
      makeValue('doubleVector', Float64Array.from(reader.#items(cursor, 8, (_, at) => at.f64())));
    others[TYPE.layerOffsetVector] = (reader, cursor) =>
      makeValue(
        'layerOffsetVector',
        reader.#items(cursor, 16, (_, at) => readLayerOffset(at)),
      );
    others[TYPE.variantSelectionMap] = (reader, cursor) =>
      makeValue(
        'variantSelectionMap',
        new Map(reader.#items(cursor, 8, (_, at) => [readString(reader, at), readString(reader, at)] as const)),
      );
    others[TYPE.relocates] = (reader, cursor) =>
      makeValue(
        'relocates',
        reader.#items(cursor, 8, (_, at) => [readPath(reader, at), reader.path(at.u32())] as const),
      );
    others[TYPE.value] = (reader, cursor) => reader.#nested(cursor, ValueReader.#boxed);
    others[TYPE.unregistered] = (reader, cursor) => asUnregistered(reader.#nested(cursor, ValueReader.#boxed));
    others[TYPE.timeSamples] = (reader, cursor) => makeValue('timeSamples', reader.#timeSamples(cursor));
    others[TYPE.spline] = (reader, cursor) => makeValue('spline', reader.#nested(cursor, ValueReader.#spline));
    for (const type of [TYPE.specifier, TYPE.permission, TYPE.variability])
      others[type] = (reader, cursor) => reader.#readInlinedOther(type, cursor.u32());
    return others;
  }

  #readOther(typeNumber: number, cursor: CrateCursor): Value {
    const read = ValueReader.#others[typeNumber];
    if (read === undefined) throw cursor.error('usdc-value', `unknown value type ${typeNumber}`);
    return read(this, cursor);
  }

  #tooManyItems(): Error {
    const { file } = this.#tables;
    const { valueItems } = file.limits;
    const most = this.#mostItems;
    if (most < valueItems)
      return this.#error('usdc-too-large', 0, `one value has more than ${most} items, in a file of ${file.length} bytes`);
    return new LimitError('valueItems', valueItems, most - this.#itemsLeft, file.asset, 'one value has more items');
  }

  /** Guards values that hold values: bounded depth, and none inside itself. */
  #nested<T>(cursor: CrateCursor, read: ReadAt<T>): T {
    const start = cursor.at;
    if (this.#open.has(start)) throw cursor.error('usdc-recursion', 'a value that holds itself');
    this.#file.allow('valueDepth', this.#open.size + 1, 'values are nested deeper');
    this.#open.add(start);
    const result = read(this, cursor);
    this.#open.delete(start);
    return result;
  }

  #items<T>(cursor: CrateCursor, itemBytes: number, item: ReadAt<T>): T[] {
    const count = cursor.count(itemBytes);
    this.#itemsLeft -= count;
    if (this.#itemsLeft < 0) throw this.#tooManyItems();
    const items = new Array<T>(count);
    for (let i = 0; i < count; i++) items[i] = item(this, cursor);
    return items;
  }

  #listOp<T>(cursor: CrateCursor, itemBytes: number, item: ReadAt<T>): ListOp<T> {
    const header = cursor.u8();
    const list = (bit: number): T[] => (header & bit ? this.#items(cursor, itemBytes, item) : []);
    // The order in the file; object literals evaluate in written order.
    return makeListOp({
      isExplicit: (header & LIST_OP.explicit) !== 0,
      explicitItems: list(LIST_OP.explicitItems),
      addedItems: list(LIST_OP.added),
      prependedItems: list(LIST_OP.prepended),
      appendedItems: list(LIST_OP.appended),
      deletedItems: list(LIST_OP.deleted),
      orderedItems: list(LIST_OP.ordered),
    });
  }

  static readonly #references: ReadAt<ListOp<ReferenceItem>> = (reader, cursor) => reader.#listOp(cursor, 32, ValueReader.#reference);

  static readonly #reference: ReadAt<ReferenceItem> = (reader, cursor) => {
    const assetPath = readString(reader, cursor);
    const primPath = reader.path(cursor.u32());
    const layerOffset = readLayerOffset(cursor);
    const customData = ValueReader.#dictionary(reader, cursor);
    return { assetPath, primPath, layerOffset, ...(customData.size === 0 ? {} : { customData }) };
  };

  static readonly #payload: ReadAt<ReferenceItem> = (reader, cursor) => {
    const assetPath = readString(reader, cursor);
    const primPath = reader.path(cursor.u32());
    return {
      assetPath,
      primPath,
      layerOffset: reader.#tables.version >= VERSION.payloadOffsets ? readLayerOffset(cursor) : { offset: 0, scale: 1 },
    };
  };

  static readonly #unregistereds: ReadAt<ListOp<Value>> = (reader, cursor) => reader.#listOp(cursor, 16, ValueReader.#unregistered);

  static readonly #unregistered: ReadAt<Value> = (reader, cursor) => asUnregistered(ValueReader.#boxed(reader, cursor));

  static readonly #spline: ReadAt<Spline> = (reader, cursor) => readSpline(cursor, (at) => ValueReader.#dictionary(reader, at));

  static readonly #dictionary: ReadAt<Dictionary> = (reader, cursor) => new Map(reader.#items(cursor, 12, ValueReader.#entry));

  static readonly #entry: ReadAt<readonly [string, Value]> = (reader, cursor) => [
    readString(reader, cursor),
    ValueReader.#boxed(reader, cursor),
  ];

  /** A distance to a ValueRep, which is where reading goes on; nested data lies between. */
  static readonly #boxed: ReadAt<Value> = (reader, cursor) => {
    const start = cursor.at;
    const distance = cursor.offset();
    if (distance < 8 || distance > cursor.end - start) throw cursor.error('usdc-value', `a nested value lies ${distance} bytes ahead`);
    cursor.at = start + distance;
    const lo = cursor.u32();
    const hi = cursor.u32();
    if (--reader.#itemsLeft < 0) throw reader.#tooManyItems();
    const value = reader.#read(lo, hi);
    if (value.type === 'timeSamples') throw cursor.error('usdc-value', 'time samples inside a value');
    return value;
  };

  #timeSamples(cursor: CrateCursor): TimeSamples {
    jumpAhead(cursor);
    const times = this.#sampleTimes(cursor, cursor.u32(), cursor.u32());
    jumpAhead(cursor);
    const valueCount = cursor.count(8);
    const reps = cursor.at;
    const count = Math.min(times.length, valueCount);
    const file = this.#file;
    const { view } = file;
    const words = reps % 4 === 0 ? file.words : undefined;
    const firstWord = reps / 4;
    const hasWideCounts = this.#hasWideCounts;
    return {
      times: count === times.length ? times : times.subarray(0, count),
      value: (index) => {
        if (!(index >= 0 && index < count)) throw new RangeError(`sample ${index} of ${count}`);
        const at = reps + 8 * index;
        // signed words are small integers everywhere
        const lo = words === undefined ? view.getUint32(at, true) : words[firstWord + 2 * index]! >>> 0;
        const hi = words === undefined ? view.getInt32(at + 4, true) : words[firstWord + 2 * index + 1]!;
        const plain = readPlain(file, hasWideCounts, lo, hi);
        if (plain !== undefined) return plain;
        try {
          const value = this.#readWhole(lo, hi);
          if (value.type === 'timeSamples') throw this.#error('usdc-value', at, 'time samples as a sample');
          return value;
        } catch (error) {
          this.#onBadSample(error);
          return makeValue('block', null);
        }
      },
      isEdit: (index) => index >= 0 && index < count && ((view.getInt32(reps + 8 * index + 4, true) >>> 28) & REP_ARRAY_EDIT) !== 0,
    };
  }

  #sampleTimes(cursor: CrateCursor, lo: number, hi: number): Float64Array {
    const payload = offsetOf(lo, hi);
    const known = this.#times.get(payload);
    if (known !== undefined) return known;
    const typeNumber = (hi >>> 16) & 0xff;
    const isArray = hi >>> 31 === 1;
    if (isArray ? SCALAR_LAYOUTS[typeNumber]?.type !== 'double' : typeNumber !== TYPE.doubleVector) {
      throw cursor.error('usdc-value', `sample times have type ${typeNumber}`);
    }
    const times = this.#read(lo, hi).value as Float64Array;
    for (let i = 0; i < times.length; i++) {
      if (Number.isNaN(times[i]) || (i > 0 && times[i]! <= times[i - 1]!))
        throw cursor.error('usdc-value', `sample times do not ascend at ${times[i]}`);
    }
    this.#times.set(payload, times);
    return times;
  }
}

/** Goes on where the distance at the cursor leads. */
function jumpAhead(cursor: CrateCursor): void {
  const start = cursor.at;
  const distance = cursor.offset();
  if (distance < 8 || distance > cursor.end - start) throw cursor.error('usdc-value', `time samples continue ${distance} bytes ahead`);
  cursor.at = start + distance;
}

/** Most values of large files: arrays that are views on the file's bytes, and floats out of line. Undefined of others. */
function readPlain(file: CrateBytes, hasWideCounts: boolean, lo: number, hi: number): Value | undefined {
  const layout = SCALAR_LAYOUTS[(hi >>> 16) & 0xff];
  if (layout === undefined) return undefined;
  const flags = hi >>> 28;
  if (flags === REP_ARRAY)
    return hasWideCounts && (lo !== 0 || (hi & 0xffff) !== 0) ? viewArray(file, offsetOf(lo, hi), layout) : undefined;
  return flags === 0 ? readFloats(file, offsetOf(lo, hi), layout) : undefined;
}

/** The one payload of old files: an explicit list of it; an empty one says that there is none. */
function singlePayload(payload: ReferenceItem): ListOp<ReferenceItem> {
  const isNone = payload.assetPath === '' && payload.primPath === '';
  return makeListOp({ isExplicit: true, explicitItems: isNone ? [] : [payload] });
}

/** The low 48 bits of a ValueRep. */
function offsetOf(lo: number, hi: number): number {
  const high = hi & 0xffff;
  return high === 0 ? lo : high * 2 ** 32 + lo;
}

function readLayerOffset(cursor: CrateCursor): LayerOffset {
  return { offset: cursor.f64(), scale: cursor.f64() };
}

function asUnregistered(value: Value): Value {
  return value.type === 'string' ? makeValue('unregistered', value.value) : value;
}
