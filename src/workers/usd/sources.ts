/** From what the user gave (files, a folder, a URL) to a resolver and the root layer to open. */
import {
  FetchResolver,
  folderOf,
  MemoryResolver,
  normalizePath,
  PackageResolver,
  ProblemList,
  readLayer,
  ROOT_PATH,
  sniffFormat,
  splitPackagePath,
  type AssetResolver,
  type Layer,
  type Reporter,
} from 'usd-wasm';
import type { AssetSource, FileEntry, RootCandidate } from '../../share/protocol/engine.ts';

export interface OpenSource {
  readonly resolver: PackageResolver;
  /** Asset path of the root layer. */
  readonly root: string;
  /** Name to show. */
  readonly name: string;
}

export interface SourceProgress {
  /** The root file's bytes are all here (called once). */
  onRootRead(): void;
  onBytes(loadedBytes: number, totalBytes: number): void;
}

export function openSource(source: AssetSource, reporter: Reporter, progress: SourceProgress): OpenSource {
  let inner: AssetResolver;
  let root: string;
  if (source.kind === 'url') {
    const loaded = new Map<string, { loaded: number; total: number }>();
    root = source.url;
    inner = new FetchResolver({
      baseUrl: source.url,
      // A scene must not make the page call hosts other than its own.
      origins: 'same',
      ...(source.withCredentials === true ? { fetch: fetchWithCredentials } : {}),
      onProgress: ({ identifier, loadedBytes, totalBytes }) => {
        loaded.set(identifier, { loaded: loadedBytes, total: totalBytes ?? 0 });
        let sum = 0;
        let total = 0;
        for (const file of loaded.values()) {
          sum += file.loaded;
          total += Math.max(file.total, file.loaded);
        }
        progress.onBytes(sum, total);
      },
    });
  } else {
    root = normalizePath(source.root);
    let sum = 0;
    const files = new Map(
      source.files.map(({ path, file }) => [
        path,
        async () => {
          const bytes = new Uint8Array(await file.arrayBuffer());
          sum += bytes.length;
          progress.onBytes(sum, sum);
          return bytes;
        },
      ]),
    );
    inner = new MemoryResolver(files, reporter);
  }
  // Of a root inside a package (`pkg.usdz[scene.usda]`) the package is what is read.
  const outermost = splitPackagePath(root)?.package ?? root;
  const noticed = new RootNotice(inner, inner.identify(outermost, undefined), () => progress.onRootRead());
  return { resolver: new PackageResolver(noticed, reporter), root, name: nameOfAddress(root) };
}

function fetchWithCredentials(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  return fetch(input, { ...init, credentials: 'include' });
}

/** The last part of a path or URL, decoded, to be shown. */
export function nameOfAddress(path: string): string {
  const name = path.slice(folderOf(path.replace(/[?#].*$/, '')).length).replace(/[?#].*$/, '');
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** Passes everything through, keeps the root's bytes (a package is read by the stage and by its textures), and tells when they are there. */
class RootNotice implements AssetResolver {
  #inner: AssetResolver;
  #root: string;
  #bytes: Promise<Uint8Array> | undefined;
  #onRead: () => void;

  constructor(inner: AssetResolver, root: string, onRead: () => void) {
    this.#inner = inner;
    this.#root = root;
    this.#onRead = onRead;
  }

  identify(assetPath: string, anchor: string | undefined): string {
    return this.#inner.identify(assetPath, anchor);
  }

  read(identifier: string, signal?: AbortSignal): Promise<Uint8Array> {
    if (identifier !== this.#root) return this.#inner.read(identifier, signal);
    if (this.#bytes === undefined) {
      const reading = this.#inner.read(identifier, signal);
      this.#bytes = reading;
      reading.then(
        () => this.#onRead(),
        () => (this.#bytes = undefined),
      );
    }
    return this.#bytes;
  }
}

/** Files beyond this are not looked into for references: the guess is only a guess. */
const MAX_SCANNED_BYTES = 64 << 20;
const HEAD_BYTES = 64;

/**
 * Which files could be the root layer, likeliest first: those no other candidate refers to, packages, names that say so,
 * then what lies higher up.
 */
export async function findRoots(files: readonly FileEntry[]): Promise<RootCandidate[]> {
  const candidates: { entry: FileEntry; path: string; format: 'usdz' | 'usdc' | 'usda' }[] = [];
  for (const entry of files) {
    const head = new Uint8Array(await entry.file.slice(0, HEAD_BYTES).arrayBuffer());
    const format = sniffFormat(head);
    if (format !== undefined) candidates.push({ entry, path: normalizePath(entry.path), format });
  }
  const referenced = new Set<string>();
  if (candidates.length > 1) {
    const byPath = new Map(candidates.map((candidate) => [candidate.path.toLowerCase(), candidate.path]));
    let scanned = 0;
    for (const { entry, path, format } of candidates) {
      scanned += entry.file.size;
      if (scanned > MAX_SCANNED_BYTES) break;
      for (const assetPath of await assetPathsOf(entry, format)) {
        const target =
          byPath.get(normalizePath(`${folderOf(path)}${assetPath}`).toLowerCase()) ?? byPath.get(normalizePath(assetPath).toLowerCase());
        if (target !== undefined && target !== path) referenced.add(target);
      }
    }
  }
  return candidates
    .map(({ entry, path, format }) => ({ path: entry.path, format, sizeBytes: entry.file.size, isReferenced: referenced.has(path) }))
    .sort((a, b) => rank(a) - rank(b) || depth(a.path) - depth(b.path) || b.sizeBytes - a.sizeBytes || a.path.localeCompare(b.path));
}

function rank(candidate: RootCandidate): number {
  const path = normalizePath(candidate.path);
  const name = path
    .slice(folderOf(path).length)
    .replace(/\.[^.]*$/, '')
    .toLowerCase();
  const folder = folderOf(path).slice(0, -1).split('/').at(-1)?.toLowerCase();
  const isNamedSo = name === folder || ['root', 'main', 'scene', 'stage', 'asset', 'index'].includes(name);
  return (candidate.isReferenced ? 4 : 0) + (isNamedSo ? 0 : 1) + (candidate.format === 'usdz' ? 0 : 1);
}

function depth(path: string): number {
  return normalizePath(path).split('/').length;
}

/** Asset paths of sublayers, references and payloads. Unreadable files refer to nothing. */
async function assetPathsOf(entry: FileEntry, format: 'usdz' | 'usdc' | 'usda'): Promise<string[]> {
  if (format === 'usdz') return []; // a package stands alone
  const bytes = new Uint8Array(await entry.file.arrayBuffer());
  // Every asset path of a text layer stands between @ signs; pictures among them match no candidate.
  if (format === 'usda') return Array.from(new TextDecoder().decode(bytes).matchAll(/@([^@\n]+)@/g), (match) => match[1] as string);
  let layer: Layer;
  try {
    layer = readLayer(entry.path, bytes, new ProblemList());
    return layerAssetPaths(layer);
  } catch {
    return []; // opening it will say what is wrong
  }
}

function layerAssetPaths(layer: Layer): string[] {
  const result: string[] = [...(layer.fieldAs(ROOT_PATH, 'subLayers', 'stringVector') ?? [])];
  for (const path of layer.data.paths()) {
    for (const value of [layer.field(path, 'references'), layer.field(path, 'payload')]) {
      if (value?.type !== 'referenceListOp' && value?.type !== 'payloadListOp') continue;
      const { explicitItems, prependedItems, appendedItems, addedItems } = value.value;
      for (const items of [explicitItems, prependedItems, appendedItems, addedItems]) for (const item of items) result.push(item.assetPath);
    }
  }
  return result;
}
