/**
 * Builds the path table of a crate: PATHS holds a tree of elements in depth-first order, in two encodings.
 * The walk keeps its own stack, visits every element once and makes the path text of each from its parent's.
 * Source: usdc.md 3.5; OpenUSD sdf/crateFile.cpp.
 */
import { isValidIdentifier, isValidNamespacedIdentifier, type Path } from '../sdf/path.ts';
import type { CrateCursor } from './crate-bytes.ts';
import { LIMIT, VERSION, type CrateVersion } from './layout.ts';

export interface PathTable {
  /** Path by PathIndex. `''`: the empty path (never named in PATHS). `undefined`: an element that forms no legal path. */
  readonly paths: readonly (Path | '' | undefined)[];
  /** PathIndexes, parents before children. */
  readonly order: Uint32Array;
  readonly indexByPath: ReadonlyMap<Path, number>;
  /** The first element that forms no legal path, and how many there are. */
  readonly illegal?: { readonly text: string; readonly count: number };
}

/** More slots than encoded paths: the empty path has one; a hostile count must not size our tables. */
const SPARE_SLOTS = 1 << 16;

export function readPathTable(cursor: CrateCursor, version: CrateVersion, tokens: readonly string[]): PathTable {
  return version >= VERSION.compressedSections ? readCompressed(cursor, tokens) : readTree(cursor, version, tokens);
}

function readCompressed(cursor: CrateCursor, tokens: readonly string[]): PathTable {
  const slots = cursor.compressedCount();
  const count = cursor.compressedCount();
  const pathIndexes = cursor.integers32(count);
  const elements = cursor.integers32(count);
  const jumps = cursor.integers32(count);
  const builder = new PathTableBuilder(cursor, slots, count, tokens);
  if (count === 0) return builder.finish();
  const pending: number[] = [0];
  const pendingParents: number[] = [-1];
  while (pending.length > 0) {
    let at = pending.pop() as number;
    let parent = pendingParents.pop() as number;
    for (;;) {
      const index = pathIndexes[at]! >>> 0;
      const element = elements[at]!;
      const jump = jumps[at]!;
      builder.add(index, parent, element < 0 ? -element : element, element < 0);
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
  return builder.finish();
}

const HAS_CHILD = 1;
const HAS_SIBLING = 2;
const IS_PROPERTY = 4;

/** The encoding before 0.4.0: a header per element; an element with child and sibling says where the sibling's header is. */
function readTree(cursor: CrateCursor, version: CrateVersion, tokens: readonly string[]): PathTable {
  const isPadded = version < VERSION.packedStructs;
  const slots = cursor.compressedCount();
  const start = cursor.at;
  const builder = new PathTableBuilder(cursor, slots, Math.floor((cursor.end - start) / 12), tokens);
  if (slots === 0 || start === cursor.end) return builder.finish();
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
      builder.add(index, parent, token, (bits & IS_PROPERTY) !== 0);
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
  return builder.finish();
}

/** What a path ends in: decides which elements may follow. */
const KIND = { none: 0, root: 1, prim: 2, variant: 3, property: 4, target: 5, illegal: 6 } as const;
/** What an element token is, once it has been looked at. */
const ELEMENT = { unknown: 0, name: 1, variant: 2, target: 3, dotted: 4, illegal: 5 } as const;
const PROPERTY_NAME = { unknown: 0, legal: 1, illegal: 2 } as const;

class PathTableBuilder {
  readonly #cursor: CrateCursor;
  readonly #tokens: readonly string[];
  readonly #paths: (Path | '' | undefined)[];
  readonly #kinds: Uint8Array;
  readonly #depths: Uint16Array;
  readonly #elementKinds: Uint8Array;
  readonly #propertyKinds: Uint8Array;
  readonly #indexByPath = new Map<Path, number>();
  readonly #order: Uint32Array;
  readonly #characterLimit: number;
  #count = 0;
  #characters = 0;
  #illegalCount = 0;
  #illegalText = '';

  constructor(cursor: CrateCursor, slots: number, encodedCount: number, tokens: readonly string[]) {
    if (slots > encodedCount + SPARE_SLOTS) throw cursor.error('usdc-too-large', `${slots} path slots for ${encodedCount} encoded paths`);
    this.#cursor = cursor;
    this.#tokens = tokens;
    this.#paths = new Array<Path | ''>(slots).fill('');
    this.#kinds = new Uint8Array(slots);
    this.#depths = new Uint16Array(slots);
    this.#elementKinds = new Uint8Array(tokens.length);
    this.#propertyKinds = new Uint8Array(tokens.length);
    this.#order = new Uint32Array(Math.min(slots, encodedCount));
    // Deep chains of few bytes make path texts of any length; real files stay far below a thousand characters per byte.
    this.#characterLimit = Math.min(LIMIT.pathCharacters, 2 ** 24 + 1000 * cursor.file.length);
  }

  /** @param parent PathIndex of the parent; negative for the root, whose token means nothing */
  add(index: number, parent: number, token: number, isProperty: boolean): void {
    if (index >= this.#paths.length) throw this.#cursor.error('usdc-index', `path index ${index}, there are ${this.#paths.length} paths`);
    if (this.#kinds[index] !== KIND.none) throw this.#cursor.error('usdc-path', `path index ${index} occurs twice`);
    this.#order[this.#count++] = index;
    if (parent < 0) {
      this.#put(index, '/' as Path, KIND.root, 0);
      return;
    }
    const text = this.#tokens[token];
    if (text === undefined) throw this.#cursor.error('usdc-index', `path element token ${token}, there are ${this.#tokens.length} tokens`);
    const parentPath = this.#paths[parent];
    const parentKind = this.#kinds[parent]!;
    const depth = this.#depths[parent]! + 1;
    if (depth > LIMIT.pathDepth) throw this.#cursor.error('usdc-path', `path deeper than ${LIMIT.pathDepth} elements`);
    const kind = isProperty ? this.#propertyKind(token, text, parentKind) : this.#childKind(token, text, parentKind);
    if (kind === KIND.illegal || parentPath === undefined || parentPath === '') {
      if (this.#illegalCount++ === 0) this.#illegalText = `${text} below <${parentPath ?? ''}>`;
      this.#kinds[index] = KIND.illegal;
      this.#depths[index] = depth;
      this.#paths[index] = undefined;
      return;
    }
    this.#put(index, (parentPath + separator(kind, parentKind, text, isProperty) + text) as Path, kind, depth);
  }

  finish(): PathTable {
    const table = { paths: this.#paths, order: this.#order.subarray(0, this.#count), indexByPath: this.#indexByPath };
    return this.#illegalCount === 0 ? table : { ...table, illegal: { text: this.#illegalText, count: this.#illegalCount } };
  }

  #put(index: number, path: Path, kind: number, depth: number): void {
    this.#characters += path.length;
    if (this.#characters > this.#characterLimit) throw this.#cursor.error('usdc-too-large', `paths of more than ${this.#characterLimit} characters in all`);
    this.#kinds[index] = kind;
    this.#depths[index] = depth;
    this.#paths[index] = path;
    const known = this.#indexByPath.size;
    this.#indexByPath.set(path, index);
    if (this.#indexByPath.size === known) throw this.#cursor.error('usdc-path', `path <${path}> occurs twice`);
  }

  #propertyKind(token: number, text: string, parentKind: number): number {
    if (this.#propertyKinds[token] === PROPERTY_NAME.unknown) {
      this.#propertyKinds[token] = isPlainName(text) || isValidNamespacedIdentifier(text) ? PROPERTY_NAME.legal : PROPERTY_NAME.illegal;
    }
    const isLegal = this.#propertyKinds[token] === PROPERTY_NAME.legal && (parentKind === KIND.prim || parentKind === KIND.variant || parentKind === KIND.target);
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

function separator(kind: number, parentKind: number, text: string, isProperty: boolean): string {
  if (kind === KIND.prim) return parentKind === KIND.prim ? '/' : '';
  if (kind === KIND.property) return isProperty || !text.startsWith('.') ? '.' : '';
  return '';
}

function elementKind(text: string): number {
  if (isPlainName(text)) return ELEMENT.name;
  switch (text.charCodeAt(0)) {
    case 123: // {
      return /^\{[^\s{}=]+=[^{}=]*\}$/u.test(text) ? ELEMENT.variant : ELEMENT.illegal;
    case 91: // [
      return text.length > 2 && text.endsWith(']') ? ELEMENT.target : ELEMENT.illegal;
    case 46: // .
      return text.length > 1 ? ELEMENT.dotted : ELEMENT.illegal;
    default:
      return isValidIdentifier(text) ? ELEMENT.name : ELEMENT.illegal;
  }
}

function isPlainName(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text);
}
