import type { ErrorInfo } from '../../share/protocol/error-info.ts';

/** WebGPU cannot be used, or an allocation or pipeline failed. */
export class DeviceError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DeviceError';
    this.code = code;
  }

  toInfo(): ErrorInfo {
    return { code: this.code, severity: 'error', message: this.message };
  }
}

/** What is told of anything that was thrown. */
export function infoOf(error: unknown): ErrorInfo {
  if (error instanceof DeviceError) return error.toInfo();
  return { code: 'renderer-failed', severity: 'error', message: error instanceof Error ? error.message : String(error) };
}
