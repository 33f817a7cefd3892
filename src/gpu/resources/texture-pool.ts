import type { TextureId, TextureSnapshot } from '../../share/protocol/scene.ts';
import type { TexturePlace } from '../layout/material-record.ts';
import { TEXTURE_BUCKETS } from '../layout/shading-uniforms.ts';
import { MipPipelines } from './mip-pipelines.ts';
import { newVersion } from './version.ts';

type BucketFormat = 'rgba8unorm' | 'rgba8unorm-srgb' | 'rgba16float';

/** Textures of one size and format as layers of one array. */
interface Bucket {
  readonly width: number;
  readonly height: number;
  readonly format: BucketFormat;
  readonly levels: number;
  /** Texture of each layer; undefined: free. */
  readonly layers: (TextureId | undefined)[];
  texture: GPUTexture | undefined;
}

interface StoredTexture {
  readonly snapshot: TextureSnapshot;
  bucket: number;
  layer: number;
  isUploaded: boolean;
  /** Its layer shows something else than its pixels. */
  isReplaced: boolean;
  /** Least alpha, 0..1. */
  leastAlpha: number;
}

/** First level of the layer that a texture lies in. */
export interface TextureLayer {
  readonly view: GPUTextureView;
  readonly width: number;
  readonly height: number;
  readonly format: BucketFormat;
  /** Something else than the texture's pixels is shown. */
  readonly isReplaced: boolean;
}

/** Half floats: one, and the largest that is not negative. */
const HALF_ONE = 0x3c00;
const HALF_NEGATIVE = 0x7fff;
/** Rows of pixels are sent in pieces of about this many bytes, so that frames can come between. */
const UPLOAD_BYTES = 4 << 20;

/**
 * Image textures in at most ten arrays, one per (size, format), so that one bind group holds them all. Sizes are kept
 * exactly: wrapping needs the true edges. When all arrays are taken, an image is resampled to the array of its format
 * (or any array that can hold it) that is nearest in size.
 *
 * Pixels stay in memory for the next device.
 */
export class TexturePool {
  /** Raised when an array is replaced: bind groups must be rebuilt. */
  version = newVersion();
  #textures = new Map<TextureId, StoredTexture>();
  #buckets: Bucket[] = [];
  #device: GPUDevice | undefined;
  #maxLayers = 256;
  #maxSize = 8192;
  #placeholder: GPUTexture | undefined;

  get textureCount(): number {
    return this.#textures.size;
  }

  get gpuBytes(): number {
    let bytes = 0;
    for (const bucket of this.#buckets) {
      if (bucket.texture !== undefined)
        bytes += (bucket.width * bucket.height * bytesPerTexel(bucket.format) * bucket.texture.depthOrArrayLayers * 4) / 3;
    }
    return Math.round(bytes);
  }

  /** Texel sizes of the arrays, for the shading uniforms. */
  get sizes(): readonly (readonly [number, number])[] {
    return this.#buckets.map((bucket) => [bucket.width, bucket.height]);
  }

  setDevice(device: GPUDevice, maxSize: number, maxLayers: number): void {
    for (const bucket of this.#buckets) bucket.texture?.destroy();
    this.#placeholder?.destroy();
    this.#device = device;
    this.#maxSize = maxSize;
    this.#maxLayers = Math.min(maxLayers, 4096);
    this.#placeholder = device.createTexture({
      label: 'textures/none',
      size: [1, 1, 1],
      format: 'rgba8unorm',
      usage: GPUTextureUsage.TEXTURE_BINDING,
    });
    for (const bucket of this.#buckets) bucket.texture = undefined;
    for (const stored of this.#textures.values()) stored.isUploaded = false;
    this.version = newVersion();
  }

  /** Where a texture lies, once its pixels are there. */
  placeOf(id: TextureId): TexturePlace | undefined {
    const stored = this.#textures.get(id);
    if (stored === undefined || !stored.isUploaded) return undefined;
    return { bucket: stored.bucket, layer: stored.layer };
  }

  /** The array a texture lies in, for passes that read it alone. */
  pictureOf(id: TextureId): { readonly view: GPUTextureView; readonly layer: number; readonly width: number } | undefined {
    const place = this.placeOf(id);
    const bucket = place === undefined ? undefined : this.#buckets[place.bucket];
    if (place === undefined || bucket?.texture === undefined) return undefined;
    return { view: bucket.texture.createView({ dimension: '2d-array', format: bucket.format }), layer: place.layer, width: bucket.width };
  }

  /** Least alpha of a texture, 0..1, once its pixels are there. */
  leastAlphaOf(id: TextureId): number | undefined {
    const stored = this.#textures.get(id);
    return stored?.isUploaded === true ? stored.leastAlpha : undefined;
  }

  /** Where something else is drawn in the place of a texture: the first level of its layer. `replaced` is called after it. */
  layerOf(id: TextureId): TextureLayer | undefined {
    const stored = this.#textures.get(id);
    const bucket = stored?.isUploaded === true ? this.#buckets[stored.bucket] : undefined;
    if (stored === undefined || bucket?.texture === undefined) return undefined;
    const { width, height, format } = bucket;
    return { view: levelView(bucket, stored.layer, 0), width, height, format, isReplaced: stored.isReplaced };
  }

  /**
   * Makes the smaller levels of what was drawn in the place of a texture.
   *
   * @returns whether its least alpha is another
   */
  replaced(id: TextureId, leastAlphaNow: number): boolean {
    const stored = this.#textures.get(id);
    const device = this.#device;
    if (stored === undefined || device === undefined) return false;
    this.#fillLevels(device, this.#buckets[stored.bucket]!, stored.layer, undefined);
    const isOther = stored.leastAlpha !== leastAlphaNow;
    stored.leastAlpha = leastAlphaNow;
    stored.isReplaced = true;
    return isOther;
  }

  /** Sends the pixels again of a texture whose place something else has taken. */
  *restore(id: TextureId): Generator<void, void> {
    const stored = this.#textures.get(id);
    if (stored?.isReplaced === true && this.#device !== undefined) yield* this.#send(stored, this.#device);
  }

  /** Textures whose pixels are in memory but not on the device. */
  missing(): TextureId[] {
    return [...this.#textures.values()].filter((stored) => !stored.isUploaded).map((stored) => stored.snapshot.id);
  }

  /**
   * Takes a texture; `upload` sends it.
   *
   * @returns a sentence when it cannot be taken
   */
  add(snapshot: TextureSnapshot): string | undefined {
    this.remove(snapshot.id);
    const { width, height } = snapshot;
    if (width < 1 || height < 1 || snapshot.data.length < width * height * 4) return `Texture ${snapshot.label} has no pixels`;
    if (width > this.#maxSize || height > this.#maxSize)
      return `Texture ${snapshot.label} of ${width} x ${height} is larger than this graphics adapter takes (${this.#maxSize})`;
    const place = this.#reserve(snapshot);
    if (place === undefined) return `Texture ${snapshot.label} is left out: all texture arrays are full`;
    this.#textures.set(snapshot.id, { snapshot, ...place, isUploaded: false, isReplaced: false, leastAlpha: 1 });
    return undefined;
  }

  remove(id: TextureId): void {
    const stored = this.#textures.get(id);
    if (stored === undefined) return;
    this.#textures.delete(id);
    const bucket = this.#buckets[stored.bucket]!;
    bucket.layers[stored.layer] = undefined;
  }

  clear(): void {
    this.#textures.clear();
    for (const bucket of this.#buckets) bucket.texture?.destroy();
    this.#buckets = [];
    this.version = newVersion();
  }

  /** Sends pixels and makes mip levels, yielding between pieces. Afterwards `placeOf` answers. */
  *upload(id: TextureId): Generator<void, void> {
    const stored = this.#textures.get(id);
    const device = this.#device;
    if (stored === undefined || stored.isUploaded || device === undefined) return;
    yield* this.#send(stored, device);
  }

  *#send(stored: StoredTexture, device: GPUDevice): Generator<void, void> {
    const { id } = stored.snapshot;
    const bucket = this.#buckets[stored.bucket]!;
    const texture = this.#ensureTexture(bucket, device);
    const { snapshot } = stored;
    const isExact = snapshot.width === bucket.width && snapshot.height === bucket.height;
    const bytesPerRow = snapshot.width * bytesPerTexel(bucket.format);
    const rowsPerPiece = Math.max(1, Math.floor(UPLOAD_BYTES / bytesPerRow));
    const target = isExact
      ? texture
      : device.createTexture({
          label: `textures/${snapshot.label}/unscaled`,
          size: [snapshot.width, snapshot.height],
          format: baseFormat(bucket.format),
          viewFormats: [bucket.format],
          usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST,
        });
    let least = 1;
    for (let row = 0; row < snapshot.height; row += rowsPerPiece) {
      const rows = Math.min(rowsPerPiece, snapshot.height - row);
      device.queue.writeTexture(
        { texture: target, origin: [0, row, isExact ? stored.layer : 0] },
        snapshot.data as Uint8Array<ArrayBuffer>,
        { offset: row * bytesPerRow, bytesPerRow },
        [snapshot.width, rows],
      );
      least = Math.min(least, leastAlpha(snapshot, row * snapshot.width, (row + rows) * snapshot.width));
      if (row + rows < snapshot.height) yield;
      // The texture may have gone, or the device been lost, while others worked.
      if (this.#textures.get(id) !== stored || this.#device !== device) return;
    }
    this.#ensureTexture(bucket, device);
    this.#fillLevels(device, bucket, stored.layer, isExact ? undefined : target);
    if (!isExact) target.destroy();
    stored.leastAlpha = least;
    stored.isUploaded = true;
    stored.isReplaced = false;
  }

  bindGroupEntries(): GPUBindGroupEntry[] {
    const entries: GPUBindGroupEntry[] = [];
    for (let index = 0; index < TEXTURE_BUCKETS; index++) {
      const bucket = this.#buckets[index];
      const texture = bucket?.texture ?? this.#placeholder!;
      const format = bucket?.texture === undefined ? 'rgba8unorm' : bucket.format;
      entries.push({ binding: index + 1, resource: texture.createView({ dimension: '2d-array', format }) });
    }
    return entries;
  }

  dispose(): void {
    for (const bucket of this.#buckets) bucket.texture?.destroy();
    this.#placeholder?.destroy();
  }

  #reserve(snapshot: TextureSnapshot): { bucket: number; layer: number } | undefined {
    const format: BucketFormat =
      snapshot.format === 'rgba16float' ? 'rgba16float' : snapshot.colorSpace === 'srgb' ? 'rgba8unorm-srgb' : 'rgba8unorm';
    const { width, height } = snapshot;
    const exact = this.#buckets.findIndex(
      (bucket) => bucket.width === width && bucket.height === height && bucket.format === format && this.#hasRoom(bucket),
    );
    if (exact >= 0) return { bucket: exact, layer: takeLayer(this.#buckets[exact]!, snapshot.id) };
    let index = this.#buckets.findIndex((bucket) => bucket.layers.every((layer) => layer === undefined));
    if (index < 0 && this.#buckets.length < TEXTURE_BUCKETS) index = this.#buckets.length;
    if (index >= 0) {
      this.#buckets[index]?.texture?.destroy();
      const levels = 1 + Math.floor(Math.log2(Math.max(width, height)));
      this.#buckets[index] = { width, height, format, levels, layers: [snapshot.id], texture: undefined };
      this.version = newVersion();
      return { bucket: index, layer: 0 };
    }
    // Nearest in area, preferring not to lose texels.
    let best = -1;
    let bestCost = Infinity;
    for (const [candidate, bucket] of this.#buckets.entries()) {
      if (bucket.format !== format || !this.#hasRoom(bucket)) continue;
      const ratio = Math.log2((bucket.width * bucket.height) / (width * height));
      const cost = ratio < 0 ? -4 * ratio : ratio;
      if (cost < bestCost) {
        bestCost = cost;
        best = candidate;
      }
    }
    return best < 0 ? undefined : { bucket: best, layer: takeLayer(this.#buckets[best]!, snapshot.id) };
  }

  #hasRoom(bucket: Bucket): boolean {
    return bucket.layers.length < this.#maxLayers || bucket.layers.includes(undefined);
  }

  /** The array with room for all layers; a larger one takes over the layers of the smaller. */
  #ensureTexture(bucket: Bucket, device: GPUDevice): GPUTexture {
    const before = bucket.texture;
    const have = before?.depthOrArrayLayers ?? 0;
    if (before !== undefined && have >= bucket.layers.length) return before;
    const layers = Math.min(this.#maxLayers, Math.max(bucket.layers.length, Math.ceil(have * 1.5)));
    const texture = device.createTexture({
      label: `textures/${bucket.width}x${bucket.height} ${bucket.format}`,
      size: [bucket.width, bucket.height, layers],
      mipLevelCount: bucket.levels,
      format: baseFormat(bucket.format),
      viewFormats: [bucket.format],
      usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST | GPUTextureUsage.COPY_SRC | GPUTextureUsage.RENDER_ATTACHMENT,
    });
    if (before !== undefined) {
      const encoder = device.createCommandEncoder({ label: 'textures/grow' });
      for (let level = 0; level < bucket.levels; level++) {
        const size = [Math.max(1, bucket.width >> level), Math.max(1, bucket.height >> level), have];
        encoder.copyTextureToTexture({ texture: before, mipLevel: level }, { texture, mipLevel: level }, size);
      }
      device.queue.submit([encoder.finish()]);
      before.destroy();
    }
    bucket.texture = texture;
    this.version = newVersion();
    return texture;
  }

  /** Makes the levels below the first; with `unscaled`, the first too. */
  #fillLevels(device: GPUDevice, bucket: Bucket, layer: number, unscaled: GPUTexture | undefined): void {
    const mips = MipPipelines.of(device);
    const pipeline = mips.get(bucket.format, false);
    const encoder = device.createCommandEncoder({ label: 'textures/mips' });
    const viewOf = (level: number): GPUTextureView => levelView(bucket, layer, level);
    const draw = (from: GPUTextureView, to: GPUTextureView, entryPipeline: GPURenderPipeline): void => {
      const pass = encoder.beginRenderPass({ label: 'textures/mips', colorAttachments: [{ view: to, loadOp: 'clear', storeOp: 'store' }] });
      pass.setPipeline(entryPipeline);
      pass.setBindGroup(0, device.createBindGroup({ layout: mips.layout, entries: [{ binding: 0, resource: from }] }));
      pass.draw(3);
      pass.end();
    };
    if (unscaled !== undefined) draw(unscaled.createView({ format: bucket.format }), viewOf(0), mips.get(bucket.format, true));
    for (let level = 1; level < bucket.levels; level++) draw(viewOf(level - 1), viewOf(level), pipeline);
    device.queue.submit([encoder.finish()]);
  }
}

function levelView({ texture, format }: Bucket, layer: number, level: number): GPUTextureView {
  return texture!.createView({
    dimension: '2d',
    format,
    baseMipLevel: level,
    mipLevelCount: 1,
    baseArrayLayer: layer,
    arrayLayerCount: 1,
  });
}

function takeLayer(bucket: Bucket, id: TextureId): number {
  const free = bucket.layers.indexOf(undefined);
  const layer = free < 0 ? bucket.layers.length : free;
  bucket.layers[layer] = id;
  return layer;
}

/** Least alpha of texels `first` to `end`. Half floats of 0..1 compare like integers. */
function leastAlpha({ data, format }: TextureSnapshot, first: number, end: number): number {
  const one = format === 'rgba8unorm' ? 255 : HALF_ONE;
  let least = one;
  for (let at = 4 * first + 3; at < 4 * end; at += 4) {
    const alpha = data[at]!;
    if (alpha < least || alpha > HALF_NEGATIVE) least = alpha > HALF_NEGATIVE ? 0 : alpha;
  }
  return least / one;
}

function bytesPerTexel(format: BucketFormat): number {
  return format === 'rgba16float' ? 8 : 4;
}

function baseFormat(format: BucketFormat): GPUTextureFormat {
  return format === 'rgba8unorm-srgb' ? 'rgba8unorm' : format;
}
