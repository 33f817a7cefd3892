/** Textures the materials ask for: one id per file and colour space, read and decoded later than the geometry. */
import type { AssetResolver } from 'usd-wasm';
import type { ErrorInfo } from '../../../share/protocol/error-info.ts';
import type { TextureId } from '../../../share/protocol/scene.ts';
import type { MemoryBudget } from '../memory-budget.ts';
import type { Pace } from '../pace.ts';
import type { SceneWriter } from '../scene-writer.ts';
import { decodeImage, MAX_TEXTURE_SIZE, type DecodedImage, type SourceColorSpace } from './image-decode.ts';

interface TextureEntry {
  readonly id: TextureId;
  readonly key: string;
  readonly asset: string;
  readonly resolved: string;
  readonly colorSpace: SourceColorSpace;
  /** Prim path of the first material that asked, for messages. */
  readonly usedBy: string;
  uses: number;
  state: 'waiting' | 'loading' | 'done' | 'missing';
  /** On the GPU, with its smaller copies. */
  bytes: number;
}

/** Pictures under way at once: the browser decodes off this thread, and each holds its pixels in memory. */
const PARALLEL = 4;
/** A texture with its smaller copies, beside the texture alone. */
const WITH_MIPS = 4 / 3;
/** Smaller than this nothing is recognised: the fallback colour is better. */
const LEAST_SIZE = 16;

export class TextureStore {
  #entries = new Map<string, TextureEntry>();
  #byId = new Map<TextureId, TextureEntry>();
  #writer: SceneWriter;
  #resolver: AssetResolver;
  #report: (problem: ErrorInfo) => void;

  #budget: MemoryBudget;

  constructor(writer: SceneWriter, resolver: AssetResolver, report: (problem: ErrorInfo) => void, budget: MemoryBudget) {
    this.#budget = budget;
    this.#writer = writer;
    this.#resolver = resolver;
    this.#report = report;
  }

  get count(): number {
    return this.#entries.size;
  }

  get waitingCount(): number {
    let count = 0;
    for (const entry of this.#entries.values()) if (entry.state === 'waiting') count++;
    return count;
  }

  isMissing(id: TextureId): boolean {
    return this.#byId.get(id)?.state === 'missing';
  }

  /** Each call is one use, to be given back with `release`. */
  request(asset: string, resolved: string, colorSpace: SourceColorSpace, usedBy: string): TextureId {
    const key = `${colorSpace}\n${resolved === '' ? asset : resolved}`;
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = {
        id: this.#writer.textureIds.allocate() as TextureId,
        key,
        asset,
        resolved: resolved === '' ? asset : resolved,
        colorSpace,
        usedBy,
        uses: 0,
        state: 'waiting',
        bytes: 0,
      };
      this.#entries.set(key, entry);
      this.#byId.set(entry.id, entry);
    }
    entry.uses++;
    return entry.id;
  }

  release(id: TextureId): void {
    const entry = this.#byId.get(id);
    if (entry !== undefined) entry.uses--;
  }

  /** Removes what nobody uses any more. */
  sweep(): void {
    for (const entry of this.#entries.values()) {
      if (entry.uses > 0) continue;
      this.#entries.delete(entry.key);
      this.#byId.delete(entry.id);
      this.#budget.giveBack(entry.bytes);
      this.#writer.removeTexture(entry.id);
    }
  }

  /**
   * Reads, decodes and sends everything that waits. Failures become problems; the material's fallback stays visible.
   *
   * @param onDone called after each texture
   * @returns those that cannot be had
   * @throws CancelledError
   */
  async load(pace: Pace, onDone: (done: number, total: number) => void): Promise<ReadonlySet<TextureId>> {
    const missing = new Set<TextureId>();
    const waiting = [...this.#entries.values()].filter((entry) => entry.state === 'waiting');
    let next = 0;
    let done = 0;
    const lane = async (): Promise<void> => {
      while (next < waiting.length) {
        const entry = waiting[next++] as TextureEntry;
        entry.state = 'loading';
        try {
          entry.state = (await this.#loadOne(entry, pace)) ? 'done' : 'missing';
        } catch (error) {
          entry.state = 'waiting';
          throw error;
        }
        if (entry.state === 'missing') missing.add(entry.id);
        onDone(++done, waiting.length);
        await this.#writer.pace(pace);
        pace.check();
      }
    };
    await Promise.all(Array.from({ length: Math.min(PARALLEL, waiting.length) }, lane));
    return missing;
  }

  /** Returns false when there is no picture. */
  async #loadOne(entry: TextureEntry, pace: Pace): Promise<boolean> {
    const where = { path: entry.usedBy, asset: entry.resolved };
    let resolved = entry.resolved;
    if (resolved.includes('<UDIM>')) {
      this.#report({
        code: 'udim-unsupported',
        severity: 'warning',
        message: `Texture @${entry.asset}@ is a set of UDIM tiles; only the first tile (1001) is shown`,
        ...where,
      });
      resolved = resolved.replace('<UDIM>', '1001');
    }
    let bytes: Uint8Array;
    try {
      bytes = await this.#resolver.read(resolved, pace.signal);
    } catch (error) {
      pace.check();
      const reason = error instanceof Error ? error.message : String(error);
      this.#report({
        code: 'missing-texture',
        severity: 'error',
        message: `Texture @${entry.asset}@ cannot be read: ${reason}. The material's fallback colour is shown`,
        ...where,
      });
      return false;
    }
    pace.check();
    try {
      const image = await this.#decodeWithin(bytes, entry, where);
      pace.check();
      if (image === undefined) return false;
      if (this.#entries.get(entry.key) !== entry) {
        // Swept meanwhile: the id may belong to another texture.
        this.#budget.giveBack(entry.bytes);
        return true;
      }
      if (image.loss === 'downscaled') {
        this.#report({
          code: 'texture-downscaled',
          severity: 'info',
          message: `Texture @${entry.asset}@ is larger than ${MAX_TEXTURE_SIZE} pixels and is shown at ${image.width}x${image.height}`,
          ...where,
        });
      } else if (image.loss === 'truncated') {
        this.#report({
          code: 'texture-truncated',
          severity: 'warning',
          message: `Texture @${entry.asset}@ ends too early; the missing part is left black`,
          ...where,
        });
      }
      this.#writer.putTexture({
        id: entry.id,
        label: entry.asset,
        width: image.width,
        height: image.height,
        format: image.format,
        colorSpace: image.colorSpace,
        data: image.data,
      });
      return true;
    } catch (error) {
      pace.check();
      const reason = error instanceof Error ? error.message : String(error);
      this.#report({
        code: 'texture-decode-failed',
        severity: 'error',
        message: `Texture @${entry.asset}@ cannot be decoded: ${reason}`,
        ...where,
      });
      return false;
    }
  }

  /** The picture as large as the budget allows; its bytes are counted. Undefined when nothing is left of the budget. */
  async #decodeWithin(
    bytes: Uint8Array,
    entry: TextureEntry,
    where: { readonly path: string; readonly asset: string },
  ): Promise<DecodedImage | undefined> {
    let image = await decodeImage(bytes, entry.colorSpace);
    const full = `${image.width}x${image.height}`;
    let isReduced = false;
    for (;;) {
      const needed = image.data.byteLength * WITH_MIPS;
      if (this.#budget.take(needed)) {
        entry.bytes = needed;
        break;
      }
      const size = Math.floor(Math.max(image.width, image.height) * Math.min(0.5, Math.sqrt(Math.max(0, this.#budget.freeBytes) / needed)));
      isReduced = true;
      if (size < LEAST_SIZE) {
        this.#report({ code: 'memory-budget', severity: 'error', message: this.#overBudget(entry, 'is left out'), ...where });
        return undefined;
      }
      image = await decodeImage(bytes, entry.colorSpace, size);
    }
    if (isReduced) {
      const shown = `is shown at ${image.width}x${image.height} in place of ${full}`;
      this.#report({ code: 'memory-budget', severity: 'warning', message: this.#overBudget(entry, shown), ...where });
      const { width, height, format, colorSpace, data } = image;
      return { width, height, format, colorSpace, data };
    }
    return image;
  }

  #overBudget({ asset }: TextureEntry, what: string): string {
    return `Texture @${asset}@ ${what}: the textures take the whole memory budget of ${this.#budget.text}. Raise the memory budget in the settings`;
  }
}
