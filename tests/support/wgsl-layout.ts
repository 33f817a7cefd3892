/** Offsets of struct members read out of WGSL text, by the rules of WGSL 14.4.1 (host-shareable types used here). */
export interface WgslStruct {
  readonly size: number;
  readonly align: number;
  readonly offsets: Readonly<Record<string, number>>;
}

const SCALARS: Record<string, readonly [size: number, align: number]> = {
  f32: [4, 4],
  u32: [4, 4],
  i32: [4, 4],
  vec2f: [8, 8],
  vec2u: [8, 8],
  vec3f: [12, 16],
  vec4f: [16, 16],
  vec4u: [16, 16],
  mat3x3f: [48, 16],
  mat4x4f: [64, 16],
};

/** @throws Error for a struct or type that is not there */
export function layoutOf(wgsl: string, name: string): WgslStruct {
  const text = wgsl.replace(/\/\/.*$/gm, '');
  const constants = new Map([...text.matchAll(/const\s+(\w+)\s*:\s*u32\s*=\s*(\d+)u\s*;/g)].map((match) => [match[1]!, Number(match[2])]));
  const body = new RegExp(`struct\\s+${name}\\s*\\{([^}]*)\\}`).exec(text)?.[1];
  if (body === undefined) throw new Error(`No struct ${name}`);
  const offsets: Record<string, number> = {};
  let end = 0;
  let largest = 4;
  for (const member of body.matchAll(/(\w+)\s*:\s*(array<(?:[^<>]|<[^<>]*>)*>|atomic<\w+>|\w+)\s*,/g)) {
    const [size, align] = sizeOf(text, constants, member[2]!);
    end = Math.ceil(end / align) * align;
    offsets[member[1]!] = end;
    end += size;
    largest = Math.max(largest, align);
  }
  return { size: Math.ceil(end / largest) * largest, align: largest, offsets };
}

function sizeOf(text: string, constants: ReadonlyMap<string, number>, type: string): readonly [size: number, align: number] {
  const known = SCALARS[type];
  if (known !== undefined) return known;
  const atomic = /^atomic<(\w+)>$/.exec(type);
  if (atomic !== null) return sizeOf(text, constants, atomic[1]!);
  const array = /^array<(.+),\s*(\w+)>$/.exec(type);
  if (array !== null) {
    const [size, align] = sizeOf(text, constants, array[1]!);
    const count = constants.get(array[2]!) ?? Number.parseInt(array[2]!, 10);
    if (!Number.isFinite(count)) throw new Error(`No length ${array[2]}`);
    return [Math.ceil(size / align) * align * count, align];
  }
  const struct = layoutOf(text, type);
  return [struct.size, struct.align];
}
