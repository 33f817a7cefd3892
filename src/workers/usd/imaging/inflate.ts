/** Zlib streams inside pictures, inflated by the platform. */
import { ImageDecodeError } from './image-error.ts';

/**
 * Inflates at most `expected` bytes; a damaged or cut stream gives what came before.
 *
 * @param format name of the picture's format, for messages
 * @throws ImageDecodeError when so few bytes cannot hold so many
 */
export async function inflate(
  format: string,
  parts: readonly Uint8Array<ArrayBuffer>[],
  expected: number,
): Promise<{ data: Uint8Array; length: number }> {
  // The output may not be allocated from the header alone: 1032:1 is the most that deflate can compress.
  let available = 0;
  for (const part of parts) available += part.length;
  if (expected > available * 1032 + 4096)
    throw new ImageDecodeError(format, `${available} bytes of image data cannot hold ${expected} bytes of pixels`);
  const data = new Uint8Array(expected);
  const stream = new DecompressionStream('deflate');
  const writer = stream.writable.getWriter();
  const writing = (async () => {
    for (const part of parts) await writer.write(part);
    await writer.close();
  })().catch(() => undefined); // The reader sees the same error.
  const reader = stream.readable.getReader();
  let length = 0;
  try {
    while (length < expected) {
      const { done, value } = await reader.read();
      if (done) break;
      const chunk = length + value.length > expected ? value.subarray(0, expected - length) : value;
      data.set(chunk, length);
      length += chunk.length;
    }
    if (length === expected) await reader.cancel();
  } catch {
    // Wrong checksum, damaged block or bytes after the end: the caller reports `isTruncated`.
  }
  await writing;
  return { data, length };
}
