/** The preview picture that a package or a default prim brings along. */
import { splitPackagePath, type Dictionary, type PackageResolver, type Stage, type Value } from 'usd-wasm';
import { sniffImage } from './imaging/image-decode.ts';

/** Formats an <img> can show. */
const SHOWN: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  avif: 'image/avif',
  gif: 'image/gif',
};
const PICTURE_NAME = /(^|\/)(thumbnail[^/]*|thumbnails\/.*)\.(png|jpe?g|webp|avif)$/i;

/**
 * `assetInfo.previews.thumbnails.default.defaultImage` of the default prim (AssetPreviewsAPI), else a file of the package called
 * `thumbnail.*` or lying in `thumbnails/`. Undefined when there is none or it cannot be read.
 */
export async function findThumbnail(stage: Stage, resolver: PackageResolver): Promise<Blob | undefined> {
  const asset = entry(
    entry(entry(entry(stage.defaultPrim?.getMetadata('assetInfo'), 'previews'), 'thumbnails'), 'default'),
    'defaultImage',
  );
  const authored = asset?.type === 'asset' ? (asset.value.resolvedPath ?? '') : '';
  const identifiers = [authored, await packagedPicture(stage, resolver)].filter(
    (identifier) => identifier !== undefined && identifier !== '',
  ) as string[];
  for (const identifier of identifiers) {
    const bytes = await readOrNothing(resolver, identifier);
    const type = bytes === undefined ? undefined : SHOWN[sniffImage(bytes) ?? ''];
    if (bytes !== undefined && type !== undefined) return new Blob([bytes as Uint8Array<ArrayBuffer>], { type });
  }
  return undefined;
}

function entry(value: Value | undefined, key: string): Value | undefined {
  return value?.type === 'dictionary' ? (value.value as Dictionary).get(key) : undefined;
}

async function packagedPicture(stage: Stage, resolver: PackageResolver): Promise<string | undefined> {
  const outer = splitPackagePath(stage.rootLayer.identifier)?.package;
  if (outer === undefined) return undefined;
  const { entries } = await resolver.open(outer);
  const found = entries.find(({ name }) => PICTURE_NAME.test(name));
  return found === undefined ? undefined : `${outer}[${found.name}]`;
}

/** A missing preview is no problem of the scene: there is just none. */
async function readOrNothing(resolver: PackageResolver, identifier: string): Promise<Uint8Array | undefined> {
  try {
    return await resolver.read(identifier);
  } catch {
    return undefined;
  }
}
