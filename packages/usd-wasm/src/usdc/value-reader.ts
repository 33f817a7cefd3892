/**
 * Decodes the values of a crate from their ValueReps, when asked for.
 * Source: usdc.md 4-14; OpenUSD sdf/crateFile.cpp, crateValueInliners.h.
 */
import type { LayerOffset } from '../sdf/layer-offset.ts';
import { LimitError } from '../tf/read-limits.ts';
import { makeListOp, type ListOp } from '../sdf/list-op.ts';
import type { Path } from '../sdf/path.ts';
import { makeValue, type Dictionary, type ReferenceItem, type TimeSamples, type Value } from '../vt/value.ts';
import { readArrayEditInstructions } from './array-edit-reader.ts';
import { emptyArray, readArray, viewArray } from './array-reader.ts';
import type { CrateCursor } from './crate-bytes.ts';
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

export class ValueReader {
  readonly #tables: CrateTables;
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
    this.#arrays = new RecentArrays(file.length);
    this.#mostItems = Math.min(file.limits.valueItems, LIMIT.itemsOfAnyFile + LIMIT.valueItemsPerByte * file.length);
  }

  /** Decodes the value of a ValueRep given by its low and high word. Throws UsdcReadError. */
  read(lo: number, hi: number): Value {
    return this.#readPlain(lo, hi) ?? this.#readWhole(lo, hi);
  }

  #readWhole(lo: number, hi: number): Value {
    this.#itemsLeft = this.#mostItems;
    this.#bytesLeft = this.#tables.file.limits.decodedBytes;
    // clearing a set makes a new table, even where there is nothing to clear
    if (this.#open.size > 0) this.#open.clear();
    return this.#read(lo, hi);
  }

  /** Arrays that are views on the file's bytes, and floats out of line: most values of large files. Undefined of others. */
  #readPlain(lo: number, hi: number): Value | undefined {
    const layout = SCALAR_LAYOUTS[(hi >>> 16) & 0xff];
    if (layout === undefined) return undefined;
    const { file, version } = this.#tables;
    const flags = hi >>> 28;
    if (flags === 0) return readFloats(file, offsetOf(lo, hi), layout);
    return flags === REP_ARRAY && (lo !== 0 || (hi & 0xffff) !== 0) ? viewArray(file, offsetOf(lo, hi), layout, version) : undefined;
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
    return this.#tables.file.error(code, 'VALUES', at, what);
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
    const known = this.#arrays.find(payload, hi);
    if (known !== undefined) return known;
    const cursor = this.#tables.file.cursor('VALUES', payload);
    const value = readArray(cursor, layout, ((hi >>> 28) & REP_COMPRESSED) !== 0, this.#tables.version, this.#names);
    const data = value.value as ArrayBufferView | readonly unknown[];
    const isView = ArrayBuffer.isView(data) && data.buffer === this.#tables.file.bytes.buffer;
    if (!isView) {
      const bytes = ArrayBuffer.isView(data) ? data.byteLength : 8 * data.length;
      this.#bytesLeft -= bytes;
      if (this.#bytesLeft < 0)
        this.#tables.file.allow(
          'decodedBytes',
          this.#tables.file.limits.decodedBytes - this.#bytesLeft,
          'the arrays of one value take more',
        );
      this.#arrays.add(payload, hi, value, bytes);
    }
    return value;
  }

  #readArrayEdit(layout: ScalarLayout, payload: number): Value {
    const { type } = layout;
    if (payload === 0) return makeValue('arrayEdit', { elementType: type, literals: emptyArray(layout), instructions: [] });
    const cursor = this.#tables.file.cursor('VALUES', payload);
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

  #readOther(typeNumber: number, cursor: CrateCursor): Value {
    switch (typeNumber) {
      case TYPE.dictionary:
        return makeValue(
          'dictionary',
          this.#nested(cursor, () => this.#dictionary(cursor)),
        );
      case TYPE.tokenListOp:
        return makeValue(
          'tokenListOp',
          this.#listOp(cursor, 4, () => this.token(cursor.u32())),
        );
      case TYPE.stringListOp:
        return makeValue(
          'stringListOp',
          this.#listOp(cursor, 4, () => this.string(cursor.u32())),
        );
      case TYPE.pathListOp:
        return makeValue(
          'pathListOp',
          this.#listOp(cursor, 4, () => this.path(cursor.u32()) as Path),
        );
      case TYPE.referenceListOp:
        return makeValue(
          'referenceListOp',
          this.#nested(cursor, () => this.#listOp(cursor, 32, () => this.#reference(cursor))),
        );
      case TYPE.payloadListOp:
        return makeValue(
          'payloadListOp',
          this.#listOp(cursor, 8, () => this.#payload(cursor)),
        );
      case TYPE.payload:
        return makeValue('payloadListOp', this.#singlePayload(cursor));
      case TYPE.intListOp:
        return makeValue(
          'intListOp',
          this.#listOp(cursor, 4, () => cursor.i32()),
        );
      case TYPE.uintListOp:
        return makeValue(
          'uintListOp',
          this.#listOp(cursor, 4, () => cursor.u32()),
        );
      case TYPE.int64ListOp:
        return makeValue(
          'int64ListOp',
          this.#listOp(cursor, 8, () => cursor.i64()),
        );
      case TYPE.uint64ListOp:
        return makeValue(
          'uint64ListOp',
          this.#listOp(cursor, 8, () => cursor.u64()),
        );
      case TYPE.unregisteredListOp:
        return makeValue(
          'unregisteredListOp',
          this.#nested(cursor, () => this.#listOp(cursor, 16, () => asUnregistered(this.#boxed(cursor)))),
        );
      case TYPE.pathVector:
        return makeValue(
          'pathVector',
          this.#items(cursor, 4, () => this.path(cursor.u32()) as Path),
        );
      case TYPE.tokenVector:
        return makeValue(
          'tokenVector',
          this.#items(cursor, 4, () => this.token(cursor.u32())),
        );
      case TYPE.stringVector:
        return makeValue(
          'stringVector',
          this.#items(cursor, 4, () => this.string(cursor.u32())),
        );
      case TYPE.doubleVector:
        return makeValue('doubleVector', Float64Array.from(this.#items(cursor, 8, () => cursor.f64())));
      case TYPE.layerOffsetVector:
        return makeValue(
          'layerOffsetVector',
          this.#items(cursor, 16, () => readLayerOffset(cursor)),
        );
      case TYPE.variantSelectionMap:
        return makeValue(
          'variantSelectionMap',
          new Map(this.#items(cursor, 8, () => [this.string(cursor.u32()), this.string(cursor.u32())] as const)),
        );
      case TYPE.relocates:
        return makeValue(
          'relocates',
          this.#items(cursor, 8, () => [this.path(cursor.u32()) as Path, this.path(cursor.u32())] as const),
        );
      case TYPE.value:
        return this.#nested(cursor, () => this.#boxed(cursor));
      case TYPE.unregistered:
        return asUnregistered(this.#nested(cursor, () => this.#boxed(cursor)));
      case TYPE.timeSamples:
        return makeValue('timeSamples', this.#timeSamples(cursor));
      case TYPE.spline:
        return makeValue(
          'spline',
          this.#nested(cursor, () => readSpline(cursor, (at) => this.#dictionary(at))),
        );
      case TYPE.specifier:
      case TYPE.permission:
      case TYPE.variability:
        return this.#readInlinedOther(typeNumber, cursor.u32());
      default:
        throw cursor.error('usdc-value', `unknown value type ${typeNumber}`);
    }
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
  #nested<T>(cursor: CrateCursor, read: () => T): T {
    const start = cursor.at;
    if (this.#open.has(start)) throw cursor.error('usdc-recursion', 'a value that holds itself');
    this.#tables.file.allow('valueDepth', this.#open.size + 1, 'values are nested deeper');
    this.#open.add(start);
    const result = read();
    this.#open.delete(start);
    return result;
  }

  #items<T>(cursor: CrateCursor, itemBytes: number, item: () => T): T[] {
    const count = cursor.count(itemBytes);
    this.#itemsLeft -= count;
    if (this.#itemsLeft < 0) throw this.#tooManyItems();
    const items = new Array<T>(count);
    for (let i = 0; i < count; i++) items[i] = item();
    return items;
  }

  #listOp<T>(cursor: CrateCursor, itemBytes: number, item: () => T): ListOp<T> {
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

  #reference(cursor: CrateCursor): ReferenceItem {
    const assetPath = this.string(cursor.u32());
    const primPath = this.path(cursor.u32());
    const layerOffset = readLayerOffset(cursor);
    const customData = this.#dictionary(cursor);
    return { assetPath, primPath, layerOffset, ...(customData.size === 0 ? {} : { customData }) };
  }

  #payload(cursor: CrateCursor): ReferenceItem {
    const assetPath = this.string(cursor.u32());
    const primPath = this.path(cursor.u32());
    return {
      assetPath,
      primPath,
      layerOffset: this.#tables.version >= VERSION.payloadOffsets ? readLayerOffset(cursor) : { offset: 0, scale: 1 },
    };
  }

  /** The one payload of old files: an explicit list of it; an empty one says that there is none. */
  #singlePayload(cursor: CrateCursor): ListOp<ReferenceItem> {
    const payload = this.#payload(cursor);
    const isNone = payload.assetPath === '' && payload.primPath === '';
    return makeListOp({ isExplicit: true, explicitItems: isNone ? [] : [payload] });
  }

  #dictionary(cursor: CrateCursor): Dictionary {
    const entries = this.#items(cursor, 12, () => {
      const key = this.string(cursor.u32());
      return [key, this.#boxed(cursor)] as const;
    });
    return new Map(entries);
  }

  /** A distance to a ValueRep, which is where reading goes on; nested data lies between. */
  #boxed(cursor: CrateCursor): Value {
    const start = cursor.at;
    const distance = cursor.offset();
    if (distance < 8 || distance > cursor.end - start) throw cursor.error('usdc-value', `a nested value lies ${distance} bytes ahead`);
    cursor.at = start + distance;
    const lo = cursor.u32();
    const hi = cursor.u32();
    if (--this.#itemsLeft < 0) throw this.#tooManyItems();
    const value = this.#read(lo, hi);
    if (value.type === 'timeSamples') throw cursor.error('usdc-value', 'time samples inside a value');
    return value;
  }

  #timeSamples(cursor: CrateCursor): TimeSamples {
    let start = cursor.at;
    this.#jump(cursor, start, cursor.offset());
    const times = this.#sampleTimes(cursor, cursor.u32(), cursor.u32());
    start = cursor.at;
    this.#jump(cursor, start, cursor.offset());
    const valueCount = cursor.count(8);
    const reps = cursor.at;
    const count = Math.min(times.length, valueCount);
    const view = this.#tables.file.view;
    return {
      times: count === times.length ? times : times.subarray(0, count),
      value: (index) => {
        if (!(index >= 0 && index < count)) throw new RangeError(`sample ${index} of ${count}`);
        try {
          const value = this.read(view.getUint32(reps + 8 * index, true), view.getUint32(reps + 8 * index + 4, true));
          if (value.type === 'timeSamples') throw this.#error('usdc-value', reps + 8 * index, 'time samples as a sample');
          return value;
        } catch (error) {
          this.#onBadSample(error);
          return makeValue('block', null);
        }
      },
      isEdit: (index) => index >= 0 && index < count && ((view.getUint32(reps + 8 * index + 4, true) >>> 28) & REP_ARRAY_EDIT) !== 0,
    };
  }

  #jump(cursor: CrateCursor, start: number, distance: number): void {
    if (distance < 8 || distance > cursor.end - start) throw cursor.error('usdc-value', `time samples continue ${distance} bytes ahead`);
    cursor.at = start + distance;
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
