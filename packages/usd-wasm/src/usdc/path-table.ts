/**
 * The path table of a crate. PATHS holds a tree of elements in depth-first order, in two encodings; the walk keeps its
 * own stack and visits every element once. Texts are made when they are asked for: a path is found from its parent, whose children hang
 * in a list.
 * Source: usdc.md 3.5; OpenUSD sdf/crateFile.cpp.
 */
import { isValidIdentifier, isValidNamespacedIdentifier, ROOT_PATH, type Path } from '../sdf/path.ts';
import type { CrateCursor } from './crate-bytes.ts';
import { VERSION, type CrateVersion } from './layout.ts';
import { splitElement } from './path-element.ts';

/** More slots than encoded paths: the empty path has one; a hostile count must not size our tables. */
const SPARE_SLOTS = 1 << 16;

/** Elements below one path that are searched one by one; more get maps. */
const LONG_LIST = 32;

export function readPathTable(cursor: CrateCursor, version: CrateVersion, tokens: readonly string[]): PathTable {
  return version >= VERSION.compressedSections ? readCompressed(cursor, tokens) : readTree(cursor, version, tokens);
}

function readCompressed(cursor: CrateCursor, tokens: readonly string[]): PathTable {
  const slots = cursor.itemCount();
  const count = cursor.itemCount();
  cursor.file.allow('paths', count, 'there are more paths');
  const indexes = cursor.integers32(count);
  const elements = cursor.integers32(count);
  return new PathTable(cursor, slots, tokens, { indexes, elements, jumps: cursor.integers32(count), propertyBias: 0 });
}

/** Elements in depth-first order. */
interface EncodedPaths {
  /** PathIndexes. */
  readonly indexes: Int32Array;
  /** Token of the element, or of a property `-token - propertyBias`; that of the root means nothing. */
  readonly elements: Int32Array;
  readonly propertyBias: 0 | 1;
  /** What follows: -2 nothing, -1 the first child, 0 a sibling, n > 0 the first child, and a sibling n elements ahead. */
  readonly jumps: Int32Array;
}

const HAS_CHILD = 1;
const HAS_SIBLING = 2;
const IS_PROPERTY = 4;

/** The encoding before 0.4.0: a header per element; an element with child and sibling says where the sibling's header is. */
function readTree(cursor: CrateCursor, version: CrateVersion, tokens: readonly string[]): PathTable {
  const isPadded = version < VERSION.packedStructs;
  const slots = cursor.itemCount();
  const start = cursor.at;
  const most = slots === 0 ? 0 : Math.floor((cursor.end - start) / 12);
  const indexes = new Int32Array(most);
  const elements = new Int32Array(most);
  const jumps = new Int32Array(most);
  let count = 0;
  /** Where siblings are, and the elements that say so. */
  const pending: number[] = [];
  const pendingFrom: number[] = [];
  while (most > 0) {
    if (isPadded) cursor.take(4);
    const index = cursor.u32();
    const token = cursor.u32();
    const bits = cursor.u8();
    cursor.take(3);
    if (count === most) throw cursor.error('usdc-path', `path index ${index} occurs twice`);
    if (token >= tokens.length && count > 0) throw illegalToken(cursor, token, tokens);
    indexes[count] = index;
    elements[count] = (bits & IS_PROPERTY) === 0 ? token : ~token;
    const hasChild = (bits & HAS_CHILD) !== 0;
    const hasSibling = (bits & HAS_SIBLING) !== 0;
    if (hasChild && hasSibling) {
      const sibling = cursor.offset();
      if (sibling < start || sibling >= cursor.end) throw cursor.error('usdc-path', `sibling at byte ${sibling} is outside PATHS`);
      pending.push(sibling);
      pendingFrom.push(count);
    }
    jumps[count] = hasChild ? -1 : hasSibling ? 0 : -2;
    count++;
    if (hasChild || hasSibling) continue;
    if (pending.length === 0) break;
    cursor.at = pending.pop() as number;
    const from = pendingFrom.pop() as number;
    jumps[from] = count - from;
  }
  const encoded = { indexes: indexes.subarray(0, count), elements: elements.subarray(0, count), jumps: jumps.subarray(0, count) };
  return new PathTable(cursor, slots, tokens, { ...encoded, propertyBias: 1 });
}

function illegalToken(cursor: CrateCursor, token: number, tokens: readonly string[]): Error {
  return cursor.error('usdc-index', `path element token ${token}, there are ${tokens.length} tokens`);
}

/** What a path ends in: decides which elements may follow. */
const KIND = { none: 0, root: 1, prim: 2, variant: 3, property: 4, target: 5, illegal: 6 } as const;
/** What an element token is, once it has been looked at. */
const ELEMENT = { unknown: 0, name: 1, variant: 2, target: 3, dotted: 4, illegal: 5 } as const;
const PROPERTY_NAME = { unknown: 0, legal: 1, illegal: 2 } as const;

export class PathTable {
  readonly #tokens: readonly string[];
  /** Text by PathIndex, where it was made. */
  readonly #texts: (Path | undefined)[];
  readonly #kinds: Uint8Array;
  readonly #parents: Uint32Array;
  /** Token of the last element. */
  readonly #elements: Uint32Array;
  /** What is below a path hangs in a list on it: PathIndex + 1, 0 ends a list. */
  readonly #firstBelow: Uint32Array;
  readonly #nextBelow: Uint32Array;
  /** The same, by element, for parents with many. */
  readonly #longLists = new Map<number, LongList>();
  readonly #elementKinds: Uint8Array;
  readonly #propertyKinds: Uint8Array;
  /** Root, prims and variants that were asked for. */
  readonly #primIndex = new Map<Path, number>();
  /** PathIndexes, parents before children. */
  readonly order: Uint32Array;
  #longestPrim = 0;
  #illegalCount = 0;
  #illegalText = '';
  #lastPrim = '';
  #lastPrimIndex = -1;
  #lastPath = '';
  #lastIndex = -1;

  /** @param slots number of PathIndexes */
  constructor(cursor: CrateCursor, slots: number, tokens: readonly string[], encoded: EncodedPaths) {
    const { length } = encoded.indexes;
    if (slots > length + SPARE_SLOTS) throw cursor.error('usdc-too-large', `${slots} path slots for ${length} encoded paths`);
    this.#tokens = tokens;
    this.#texts = new Array<Path | undefined>(slots);
    this.#kinds = new Uint8Array(slots);
    this.#parents = new Uint32Array(slots);
    this.#elements = new Uint32Array(slots);
    this.#firstBelow = new Uint32Array(slots);
    this.#nextBelow = new Uint32Array(slots);
    this.#elementKinds = new Uint8Array(tokens.length);
    this.#propertyKinds = new Uint8Array(tokens.length);
    this.order = this.#fill(cursor, encoded);
  }

  /**
   * One loop over local variables: a file has more paths than anything else.
   *
   * @returns PathIndexes, parents before children
   */
  #fill(cursor: CrateCursor, { indexes, elements, propertyBias, jumps }: EncodedPaths): Uint32Array {
    const count = indexes.length;
    const order = new Uint32Array(count);
    const tokens = this.#tokens;
    const kinds = this.#kinds;
    const parents = this.#parents;
    const lastElements = this.#elements;
    const firstBelow = this.#firstBelow;
    const nextBelow = this.#nextBelow;
    const elementKinds = this.#elementKinds;
    const propertyKinds = this.#propertyKinds;
    const slots = kinds.length;
    const depths = new Uint16Array(slots);
    /** At most so many characters each path's text has. */
    const lengths = new Uint32Array(slots);
    const { file } = cursor;
    // variants and targets are parts of their own
    const depthLimit = 2 * file.limits.namespaceDepth;
    // Deep chains of few bytes make path texts of any length; real files stay far below a thousand characters per byte.
    const characterLimit = 2 ** 24 + 1000 * file.length;
    const primCharacterLimit = file.limits.pathCharacters;
    let characters = 0;
    let primCharacters = 0;
    let longestPrim = 0;
    let visited = 0;
    const pending: number[] = [];
    const pendingParents: number[] = [];
    let parent = -1;
    for (let at = 0; at < count;) {
      const index = indexes[at]! >>> 0;
      if (index >= slots) throw cursor.error('usdc-index', `path index ${index}, there are ${slots} paths`);
      if (kinds[index] !== KIND.none) throw cursor.error('usdc-path', `path index ${index} occurs twice`);
      order[visited++] = index;
      if (parent < 0) {
        kinds[index] = KIND.root;
        this.#texts[index] = ROOT_PATH;
        this.#primIndex.set(ROOT_PATH, index);
        parent = index;
      } else {
        const element = elements[at]!;
        const isProperty = element < 0;
        const token = isProperty ? -element - propertyBias : element;
        const text = tokens[token];
        if (text === undefined) throw illegalToken(cursor, token, tokens);
        const depth = depths[parent]! + 1;
        if (depth > depthLimit) file.allow('namespaceDepth', Math.ceil(depth / 2), 'a path has more than twice as many parts');
        depths[index] = depth;
        parents[index] = parent;
        lastElements[index] = token;
        const length = lengths[parent]! + text.length + 1;
        lengths[index] = length;
        characters += length;
        if (characters > characterLimit) throw cursor.error('usdc-too-large', `paths of more than ${characterLimit} characters in all`);
        const parentKind = kinds[parent]!;
        let kind: number;
        // what nearly all elements are comes first
        if (isProperty)
          kind =
            parentKind === KIND.prim && propertyKinds[token] === PROPERTY_NAME.legal
              ? KIND.property
              : this.#propertyKind(token, text, parentKind);
        else
          kind = parentKind <= KIND.variant && elementKinds[token] === ELEMENT.name ? KIND.prim : this.#childKind(token, text, parentKind);
        kinds[index] = kind;
        if (kind === KIND.illegal) {
          if (this.#illegalCount++ === 0) this.#illegalText = `${JSON.stringify(text)} below <${this.path(parent) ?? ''}>`;
        } else {
          nextBelow[index] = firstBelow[parent]!;
          firstBelow[parent] = index + 1;
          if (kind === KIND.prim || kind === KIND.variant) {
            primCharacters += length;
            if (primCharacters > primCharacterLimit) file.allow('pathCharacters', primCharacters, 'the paths of prims are longer in all');
            if (length > longestPrim) longestPrim = length;
          }
        }
      }
      const jump = jumps[at]!;
      if (jump > 0) {
        if (jump >= count - at) throw cursor.error('usdc-path', `element ${at} of ${count} jumps ${jump} elements ahead`);
        pending.push(at + jump);
        pendingParents.push(parent);
      }
      if (jump > 0 || jump === -1) parent = index;
      else if (jump < 0) {
        if (pending.length === 0) break;
        at = pending.pop() as number;
        parent = pendingParents.pop() as number;
        continue;
      }
      at++;
      if (at >= count) throw cursor.error('usdc-path', `element ${at - 1} is the last one but says that another follows`);
    }
    this.#longestPrim = longestPrim;
    return order.subarray(0, visited);
  }

  /** Number of PathIndexes. */
  get length(): number {
    return this.#kinds.length;
  }

  /** The first element that forms no legal path, and how many there are. */
  get illegal(): { readonly text: string; readonly count: number } | undefined {
    return this.#illegalCount === 0 ? undefined : { text: this.#illegalText, count: this.#illegalCount };
  }

  /** `''`: the empty path (a slot that PATHS does not fill). Undefined: an element that forms no legal path. */
  path(index: number): Path | '' | undefined {
    const known = this.#texts[index];
    if (known !== undefined) return known;
    const kind = this.#kinds[index];
    if (kind === KIND.none) return '';
    if (kind === KIND.illegal || kind === undefined) return undefined;
    // From the nearest ancestor with a text down: paths of files may be deep.
    const missing: number[] = [index];
    let text: Path | undefined;
    for (let at = this.#parents[index]!; text === undefined; at = this.#parents[at]!) {
      text = this.#texts[at];
      if (text === undefined) missing.push(at);
    }
    for (let i = missing.length - 1; i >= 0; i--) {
      const at = missing[i] as number;
      text = this.#join(text, at);
      this.#texts[at] = text;
    }
    return text;
  }

  /** As `path`, for walking over all paths: the text of a property is not kept, and what is asked next about it is found at once. */
  pathInPassing(index: number): Path | '' | undefined {
    const text = this.#kinds[index] === KIND.property ? this.#join(this.path(this.#parents[index]!) as Path, index) : this.path(index);
    if (text !== undefined && text !== '') {
      this.#lastPath = text;
      this.#lastIndex = index;
    }
    return text;
  }

  #join(parent: Path, index: number): Path {
    const token = this.#tokens[this.#elements[index]!] as string;
    switch (this.#kinds[index]) {
      case KIND.prim:
        return `${parent}${this.#kinds[this.#parents[index]!] === KIND.prim ? '/' : ''}${token}` as Path;
      case KIND.property:
        return `${parent}${token.startsWith('.') ? '' : '.'}${token}` as Path;
      default:
        return `${parent}${token}` as Path;
    }
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
    if (dot < 0 && !path.endsWith(']')) return this.#primIndex.get(path) ?? this.#findPrim(path);
    if (path.includes('[', dot)) {
      const element = splitElement(path);
      const parent = element === undefined ? -1 : this.#find(element.parent as Path);
      return element === undefined || parent < 0 ? -1 : this.#below(parent, element.text, false);
    }
    const prim = dot === this.#lastPrim.length && path.startsWith(this.#lastPrim) ? this.#lastPrim : path.slice(0, dot);
    return this.indexOfProperty(prim as Path, path.slice(dot + 1));
  }

  /** PathIndex of a prim's or variant's property, -1 where the crate has none. */
  indexOfProperty(primPath: Path, name: string): number {
    if (primPath !== this.#lastPrim) {
      this.#lastPrim = primPath;
      this.#lastPrimIndex = this.#primIndex.get(primPath) ?? this.#findPrim(primPath);
    }
    return this.#lastPrimIndex < 0 ? -1 : this.#below(this.#lastPrimIndex, name, false);
  }

  /** A prim or variant that was not asked for yet: from the nearest ancestor that was, down. */
  #findPrim(path: Path): number {
    if (path.length > this.#longestPrim || path.charCodeAt(0) !== 47) return -1;
    const missing: Path[] = [path];
    let index = -1;
    for (let parent = path.slice(0, lastElement(path)) as Path; index < 0; parent = parent.slice(0, lastElement(parent)) as Path) {
      // No path begins but with the root's: it is always known.
      index = this.#primIndex.get(parent) ?? -1;
      if (index < 0) missing.push(parent);
    }
    for (let i = missing.length - 1; i >= 0; i--) {
      const at = missing[i] as Path;
      const start = lastElement(at);
      index = this.#below(index, at.slice(at.charCodeAt(start) === 47 ? start + 1 : start), true);
      if (index < 0) return -1;
      this.#primIndex.set(at, index);
      this.#texts[index] ??= at;
    }
    return index;
  }

  /** @param isPrim whether a prim or variant is meant, or a property or what is below one */
  #below(parent: number, text: string, isPrim: boolean): number {
    const long = this.#longLists.get(parent);
    if (long !== undefined) return (isPrim ? long.prims : long.others).get(text) ?? -1;
    let steps = 0;
    for (let next = this.#firstBelow[parent]!; next !== 0; next = this.#nextBelow[next - 1]!) {
      if (this.#tokens[this.#elements[next - 1]!] === text && isPrimKind(this.#kinds[next - 1]!) === isPrim) return next - 1;
      if (++steps > LONG_LIST) {
        const list = this.#indexList(parent);
        return (isPrim ? list.prims : list.others).get(text) ?? -1;
      }
    }
    return -1;
  }

  #indexList(parent: number): LongList {
    const list = { prims: new Map<string, number>(), others: new Map<string, number>() };
    for (let next = this.#firstBelow[parent]!; next !== 0; next = this.#nextBelow[next - 1]!) {
      const text = this.#tokens[this.#elements[next - 1]!] as string;
      const map = isPrimKind(this.#kinds[next - 1]!) ? list.prims : list.others;
      if (!map.has(text)) map.set(text, next - 1);
    }
    this.#longLists.set(parent, list);
    return list;
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

/** What is below a path, by element. */
interface LongList {
  /** Prims and variants. */
  readonly prims: Map<string, number>;
  readonly others: Map<string, number>;
}

function isPrimKind(kind: number): boolean {
  return kind === KIND.prim || kind === KIND.variant;
}

/** Where the last element of the path of a prim or variant begins, with its slash; 1 for a root prim, whose parent has it. */
function lastElement(path: string): number {
  if (path.endsWith('}')) return Math.max(1, path.lastIndexOf('{'));
  return Math.max(1, path.lastIndexOf('/'), path.lastIndexOf('}') + 1);
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
