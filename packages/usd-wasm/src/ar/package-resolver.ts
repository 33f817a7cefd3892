import { DEFAULT_LIMITS, LimitError, type ReadLimits } from '../tf/read-limits.ts';
import type { Reporter } from '../tf/reporter.ts';
import { openArchive, type Archive } from '../usdz/archive.ts';
import { anchorAssetPath, folderOf, isSearchPath, joinPackagePath, normalizePath, splitInnermost, splitPackagePath } from './asset-path.ts';
import { assetExists, ResolveError, type AssetResolver } from './resolver.ts';

/**
 * Adds packages to a resolver: reads `pkg.usdz[inner/file.png]`, nested ones too, as views on the package's bytes.
 * Opened packages are kept until `dispose`.
 */
export class PackageResolver implements AssetResolver {
  readonly #inner: AssetResolver;
  readonly #reporter: Reporter | undefined;
  readonly #limits: ReadLimits;
  readonly #archives = new Map<string, Promise<Archive>>();
  readonly #opened = new Map<string, Archive>();
  /** Identifiers inside packages that were authored as search paths, and how. */
  readonly #authored = new Map<string, string>();

  constructor(inner: AssetResolver, reporter?: Reporter, limits: ReadLimits = DEFAULT_LIMITS) {
    this.#inner = inner;
    this.#reporter = reporter;
    this.#limits = limits;
  }

  identify(assetPath: string, anchor: string | undefined): string {
    const isInPackage = anchor !== undefined && (splitPackagePath(anchor) !== undefined || this.#archives.has(anchor));
    if (!isInPackage) {
      const nested = splitPackagePath(assetPath);
      if (nested === undefined) return this.#inner.identify(assetPath, anchor);
      return this.#inner.identify(nested.package, anchor) + assetPath.slice(nested.package.length);
    }
    const identifier = anchorAssetPath(assetPath, splitPackagePath(anchor) === undefined ? joinPackagePath(anchor, '.') : anchor);
    const site = splitInnermost(identifier);
    if (site === undefined || !isSearchPath(assetPath)) return identifier;
    const archive = this.#opened.get(site.package);
    if (archive !== undefined) {
      const inner = this.#search(archive, site.inner, assetPath);
      return archive.has(inner) ? joinPackagePath(site.package, inner) : (this.#outside(assetPath, site.package) ?? identifier);
    }
    this.#authored.set(identifier, assetPath); // searched for when it is read
    return identifier;
  }

  async read(identifier: string, signal?: AbortSignal): Promise<Uint8Array> {
    const site = splitInnermost(identifier);
    if (site === undefined) {
      const bytes = await this.#inner.read(identifier, signal);
      this.#keep(identifier, bytes);
      return bytes;
    }
    const archive = await this.#open(site.package, signal);
    try {
      const authored = this.#authored.get(identifier);
      return archive.read(authored === undefined ? site.inner : this.#search(archive, site.inner, authored));
    } catch (cause) {
      throw new ResolveError(identifier, (cause as Error).message, { cause });
    }
  }

  async exists(identifier: string, signal?: AbortSignal): Promise<boolean> {
    const site = splitInnermost(identifier);
    if (site === undefined) return assetExists(this.#inner, identifier, signal);
    try {
      const archive = await this.#open(site.package, signal);
      const authored = this.#authored.get(identifier);
      return archive.has(authored === undefined ? site.inner : this.#search(archive, site.inner, authored));
    } catch {
      signal?.throwIfAborted();
      return false;
    }
  }

  existsNow(identifier: string): boolean | undefined {
    const site = splitInnermost(identifier);
    return site === undefined ? this.#inner.existsNow?.(identifier) : this.#opened.get(site.package)?.has(site.inner);
  }

  async list(folder: string, signal?: AbortSignal): Promise<readonly string[] | undefined> {
    const site = splitInnermost(folder);
    if (site === undefined) return this.#inner.list?.(folder, signal);
    const archive = await this.#open(site.package, signal);
    const inner = site.inner === '' || site.inner.endsWith('/') ? site.inner : `${site.inner}/`;
    return archive.entries.flatMap(({ name }) => (folderOf(name) === inner ? name.slice(inner.length) : []));
  }

  /** An opened package, by the identifier of its file. Throws ResolveError. */
  async open(identifier: string, signal?: AbortSignal): Promise<Archive> {
    return this.#open(identifier, signal);
  }

  /** Lets go of all packages. */
  dispose(): void {
    this.#archives.clear();
    this.#opened.clear();
    this.#authored.clear();
  }

  /** A package that is read as a layer is not read again for what is inside. */
  #keep(identifier: string, bytes: Uint8Array): void {
    const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
    if (!isZip || this.#archives.has(identifier)) return;
    try {
      const archive = openArchive(identifier, bytes, this.#reporter, this.#limits);
      this.#opened.set(identifier, archive);
      this.#archives.set(identifier, Promise.resolve(archive));
    } catch {
      // Who asked for the bytes finds out what is wrong with them.
    }
  }

  /** The file beside the outermost package that a search path means, where that can be told and there is one. */
  #outside(assetPath: string, packagePath: string): string | undefined {
    const outermost = splitPackagePath(packagePath)?.package ?? packagePath;
    // Any name beside the package will do as anchor but that of a package.
    const identifier = this.#inner.identify(assetPath, `${folderOf(outermost)}anchor`);
    return this.#inner.existsNow?.(identifier) === true ? identifier : undefined;
  }

  /** A search path that is not beside its layer is looked for from the root layer's folder, then from the package's top. */
  #search(archive: Archive, beside: string, authored: string): string {
    const candidates = [beside, normalizePath(`${folderOf(archive.rootLayer ?? '')}${authored}`), normalizePath(authored)];
    return candidates.find((name) => archive.has(name)) ?? beside;
  }

  async #open(identifier: string, signal: AbortSignal | undefined): Promise<Archive> {
    for (;;) {
      const opening = this.#archives.get(identifier);
      if (opening === undefined) break;
      try {
        return await opening;
      } catch (error) {
        signal?.throwIfAborted();
        if ((error as Error).name !== 'AbortError') throw error; // else another reader gave up: try on our own
      }
    }
    const opening = this.#openNow(identifier, signal);
    this.#archives.set(identifier, opening);
    try {
      const archive = await opening;
      this.#opened.set(identifier, archive);
      return archive;
    } catch (error) {
      if (this.#archives.get(identifier) === opening) this.#archives.delete(identifier);
      throw error;
    }
  }

  async #openNow(identifier: string, signal: AbortSignal | undefined): Promise<Archive> {
    let nesting = 0;
    for (let site = splitInnermost(identifier); site !== undefined; site = splitInnermost(site.package)) nesting++;
    const { packageNesting } = this.#limits;
    if (nesting > packageNesting) {
      const cause = new LimitError('packageNesting', packageNesting, nesting, identifier, 'packages are nested deeper');
      throw new ResolveError(identifier, cause.message, { cause });
    }
    const bytes = await this.read(identifier, signal);
    try {
      return openArchive(identifier, bytes, this.#reporter, this.#limits);
    } catch (cause) {
      throw new ResolveError(identifier, (cause as Error).message, { cause });
    }
  }
}
