/** Changes to text layers, token by token, so that most of the text still follows the grammar. */
import type { RandomSource } from './random-source.ts';

const TOKENS = /"""[^]*?"""|"[^"\n]*"|'[^'\n]*'|@[^@\n]*@|<[^>\n]*>|[A-Za-z_][\w:.]*|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|\s+|./gu;

const WORDS: readonly string[] = (
  'def over class add append prepend delete reorder custom uniform varying config rel variantSet variants variantSets inherits specializes ' +
  'references payload subLayers offset scale customData dictionary timeSamples spline connect None AnimationBlock inf nan -inf nameChildren ' +
  'properties rootPrims relocates permission kind doc comment clips clipSets instanceable active hidden apiSchemas bezier hermite curve held ' +
  'linear loop sloped none pre post repeat oscillate reset autoEase edit write insert erase minsize resize fill to at end permission private ' +
  'symmetryFunction prefix suffix displayUnit true false default assetPaths templateAssetPath templateStride expressionVariables'
).split(' ');
const TYPES: readonly string[] = (
  'bool uchar int uint int64 uint64 half float double timecode string token asset pathExpression opaque group matrix2d matrix3d matrix4d ' +
  'quath quatf quatd int2 int3 int4 half2 half3 half4 float2 float3 float4 double2 double3 double4 point3f normal3f color3f color4f ' +
  'texCoord2f frame4d vector3d dictionary Mesh Xform Sphere PointInstancer Material Shader Scope Camera'
).split(' ');
const NUMBERS: readonly string[] = [
  '0', '-0', '1', '-1', '2147483647', '2147483648', '-2147483649', '4294967296', '9223372036854775807', '18446744073709551616', '1e308',
  '1e309', '-1e308', '1e-320', '0.1', '255', '256', '65536', '1e10', '99999999', '1e-9', 'inf', '-inf', 'nan', '1000000', '16777217',
]; // prettier-ignore
const PATHS: readonly string[] = [
  '</>', '<>', '</Model>', '</World>', '<.>', '<..>', '<../..>', '</A/B{v=x}C>', '</Model{shape=box}Geom>', '</Model.y>', '</A.x[/B.y].z>',
  '</_base>', '</P>', '</V>', '</Rig/New>', '</Rig>', '</A>', '</None>', '</Model/Sub>', '</__Prototype_1>', '<A//B>', '</A.x:y:z>',
]; // prettier-ignore
const ASSETS: readonly string[] = [
  '@./a.usda@', '@./root.usda@', '@./root.usdc@', '@./root.usdz@', '@./b.usdc@', '@./c.usdz@', '@./c.usdz[a.usda]@', '@@', '@anon:1@',
  '@./clip.#.usda@', '@../../../x@', '@./a.usda:SDF_FORMAT_ARGS:a=b@', '@`"./a.usda"`@', '@`${X}`@', '@c.usdz[c.usdz[a.usda]]@', '@http://x/y.usda@',
]; // prettier-ignore
const SIGNS: readonly string[] = [
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '=',
  ',',
  ';',
  ':',
  '\n',
  '.',
  '"',
  "'",
  '@',
  '<',
  '>',
  '#',
  '`',
  '&',
  '!',
  '|',
];
const OPENERS: readonly (readonly [open: string, close: string])[] = [
  ['[', ']'],
  ['(', ')'],
  ['{ ', ' }'],
  ['def "N" {\n', '\n}\n'],
  ['dictionary d = { ', ' }\n'],
  ['over "N" { variantSet "v" = { "x" {\n', '\n}\n}\n}\n'],
];

export function mutateText(source: Uint8Array, random: RandomSource, others: readonly Uint8Array[]): Uint8Array {
  const decoder = new TextDecoder();
  let tokens = tokensOf(decoder.decode(source));
  if (random.chance(0.6)) {
    for (let rounds = random.size(6); rounds > 0; rounds--)
      tokens = mutateGently(tokens, random, () => tokensOf(decoder.decode(random.pick(others))));
    return new TextEncoder().encode(tokens.join(''));
  }
  for (let rounds = random.size(4); rounds > 0; rounds--)
    tokens = mutateOnce(tokens, random, () => tokensOf(decoder.decode(random.pick(others))));
  return new TextEncoder().encode(tokens.join(''));
}

function tokensOf(text: string): string[] {
  return text.match(TOKENS) ?? [];
}

/** Changes after which the text most likely still follows the grammar: like for like, and whole lines. */
function mutateGently(tokens: string[], random: RandomSource, other: () => string[]): string[] {
  const first = Math.min(5, tokens.length - 1);
  if (random.chance(0.3)) {
    // a line that opens or closes nothing
    const source = random.chance(0.5) ? tokens : other();
    const line = lineRange(source, random);
    const here = lineRange(tokens, random, first);
    if (line.tokens.some((token) => /^["'(){}[\]]/.test(token))) return tokens;
    return [...tokens.slice(0, here.start), ...line.tokens, ...tokens.slice(here.start)];
  }
  for (let tries = 0; tries < 16; tries++) {
    const at = first + random.integer(Math.max(1, tokens.length - first));
    const like = likeFor(tokens[at] ?? '', random, tokens);
    if (like !== undefined) return tokens.with(at, like);
  }
  return tokens;
}

function likeFor(token: string, random: RandomSource, tokens: readonly string[]): string | undefined {
  if (token.startsWith('@')) return random.pick(ASSETS);
  if (token.startsWith('<')) return random.pick(random.chance(0.5) ? PATHS : tokens.filter((other) => other.startsWith('<')));
  if (token.startsWith('"')) return random.pick(tokens.filter((other) => other.startsWith('"')));
  if (/^-?\d/.test(token)) return random.pick(random.chance(0.5) ? NUMBERS : tokens.filter((other) => /^-?\d/.test(other)));
  if (TYPES.includes(token)) return random.pick(random.chance(0.7) ? tokens.filter((other) => TYPES.includes(other)) : TYPES);
  if (ARC_WORDS.includes(token)) return random.pick(ARC_WORDS);
  return EDIT_WORDS.includes(token) ? random.pick(EDIT_WORDS) : undefined;
}

const ARC_WORDS: readonly string[] = ['references', 'payload', 'inherits', 'specializes'];
const EDIT_WORDS: readonly string[] = ['prepend', 'append', 'add', 'delete', 'reorder'];

function mutateOnce(tokens: string[], random: RandomSource, other: () => string[]): string[] {
  // the first tokens are the header, which is nearly always left alone
  const first = Math.min(random.chance(0.01) ? 0 : 5, tokens.length);
  const at = first + random.integer(Math.max(1, tokens.length - first));
  const until = Math.min(tokens.length, at + random.size(24));
  switch (random.integer(10)) {
    case 0:
    case 1:
    case 2:
      return tokens.with(Math.min(at, tokens.length - 1), replacement(tokens[at] ?? '', random, tokens));
    case 3:
      return [...tokens.slice(0, at), ...tokens.slice(until)];
    case 4: {
      const piece = tokens.slice(at, until);
      const times = random.chance(0.05) ? random.size(200) : 1;
      return [...tokens.slice(0, at), ...Array.from({ length: times }, () => piece).flat(), ...tokens.slice(at)];
    }
    case 5: {
      const from = other();
      const start = random.integer(from.length);
      return [...tokens.slice(0, at), ...from.slice(start, start + random.size(64)), ...tokens.slice(at)];
    }
    case 6: {
      const [open, close] = random.pick(OPENERS);
      const depth = random.chance(0.02) ? random.size(3000) : random.size(6);
      return [...tokens.slice(0, at), open.repeat(depth), ...tokens.slice(at, until), close.repeat(depth), ...tokens.slice(until)];
    }
    case 7: {
      const lines = lineRange(other(), random);
      const here = lineRange(tokens, random, first);
      return [...tokens.slice(0, here.start), ...lines.tokens, ...tokens.slice(random.chance(0.5) ? here.start : here.end)];
    }
    case 8:
      return [...tokens.slice(0, at), replacement('', random, tokens), ' ', ...tokens.slice(at)];
    default: {
      const elsewhere = first + random.integer(Math.max(1, tokens.length - first));
      return tokens.with(Math.min(at, tokens.length - 1), tokens[elsewhere] ?? '');
    }
  }
}

/** A line of a text, with its tokens. */
function lineRange(tokens: string[], random: RandomSource, least = 5): { start: number; end: number; tokens: string[] } {
  let start = least + random.integer(Math.max(1, tokens.length - least));
  while (start > least && !(tokens[start - 1] ?? '').includes('\n')) start--;
  let end = start;
  while (end < tokens.length && !tokens[end]!.includes('\n')) end++;
  return { start, end: end + 1, tokens: tokens.slice(start, end + 1) };
}

function replacement(token: string, random: RandomSource, tokens: readonly string[]): string {
  if (random.chance(0.75)) {
    switch (token[0]) {
      case '@':
        return random.pick(ASSETS);
      case '<':
        return random.pick(PATHS);
      case '"':
      case "'":
        return random.chance(0.3)
          ? `"\`${random.pick(EXPRESSIONS)}\`"`
          : random.pick(tokens.filter((t) => t.startsWith('"') || t === token));
      default:
        if (/^-?\d/.test(token)) return random.pick(NUMBERS);
        if (/^[A-Za-z]/.test(token)) return random.chance(0.5) ? random.pick(TYPES) : random.pick(WORDS);
    }
  }
  return random.pick(random.pick([WORDS, TYPES, NUMBERS, PATHS, ASSETS, SIGNS, SIGNS]));
}

const EXPRESSIONS: readonly string[] = [
  '${WHICH}', '${CHAIN}', 'if(true, "a", "b")', 'not(', '"${X}${Y}"', 'len([1, 2])', 'at([1], 99)', '[[1]]', 'and(true, 1)', 'defined("A")', '((((', 'None',
]; // prettier-ignore
