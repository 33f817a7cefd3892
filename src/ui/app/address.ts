/** Addresses of files: which are taken, and what they are called. */

/** Scheme of links that the installed app opens: `web+usd:https://host/a.usdz`, or `web+usd://host/a.usdz`. */
const APP_SCHEME = 'web+usd:';

/** Absolute http(s) address, relative ones taken from the page's; undefined for anything else. */
export function addressOf(url: string): string | undefined {
  const plain = withoutAppScheme(url.trim());
  if (!URL.canParse(plain, document.baseURI)) return undefined;
  const { href, protocol } = new URL(plain, document.baseURI);
  return protocol === 'http:' || protocol === 'https:' ? href : undefined;
}

function withoutAppScheme(url: string): string {
  if (url.slice(0, APP_SCHEME.length).toLowerCase() !== APP_SCHEME) return url;
  const rest = url.slice(APP_SCHEME.length);
  return rest.startsWith('//') ? `https:${rest}` : rest;
}

export function nameOfPath(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1) || path;
}

/** Last part of an address' path, as written where it is no valid encoding. */
export function nameOfUrl(address: string): string {
  const name = nameOfPath(new URL(address).pathname);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
