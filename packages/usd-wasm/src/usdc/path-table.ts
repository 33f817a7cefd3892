/**
 * The path table of a crate. PATHS holds a tree of elements in depth-first order, in two encodings; the walk keeps its
 * own stack and visits every element once. Texts of prim paths are made at once, as they key the lookup; those of
 * properties, which are most of all paths, when they are asked for.
 * Source: usdc.md 3.5; OpenUSD sdf/crateFile.cpp.
 */
import { isValidIdentifier, isValidNamespacedIdentifier, type Path } from '../sdf/path.ts';
import type { CrateCursor } from './crate-bytes.ts';
import { VERSION, type CrateVersion } from './layout.ts';
import { splitElement } from './path-element.ts';

/** More slots than encoded paths: the empty path has one; a hostile count must not size our tables. */
const SPARE_SLOTS = 1 << 16;

/** Properties of one prim that are searched one by one; more get a map. */
const LONG_LIST = 32;

export function readPathTable(cursor: CrateCursor, version: CrateVersion, tokens: readonly string[]): PathTable {
  return version >= VERSION.compressedSections ? readCompressed(cursor, tokens) : readTree(cursor, version, tokens);
}

function readCompressed(cursor: CrateCursor, tokens: readonly string[]): PathTable {
  const slots = cursor.itemCount();
  const count = cursor.itemCount();
  cursor.file.allow('paths', count, 'there are more paths');
  const pathIndexes = cursor.integers32(count);
  const elements = cursor.integers32(count);
  const jumps = cursor.integers32(count);
  const table = new PathTable(cursor, slots, count, tokens);
  if (count === 0) return table;
  const pending: number[] = [0];
  const pendingParents: number[] = [-1];
  while (pending.length > 0) {
    let at = pending.pop() as number;
    let parent = pendingParents.pop() as number;
    for (;;) {
      const index = pathIndexes[at]! >>> 0;
      const element = elements[at]!;
      const jump = jumps[at]!;
      table.add(index, parent, element < 0 ? -element : element, element < 0);
      const hasChild = jump > 0 || jump === -1;
      const hasSibling = jump >= 0;
      if (parent < 0) parent = index;
      if (hasChild && hasSibling) {
        if (jump >= count - at) throw cursor.error('usdc-path', `element ${at} of ${count} jumps ${jump} elements ahead`);
        pending.push(at + jump);
        pendingParents.push(parent);
      }
      if (hasChild) parent = index;
      if (!hasChild && !hasSibling) break;
      at++;
      if (at >= count) throw cursor.error('usdc-path', `element ${at - 1} is the last one but says that another follows`);
    }
  }
  return table;
}

const HAS_CHILD = 1;
const HAS_SIBLING = 2;
const IS_PROPERTY = 4;

/** The encoding before 0.4.0: a header per element; an element with child and sibling says where the sibling's header is. */
function readTree(cursor: CrateCursor, version: CrateVersion, tokens: readonly string[]): PathTable {
  const isPadded = version < VERSION.packedStructs;
  const slots = cursor.itemCount();
  const start = cursor.at;
  const table = new PathTable(cursor, slots, Math.floor((cursor.end - start) / 12), tokens);
  if (slots === 0 || start === cursor.end) return table;
  const pending: number[] = [start];
  const pendingParents: number[] = [-1];
  while (pending.length > 0) {
    cursor.at = pending.pop() as number;
    let parent = pendingParents.pop() as number;
    for (;;) {
      if (isPadded) cursor.take(4);
      const index = cursor.u32();
      const token = cursor.u32();
      const bits = cursor.u8();
      cursor.take(3);
      table.add(index, parent, token, (bits & IS_PROPERTY) !== 0);
      const hasChild = (bits & HAS_CHILD) !== 0;
      const hasSibling = (bits & HAS_SIBLING) !== 0;
      if (parent < 0) parent = index;
      if (hasChild && hasSibling) {
        const sibling = cursor.offset();
        if (sibling < start || sibling >= cursor.end) throw cursor.error('usdc-path', `sibling at byte ${sibling} is outside PATHS`);
        pending.push(sibling);
        pendingParents.push(parent);
      }
      if (hasChild) parent = index;
      if (!hasChild && !hasSibling) break;
    }
  }
  return table;
}

/** What a path ends in: decides which elements may follow. */
const KIND = { none: 0, root: 1, prim: 2, variant: 3, property: 4, target: 5, illegal: 6 } as const;
/** What an element token is, once it has been looked at. */
const ELEMENT = { unknown: 0, name: 1, variant: 2, target: 3, dotted: 4, illegal: 5 } as const;
const PROPERTY_NAME = { unknown: 0, legal: 1, illegal: 2 } as const;

export class PathTable {
  readonly #cursor: CrateCursor;
  readonly #tokens: readonly string[];
  /** Text by PathIndex, where it was made. */
  readonly #texts: (Path | undefined)[];
  readonly #kinds: Uint8Array;
  readonly #depths: Uint16Array;
  readonly #parents: Uint32Array;
  readonly #elements: Uint32Array;
  /** Properties and what is below them hang in lists on their parents: PathIndex + 1, 0 ends a list. */
  readonly #firstBelow: Uint32Array;
  readonly #nextBelow: Uint32Array;
  /** The same, by element, for parents with many. */
  readonly #longLists = new Map<number, ReadonlyMap<string, number>>();
  /** Characters of each path's text. */
  readonly #lengths: Uint32Array;
  readonly #elementKinds: Uint8Array;
  readonly #propertyKinds: Uint8Array;
  /** Root, prims and variants. */
  readonly #primIndex = new Map<Path, number>();
  readonly #order: Uint32Array;
  readonly #characterLimit: number;
  readonly #primCharacterLimit: number;
  readonly #depthLimit: number;
  #count = 0;
  #characters = 0;
  #primCharacters = 0;
  #illegalCount = 0;
  #illegalText = '';
  #lastPrim = '';
  #lastPrimIndex = -1;
  #lastPath = '';
  #lastIndex = -1;

  constructor(cursor: CrateCursor, slots: number, encodedCount: number, tokens: readonly string[]) {
    if (slots > encodedCount + SPARE_SLOTS) throw cursor.error('usdc-too-large', `${slots} path slots for ${encodedCount} encoded paths`);
    this.#cursor = cursor;
    this.#primCharacterLimit = cursor.file.limits.pathCharacters;
    // variants and targets are parts of their own
    this.#depthLimit = 2 * cursor.file.limits.namespaceDepth;
    this.#tokens = tokens;
    this.#texts = new Array<Path | undefined>(slots);
    this.#kinds = new Uint8Array(slots);
    this.#depths = new Uint16Array(slots);
    this.#parents = new Uint32Array(slots);
    this.#elements = new Uint32Array(slots);
    this.#firstBelow = new Uint32Array(slots);
    this.#nextBelow = new Uint32Array(slots);
    this.#lengths = new Uint32Array(slots);
    this.#elementKinds = new Uint8Array(tokens.length);
    this.#propertyKinds = new Uint8Array(tokens.length);
    this.#order = new Uint32Array(Math.min(slots, encodedCount));
    // Deep chains of few bytes make path texts of any length; real files stay far below a thousand characters per byte.
    this.#characterLimit = 2 ** 24 + 1000 * cursor.file.length;
  }

  /** Number of PathIndexes. */
  get length(): number {
    return this.#kinds.length;
  }

  /** PathIndexes, parents before children. */
  get order(): Uint32Array {
    return this.#order.subarray(0, this.#count);
  }

  /** The first element that forms no legal path, and how many there are. */
  get illegal(): { readonly text: string; readonly count: number } | undefined {
    return this.#illegalCount === 0 ? undefined : { text: this.#illegalText, count: this.#illegalCount };
  }

  /** `''`: the empty path (a slot that PATHS does not fill). Undefined: an element that forms no legal path. */
  path(index: number): Path | '' | undefined {
    const known = this.#texts[index];
    if (known !== undefined) return known;
    const text = this.#textOf(index);
    if (text !== undefined && text !== '') this.#texts[index] = text;
    return text;
  }

  /** As `path`, for walking over all paths: the text of a property is not kept, and what is asked next about it is found at once. */
  pathInPassing(index: number): Path | '' | undefined {
    const text = this.#texts[index] ?? this.#textOf(index);
    if (text !== undefined && text !== '') {
      this.#lastPath = text;
      this.#lastIndex = index;
    }
    return text;
  }

  #textOf(index: number): Path | '' | undefined {
    const kind = this.#kinds[index];
    if (kind === KIND.none) return '';
    if (kind === KIND.illegal || kind === undefined) return undefined;
    const token = this.#tokens[this.#elements[index]!] as string;
    const dot = kind === KIND.property && !token.startsWith('.') ? '.' : '';
    return `${this.path(this.#parents[index]!)}${dot}${token}` as Path;
  }

  /** Whether the slot holds a legal path. */
  isLegal(index: number): boolean {
    const kind = this.#kinds[index];
    return kind !== KIND.none && kind !== KIND.illegal;
  }

  isEmpty(index: number): boolean {
    return this.#kinds[index] === KIND.none;
  }

  /** PathIndex of a path, -1 where the crate has none. */
  indexOf(path: Path): number {
    if (path === this.#lastPath) return this.#lastIndex;
    this.#lastIndex = this.#find(path);
    this.#lastPath = path;
    return this.#lastIndex;
  }

  #find(path: Path): number {
    const dot = propertyDot(path);
    if (dot < 0 && !path.endsWith(']')) return this.#primIndex.get(path) ?? -1;
    if (path.includes('[', dot)) {
      const element = splitElement(path);
      const parent = element === undefined ? -1 : this.#find(element.parent as Path);
      return element === undefined || parent < 0 ? -1 : this.#below(parent, element.text);
    }
    if (dot !== this.#lastPrim.length || !path.startsWith(this.#lastPrim)) {
      this.#lastPrim = path.slice(0, dot);
      this.#lastPrimIndex = this.#primIndex.get(this.#lastPrim as Path) ?? -1;
    }
    return this.#lastPrimIndex < 0 ? -1 : this.#below(this.#lastPrimIndex, path.slice(dot + 1));
  }

  #below(parent: number, text: string): number {
    const long = this.#longLists.get(parent);
    if (long !== undefined) return long.get(text) ?? -1;
    let steps = 0;
    for (let next = this.#firstBelow[parent]!; next !== 0; next = this.#nextBelow[next - 1]!) {
      if (this.#tokens[this.#elements[next - 1]!] === text) return next - 1;
      if (++steps > LONG_LIST) return this.#indexList(parent).get(text) ?? -1;
    }
    return -1;
  }

  #indexList(parent: number): ReadonlyMap<string, number> {
    const list = new Map<string, number>();
    for (let next = this.#firstBelow[parent]!; next !== 0; next = this.#nextBelow[next - 1]!)
      list.set(this.#tokens[this.#elements[next - 1]!] as string, next - 1);
    this.#longLists.set(parent, list);
    return list;
  }

  /** @param parent PathIndex of the parent; negative for the root, whose token means nothing */
  add(index: number, parent: number, token: number, isProperty: boolean): void {
    if (index >= this.#kinds.length) throw this.#cursor.error('usdc-index', `path index ${index}, there are ${this.#kinds.length} paths`);
    if (this.#kinds[index] !== KIND.none) throw this.#cursor.error('usdc-path', `path index ${index} occurs twice`);
    this.#order[this.#count++] = index;
    if (parent < 0) {
      this.#addPrim(index, '/' as Path, KIND.root);
      return;
    }
    const text = this.#tokens[token];
    if (text === undefined) throw this.#cursor.error('usdc-index', `path element token ${token}, there are ${this.#tokens.length} tokens`);
    const parentKind = this.#kinds[parent]!;
    const depth = this.#depths[parent]! + 1;
    if (depth > this.#depthLimit)
      this.#cursor.file.allow('namespaceDepth', Math.ceil(depth / 2), 'a path has more than twice as many parts');
    this.#depths[index] = depth;
    this.#parents[index] = parent;
    this.#elements[index] = token;
    this.#lengths[index] = this.#lengths[parent]! + text.length + 1;
    this.#characters += this.#lengths[index]!;
    if (this.#characters > this.#characterLimit)
      throw this.#cursor.error('usdc-too-large', `paths of more than ${this.#characterLimit} characters in all`);
    const kind = isProperty ? this.#propertyKind(token, text, parentKind) : this.#childKind(token, text, parentKind);
    switch (kind) {
      case KIND.illegal:
        if (this.#illegalCount++ === 0) this.#illegalText = `${JSON.stringify(text)} below <${this.path(parent) ?? ''}>`;
        this.#kinds[index] = kind;
        break;
      case KIND.prim:
      case KIND.variant:
        this.#addPrim(
          index,
          `${this.#texts[parent] as string}${kind === KIND.prim && parentKind === KIND.prim ? '/' : ''}${text}` as Path,
          kind,
        );
        break;
      default:
        this.#kinds[index] = kind;
        this.#nextBelow[index] = this.#firstBelow[parent]!;
        this.#firstBelow[parent] = index + 1;
    }
  }

  #addPrim(index: number, path: Path, kind: number): void {
    this.#primCharacters += path.length;
    if (this.#primCharacters > this.#primCharacterLimit)
      this.#cursor.file.allow('pathCharacters', this.#primCharacters, 'the paths of prims are longer in all');
    this.#kinds[index] = kind;
    this.#texts[index] = path;
    const known = this.#primIndex.size;
    this.#primIndex.set(path, index);
    if (this.#primIndex.size === known) throw this.#cursor.error('usdc-path', `path <${path}> occurs twice`);
  }

  #propertyKind(token: number, text: string, parentKind: number): number {
    if (this.#propertyKinds[token] === PROPERTY_NAME.unknown) {
      this.#propertyKinds[token] = isValidNamespacedIdentifier(text) ? PROPERTY_NAME.legal : PROPERTY_NAME.illegal;
    }
    const isLegal =
      this.#propertyKinds[token] === PROPERTY_NAME.legal &&
      (parentKind === KIND.prim || parentKind === KIND.variant || parentKind === KIND.target);
    return isLegal ? KIND.property : KIND.illegal;
  }

  #childKind(token: number, text: string, parentKind: number): number {
    if (this.#elementKinds[token] === ELEMENT.unknown) this.#elementKinds[token] = elementKind(text);
    switch (this.#elementKinds[token]) {
      case ELEMENT.name:
        if (parentKind <= KIND.variant) return KIND.prim;
        return parentKind === KIND.target ? KIND.property : KIND.illegal;
      case ELEMENT.variant:
        return parentKind === KIND.prim || parentKind === KIND.variant ? KIND.variant : KIND.illegal;
      case ELEMENT.target:
        return parentKind === KIND.property ? KIND.target : KIND.illegal;
      case ELEMENT.dotted:
        return parentKind === KIND.root || parentKind === KIND.illegal ? KIND.illegal : text.endsWith(']') ? KIND.target : KIND.property;
      default:
        return KIND.illegal;
    }
  }
}

/** Position of the dot that begins the property part, or -1. Dots in variant names are none. */
function propertyDot(path: string): number {
  let dot = path.indexOf('.');
  for (let open = path.indexOf('{'); dot >= 0 && open >= 0 && open < dot; open = path.indexOf('{', open + 1)) {
    const close = path.indexOf('}', open);
    if (close < 0) return -1;
    if (dot < close) dot = path.indexOf('.', close);
  }
  return dot;
}

function elementKind(text: string): number {
  if (isValidIdentifier(text)) return ELEMENT.name;
  switch (text.charCodeAt(0)) {
    case 123: // {
      return /^\{[^\s{}=]+=[^{}=]*\}$/u.test(text) ? ELEMENT.variant : ELEMENT.illegal;
    case 91: // [
      return text.length > 2 && text.endsWith(']') ? ELEMENT.target : ELEMENT.illegal;
    case 46: // .
      return text.length > 1 ? ELEMENT.dotted : ELEMENT.illegal;
    default:
      return ELEMENT.illegal;
  }
}
