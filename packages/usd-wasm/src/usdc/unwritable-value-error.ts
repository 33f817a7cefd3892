/** A value that crates cannot hold: a single path, or text with NUL. Explained in `docs/errors.md`. */
export class UnwritableValueError extends TypeError {
  readonly code = 'usdc-unwritable';

  constructor(what: string) {
    super(what);
    this.name = 'UnwritableValueError';
  }
}
