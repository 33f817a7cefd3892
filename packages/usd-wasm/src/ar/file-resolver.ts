import { statSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { anchorAssetPath, isSearchPath, normalizePath } from './asset-path.ts';
import { ResolveError, type AssetResolver } from './resolver.ts';

/** Resolves files on disk (Node only). Identifiers are absolute paths with forward slashes. */
export class FileResolver implements AssetResolver {
  readonly #searchPaths: readonly string[];
  /** Identifiers that came from search paths, as authored. */
  readonly #authored = new Map<string, string>();

  /** @param searchPaths folders to look in for `a/b.usd` (not `./a/b.usd`) that is not beside its anchor */
  constructor(searchPaths: readonly string[] = []) {
    this.#searchPaths = searchPaths.map((path) => normalizePath(resolve(path)));
  }

  identify(assetPath: string, anchor: string | undefined): string {
    if (assetPath === '') return '';
    const identifier = anchor === undefined ? normalizePath(resolve(assetPath)) : anchorAssetPath(assetPath, anchor);
    if (this.#searchPaths.length > 0 && isSearchPath(assetPath)) this.#authored.set(identifier, assetPath);
    return identifier;
  }

  async read(identifier: string, signal?: AbortSignal): Promise<Uint8Array> {
    let failure: unknown;
    for (const path of this.#candidates(identifier)) {
      try {
        const file = await readFile(path, { signal });
        // Small files come as slices of Node's shared pool: hand out none of the rest.
        return file.byteLength === file.buffer.byteLength ? new Uint8Array(file.buffer) : new Uint8Array(file);
      } catch (error) {
        signal?.throwIfAborted();
        failure ??= error;
      }
    }
    const code = (failure as NodeJS.ErrnoException).code;
    throw new ResolveError(identifier, code === 'ENOENT' ? 'no such file' : (failure as Error).message, { cause: failure });
  }

  async exists(identifier: string): Promise<boolean> {
    for (const path of this.#candidates(identifier)) if (await isFile(path)) return true;
    return false;
  }

  existsNow(identifier: string): boolean {
    return this.#candidates(identifier).some((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === false);
  }

  async list(folder: string): Promise<readonly string[]> {
    try {
      const entries = await readdir(folder, { withFileTypes: true });
      return entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
    } catch {
      return []; // there is no such folder, or none that may be looked into
    }
  }

  #candidates(identifier: string): readonly string[] {
    const authored = this.#authored.get(identifier);
    return authored === undefined
      ? [identifier]
      : [identifier, ...this.#searchPaths.map((folder) => normalizePath(`${folder}/${authored}`))];
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return !(await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
