import type { ErrorInfo } from '../../share/protocol/error-info.ts';

/** A recording that cannot go on; the message says what to do. */
export class RecordingError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RecordingError';
    this.code = code;
  }
}

/** What went wrong while a file was written, in words. */
export function fileErrorOf(error: unknown): RecordingError {
  if (error instanceof RecordingError) return error;
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'QuotaExceededError') {
    return new RecordingError('record-disk-full', 'The disk is full: free some space, or record a smaller or shorter video', {
      cause: error,
    });
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new RecordingError('record-file-failed', `The file cannot be written (${reason}): choose another place for it`, { cause: error });
}

export function errorInfoOf(error: unknown): ErrorInfo {
  if (error instanceof RecordingError) return { code: error.code, severity: 'error', message: error.message };
  const reason = error instanceof Error ? error.message : String(error);
  return { code: 'record-failed', severity: 'error', message: `The recording failed: ${reason}` };
}
