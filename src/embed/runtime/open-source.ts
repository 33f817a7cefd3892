/** From an address to what the engine opens. */
import { RemoteError } from '../../share/protocol/channel.ts';
import type { AssetSource } from '../../share/protocol/engine.ts';
import type { ErrorInfo } from '../../share/protocol/error-info.ts';
import { rootAddress } from '../../share/view-state/root-address.ts';
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

async function fileOf(address: string, signal: AbortSignal): Promise<File> {
  const scheme = address.slice(0, address.indexOf(':'));
  try {
    // Its bytes tell what it is. A page's policy that lets data be fetched is rare, and decoding needs none.
    const bytes = scheme === 'data' ? bytesOfData(address) : await (await fetch(address, { signal })).blob();
    return new File([bytes], 'model.usd');
  } catch (cause) {
    if (signal.aborted) throw new RemoteError(CANCELLED);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RemoteError({ code: 'resolve-error', severity: 'error', message: `The ${scheme}: address could not be read: ${reason}` });
  }
}

/** Bytes of `data:model/vnd.usdz+zip;base64,UEsD…`. @throws DOMException, URIError */
function bytesOfData(address: string): Uint8Array<ArrayBuffer> {
  const comma = address.indexOf(',');
  const text = decodeURIComponent(address.slice(comma + 1).replace(/#.*$/s, ''));
  if (!/;\s*base64$/i.test(address.slice(0, comma))) return new TextEncoder().encode(text);
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
