/**
 * Asset paths as text: package-relative identifiers, and anchoring a path to the asset it was authored in.
 * Separators are `/`; backslashes of Windows tools count as separators.
 * Source: usdz.md section 5; OpenUSD ar/packageUtils.cpp, sdf/layerUtils.cpp.
 */

/** `package[inner]` taken apart at one level. `inner` is unescaped where it is the last level. */
export interface PackagePath {
  /** Path of the package. */
  readonly package: string;
  /** Path in the package. */
  readonly inner: string;
}

/** Splits at the outermost level: `a.usdz[b.usdz[c.png]]` → `a.usdz`, `b.usdz[c.png]`. Undefined: not package-relative. */
export function splitPackagePath(identifier: string): PackagePath | undefined {
  const open = openingBracket(identifier);
  if (open <= 0) return undefined;
  const inner = identifier.slice(open + 1, -1);
  return { package: identifier.slice(0, open), inner: openingBracket(inner) > 0 ? inner : unescapeBrackets(inner) };
}

/** Splits at the innermost level: `a.usdz[b.usdz[c.png]]` → `a.usdz[b.usdz]`, `c.png`. */
export function splitInnermost(identifier: string): PackagePath | undefined {
  const outer = splitPackagePath(identifier);
  if (outer === undefined) return undefined;
  const deeper = splitInnermost(outer.inner);
  if (deeper === undefined) return outer;
  return { package: `${outer.package}[${deeper.package}]`, inner: deeper.inner };
}

/** Appends a file name at the innermost level: (`a.usdz[b.usdz]`, `c.png`) → `a.usdz[b.usdz[c.png]]`. */
export function joinPackagePath(packagePath: string, inner: string): string {
  const outer = splitPackagePath(packagePath);
  if (outer === undefined) return `${packagePath}[${escapeBrackets(inner)}]`;
  const isLast = splitPackagePath(outer.inner) === undefined;
  return `${outer.package}[${joinPackagePath(isLast ? escapeBrackets(outer.inner) : outer.inner, inner)}]`;
}

/**
 * The identifier of `assetPath` as authored in the asset `anchor`. Absolute paths and URLs stand for themselves, all
 * others, `./` or not, are relative to the anchor's folder. `..` never leaves a package.
 */
export function anchorAssetPath(assetPath: string, anchor: string | undefined): string {
  if (assetPath === '') return '';
  const nested = splitPackagePath(assetPath);
  if (nested !== undefined) return appendRaw(anchorAssetPath(nested.package, anchor), assetPath.slice(nested.package.length));
  const path = isUrl(assetPath) || !assetPath.includes('\\') ? assetPath : assetPath.replaceAll('\\', '/');
  if (anchor === undefined || anchor === '' || isUrl(path)) return normalizePath(path);
  if (isAbsolutePath(path)) return anchorPlain(path, splitPackagePath(anchor)?.package ?? anchor);
  const site = splitInnermost(anchor) ?? (anchor.slice(-5).toLowerCase() === '.usdz' ? { package: anchor, inner: '' } : undefined);
  if (site === undefined) return anchorPlain(path, anchor);
  return joinPackagePath(site.package, clampToRoot(`${folderOf(site.inner)}${path}`));
}

/** Whether the path says by itself where to begin: a URL, `/a`, `C:/a`. */
export function isAbsolutePath(path: string): boolean {
  return path.startsWith('/') || (path.includes(':') && (/^[A-Za-z]:[/\\]/.test(path) || isUrl(path)));
}

/** Neither absolute nor `./` or `../`: a path that OpenUSD also looks for in search paths. */
export function isSearchPath(path: string): boolean {
  return !isAbsolutePath(path) && !/^\.\.?[/\\]/.test(path);
}

/** Whether a path begins with a scheme, as `https:`. */
export function isUrl(path: string): boolean {
  return path.includes(':') && /^([A-Za-z][A-Za-z0-9+.-]+:\/\/|blob:|data:)/.test(path);
}

/** Resolves `.` and `..` segments, joins repeated separators and drops a leading `./`. URLs are left as they are. */
export function normalizePath(path: string): string {
  if (isNormal(path) || isUrl(path)) return path;
  const slashed = path.includes('\\') ? path.replaceAll('\\', '/') : path;
  const root = slashed.startsWith('/') || slashed.includes(':') ? (/^([A-Za-z]:)?\/{1,2}/.exec(slashed)?.[0] ?? '') : '';
  const segments: string[] = [];
  for (const segment of slashed.slice(root.length).split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.length > 0 && segments[segments.length - 1] !== '..') segments.pop();
    else if (root === '') segments.push(segment);
  }
  return root + segments.join('/');
}

/** Whether there is surely nothing to resolve, which is so of nearly every path: asked for each file and each reference of a stage. */
function isNormal(path: string): boolean {
  const last = path.charCodeAt(path.length - 1);
  return last !== 47 && last !== 46 && !path.includes('//') && !path.includes('./') && !path.includes('\\') && !path.includes(':');
}

/** The folder of a path with its separator, `''` for a bare name. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** Absolute paths begin at the root of a URL's host. */
function anchorPlain(path: string, anchor: string): string {
  if (!isUrl(anchor)) {
    if (isAbsolutePath(path)) return normalizePath(path);
    const folder = folderOf(anchor);
    return normalizePath(path.startsWith('.') ? resolveLeadingDots(folder, path) : `${folder}${path}`);
  }
  const relative = path.replaceAll('#', '%23');
  return URL.canParse(relative, anchor) ? new URL(relative, anchor).href : normalizePath(path);
}

/** Adds `[…]` text, escaped already, at the innermost level. */
function appendRaw(identifier: string, brackets: string): string {
  let depth = 0;
  while (identifier[identifier.length - 1 - depth] === ']' && splitPackagePath(identifier) !== undefined && depth < nestingOf(identifier))
    depth++;
  return identifier.slice(0, identifier.length - depth) + brackets + ']'.repeat(depth);
}

function nestingOf(identifier: string): number {
  const outer = splitPackagePath(identifier);
  return outer === undefined ? 0 : 1 + nestingOf(outer.inner);
}

/** A path from a folder without the `./` and `../` that it begins with, so that mostly nothing is left to resolve. */
function resolveLeadingDots(folder: string, path: string): string {
  let end = folder.length;
  let from = 0;
  for (;;) {
    if (path.startsWith('./', from)) from += 2;
    else if (path.startsWith('../', from) && end > 1) {
      const parent = folder.lastIndexOf('/', end - 2) + 1;
      if (!isNormal(folder.slice(parent, end - 1)) || parent >= end - 1) break;
      from += 3;
      end = parent;
    } else break;
  }
  const rest = path.slice(from);
  // without a folder before it, it may look like something absolute
  if (end === 0 && (rest.startsWith('/') || !isNormal(rest))) return folder + path;
  return folder.slice(0, end) + rest;
}

function clampToRoot(path: string): string {
  return normalizePath(`/${path}`).replace(/^\/+/, '');
}

/** Position of the unescaped `[` that the final `]` closes, or -1. Matching from the end lets package names hold brackets. */
function openingBracket(text: string): number {
  if (!text.endsWith(']') || text.endsWith('\\]')) return -1;
  let depth = 0;
  for (let i = text.length - 1; i >= 0; i--) {
    if (text[i - 1] === '\\') continue;
    if (text[i] === ']') depth++;
    else if (text[i] === '[' && --depth === 0) return i;
  }
  return -1;
}

function escapeBrackets(name: string): string {
  return name.replaceAll('[', '\\[').replaceAll(']', '\\]');
}

function unescapeBrackets(name: string): string {
  return name.replaceAll('\\[', '[').replaceAll('\\]', ']');
}
