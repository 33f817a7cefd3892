/** Changes to the tables and values of crates that outlast compression: tables are taken apart, changed and packed again. */
import { ByteSink } from '../packages/usd-wasm/src/usdc/byte-sink.ts';
import { putCompressed, putIntegers32, putIntegers64 } from '../packages/usd-wasm/src/usdc/compressed-writer.ts';
import { buildCrate, VALUES_AT } from '../packages/usd-wasm/src/usdc/fixtures/crate-builder.ts';
import { takeApart, type OpenPlan } from './crate-plan.ts';
import { extremeInteger, join, mutateBytes } from './mutate-bytes.ts';
import type { RandomSource } from './random-source.ts';

const VERSIONS: readonly [number, number, number][] = [
  [0, 0, 1], [0, 1, 0], [0, 3, 0], [0, 4, 0], [0, 5, 0], [0, 6, 0], [0, 7, 0], [0, 8, 0], [0, 9, 0], [0, 10, 0], [0, 12, 0], [0, 14, 0],
]; // prettier-ignore
const ODD_TOKENS: readonly string[] = [
  '', ';-)', '{v=x}', '{v=}', '[/A]', '.x', 'a:b', 'a::b', '..', '/', '/A', 'not a name', '\u00e9', '\ufffd', '__proto__', 'constructor',
  'references', 'primChildren', 'properties', 'default', 'timeSamples', 'specifier', 'typeName', 'subLayers', 'variantSetNames', 'clips',
  'inheritPaths', 'variantSelection', 'layerRelocates', 'int[]', 'float3', 'token', 'x'.repeat(3000), '`${A}`', 'apiSchemas', 'connectionPaths',
  'targetPaths', 'spline', 'customData', 'payload', 'instanceable', 'variability', 'active', 'expressionVariables', 'variantChildren',
]; // prettier-ignore

/** The types of values that are no plain scalars, and whatever lies around them. */
const TYPE_COUNT = 62;

export function mutateCrate(source: Uint8Array, random: RandomSource, others: readonly Uint8Array[]): Uint8Array {
  if (random.chance(0.15)) return mutateBytes(source, random, others);
  let bytes = source;
  const plan = random.chance(0.85) ? takeApartOrLeave(source) : undefined;
  if (plan !== undefined) {
    for (let rounds = random.size(6); rounds > 0; rounds--) mutatePlan(plan, random);
    bytes = buildCrate(plan);
  }
  if (plan === undefined || random.chance(0.15)) bytes = mutateFrame(bytes, random);
  return bytes;
}

/** Some files of the corpus are broken on purpose, and what lies in a package may have been changed already. */
function takeApartOrLeave(source: Uint8Array): OpenPlan | undefined {
  try {
    return takeApart(source);
  } catch {
    return undefined;
  }
}

function mutatePlan(plan: OpenPlan, random: RandomSource): void {
  const index = (length: number): number =>
    random.chance(0.1) ? Number(extremeInteger(random, length) & 0xffffffffn) : random.integer(length + 1);
  switch (random.integer(13)) {
    case 0:
      plan.version = random.pick(VERSIONS);
      return;
    case 1:
      plan.tokens[random.integer(plan.tokens.length + 1)] = random.chance(0.8) ? random.pick(ODD_TOKENS) : random.pick(plan.tokens);
      for (let i = 0; i < plan.tokens.length; i++) plan.tokens[i] ??= '';
      return;
    case 2:
      changeList(plan.strings, random, () => index(plan.tokens.length));
      return;
    case 3: {
      const field = random.pick(plan.fields);
      if (field !== undefined) field.name = index(plan.tokens.length);
      return;
    }
    case 4:
    case 5: {
      const field = random.pick(plan.fields);
      if (field !== undefined) field.rep = changedRep(field.rep, plan, random);
      return;
    }
    case 6:
      changeList(plan.fieldSets, random, () => (random.chance(0.2) ? 0xffffffff : index(plan.fields.length)));
      return;
    case 7: {
      const at = random.integer(plan.paths.length);
      const path = plan.paths[at];
      if (path === undefined) return;
      plan.paths[at] = {
        index: random.chance(0.3) ? index(plan.paths.length) : path.index,
        token: random.chance(0.5) ? index(plan.tokens.length) : path.token,
        isProperty: random.chance(0.3) ? !(path.isProperty ?? false) : (path.isProperty ?? false),
        jump: random.chance(0.4) ? random.integer(8) - 3 : path.jump,
      };
      return;
    }
    case 8:
      // an earlier change may have left no paths
      changeList(plan.paths, random, () => random.pick(plan.paths) ?? { index: 0, token: 0, jump: 0 });
      if (random.chance(0.3)) plan.pathCount = index(plan.paths.length);
      if (random.chance(0.05)) chainPaths(plan, random);
      return;
    case 9: {
      const spec = random.pick(plan.specs);
      if (spec === undefined) return;
      const part = random.pick(['path', 'fieldSet', 'type'] as const);
      spec[part] = part === 'type' ? index(14) : index(part === 'path' ? plan.paths.length : plan.fieldSets.length);
      return;
    }
    case 10:
      changeList(plan.specs, random, () => ({ ...(random.pick(plan.specs) ?? { path: 0, fieldSet: 0, type: 7 }) }));
      return;
    case 11:
      if (plan.values.length > 16) plan.values = mutateInPlace(plan.values, random);
      return;
    default:
      addValue(plan, random);
  }
}

function changeList<T>(list: T[], random: RandomSource, make: () => T): void {
  const at = random.integer(list.length + 1);
  switch (random.integer(4)) {
    case 0:
      list.splice(at, random.size(8));
      return;
    case 1:
      list.splice(at, 0, ...Array.from({ length: random.chance(0.05) ? random.size(5000) : random.size(8) }, make));
      return;
    case 2: {
      const piece = list.slice(at, at + random.size(8));
      list.splice(random.integer(list.length + 1), 0, ...piece);
      return;
    }
    default:
      if (list.length > 0) list[random.integer(list.length)] = make();
  }
}

/** A tree as deep as it has elements. */
function chainPaths(plan: OpenPlan, random: RandomSource): void {
  const length = random.size(6000);
  plan.paths = Array.from({ length }, (_, i) => ({ index: i, token: i % plan.tokens.length, jump: i === length - 1 ? -2 : -1 }));
  plan.pathCount = length;
}

function changedRep(rep: bigint, plan: OpenPlan, random: RandomSource): bigint {
  const payload = rep & 0xffffffffffffn;
  switch (random.integer(5)) {
    case 0:
      return rep ^ (1n << BigInt(60 + random.integer(4)));
    case 1:
      return (rep & ~(0xffn << 48n)) | (BigInt(random.integer(TYPE_COUNT)) << 48n);
    case 2:
      return (rep & ~0xffffffffffffn) | BigInt(VALUES_AT + random.integer(plan.values.length + 8));
    case 3:
      return (rep & ~0xffffffffffffn) | ((payload + BigInt(random.integer(17) - 8)) & 0xffffffffffffn);
    default:
      return random.chance(0.7)
        ? (random.pick(plan.fields) as { rep: bigint }).rep
        : (rep & ~0xffffffffffffn) | (extremeInteger(random, plan.values.length) & 0xffffffffffffn);
  }
}

/** Numbers within the values, at the places where counts and offsets stand. */
function mutateInPlace(values: Uint8Array, random: RandomSource): Uint8Array {
  const bytes = values.slice();
  const view = new DataView(bytes.buffer);
  const at = random.integer(bytes.length - 8);
  if (random.chance(0.4)) view.setBigUint64(at & ~7, extremeInteger(random, bytes.length), true);
  else if (random.chance(0.5)) view.setUint32(at & ~3, Number(extremeInteger(random, 64) & 0xffffffffn), true);
  else bytes[at] = random.integer(256);
  return bytes;
}

/** A new value, of the form that a type has or nearly so, that some field then refers to. */
function addValue(plan: OpenPlan, random: RandomSource): void {
  const sink = new ByteSink();
  sink.put(plan.values);
  while (sink.length % 8 !== 0) sink.u8(0);
  const at = VALUES_AT + sink.length;
  const count = random.chance(0.1) ? Number(extremeInteger(random, 1000) & 0xffffffn) : random.integer(40);
  let flags = 0;
  let type = random.integer(TYPE_COUNT);
  switch (random.integer(6)) {
    case 0: {
      // compressed integers that lie about how many they are
      const numbers = Int32Array.from({ length: random.integer(60) }, () =>
        random.chance(0.8) ? random.integer(9) : random.integer(2 ** 31),
      );
      sink.u64(count);
      if (random.chance(0.5)) putIntegers32(sink, numbers);
      else putIntegers64(sink, BigInt64Array.from(numbers, BigInt));
      [flags, type] = [10, random.pick([3, 4, 5, 6])];
      break;
    }
    case 1: {
      // floats by table or as integers
      sink.u64(count);
      const isTable = random.chance(0.5);
      sink.u8(isTable ? 0x74 : 0x69);
      if (isTable) {
        const entries = random.chance(0.2) ? Number(extremeInteger(random, 100) & 0xffffffffn) : random.integer(8);
        sink.u32(entries);
        for (let i = 0; i < Math.min(entries, 16); i++) sink.u64(random.integer(2 ** 30));
      }
      putIntegers32(
        sink,
        Int32Array.from({ length: random.integer(60) }, () => random.integer(9)),
      );
      [flags, type] = [10, random.pick([7, 8, 9])];
      break;
    }
    case 2: {
      // what decompresses to a great many zeros
      const zeros = random.size(1 << 16);
      sink.u64(zeros);
      putCompressed(sink, new Uint8Array(zeros));
      [flags, type] = [10, random.pick([3, 4, 5, 6, 8])];
      break;
    }
    case 3: {
      // time samples whose parts point anywhere near
      const place = (): bigint => BigInt(random.chance(0.5) ? 8 : random.integer(200) - 100);
      sink.big(place());
      sink.big(random.pick(plan.fields)?.rep ?? 0n);
      sink.big(place());
      sink.u64(count);
      for (let i = 0; i < Math.min(count, 16); i++) sink.big(random.pick(plan.fields)?.rep ?? 0n);
      type = 46;
      break;
    }
    default: {
      sink.u64(count);
      for (let i = 0; i < Math.min(count, 64); i++) {
        if (random.chance(0.3)) sink.u64(random.integer(32));
        else sink.u32(random.chance(0.9) ? random.integer(plan.tokens.length + 2) : 0xffffffff);
      }
      flags = random.pick([0, 0, 0, 8, 1, 9, 10]);
    }
  }
  plan.values = sink.bytes.slice();
  const field = random.pick(plan.fields);
  if (field !== undefined) field.rep = (BigInt(flags) << 60n) | (BigInt(type) << 48n) | BigInt(at);
}

/** Numbers of the frame: version, offsets and sizes of the sections, counts at their heads. */
function mutateFrame(source: Uint8Array, random: RandomSource): Uint8Array {
  const bytes = source.slice();
  const view = new DataView(bytes.buffer);
  const toc = bytes.length > 96 ? Number(view.getBigUint64(16, true)) : 0;
  if (toc + 8 > bytes.length || toc < 88) return mutateBytes(bytes, random, [source]);
  const count = Math.min(Number(view.getBigUint64(toc, true)), 16);
  const record = toc + 8 + 32 * random.integer(Math.max(1, count));
  if (record + 32 > bytes.length) return bytes;
  const value = extremeInteger(random, bytes.length);
  switch (random.integer(6)) {
    case 0:
      view.setBigUint64(16, value, true);
      return bytes;
    case 1:
      bytes[8 + random.integer(3)] = random.integer(16);
      return bytes;
    case 2:
      view.setBigUint64(random.pick([toc, record + 16, record + 24]), value, true);
      return bytes;
    case 3:
      bytes[record + random.integer(16)] = random.integer(256);
      return bytes;
    case 4:
      return random.chance(0.5) ? bytes.slice(0, random.integer(bytes.length)) : join(bytes, bytes.subarray(random.integer(bytes.length)));
    default: {
      const start = Number(view.getBigUint64(record + 16, true)) + random.pick([0, 8, 16]);
      if (start + 8 <= bytes.length) view.setBigUint64(start, value, true);
      return bytes;
    }
  }
}
