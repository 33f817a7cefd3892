/** A problem as panels show it: plain data, the same in every room. */
export interface ErrorInfo {
  /** Stable kebab-case code, explained in `docs/errors.md`. */
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  /** What failed, where, what was expected, what was found, what to do. */
  readonly message: string;
  /** Composed prim or property path. */
  readonly path?: string;
  /** File (or `package.usdz[inner]`) it concerns. */
  readonly asset?: string;
}
