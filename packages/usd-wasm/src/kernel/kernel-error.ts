/** What a whole-array job refused. Explained in `docs/errors.md`. */
export type KernelErrorCode = 'kernel-lz4' | 'kernel-integers' | 'kernel-length' | 'kernel-index' | 'kernel-memory';

/** Input that no result can be made from. `at` is a byte offset for coded data and an element index for arrays. */
export class KernelError extends Error {
  /** Explained in `docs/errors.md`. */
  readonly code: KernelErrorCode;
  /** Byte offset for coded data, element index for arrays. */
  readonly at: number;

  constructor(code: KernelErrorCode, at: number, what: string, options?: ErrorOptions) {
    super(what, options);
    this.name = 'KernelError';
    this.code = code;
    this.at = at;
  }
}
