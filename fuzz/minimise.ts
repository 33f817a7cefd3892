import { join } from './mutate-bytes.ts';

/**
 * Makes an input smaller while it still fails: leaves out ever shorter pieces.
 *
 * @param tries calls of `stillFails` at most
 */
export async function minimise(
  bytes: Uint8Array,
  stillFails: (candidate: Uint8Array) => Promise<boolean>,
  tries: number,
): Promise<Uint8Array> {
  let smallest = bytes;
  for (let size = Math.ceil(bytes.length / 2); size >= 1 && tries > 0; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < smallest.length && tries > 0;) {
      const candidate = join(smallest.subarray(0, at), smallest.subarray(at + size));
      tries--;
      if (await stillFails(candidate)) smallest = candidate;
      else at += size;
    }
  }
  return smallest;
}
