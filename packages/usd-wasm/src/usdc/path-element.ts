/** The last element of a path as crates store it. */
export interface PathElement {
  readonly parent: string;
  /** A name, `{set=variant}`, `[/target]`, `.attribute` below a target, `.mapper[/x]`; the bare name of a prim's property. */
  readonly text: string;
  readonly isPrimProperty: boolean;
}

/** Undefined for the root and the empty path, which have no element. Source: usdc.md 3.5. */
export function splitElement(path: string): PathElement | undefined {
  if (path === '' || path === '/') return undefined;
  if (path[0] !== '/') throw new RangeError(`<${path}> is no absolute path`);
  const last = path[path.length - 1];
  if (last === '}') return element(path, path.lastIndexOf('{'));
  if (last === ']') {
    const open = matchingBracket(path);
    return element(path, path.endsWith('.mapper', open) ? open - '.mapper'.length : open);
  }
  let at = path.length - 1;
  while (at > 0 && !'/.}]'.includes(path[at] as string)) at--;
  if (path[at] === '/') return { parent: at === 0 ? '/' : path.slice(0, at), text: path.slice(at + 1), isPrimProperty: false };
  if (path[at] !== '.') return element(path, at + 1);
  const parent = path.slice(0, at);
  // Below a target (the parent ends in `]`) or another property, the dot belongs to the element.
  const isPrimProperty = !parent.endsWith(']') && splitElement(parent)?.isPrimProperty !== true;
  return { parent, text: path.slice(isPrimProperty ? at + 1 : at), isPrimProperty };
}

function element(path: string, start: number): PathElement {
  return { parent: path.slice(0, start), text: path.slice(start), isPrimProperty: false };
}

function matchingBracket(path: string): number {
  let depth = 0;
  for (let i = path.length - 1; i >= 0; i--) {
    if (path[i] === ']') depth++;
    else if (path[i] === '[' && --depth === 0) return i;
  }
  throw new RangeError(`<${path}> is no path`);
}
