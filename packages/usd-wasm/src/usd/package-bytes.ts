import type { AssetResolver } from '../ar/resolver.ts';
import { sniffFormat } from '../sdf/file-format.ts';

/** Keeps the bytes of packages, which are read once as a layer and again for what is inside, so that they are fetched once. */
export class PackageBytes implements AssetResolver {
  readonly #inner: AssetResolver;
  readonly #packages = new Map<string, Uint8Array>();

  constructor(inner: AssetResolver) {
    this.#inner = inner;
  }

  identify(assetPath: string, anchor: string | undefined): string {
    return this.#inner.identify(assetPath, anchor);
  }

  async read(identifier: string, signal?: AbortSignal): Promise<Uint8Array> {
    const known = this.#packages.get(identifier);
    if (known !== undefined) return known;
    const bytes = await this.#inner.read(identifier, signal);
    if (sniffFormat(bytes) === 'usdz') this.#packages.set(identifier, bytes);
    return bytes;
  }
}
