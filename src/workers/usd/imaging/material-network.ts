/**
 * From a composed Material to the renderer's UsdPreviewSurface: constants, and textures with their coordinates.
 * Other surfaces (MaterialX) are approximated by the table in `foreign-surfaces.ts`.
 *
 * Source: UsdPreviewSurface specification 2.6; UsdUVTexture, UsdTransform2d, UsdPrimvarReader (schemas.md 3.4-3.6).
 */
import { resolvePort, shaderId, type Attribute, type Path, type PortSource, type Prim } from 'usd-wasm';
import type { ErrorInfo } from '../../../share/protocol/error-info.ts';
import type { MaterialInput, MaterialSnapshot, TextureId, TextureInput, WrapMode } from '../../../share/protocol/scene.ts';
import { FOREIGN_SURFACES, type ForeignSurface } from './foreign-surfaces.ts';
import type { SourceColorSpace } from './image-decode.ts';
import { assetOf, numberOf, textOf, tupleOf } from './read-attribute.ts';

export interface MaterialReading {
  readonly material: Omit<MaterialSnapshot, 'id'>;
  /** Primvars the texture coordinates come from; index = `uvSet`. At most 2. */
  readonly uvNames: readonly string[];
  /** Coordinate set of the normal map: meshes need tangents for it. */
  readonly tangentUvs: number | undefined;
  /** Primvars that vertex colours are to be taken from. */
  readonly colorPrimvar: string | undefined;
  readonly opacityPrimvar: string | undefined;
  /** Prims that were read: a change in one makes the reading stale. */
  readonly dependencies: readonly Path[];
  readonly textures: readonly TextureId[];
  /** Image of each shader node that reads one. */
  readonly images: ReadonlyMap<Path, TextureId>;
  readonly isAnimated: boolean;
}

export interface MaterialHost {
  texture(asset: string, resolved: string, colorSpace: SourceColorSpace, usedBy: string): TextureId;
  /** The texture was looked for and cannot be had. */
  isMissing(texture: TextureId): boolean;
  report(problem: ErrorInfo): void;
}

/** Constant inputs of a plain surface with the schema's fallbacks. */
export function plainSurface(label: string, diffuse: readonly number[], opacity: number): Omit<MaterialSnapshot, 'id'> {
  const constant = (...value: number[]): MaterialInput => ({ value });
  return {
    label,
    useSpecularWorkflow: false,
    diffuseColor: { value: diffuse },
    emissiveColor: constant(0, 0, 0),
    specularColor: constant(0, 0, 0),
    metallic: constant(0),
    roughness: constant(0.5),
    clearcoat: constant(0),
    clearcoatRoughness: constant(0.01),
    opacity: constant(opacity),
    opacityThreshold: 0,
    opacityMode: 'transparent',
    ior: 1.5,
    normal: constant(0, 0, 1),
    occlusion: constant(1),
    usesVertexColor: false,
    usesVertexOpacity: false,
  };
}

/**
 * @param uvOrder coordinate sets in the order the mesh has them; others are appended
 * @returns undefined when the material has no surface that can be shown, even roughly (reported)
 */
export function readMaterial(
  material: Prim,
  time: number,
  host: MaterialHost,
  uvOrder: readonly string[] = [],
): MaterialReading | undefined {
  return new NetworkReader(material, time, host, uvOrder).read();
}

/** Surface outputs in the order they are tried: the universal one, MaterialX, then any other render context. */
function surfaceShaders(material: Prim): Prim[] {
  const names = ['outputs:surface', 'outputs:mtlx:surface'];
  for (const name of material.getPropertyNames())
    if (name.startsWith('outputs:') && name.endsWith(':surface') && !names.includes(name)) names.push(name);
  return names.flatMap((name) => {
    const source = sourceOf(material, name);
    return source?.kind === 'output' ? [source.shader] : [];
  });
}

/** An affine map of texture coordinates, `[a b c d tx ty]` as in `TextureInput.uvTransform`. */
type Affine = [number, number, number, number, number, number];

class NetworkReader {
  #material: Prim;
  #time: number;
  #host: MaterialHost;
  #uvNames: string[];
  #isAnimated = false;
  #dependencies = new Set<Path>();
  #textures: TextureId[] = [];
  #images = new Map<Path, TextureId>();
  #colorPrimvar: string | undefined;
  #opacityPrimvar: string | undefined;
  #tangentUvs: number | undefined;

  constructor(material: Prim, time: number, host: MaterialHost, uvOrder: readonly string[]) {
    this.#material = material;
    this.#time = time;
    this.#host = host;
    this.#uvNames = [...uvOrder];
  }

  read(): MaterialReading | undefined {
    this.#dependencies.add(this.#material.path);
    const shaders = surfaceShaders(this.#material);
    const preview = shaders.find((shader) => isPreviewSurface(idOf(shader)));
    if (preview !== undefined) return this.#finish(this.#previewSurface(preview));
    for (const shader of shaders) {
      const foreign = FOREIGN_SURFACES[idOf(shader)];
      if (foreign === undefined) continue;
      this.#problem(
        'approximated-surface',
        'info',
        `Surface shader ${idOf(shader)} is shown as a UsdPreviewSurface with its main colours and textures`,
        shader,
      );
      return this.#finish(this.#foreignSurface(shader, foreign));
    }
    const [first] = shaders;
    if (first !== undefined)
      this.#problem(
        'unsupported-surface',
        'warning',
        `Surface shader "${idOf(first)}" is not supported; display colours are shown instead`,
        first,
      );
    return undefined;
  }

  #finish(material: Omit<MaterialSnapshot, 'id'>): MaterialReading {
    if (this.#uvNames.length > 2) {
      this.#problem(
        'too-many-uv-sets',
        'warning',
        `The material reads ${this.#uvNames.length} sets of texture coordinates (${this.#uvNames.join(', ')}); two are supported`,
        this.#material,
      );
    }
    return {
      material,
      uvNames: this.#uvNames.slice(0, 2),
      tangentUvs: this.#tangentUvs,
      colorPrimvar: this.#colorPrimvar,
      opacityPrimvar: this.#opacityPrimvar,
      dependencies: [...this.#dependencies],
      textures: this.#textures,
      images: this.#images,
      isAnimated: this.#isAnimated,
    };
  }

  #previewSurface(shader: Prim): Omit<MaterialSnapshot, 'id'> {
    this.#dependencies.add(shader.path);
    const plain = plainSurface(this.#material.path, [0.18, 0.18, 0.18], 1);
    const threshold = this.#constant(shader, 'inputs:opacityThreshold', [0])[0] ?? 0;
    const mode = sourceOf(shader, 'inputs:opacityMode');
    const diffuseColor = this.#input(shader, 'diffuseColor', plain.diffuseColor.value, 'color');
    const opacity = this.#input(shader, 'opacity', [1], 'opacity');
    return {
      ...plain,
      useSpecularWorkflow: (this.#constant(shader, 'inputs:useSpecularWorkflow', [0])[0] ?? 0) !== 0,
      diffuseColor,
      emissiveColor: this.#input(shader, 'emissiveColor', [0, 0, 0]),
      specularColor: this.#input(shader, 'specularColor', [0, 0, 0]),
      metallic: this.#input(shader, 'metallic', [0]),
      roughness: this.#input(shader, 'roughness', [0.5]),
      clearcoat: this.#input(shader, 'clearcoat', [0]),
      clearcoatRoughness: this.#input(shader, 'clearcoatRoughness', [0.01]),
      opacity,
      opacityThreshold: threshold,
      opacityMode: mode?.kind === 'value' && textOf(mode.attribute.getValue(this.#time)) === 'presence' ? 'presence' : 'transparent',
      ior: this.#constant(shader, 'inputs:ior', [1.5])[0] ?? 1.5,
      normal: this.#input(shader, 'normal', [0, 0, 1], 'normal'),
      occlusion: this.#input(shader, 'occlusion', [1]),
      usesVertexColor: this.#colorPrimvar !== undefined,
      usesVertexOpacity: this.#opacityPrimvar !== undefined,
    };
  }

  #foreignSurface(shader: Prim, foreign: ForeignSurface): Omit<MaterialSnapshot, 'id'> {
    this.#dependencies.add(shader.path);
    const plain = plainSurface(this.#material.path, [0.18, 0.18, 0.18], 1);
    const input = (role: keyof ForeignSurface['inputs'], fallback: readonly number[], use: InputUse = 'value'): MaterialInput => {
      const entry = foreign.inputs[role];
      if (entry === undefined) return { value: fallback };
      const [name, entryFallback, weightName, weightFallback = 1] = entry;
      const weight = weightName === undefined ? 1 : (this.#constant(shader, `inputs:${weightName}`, [weightFallback])[0] ?? weightFallback);
      const read = this.#input(shader, name, entryFallback, use);
      const value = fallback.length === 1 && read.value.length > 1 ? [average(read.value)] : read.value;
      return scaledInput({ ...read, value }, weight);
    };
    const transmission = foreign.transmission === undefined ? 0 : (this.#constant(shader, `inputs:${foreign.transmission}`, [0])[0] ?? 0);
    const opacity = input('opacity', [1], 'opacity');
    return {
      ...plain,
      diffuseColor: input('diffuseColor', plain.diffuseColor.value, 'color'),
      emissiveColor: input('emissiveColor', [0, 0, 0]),
      metallic: input('metallic', [0]),
      roughness: input('roughness', [0.5]),
      clearcoat: input('clearcoat', [0]),
      clearcoatRoughness: input('clearcoatRoughness', [0.01]),
      // A refracting surface is shown as thin glass: some of what lies behind is seen.
      opacity: transmission > 0 ? scaledInput(opacity, 1 - 0.85 * transmission) : opacity,
      opacityThreshold:
        foreign.opacityThreshold === undefined ? 0 : (this.#constant(shader, `inputs:${foreign.opacityThreshold}`, [0])[0] ?? 0),
      ior: foreign.ior === undefined ? 1.5 : (this.#constant(shader, `inputs:${foreign.ior}`, [1.5])[0] ?? 1.5),
      normal: input('normal', [0, 0, 1], 'normal'),
      occlusion: input('occlusion', [1]),
      usesVertexColor: this.#colorPrimvar !== undefined,
      usesVertexOpacity: this.#opacityPrimvar !== undefined,
    };
  }

  #input(shader: Prim, name: string, fallback: readonly number[], use: InputUse = 'value'): MaterialInput {
    const source = sourceOf(shader, `inputs:${name}`);
    if (source === undefined) return { value: fallback };
    if (source.kind === 'value') return { value: this.#tuple(source.attribute, fallback) };
    const node = source.shader;
    const id = idOf(node);
    this.#dependencies.add(node.path);
    if (id === 'UsdUVTexture' || id.startsWith('ND_UsdUVTexture')) return this.#uvTexture(node, source.output, fallback, use);
    if (id.startsWith('UsdPrimvarReader_') || id.startsWith('ND_UsdPrimvarReader_') || id.startsWith('ND_geompropvalue_'))
      return this.#primvarReader(node, id, name, fallback, use);
    if (id.startsWith('ND_image_') || id.startsWith('ND_tiledimage_')) return this.#materialXImage(node, id, fallback, use);
    if (id.startsWith('ND_normalmap')) return this.#input(node, 'in', fallback, use);
    if (id.startsWith('ND_constant_')) return this.#input(node, 'value', fallback, use);
    this.#problem(
      'unsupported-shader-node',
      'warning',
      `Shader node "${id}" feeding ${name} of ${shader.path} is not supported; the input's fallback is used`,
      node,
    );
    return { value: fallback };
  }

  #primvarReader(node: Prim, id: string, name: string, fallback: readonly number[], use: InputUse): MaterialInput {
    const varname = this.#text(node, id.startsWith('ND_geompropvalue_') ? 'inputs:geomprop' : 'inputs:varname');
    const readerFallback = this.#constant(
      node,
      id.startsWith('ND_geompropvalue_') ? 'inputs:default' : 'inputs:fallback',
      fallback.map(() => 0),
    );
    if (varname !== undefined && use === 'color') {
      this.#colorPrimvar = varname;
      return { value: [1, 1, 1] };
    }
    if (varname !== undefined && use === 'opacity') {
      this.#opacityPrimvar = varname;
      return { value: [1] };
    }
    this.#problem(
      'unsupported-primvar-input',
      'warning',
      `Input ${name} reads the primvar "${varname ?? ''}", which is supported for colour and opacity only; the reader's fallback is used`,
      node,
    );
    return { value: fitted(readerFallback, fallback) };
  }

  #uvTexture(node: Prim, output: string, fallback: readonly number[], use: InputUse): MaterialInput {
    const file = sourceOf(node, 'inputs:file');
    const asset = file?.kind === 'value' ? assetOf(file.attribute.getValue(this.#time)) : undefined;
    const textureFallback = fourOf(this.#constant(node, 'inputs:fallback', [0, 0, 0, 1]), [0, 0, 0, 1]);
    const channels = channelsOf(output, fallback.length);
    if (asset === undefined || asset.path === '') {
      return {
        value:
          channels === 'rgb' ? textureFallback.slice(0, fallback.length) : fallback.map(() => textureFallback['rgba'.indexOf(channels)]!),
      };
    }
    let scale = fourOf(this.#constant(node, 'inputs:scale', [1, 1, 1, 1]), [1, 1, 1, 1]);
    let bias = fourOf(this.#constant(node, 'inputs:bias', [0, 0, 0, 0]), [0, 0, 0, 0]);
    if (use === 'normal' && sourceOf(node, 'inputs:scale') === undefined && sourceOf(node, 'inputs:bias') === undefined) {
      // Many exporters leave both out; the bare value in 0..1 would be no normal.
      scale = [2, 2, 2, 1];
      bias = [-1, -1, -1, 0];
    }
    const colorSpace = this.#text(node, 'inputs:sourceColorSpace');
    const coordinates = this.#coordinates(node, 'inputs:st', undefined);
    const wrap = (name: string): WrapMode => wrapOf(this.#text(node, name));
    const texture = this.#texture(
      node,
      asset.path,
      asset.resolvedPath ?? '',
      colorSpace === 'raw' || colorSpace === 'sRGB' ? colorSpace : 'auto',
    );
    return this.#textured(fallback, use, coordinates, {
      texture,
      channels,
      scale,
      bias,
      wrapS: wrap('inputs:wrapS'),
      wrapT: wrap('inputs:wrapT'),
      fallback:
        sourceOf(node, 'inputs:fallback') === undefined && !this.#host.isMissing(texture)
          ? whileLoading(fallback, scale, bias)
          : textureFallback,
    });
  }

  #materialXImage(node: Prim, id: string, fallback: readonly number[], use: InputUse): MaterialInput {
    const file = sourceOf(node, 'inputs:file');
    const asset = file?.kind === 'value' ? assetOf(file.attribute.getValue(this.#time)) : undefined;
    if (file?.kind !== 'value' || asset === undefined || asset.path === '')
      return { value: this.#constant(node, 'inputs:default', fallback) };
    const space = textOf(file.attribute.getMetadata('colorSpace'));
    const isColor = id.includes('color3') || id.includes('color4');
    const tiling = id.startsWith('ND_tiledimage_') ? this.#constant(node, 'inputs:uvtiling', [1, 1]) : [1, 1];
    const coordinates = this.#coordinates(node, 'inputs:texcoord', 'st');
    const texture = this.#texture(
      node,
      asset.path,
      asset.resolvedPath ?? '',
      space?.startsWith('srgb') === true ? 'sRGB' : space === undefined && isColor && use !== 'normal' ? 'auto' : 'raw',
    );
    const tiled: Affine = [tiling[0] ?? 1, 0, 0, tiling[1] ?? 1, 0, 0];
    const address = (name: string): WrapMode => {
      const mode = this.#text(node, name);
      return mode === 'constant' ? 'black' : mode === 'clamp' ? 'clamp' : mode === 'mirror' ? 'mirror' : 'repeat';
    };
    const isNormal = use === 'normal';
    return this.#textured(
      fallback,
      use,
      { name: coordinates.name, transform: composed(tiled, coordinates.transform) },
      {
        texture,
        channels: fallback.length === 1 ? 'r' : 'rgb',
        scale: isNormal ? [2, 2, 2, 1] : [1, 1, 1, 1],
        bias: isNormal ? [-1, -1, -1, 0] : [0, 0, 0, 0],
        wrapS: address('inputs:uaddressmode'),
        wrapT: address('inputs:vaddressmode'),
        fallback: this.#host.isMissing(texture)
          ? fourOf(this.#constant(node, 'inputs:default', fallback), [0, 0, 0, 1])
          : whileLoading(fallback, isNormal ? [2, 2, 2, 1] : [1, 1, 1, 1], isNormal ? [-1, -1, -1, 0] : [0, 0, 0, 0]),
      },
    );
  }

  #textured(
    value: readonly number[],
    use: InputUse,
    coordinates: { name: string | undefined; transform: Affine },
    texture: Omit<TextureInput, 'uvSet' | 'uvTransform'>,
  ): MaterialInput {
    const set = coordinates.name === undefined ? 0 : this.#uvSet(coordinates.name);
    if (set > 1) return { value };
    if (use === 'normal') this.#tangentUvs = set;
    const { transform } = coordinates;
    const isIdentity =
      transform[0] === 1 && transform[1] === 0 && transform[2] === 0 && transform[3] === 1 && transform[4] === 0 && transform[5] === 0;
    return { value, texture: { ...texture, uvSet: set as 0 | 1, ...(isIdentity ? {} : { uvTransform: transform }) } };
  }

  /** Follows `st` through transforms to the primvar it comes from. No primvar: the coordinates are the same everywhere. */
  #coordinates(node: Prim, attribute: string, unconnected: string | undefined): { name: string | undefined; transform: Affine } {
    let transform: Affine = [1, 0, 0, 1, 0, 0];
    let prim = node;
    let port = attribute;
    for (let hops = 0; hops < 32; hops++) {
      const source = sourceOf(prim, port);
      if (source === undefined)
        return unconnected === undefined || hops > 0
          ? { name: undefined, transform: composed(transform, [0, 0, 0, 0, 0, 0]) }
          : { name: unconnected, transform };
      if (source.kind === 'value') {
        const [u = 0, v = 0] = this.#tuple(source.attribute, [0, 0]);
        return { name: undefined, transform: composed(transform, [0, 0, 0, 0, u, v]) };
      }
      prim = source.shader;
      this.#dependencies.add(prim.path);
      const id = idOf(prim);
      if (id === 'UsdTransform2d' || id.startsWith('ND_UsdTransform2d')) {
        const angle = ((this.#constant(prim, 'inputs:rotation', [0])[0] ?? 0) * Math.PI) / 180;
        const [sx = 1, sy = 1] = this.#constant(prim, 'inputs:scale', [1, 1]);
        const [tx = 0, ty = 0] = this.#constant(prim, 'inputs:translation', [0, 0]);
        const cos = Math.cos(angle);
        const sin = Math.sin(angle);
        transform = composed(transform, [sx * cos, sx * sin, -sy * sin, sy * cos, tx, ty]);
        port = 'inputs:in';
      } else if (id.startsWith('UsdPrimvarReader_float2') || id.startsWith('ND_UsdPrimvarReader_vector2')) {
        const name = this.#text(prim, 'inputs:varname');
        if (name !== undefined && name !== '') return { name, transform };
        const [u = 0, v = 0] = this.#constant(prim, 'inputs:fallback', [0, 0]);
        return { name: undefined, transform: composed(transform, [0, 0, 0, 0, u, v]) };
      } else if (id.startsWith('ND_geompropvalue_')) return { name: this.#text(prim, 'inputs:geomprop') ?? 'st', transform };
      else if (id.startsWith('ND_texcoord_')) return { name: 'st', transform };
      else if (id.startsWith('ND_place2d_')) {
        // Divides by the scale, rotates clockwise and moves against the offset, all about the pivot.
        const [px = 0, py = 0] = this.#constant(prim, 'inputs:pivot', [0, 0]);
        const [sx = 1, sy = 1] = this.#constant(prim, 'inputs:scale', [1, 1]);
        const [ox = 0, oy = 0] = this.#constant(prim, 'inputs:offset', [0, 0]);
        const angle = (-(this.#constant(prim, 'inputs:rotate', [0])[0] ?? 0) * Math.PI) / 180;
        const cos = Math.cos(angle);
        const sin = Math.sin(angle);
        const scaled: Affine = [1 / (sx || 1), 0, 0, 1 / (sy || 1), -px / (sx || 1), -py / (sy || 1)];
        const placed = composed([cos, sin, -sin, cos, 0, 0], scaled);
        transform = composed(transform, composed([1, 0, 0, 1, px - ox, py - oy], placed));
        port = 'inputs:texcoord';
        unconnected = 'st';
        if (sourceOf(prim, port) === undefined) return { name: 'st', transform };
      } else {
        this.#problem(
          'unsupported-shader-node',
          'warning',
          `Shader node "${id}" giving texture coordinates is not supported; the primvar "st" is used`,
          prim,
        );
        return { name: 'st', transform };
      }
    }
    return { name: undefined, transform };
  }

  #uvSet(name: string): number {
    const index = this.#uvNames.indexOf(name);
    if (index >= 0) return index;
    this.#uvNames.push(name);
    return this.#uvNames.length - 1;
  }

  #texture(node: Prim, asset: string, resolved: string, colorSpace: SourceColorSpace): TextureId {
    const id = this.#host.texture(asset, resolved, colorSpace, this.#material.path);
    this.#textures.push(id);
    this.#images.set(node.path, id);
    return id;
  }

  #constant(prim: Prim, attribute: string, fallback: readonly number[]): readonly number[] {
    const source = sourceOf(prim, attribute);
    return source?.kind === 'value' ? this.#tuple(source.attribute, fallback) : fallback;
  }

  #tuple(attribute: Attribute, fallback: readonly number[]): readonly number[] {
    if (attribute.valueMightBeTimeVarying) this.#isAnimated = true;
    const value = attribute.getValue(this.#time);
    const tuple = tupleOf(value) ?? (value === undefined ? undefined : numberList(numberOf(value)));
    return tuple === undefined ? fallback : fitted(tuple, fallback);
  }

  #text(prim: Prim, attribute: string): string | undefined {
    const source = sourceOf(prim, attribute);
    return source?.kind === 'value' ? textOf(source.attribute.getValue(this.#time)) : undefined;
  }

  #problem(code: string, severity: ErrorInfo['severity'], message: string, prim: Prim): void {
    this.#host.report({ code, severity, message, path: prim.path });
  }
}

/**
 * What stands for a picture that is still being read: the surface's own default (before scale and bias), not the black that
 * the schema means for a picture that is missing.
 */
function whileLoading(value: readonly number[], scale: readonly number[], bias: readonly number[]): [number, number, number, number] {
  const at = (i: number): number => {
    const wanted = value.length === 1 ? value[0]! : (value[i] ?? 1);
    return scale[i] === 0 ? 0 : (wanted - bias[i]!) / scale[i]!;
  };
  return [at(0), at(1), at(2), at(3)];
}

/** `normal` brings tangents, `color` and `opacity` may come from vertex colours. */
type InputUse = 'value' | 'color' | 'opacity' | 'normal';

function idOf(shader: Prim): string {
  return shaderId(shader) ?? '';
}

/** What feeds an attribute, given by its whole name. */
function sourceOf(prim: Prim, name: string): PortSource | undefined {
  const attribute = prim.getAttribute(name);
  return attribute === undefined ? undefined : resolvePort(attribute);
}

function isPreviewSurface(id: string): boolean {
  return id === 'UsdPreviewSurface' || id === 'ND_UsdPreviewSurface_surfaceshader';
}

function numberList(value: number | undefined): readonly number[] | undefined {
  return value === undefined ? undefined : [value];
}

/** As many components as the fallback has: single numbers are repeated, missing ones taken from the fallback. */
function fitted(tuple: readonly number[], fallback: readonly number[]): readonly number[] {
  if (tuple.length === fallback.length) return tuple;
  return fallback.map((value, i) => (tuple.length === 1 ? tuple[0]! : (tuple[i] ?? value)));
}

function fourOf(tuple: readonly number[], fallback: readonly [number, number, number, number]): [number, number, number, number] {
  return [tuple[0] ?? fallback[0], tuple[1] ?? fallback[1], tuple[2] ?? fallback[2], tuple[3] ?? fallback[3]];
}

function channelsOf(output: string, width: number): TextureInput['channels'] {
  if (output === 'r' || output === 'g' || output === 'b' || output === 'a') return output;
  return width === 1 ? 'r' : 'rgb';
}

/** Unauthored and `useMetadata` wrap as `black`: pictures carry no wrap metadata that is read here. */
function wrapOf(token: string | undefined): WrapMode {
  return token === 'repeat' || token === 'mirror' || token === 'clamp' ? token : 'black';
}

/** `outer ∘ inner`. */
function composed(outer: Affine, inner: Affine): Affine {
  const [a, b, c, d, tx, ty] = outer;
  return [
    a * inner[0] + c * inner[1],
    b * inner[0] + d * inner[1],
    a * inner[2] + c * inner[3],
    b * inner[2] + d * inner[3],
    a * inner[4] + c * inner[5] + tx,
    b * inner[4] + d * inner[5] + ty,
  ];
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function scaledInput(input: MaterialInput, factor: number): MaterialInput {
  if (factor === 1) return input;
  const value = input.value.map((component) => component * factor);
  if (input.texture === undefined) return { value };
  const scaled = (v: readonly [number, number, number, number]): [number, number, number, number] => [
    v[0] * factor,
    v[1] * factor,
    v[2] * factor,
    v[3] * factor,
  ];
  return {
    value,
    texture: {
      ...input.texture,
      scale: scaled(input.texture.scale),
      bias: scaled(input.texture.bias),
      fallback: scaled(input.texture.fallback),
    },
  };
}
