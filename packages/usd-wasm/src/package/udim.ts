/** Texture paths that stand for many tiles: `<UDIM>` for a number of four digits. Source: OpenUSD usdShade/udimUtils.cpp. */
const TAG = /<UDIM>/i;
const FIRST_TILE = 1001;
const LAST_TILE = 1100;

export function isUdimPath(assetPath: string): boolean {
  return TAG.test(assetPath);
}

/** The path with every tile's number in it, 1001 to 1100. */
export function udimTilePaths(assetPath: string): string[] {
  return Array.from({ length: LAST_TILE - FIRST_TILE + 1 }, (_, i) => assetPath.replace(TAG, String(FIRST_TILE + i)));
}
