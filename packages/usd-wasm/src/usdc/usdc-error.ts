/** Why a crate, or one value of it, could not be read. Explained in `docs/errors.md`. */
export type UsdcErrorCode =
  | 'usdc-not-a-crate'
  | 'usdc-version'
  | 'usdc-truncated'
  | 'usdc-section'
  | 'usdc-compression'
  | 'usdc-index'
  | 'usdc-path'
  | 'usdc-value'
  | 'usdc-recursion'
  | 'usdc-too-large';

/** A crate whose bytes are wrong. `byteOffset` counts from the start of the crate. */
export class UsdcReadError extends Error {
  /** Explained in `docs/errors.md`. */
  readonly code: UsdcErrorCode;
  /** Identifier of the crate. */
  readonly asset: string;
  /** `BOOTSTRAP`, `TOC`, a section's name, or `VALUES`. */
  readonly section: string;
  /** From the start of the crate. */
  readonly byteOffset: number;

  constructor(code: UsdcErrorCode, asset: string, section: string, byteOffset: number, what: string, options?: ErrorOptions) {
    super(`cannot read crate @${asset}@, ${section} at byte ${byteOffset}: ${what}`, options);
    this.name = 'UsdcReadError';
    this.code = code;
    this.asset = asset;
    this.section = section;
    this.byteOffset = byteOffset;
  }
}
