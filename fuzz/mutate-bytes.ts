/** Changes that know nothing of a format. */
import type { RandomSource } from './random-source.ts';

const EXTREMES: readonly bigint[] = [
  0n, 1n, 2n, 0x7fn, 0x80n, 0xffn, 0x7fffn, 0xffffn, 0x10000n, 0x7fffffffn, 0x80000000n, 0xfffffffen, 0xffffffffn, 0x100000000n,
  0x1fffffffffffffn, 0x20000000000000n, 0x7fffffffffffffffn, 0x8000000000000000n, 0xffffffffffffffffn, 0x0fffffffn, 0x01000000n,
]; // prettier-ignore

/** A number at which readers break: around a power of two, or around the length of what is there. */
export function extremeInteger(random: RandomSource, length: number): bigint {
  if (random.chance(0.3)) return BigInt(random.integer(length + 2));
  if (random.chance(0.2)) return BigInt(random.integer(64));
  const value = random.pick(EXTREMES) + BigInt(random.integer(3) - 1);
  return value & 0xffffffffffffffffn;
}

export function mutateBytes(source: Uint8Array, random: RandomSource, others: readonly Uint8Array[]): Uint8Array {
  let bytes: Uint8Array = source.slice();
  for (let rounds = random.size(8); rounds > 0; rounds--) bytes = mutateOnce(bytes, random, others);
  return bytes;
}

function mutateOnce(bytes: Uint8Array, random: RandomSource, others: readonly Uint8Array[]): Uint8Array {
  const { length } = bytes;
  if (length < 16) return bytes;
  const at = random.integer(length);
  switch (random.integer(9)) {
    case 0:
      bytes[at]! ^= 1 << random.integer(8);
      return bytes;
    case 1:
      bytes[at] = random.integer(256);
      return bytes;
    case 2: {
      const width = random.pick([1, 2, 4, 8]);
      const place = Math.min(at, length - width);
      let value = extremeInteger(random, length);
      for (let i = 0; i < width; i++, value >>= 8n) bytes[place + i] = Number(value & 0xffn);
      return bytes;
    }
    case 3:
      return random.chance(0.3) ? bytes.slice(0, at) : bytes;
    case 4:
      return join(bytes.subarray(0, at), bytes.subarray(Math.min(length, at + random.size(64))));
    case 5: {
      const piece = bytes.subarray(at, at + random.size(64));
      const times = random.chance(0.05) ? random.size(256) : 1;
      return join(bytes.subarray(0, at), ...Array.from({ length: times }, () => piece), bytes.subarray(at));
    }
    case 6: {
      const other = random.pick(others);
      const from = random.integer(other.length);
      const piece = other.subarray(from, from + random.size(128));
      return join(bytes.subarray(0, at), piece, bytes.subarray(random.chance(0.5) ? at : Math.min(length, at + piece.length)));
    }
    case 7:
      bytes.fill(random.pick([0, 255, 32, random.integer(256)]), at, at + random.size(16));
      return bytes;
    default:
      bytes.copyWithin(at, random.integer(length), Math.min(length, random.integer(length) + random.size(32)));
      return bytes;
  }
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
