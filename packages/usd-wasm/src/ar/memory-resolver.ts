import type { Reporter } from '../tf/reporter.ts';
import { anchorAssetPath, folderOf, normalizePath } from './asset-path.ts';
import { ResolveError, type AssetResolver } from './resolver.ts';

/** Bytes, or how to get them when they are asked for. */
export type MemoryFile = Uint8Array | (() => Promise<Uint8Array>);

/**
 * Resolves among files in memory, such as those dropped on a page: by path; else ignoring case; else the one file
 * whose path ends most alike (files dropped without their folders). The last two are reported.
 */
export class MemoryResolver implements AssetResolver {
  readonly #files = new Map<string, MemoryFile>();
  readonly #reporter: Reporter | undefined;

  /** @param files by path, e.g. `scene/textures/wood.png` */
  constructor(files: ReadonlyMap<string, MemoryFile>, reporter?: Reporter) {
    for (const [path, file] of files) this.#files.set(normalizePath(path), file);
    this.#reporter = reporter;
  }

  identify(assetPath: string, anchor: string | undefined): string {
    return anchorAssetPath(assetPath, anchor);
  }

  async read(identifier: string, signal?: AbortSignal): Promise<Uint8Array> {
    signal?.throwIfAborted();
    const path = normalizePath(identifier);
    const file = this.#files.get(path) ?? this.#files.get(this.#similar(identifier, path));
    if (file === undefined) throw new ResolveError(identifier, 'it is not among the given files');
    if (file instanceof Uint8Array) return file;
    let bytes: Uint8Array;
    try {
      bytes = await file();
    } catch (cause) {
      signal?.throwIfAborted();
      throw new ResolveError(identifier, cause instanceof Error ? cause.message : String(cause), { cause });
    }
    signal?.throwIfAborted();
    return bytes;
  }

  exists(identifier: string): Promise<boolean> {
    const path = normalizePath(identifier);
    return Promise.resolve(this.#files.has(path) || this.#files.has(this.#similar(identifier, path)));
  }

  list(folder: string): Promise<readonly string[]> {
    const wanted = normalizePath(folder);
    return Promise.resolve(
      [...this.#files.keys()].flatMap((path) =>
        folderOf(path) === (wanted === '' ? '' : `${wanted}/`) ? path.slice(folderOf(path).length) : [],
      ),
    );
  }

  /** The path of a file that is likely meant; `path` itself where there is none or several. */
  #similar(identifier: string, path: string): string {
    const wanted = path.toLowerCase().split('/').reverse();
    let best: string[] = [];
    let bestLength = 1;
    for (const candidate of this.#files.keys()) {
      const segments = candidate.toLowerCase().split('/').reverse();
      let length = 0;
      while (length < wanted.length && length < segments.length && wanted[length] === segments[length]) length++;
      if (length < bestLength) continue;
      if (length > bestLength) best = [];
      bestLength = length;
      best.push(candidate);
    }
    const sameButCase = best.filter((candidate) => candidate.toLowerCase() === path.toLowerCase());
    const found = sameButCase.length === 1 ? sameButCase[0] : best.length === 1 ? best[0] : undefined;
    if (found === undefined) return path;
    this.#reporter?.report({
      code: 'asset-found-elsewhere',
      severity: 'warning',
      asset: identifier,
      message: `@${identifier}@ is not among the given files; @${found}@ is used in its place`,
    });
    return found;
  }
}
