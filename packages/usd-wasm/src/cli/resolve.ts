import { assetExists, FileResolver, isSearchPath, PackageResolver } from '../node.ts';
import { defineCommand, onlyFile } from './command.ts';

export const resolve = defineCommand({
  name: 'resolve',
  summary: 'tell which file an asset path means',
  usage: `usd resolve PATH [options]

Prints the file that an asset path resolves to.

      --anchorPath FILE          a path relative to this file; without it, relative to the current folder
      --configureAssetPath FILE  also look beside this file for paths that do not begin with ./ or ../

Exit status: 0, or 1 if there is no such file.
`,
  options: { anchorPath: { type: 'string' }, configureAssetPath: { type: 'string' } },
  async run({ anchorPath, configureAssetPath }, names, output) {
    const path = onlyFile('resolve', names);
    const resolved = await resolveAssetPath(path, anchorPath, configureAssetPath);
    if (resolved === undefined) {
      output.warn(`Failed to resolve '${path}'`);
      return 1;
    }
    await output.print(`${resolved}\n`);
    return 0;
  },
});

/** The file that an asset path means, or undefined where there is none. Source: OpenUSD usd/bin/usdresolve. */
export async function resolveAssetPath(path: string, anchor?: string, configuredAsset?: string): Promise<string | undefined> {
  const resolver = new PackageResolver(new FileResolver());
  const anchors: (string | undefined)[] = [anchor];
  // a search path that is not beside its anchor is looked for as if it stood alone, then beside the configured asset
  if (isSearchPath(path)) anchors.push(undefined, ...(configuredAsset === undefined ? [] : [configuredAsset]));
  const candidates = anchors.map((file) => resolver.identify(path, file === undefined ? undefined : resolver.identify(file, undefined)));
  for (const identifier of candidates) if (await assetExists(resolver, identifier)) return identifier;
  return undefined;
}
