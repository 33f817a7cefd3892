/**
 * Paths: absolute, as text. `/` is the pseudo-root. Forms:
 * prim `/A/B`, property `/A/B.points`, variant `/A{shape=ball}`, prim in a variant `/A{shape=ball}B`,
 * property of a variant `/A{shape=ball}.size`, target `/A.rel[/B]`.
 *
 * Plain strings are used (not interned nodes): they cross threads, key maps and print as they are. Paths from files
 * are checked where they are read (`isValidPath`); these functions assume valid input.
 * Source: OpenUSD sdf/path.h; AOUSD Core "Paths".
 */
export type Path = string & { readonly __brand: 'SdfPath' };

/** A path as calls take it: `/World/Chair` written out is one. Other text is `as Path`, once it is known to be one. */
export type PathText = Path | `/${string}`;

/** Path of the pseudo-root: `/`. */
export const ROOT_PATH = '/' as Path;

/** `/A` + `B` → `/A/B`; `/A{v=x}` + `B` → `/A{v=x}B`. */
export function appendChild(parent: Path, name: string): Path {
  if (parent === ROOT_PATH) return `/${name}` as Path;
  return (endsInVariant(parent) ? `${parent}${name}` : `${parent}/${name}`) as Path;
}

/** `/A` + `size` → `/A.size`. The name may hold colons. */
export function appendProperty(parent: Path, name: string): Path {
  return `${parent}.${name}` as Path;
}

/** `/A` + (shape, ball) → `/A{shape=ball}`; an empty selection names the variant set itself. */
export function appendVariant(parent: Path, set: string, selection: string): Path {
  return `${parent}{${set}=${selection}}` as Path;
}

/** `/A.rel` + `/B` → `/A.rel[/B]`. */
export function appendTarget(parent: Path, target: Path): Path {
  return `${parent}[${target}]` as Path;
}

/** Whether the last element is a variant selection. */
export function endsInVariant(path: Path): boolean {
  return path.charCodeAt(path.length - 1) === 125; // }
}

/** Whether the path names a property (or something below one). */
export function isPropertyPath(path: Path): boolean {
  return propertyDot(path) >= 0;
}

/** The prim (or variant) part: `/A/B.points[/C]` → `/A/B`. */
export function primPathOf(path: Path): Path {
  const dot = propertyDot(path);
  return dot < 0 ? path : (path.slice(0, dot) as Path);
}

/** Name of the last element: `/A/B` → `B`, `/A.x:y` → `x:y`, `/A{v=x}B` → `B`, `/` → ``. A variant element: `{v=x}`. */
export function nameOf(path: Path): string {
  const start = lastElementStart(path);
  return path.slice(start);
}

/** Parent of any path: `/A/B` → `/A`, `/A{v=x}B` → `/A{v=x}`, `/A{v=x}` → `/A`, `/A.b` → `/A`, `/A.r[/B]` → `/A.r`. */
export function parentPath(path: Path): Path {
  if (path.charCodeAt(path.length - 1) === 93) {
    let depth = 0;
    for (let i = path.length - 1; i >= 0; i--) {
      const c = path.charCodeAt(i);
      if (c === 93) depth++;
      else if (c === 91 && --depth === 0) return path.slice(0, i) as Path;
    }
  }
  const start = lastElementStart(path);
  const c = path.charCodeAt(start - 1);
  const end = c === 47 || c === 46 ? start - 1 : start;
  return end <= 0 ? ROOT_PATH : (path.slice(0, end) as Path);
}

/** Set and selection of a path that ends in a variant: `/A{v=x}` → [`v`, `x`]. */
export function variantOf(path: Path): readonly [set: string, selection: string] | undefined {
  if (!endsInVariant(path)) return undefined;
  const open = path.lastIndexOf('{');
  const equals = path.indexOf('=', open);
  return [path.slice(open + 1, equals), path.slice(equals + 1, -1)];
}

/** Without any variant selections: `/A{v=x}B` → `/A/B`. */
export function stripVariants(path: Path): Path {
  if (!path.includes('{')) return path;
  let result = '';
  let depth = 0;
  for (let i = 0; i < path.length; i++) {
    const c = path[i] as string;
    if (c === '{') depth++;
    else if (c === '}') {
      depth--;
      const next = path[i + 1];
      if (next !== undefined && next !== '{' && next !== '.' && next !== '/' && next !== ']' && next !== '[') result += '/';
    } else if (depth === 0) result += c;
  }
  return result as Path;
}

/** Whether `prefix` is the path or an ancestor of it (element-wise: `/A` is no prefix of `/AB`). */
export function hasPrefix(path: Path, prefix: Path): boolean {
  if (prefix === ROOT_PATH) return true;
  if (!path.startsWith(prefix)) return false;
  if (path.length === prefix.length) return true;
  if (endsInVariant(prefix)) return true;
  const c = path.charCodeAt(prefix.length);
  return c === 47 || c === 46 || c === 123 || c === 91; // / . { [
}

/** Replaces a prefix; the path must have it. Keeps separators right between variant and prim parents. */
export function replacePrefix(path: Path, from: Path, to: Path): Path {
  if (from === to) return path;
  if (path === from) return to;
  let rest = from === ROOT_PATH ? path : path.slice(from.length);
  if (rest.charCodeAt(0) === 47) rest = rest.slice(1);
  else if (!endsInVariant(from)) return `${to === ROOT_PATH ? '/' : to}${rest}` as Path; // property, variant or target follows
  if (rest.charCodeAt(0) === 46 || rest.charCodeAt(0) === 123 || rest.charCodeAt(0) === 91) return `${to}${rest}` as Path;
  return appendChild(to, rest);
}

/** Number of prim name elements: `/` → 0, `/A/B` → 2, `/A{v=x}B` → 2. */
export function pathDepth(path: Path): number {
  const plain = primPathOf(stripVariants(path));
  if (plain === ROOT_PATH) return 0;
  let depth = 0;
  for (let i = 0; i < plain.length; i++) if (plain.charCodeAt(i) === 47) depth++;
  return depth;
}

/** Whether text is a prim name. Letters of any script are allowed (OpenUSD 24.03+). */
export function isValidIdentifier(name: string): boolean {
  // Classes of all scripts take long to compile: most layers never need them.
  return /^[A-Za-z_]\w*$/.test(name) || /^[\p{XID_Start}_][\p{XID_Continue}]*$/u.test(name);
}

/** Whether text is a property name: identifiers joined by colons. */
export function isValidNamespacedIdentifier(name: string): boolean {
  return name.split(':').every(isValidIdentifier);
}

/** Position of the dot that begins the property part, or -1. Dots inside variant names or targets do not count. */
function propertyDot(path: string): number {
  if (!path.includes('.')) return -1;
  let depth = 0;
  for (let i = 0; i < path.length; i++) {
    const c = path.charCodeAt(i);
    if (c === 123) depth++;
    else if (c === 125) depth--;
    else if (depth === 0) {
      if (c === 46) return i;
      if (c === 91) return -1;
    }
  }
  return -1;
}

function lastElementStart(path: string): number {
  const last = path.length - 1;
  if (path.charCodeAt(last) === 125) return path.lastIndexOf('{'); // a variant
  if (path.charCodeAt(last) === 93) return propertyDot(path) + 1; // a target hangs on its property
  for (let i = last; i >= 0; i--) {
    const c = path.charCodeAt(i);
    if (c === 47 || c === 46 || c === 125) return i + 1; // / . }
  }
  return 0;
}
