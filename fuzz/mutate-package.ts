/** Packages whose headers, names and files are wrong. */
import { deflateRawSync } from 'node:zlib';
import { crc32 } from '../packages/usd-wasm/src/usdz/crc32.ts';
import { ByteSink } from '../packages/usd-wasm/src/usdc/byte-sink.ts';
import { extremeInteger, join, mutateBytes } from './mutate-bytes.ts';
import type { RandomSource } from './random-source.ts';

interface Entry {
  name: Uint8Array;
  data: Uint8Array;
  method: number;
  flags: number;
  size: number;
  compressedSize: number;
  crc: number;
  extra: Uint8Array;
  /** Added to where the entry really lies. */
  shift: number;
  /** The directory says other things than the local header. */
  isTwoFaced: boolean;
}

const NAMES: readonly string[] = [
  'a.usda', 'A.USDA', 'root.usda', 'b.usdc', 'n.usdz', '../x.usda', '/abs.usda', 'C:\\x.usda', 'sub/a.usda', 'sub\\a.usda', '', '.', 'a.usda/',
  '__MACOSX/._a.usda', 'a.txt', 'x/../../y.usda', `${'d/'.repeat(200)}a.usda`, 'n'.repeat(2000) + '.usda', 'a\0b.usda', '\u00e9.usda', 't.png',
]; // prettier-ignore

/** Makes a package of layers, some of them changed by `mutateLayer`, and then makes its headers lie. */
export function makePackage(
  random: RandomSource,
  layers: readonly (readonly [name: string, bytes: Uint8Array])[],
  mutateLayer: (bytes: Uint8Array) => Uint8Array,
): Uint8Array {
  const entries: Entry[] = [];
  for (let left = random.size(5); left > 0; left--) {
    const [name, bytes] = random.pick(layers);
    entries.push(makeEntry(random.chance(0.3) ? random.pick(NAMES) : name, random.chance(0.4) ? mutateLayer(bytes) : bytes, random));
  }
  if (random.chance(0.03)) {
    const [name, bytes] = random.pick(layers);
    for (let left = random.size(400); left > 0; left--) entries.push(makeEntry(`${left}${name}`, bytes.subarray(0, 64), random));
  }
  if (random.chance(0.1)) nest(entries, random);
  for (let rounds = random.integer(4); rounds > 0; rounds--) lie(random.pick(entries), entries, random);
  const bytes = layOut(entries, random);
  return random.chance(0.25) ? mutateBytes(bytes, random, [bytes]) : bytes;
}

function makeEntry(name: string, data: Uint8Array, random: RandomSource): Entry {
  const isDeflated = random.chance(0.25);
  const stored = isDeflated ? new Uint8Array(deflateRawSync(data)) : data;
  return {
    name: new TextEncoder().encode(name),
    data: stored,
    method: isDeflated ? 8 : 0,
    flags: random.chance(0.1) ? random.integer(65536) : 0,
    size: data.length,
    compressedSize: stored.length,
    crc: crc32(data),
    extra: new Uint8Array(0),
    shift: 0,
    isTwoFaced: random.chance(0.1),
  };
}

/** Packages in packages, each the first file of the next. */
function nest(entries: Entry[], random: RandomSource): void {
  for (let depth = random.size(16); depth > 0; depth--) {
    const inner = layOut(entries, random);
    if (inner.length > 1 << 15) return;
    entries.splice(0, entries.length, makeEntry('n.usdz', inner, random));
  }
}

function lie(entry: Entry | undefined, entries: Entry[], random: RandomSource): void {
  if (entry === undefined) return;
  const extreme = Number(extremeInteger(random, entry.data.length) & 0xffffffffn);
  switch (random.integer(9)) {
    case 0:
      entry.size = extreme;
      return;
    case 1:
      entry.compressedSize = extreme;
      return;
    case 2:
      entry.method = random.pick([0, 8, 9, 12, 14, 93, 99, random.integer(65536)]);
      return;
    case 3:
      entry.shift = random.integer(400) - 200;
      return;
    case 4:
      entry.crc = extreme;
      return;
    case 5: {
      // sizes of 64 bits
      const sink = new ByteSink();
      sink.put(Uint8Array.of(1, 0, 24, 0));
      for (let i = 0; i < 3; i++) sink.big(extremeInteger(random, entry.data.length));
      entry.extra = sink.bytes.slice(0, random.chance(0.8) ? 28 : random.integer(28));
      entry.size = 0xffffffff;
      if (random.chance(0.5)) entry.compressedSize = 0xffffffff;
      return;
    }
    case 6:
      entry.extra = Uint8Array.from({ length: random.size(100) }, () => random.integer(256));
      return;
    case 7:
      if (entries.length < 500) entries.push({ ...entry, shift: random.chance(0.5) ? -random.integer(300) : 0 });
      return;
    default: {
      // zeros that were squeezed as far as they go
      const zeros = random.size(1 << 18);
      entry.data = new Uint8Array(deflateRawSync(new Uint8Array(zeros)));
      entry.method = 8;
      entry.size = random.chance(0.5) ? zeros : extreme;
      entry.compressedSize = entry.data.length;
    }
  }
}

function layOut(entries: readonly Entry[], random: RandomSource): Uint8Array {
  const parts: Uint8Array[] = [];
  const offsets: number[] = [];
  let at = 0;
  const put = (bytes: Uint8Array): void => {
    parts.push(bytes);
    at += bytes.length;
  };
  for (const entry of entries) {
    offsets.push(at);
    put(header(0x04034b50, entry, 0));
    put(entry.name);
    put(entry.extra);
    put(entry.data);
    if (random.chance(0.02)) put(new Uint8Array(random.size(64)));
  }
  const start = at;
  entries.forEach((entry, i) => {
    const said = entry.isTwoFaced ? { ...entry, size: entry.size + random.integer(3), method: random.pick([0, 8]) } : entry;
    put(header(0x02014b50, said, Math.max(0, offsets[i]! + entry.shift)));
    put(entry.name);
    put(entry.extra);
  });
  const end = new DataView(new ArrayBuffer(22));
  const lies = (value: number): number => (random.chance(0.03) ? Number(extremeInteger(random, at) & 0xffffffffn) : value);
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, lies(entries.length), true);
  end.setUint16(10, lies(entries.length), true);
  end.setUint32(12, lies(at - start), true);
  end.setUint32(16, lies(start), true);
  put(new Uint8Array(end.buffer));
  return join(...parts);
}

function header(signature: number, entry: Entry, offset: number): Uint8Array {
  const isLocal = signature === 0x04034b50;
  const view = new DataView(new ArrayBuffer(isLocal ? 30 : 46));
  const shift = isLocal ? 0 : 2;
  view.setUint32(0, signature, true);
  view.setUint16(4 + shift, 20, true);
  view.setUint16(6 + shift, entry.flags, true);
  view.setUint16(8 + shift, entry.method, true);
  view.setUint32(14 + shift, entry.crc, true);
  view.setUint32(18 + shift, entry.compressedSize, true);
  view.setUint32(22 + shift, entry.size, true);
  view.setUint16(26 + shift, entry.name.length, true);
  view.setUint16(28 + shift, entry.extra.length, true);
  if (!isLocal) view.setUint32(42, offset, true);
  return new Uint8Array(view.buffer);
}
