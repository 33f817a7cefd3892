/**
 * UTF-8 bytes to strings and back, without losing bytes that are not UTF-8: those become the lone surrogates
 * U+DC80..U+DCFF, as text escapes such as `"\xff"` may put any byte into a string.
 */
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Offset at which bytes that are plain ASCII are cheaper to decode as a whole. */
const SHORT = 48;

/** Text of ASCII bytes. */
export function decodeAscii(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > SHORT) return strict.decode(bytes.subarray(start, end));
  return String.fromCharCode.apply(null, bytes.subarray(start, end) as unknown as number[]);
}

/** Text of any bytes; `isValid` says whether they were UTF-8. */
export function decodeText(bytes: Uint8Array): { readonly text: string; readonly isValid: boolean } {
  try {
    return { text: strict.decode(bytes), isValid: true };
  } catch {
    return { text: decodeEscaped(bytes), isValid: false };
  }
}

/** Number of bytes of the valid UTF-8 sequence at an offset, or 0. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const c = bytes[at]!;
  if (c < 0x80) return 1;
  const length = c >= 0xc2 && c <= 0xdf ? 2 : c >= 0xe0 && c <= 0xef ? 3 : c >= 0xf0 && c <= 0xf4 ? 4 : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  for (let i = 1; i < length; i++) if ((bytes[at + i]! & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1]!;
  if ((c === 0xe0 && second < 0xa0) || (c === 0xed && second > 0x9f) || (c === 0xf0 && second < 0x90) || (c === 0xf4 && second > 0x8f))
    return 0;
  return length;
}

function decodeEscaped(bytes: Uint8Array): string {
  const parts: string[] = [];
  let runStart = 0;
  for (let p = 0; p < bytes.length;) {
    const length = sequenceLength(bytes, p);
    if (length > 0) {
      p += length;
      continue;
    }
    if (p > runStart) parts.push(strict.decode(bytes.subarray(runStart, p)));
    parts.push(String.fromCharCode(0xdc00 + bytes[p]!));
    runStart = ++p;
  }
  if (runStart < bytes.length) parts.push(strict.decode(bytes.subarray(runStart)));
  return parts.join('');
}
