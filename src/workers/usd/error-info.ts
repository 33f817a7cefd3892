/** What goes wrong in here as plain data for the page. */
import type { ErrorInfo } from '../../share/protocol/error-info.ts';
import { CancelledError } from './pace.ts';

export const CANCELLED: ErrorInfo = { code: 'cancelled', severity: 'info', message: 'The work was cancelled' };

/** Whether an error is the end of an abort, from wherever it was thrown. */
export function isCancellation(error: unknown): boolean {
  return error instanceof CancelledError || (error instanceof Error && error.name === 'AbortError');
}

/**
 * Typed errors keep their code and asset. Anything else is a fault of ours, and says so.
 *
 * @param doing what was being done, e.g. `Opening scene.usdz`
 */
export function errorInfoOf(error: unknown, doing: string): ErrorInfo {
  if (isCancellation(error)) return CANCELLED;
  const { code, asset, path } = fieldsOf(error);
  const reason = error instanceof Error ? error.message : String(error);
  return {
    code: code ?? 'internal-error',
    severity: 'error',
    message:
      code === undefined
        ? `${doing} failed for a reason that is a fault of this program: ${reason}`
        : `${doing} failed: ${reason}${adviceOf(code)}`,
    ...(asset === undefined ? {} : { asset }),
    ...(path === undefined ? {} : { path }),
  };
}

function fieldsOf(error: unknown): { code: string | undefined; asset: string | undefined; path: string | undefined } {
  const fields = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {};
  const text = (name: string): string | undefined => (typeof fields[name] === 'string' ? fields[name] : undefined);
  return { code: text('code'), asset: text('asset'), path: text('path') };
}

/** What the user can do about it. */
function adviceOf(code: string): string {
  if (code === 'unknown-format')
    return '. Give a .usdz, .usdc, .usda or .usd file; pictures and other 3D formats are not opened by themselves';
  if (code === 'resolve-error') return '. Give the files that belong to the scene together, for instance by dropping their folder';
  if (code.startsWith('usdc') || code.startsWith('usda') || code.startsWith('usdz'))
    return '. The file may be damaged or cut short: try to fetch or export it again';
  return '';
}
