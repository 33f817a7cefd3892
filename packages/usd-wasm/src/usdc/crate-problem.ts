import type { Reporter, Severity } from '../tf/reporter.ts';
import type { LimitError } from '../tf/read-limits.ts';
import type { UsdcReadError } from './usdc-error.ts';

/** Reports a read error that costs no more than what it names; without a reporter it is thrown. */
export function reportProblem(reporter: Reporter | undefined, error: UsdcReadError | LimitError, severity: Severity, path?: string): void {
  if (reporter === undefined) throw error;
  reporter.report({ code: error.code, severity, message: error.message, asset: error.asset, ...(path === undefined ? {} : { path }) });
}
