/**
 * Pictures around the scene: from a file or an address to texels for the renderer. They belong to no stage, and nothing waits for
 * them but the picture's light.
 */
import type { EngineCalls, EnvironmentSource } from '../../share/protocol/engine.ts';
import type { ErrorInfo } from '../../share/protocol/error-info.ts';
import type { EnvironmentChange } from '../../share/protocol/scene.ts';
import { decodeImage, sniffImage, type DecodedImage } from './imaging/image-decode.ts';
import { ImageTooLargeError } from './imaging/image-error.ts';
import { CancelledError } from './pace.ts';
import { nameOfAddress } from './sources.ts';

type EnvironmentReply = EngineCalls['loadEnvironment']['reply'];

/** Texels of the longest side: a degree of the sky is eleven of them, and the picture takes 64 MiB. */
const MAX_SIZE = 4096;
/** Larger files are not read. */
const MAX_BYTES = 1 << 29;

/** A picture that cannot light the scene. */
class EnvironmentError extends Error {
  readonly code: 'environment-not-found' | 'environment-unsupported' | 'environment-too-large';
  readonly asset: string;

  constructor(code: EnvironmentError['code'], asset: string, reason: string, options?: ErrorOptions) {
    super(`${asset}: ${reason}`, options);
    this.name = 'EnvironmentError';
    this.code = code;
    this.asset = asset;
  }
}

export interface EnvironmentOutput {
  send(change: EnvironmentChange): void;
  report(problem: ErrorInfo): void;
}

export class EnvironmentLoader {
  #output: EnvironmentOutput;
  #loading: AbortController | undefined;

  constructor(output: EnvironmentOutput) {
    this.#output = output;
  }

  /**
   * Sends the picture, or that there is none any more. A newer call overtakes one that is not done.
   *
   * @throws EnvironmentError
   * @throws CancelledError
   */
  async load(source: EnvironmentSource | undefined): Promise<EnvironmentReply> {
    this.cancel();
    const loading = new AbortController();
    this.#loading = loading;
    if (source === undefined) {
      this.#output.send({ kind: 'environmentChange' });
      return {};
    }
    const name = source.kind === 'file' ? source.file.name : nameOfAddress(source.url);
    try {
      const image = await this.#read(source, name, loading.signal);
      if (loading.signal.aborted) throw new CancelledError();
      const { width, height, format, colorSpace, data } = image;
      this.#output.send({ kind: 'environmentChange', picture: { label: name, width, height, format, colorSpace, data } });
      return { environment: { name, width, height } };
    } catch (error) {
      throw loading.signal.aborted ? new CancelledError() : error;
    }
  }

  /** Nothing more is sent of what is being loaded. */
  cancel(): void {
    this.#loading?.abort();
  }

  async #read(source: EnvironmentSource, name: string, signal: AbortSignal): Promise<DecodedImage> {
    const bytes = source.kind === 'file' ? await bytesOfFile(source.file) : await bytesOfUrl(source, name, signal);
    const format = sniffImage(bytes);
    try {
      // What a camera or a painter made is sRGB, whatever its number of bits and channels.
      const image = await decodeImage(bytes, format === 'hdr' || format === 'exr' ? 'raw' : 'sRGB', MAX_SIZE);
      if (image.loss === 'truncated') {
        this.#output.report({
          code: 'environment-truncated',
          severity: 'warning',
          message: `The environment ${name} is damaged or ends too early; the missing part is left black`,
          asset: name,
        });
      }
      return image;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new EnvironmentError(cause instanceof ImageTooLargeError ? 'environment-too-large' : 'environment-unsupported', name, reason, {
        cause,
      });
    }
  }
}

async function bytesOfFile(file: File): Promise<Uint8Array> {
  if (file.size > MAX_BYTES) throw tooManyBytes(file.name);
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (cause) {
    throw new EnvironmentError('environment-not-found', file.name, 'the file cannot be read; it may have been moved or changed', { cause });
  }
}

async function bytesOfUrl(
  { url, withCredentials }: EnvironmentSource & { kind: 'url' },
  name: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  let response: Response;
  try {
    response = await fetch(url, { signal, ...(withCredentials === true ? { credentials: 'include' } : {}) });
  } catch (cause) {
    const reason = 'nothing can be fetched from its address; other servers must allow it (CORS)';
    throw new EnvironmentError('environment-not-found', name, reason, { cause });
  }
  if (!response.ok) throw new EnvironmentError('environment-not-found', name, `the server answered ${response.status}`);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  try {
    for (const reader = response.body!.getReader(); ;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > MAX_BYTES) {
        await reader.cancel();
        break;
      }
      parts.push(value);
    }
  } catch (cause) {
    throw new EnvironmentError('environment-not-found', name, 'its address stopped sending', { cause });
  }
  if (length > MAX_BYTES) throw tooManyBytes(name);
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function tooManyBytes(name: string): EnvironmentError {
  return new EnvironmentError('environment-too-large', name, `the file has more than ${MAX_BYTES >> 20} MiB`);
}
