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
