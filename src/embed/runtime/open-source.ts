/** From an address to what the engine opens. */
import { RemoteError } from '../../share/protocol/channel.ts';
import type { AssetSource } from '../../share/protocol/engine.ts';
import type { ErrorInfo } from '../../share/protocol/error-info.ts';
import type { ReflectedElement } from '../reflected-element.ts';

export const CANCELLED: ErrorInfo = { code: 'cancelled', severity: 'info', message: 'Opening was cancelled by a newer request' };

/**
 * @param address absolute; http and https are read by the engine, blob and data here, which only this page can
 * @param attributes `root`: file inside the package, or beside the address where that is a folder
 * @throws RemoteError
 */
export async function sourceOf(
  address: string,
  { root, withCredentials }: Pick<ReflectedElement, 'root' | 'withCredentials'>,
  signal: AbortSignal,
): Promise<AssetSource> {
  const url = new URL(address);
  if (url.protocol === 'blob:' || url.protocol === 'data:') {
    const file = await fileOf(address, signal);
    return { kind: 'files', files: [{ path: file.name, file }], root: root === null ? file.name : `${file.name}[${root}]` };
  }
  return { kind: 'url', url: rootAddress(url, root), withCredentials };
}

function rootAddress(url: URL, root: string | null): string {
  if (root === null || root === '') return url.href;
  return /\.usdz$/i.test(url.pathname) ? `${url.href}[${root}]` : new URL(root, url).href;
}

async function fileOf(address: string, signal: AbortSignal): Promise<File> {
  try {
    const response = await fetch(address, { signal });
    // Its bytes tell what it is.
    return new File([await response.blob()], 'model.usd');
  } catch (cause) {
    if (signal.aborted) throw new RemoteError(CANCELLED);
    const scheme = address.slice(0, address.indexOf(':'));
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RemoteError({ code: 'resolve-error', severity: 'error', message: `The ${scheme}: address could not be read: ${reason}` });
  }
}
