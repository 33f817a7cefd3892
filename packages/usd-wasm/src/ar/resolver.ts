/**
 * Asset resolution: from asset paths as authored to identifiers, and from identifiers to bytes.
 * Source: OpenUSD ar/resolver.h. Package-relative identifiers are `package.usdz[inner/file.usdc]`, nested ones
 * `a.usdz[b.usdz[c.usda]]`.
 */
export interface AssetResolver {
  /**
   * The identifier of an asset path found in the asset `anchor` (undefined: the path stands alone). Pure text work:
   * says nothing of existence. Inside packages `./x` and `../x` are relative to the inner file, others are tried
   * from the inner file's folder too (search paths anchor to it; usdz.md).
   */
  identify(assetPath: string, anchor: string | undefined): string;
  /**
   * Bytes of an asset. Views on one shared buffer are fine. Must be callable again.
   * @throws ResolveError when it does not exist or may not be read
   */
  read(identifier: string, signal?: AbortSignal): Promise<Uint8Array>;
  /** Whether an asset can be read, where that can be told without reading it. */
  exists?(identifier: string, signal?: AbortSignal): Promise<boolean>;
  /**
   * Whether an asset is there, for resolvers that can tell at once. These let a package name files beside it, as
   * OpenUSD does: a search path that is not inside means the file relative to the package. Others keep packages closed.
   */
  existsNow?(identifier: string): boolean | undefined;
  /**
   * Names of the files in a folder, given as identifier with or without a separator at its end, in no particular
   * order. Undefined where folders cannot be listed; empty where there is none.
   */
  list?(folder: string, signal?: AbortSignal): Promise<readonly string[] | undefined>;
}

/** Whether an asset can be read. Resolvers that cannot tell have to read it. */
export async function assetExists(resolver: AssetResolver, identifier: string, signal?: AbortSignal): Promise<boolean> {
  if (identifier === '') return false;
  if (resolver.exists !== undefined) return resolver.exists(identifier, signal);
  try {
    await resolver.read(identifier, signal);
    return true;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ResolveError) return false;
    throw error;
  }
}

/** An asset that does not exist or cannot be read. */
export class ResolveError extends Error {
  /** Explained in `docs/errors.md`. */
  readonly code = 'resolve-error';
  /** Identifier of the asset. */
  readonly asset: string;

  constructor(asset: string, reason: string, options?: ErrorOptions) {
    super(`cannot read @${asset}@: ${reason}`, options);
    this.name = 'ResolveError';
    this.asset = asset;
  }
}
