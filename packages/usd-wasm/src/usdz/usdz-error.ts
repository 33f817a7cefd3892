/** Why a package, or one entry of it, could not be read. Explained in `docs/errors.md`. */
export type UsdzErrorCode = 'usdz-not-a-zip' | 'usdz-directory' | 'usdz-no-layer' | 'usdz-no-entry' | 'usdz-entry' | 'usdz-compression';

/** A package whose bytes are wrong. `byteOffset` counts from the start of the package. */
export class UsdzError extends Error {
  /** Explained in `docs/errors.md`. */
  readonly code: UsdzErrorCode;
  /** Identifier of the package. */
  readonly asset: string;
  /** From the start of the package. */
  readonly byteOffset: number;

  constructor(code: UsdzErrorCode, asset: string, byteOffset: number, what: string, options?: ErrorOptions) {
    super(`cannot read package @${asset}@ at byte ${byteOffset}: ${what}`, options);
    this.name = 'UsdzError';
    this.code = code;
    this.asset = asset;
    this.byteOffset = byteOffset;
  }
}
