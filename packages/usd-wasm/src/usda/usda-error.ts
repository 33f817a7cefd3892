/** Where and why a text layer cannot be read. Made once, when reading has failed: until then only offsets are kept. */
export class UsdaParseError extends Error {
  /** Explained in `docs/errors.md`. */
  readonly code = 'usda-parse-error';
  /** Identifier of the layer. */
  readonly asset: string;
  /** From 1. LF, CR and CRLF each end a line. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
  /** Byte offset from the start of the layer. */
  readonly offset: number;
  /** The line in question, shortened around the column. */
  readonly snippet: string;

  constructor(asset: string, bytes: Uint8Array, offset: number, reason: string) {
    const at = Math.min(offset, bytes.length);
    let line = 1;
    let lineStart = 0;
    for (let i = 0; i < at; i++) {
      const c = bytes[i]!;
      if (c === 10 || (c === 13 && bytes[i + 1] !== 10)) {
        line++;
        lineStart = i + 1;
      }
    }
    const decoder = new TextDecoder();
    let column = 1;
    // Every byte but those inside a UTF-8 sequence begins a character.
    for (let i = lineStart; i < at; i++) if ((bytes[i]! & 0xc0) !== 0x80) column++;
    super(`@${asset}@ line ${line}, column ${column}: ${reason}`);
    this.name = 'UsdaParseError';
    this.asset = asset;
    this.line = line;
    this.column = column;
    this.offset = at;
    this.snippet = decoder.decode(bytes.subarray(Math.max(lineStart, at - 60), lineEnd(bytes, at)));
  }
}

/** End of the line that holds an offset, at most 60 bytes on. */
function lineEnd(bytes: Uint8Array, offset: number): number {
  const limit = Math.min(bytes.length, offset + 60);
  for (let i = offset; i < limit; i++) if (bytes[i] === 10 || bytes[i] === 13) return i;
  return limit;
}
