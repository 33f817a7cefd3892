/**
 * Address of the layer to open where a file is named beside it: inside a package `pkg.usdz[scene.usda]`, else relative to the address.
 *
 * @param url absolute
 */
export function rootAddress(url: URL, root: string | null | undefined): string {
  if (root === null || root === undefined || root === '') return url.href;
  return /\.usdz$/i.test(url.pathname) ? `${url.href}[${root}]` : new URL(root, url).href;
}
