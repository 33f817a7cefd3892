/**
 * Layout of a ring of frames in shared memory: one producer, up to 28 consumers, each a thread of any language. Little-endian, offsets in bytes.
 *
 * | offset       | type | word         | meaning                                                                                          |
 * | ------------ | ---- | ------------ | ------------------------------------------------------------------------------------------------ |
 * | 0            | u32  | magic        | `PSFR`, 0x52465350                                                                               |
 * | 4            | u32  | version      | 1; another one is another layout                                                                 |
 * | 8            | u32  | generation   | counts up from 1 with every change of size; written by the producer                             |
 * | 12, 16       | u32  | width height | of the frames of this generation, pixels; each slot has its own, which is what counts for it     |
 * | 20           | u32  | format       | index in `RING_FORMATS`                                                                          |
 * | 24           | u32  | slots        | 3 to 32                                                                                          |
 * | 28           | u32  | slotBytes    | room of a slot, a multiple of 4096                                                               |
 * | 32           | u32  | mode         | 0 `latest`, 1 `queue`                                                                            |
 * | 36           | u32  | colorSpace   | 0 `srgb`, 1 `display-p3`                                                                         |
 * | 40           | u32  | alphaMode    | 0 `opaque`, 1 `premultiplied`, 2 `straight`                                                      |
 * | 44 … 63      |      |              | 0                                                                                                |
 * | 64           | i64  | produced     | timeline (see `atomic-timeline.ts`): value of the newest frame; its complement once it is closed |
 * | 72           | i64  | releases     | timeline: counts the releases of all consumers                                                   |
 * | 80 … 127     |      |              | 0                                                                                                |
 * | 128 + 4 k    | i32  | state        | of slot k: bit c (0 to 27): consumer c reads it; bit 30: the producer writes it                  |
 * | 256 + 4 c    | i32  | consumer     | of consumer c: 0 nobody, otherwise a number of its own choice                                    |
 * | 384 + 8 c    | i64  | consumed     | timeline: the highest value that was released in place c                                         |
 * | 640 + 32 k   | i64  | value        | of the frame in slot k, counting up from 1; 0: there is no whole frame                           |
 * | 648 + 32 k   | f64  | epochMs      | when it was published                                                                            |
 * | 656 + 32 k   | u32  | generation   | of the frame                                                                                     |
 * | 660, 664     | u32  | width height | of the frame (+ 32 k), pixels                                                                    |
 * | 668 + 32 k   | u32  |              | 0                                                                                                |
 * | 1664 … 4095  |      |              | 0                                                                                                |
 * | 4096 + k · slotBytes | | pixels    | of slot k: rows top first, tight                                                                 |
 *
 * ## Rules
 *
 * All accesses to `produced`, `releases`, `state`, `consumer`, `consumed` and `value` are sequentially consistent atomics; who changes a timeline
 * notifies all that wait on it. The rest needs none: it is written before, and read after, an atomic that orders it.
 *
 * Producer, for each frame:
 *
 * 1. Choose the slot with the lowest `value` whose `state` is 0, but never that of the newest frame; compareExchange its `state` from 0 to WRITING. When
 *    that fails, go on with the next slot; when all fail, all are being read: the frame is dropped (or kept elsewhere).
 * 2. Store 0 in its `value`; write pixels, size, generation and epochMs; store its `value`.
 * 3. Clear WRITING in its `state`; signal `produced`.
 *
 * Consumer c, which has put its number into `consumer` c by compareExchange from 0, for each frame above the last one it took:
 *
 * 1. Choose the slot with the highest `value` (`queue`: the lowest above the last one taken).
 * 2. Set bit c of its `state`. If WRITING was set before, or its `value` is another one now, clear the bit and begin again, a few times at most.
 * 3. Read. The producer cannot claim a slot with a bit set: the frame is whole and stays so.
 * 4. Clear bit c, signal `consumed` c, add 1 to `releases` and notify.
 *
 * No step waits for another thread, and every operation ends after a number of steps that depends on the number of slots only. As the newest frame is
 * never claimed, a producer that dies in the middle of a frame leaves the one before. The bits of a consumer that dies are cleared by the producer once it
 * hears of it (`reclaim`); its `consumer` word then differs from its number, which tells it, should it live, to leave the ring.
 */
import { byteLengthOf, bytesPerPixel } from '../formats.ts';
import { ShareError } from '../share-error.ts';
import type { ShareAlphaMode, ShareColorSpace, ShareFormat, ShareMode, TextureDescriptor } from '../texture-descriptor.ts';
import { canShareMemory } from './can-share-memory.ts';

const MAGIC = 0x52465350;
const VERSION = 1;
const SLOT_ALIGNMENT = 4096;
const DATA_OFFSET = 4096;
const MIN_SLOTS = 3;
const MAX_SLOTS = 32;
const MAX_EXTENT = 16384;

export const MAX_CONSUMERS = 28;
export const WRITING = 1 << 30;
export const PRODUCED_OFFSET = 64;
export const RELEASES_OFFSET = 72;

/** Word indices. */
const WORD = {
  magic: 0,
  version: 1,
  generation: 2,
  width: 3,
  height: 4,
  format: 5,
  slots: 6,
  slotBytes: 7,
  mode: 8,
  colorSpace: 9,
  alphaMode: 10,
} as const;

/** Numbers of formats in the header; never reordered. */
export const RING_FORMATS: readonly ShareFormat[] = [
  'r8unorm',
  'rg8unorm',
  'rgba8unorm',
  'rgba8unorm-srgb',
  'bgra8unorm',
  'bgra8unorm-srgb',
  'rgb10a2unorm',
  'r16float',
  'rg16float',
  'rgba16float',
  'r32float',
  'rg32float',
  'rgba32float',
];
const MODES: readonly ShareMode[] = ['latest', 'queue'];
const COLOR_SPACES: readonly ShareColorSpace[] = ['srgb', 'display-p3'];
const ALPHA_MODES: readonly ShareAlphaMode[] = ['opaque', 'premultiplied', 'straight'];

/** What does not change during a ring's life. */
export interface RingDescriptor {
  readonly format: ShareFormat;
  readonly slots: number;
  readonly mode: ShareMode;
  readonly colorSpace: ShareColorSpace;
  readonly alphaMode: ShareAlphaMode;
}

/** A ring's memory, checked, and where its words are. */
export interface RingLayout extends RingDescriptor {
  readonly memory: SharedArrayBuffer;
  readonly slotBytes: number;
  readonly bytesPerPixel: number;
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly longs: BigInt64Array<SharedArrayBuffer>;
  readonly doubles: Float64Array<SharedArrayBuffer>;
}

/**
 * @param maxBytes room for frames that become larger than they are at first
 * @throws ShareError `share-unsupported-transport` where memory cannot be shared, `share-limit`, `share-bad-descriptor`
 */
export function createFrameRing(
  descriptor: RingDescriptor & Pick<TextureDescriptor, 'width' | 'height'>,
  maxBytes = byteLengthOf(descriptor),
): SharedArrayBuffer {
  if (!canShareMemory()) {
    throw new ShareError('share-unsupported-transport', 'Memory can only be shared where the page is cross-origin isolated');
  }
  const { width, height, slots } = descriptor;
  if (!isCount(slots, MIN_SLOTS, MAX_SLOTS) || !isCount(width, 1, MAX_EXTENT) || !isCount(height, 1, MAX_EXTENT)) {
    throw new ShareError(
      'share-bad-descriptor',
      `A ring has ${MIN_SLOTS} to ${MAX_SLOTS} slots of a texture's size, not ${slots} of ${width}x${height}`,
    );
  }
  const slotBytes = Math.ceil(Math.max(maxBytes, byteLengthOf(descriptor)) / SLOT_ALIGNMENT) * SLOT_ALIGNMENT;
  const memory = allocate(DATA_OFFSET + slots * slotBytes);
  const words = new Int32Array(memory, 0, DATA_OFFSET / 4);
  words[WORD.version] = VERSION;
  words[WORD.generation] = 1;
  words[WORD.width] = width;
  words[WORD.height] = height;
  words[WORD.format] = RING_FORMATS.indexOf(descriptor.format);
  words[WORD.slots] = slots;
  words[WORD.slotBytes] = slotBytes;
  words[WORD.mode] = MODES.indexOf(descriptor.mode);
  words[WORD.colorSpace] = COLOR_SPACES.indexOf(descriptor.colorSpace);
  words[WORD.alphaMode] = ALPHA_MODES.indexOf(descriptor.alphaMode);
  words[WORD.magic] = MAGIC;
  return memory;
}

/**
 * Checks a ring that came from elsewhere. What can be changed by others later, as the sizes of frames, is checked when it is used.
 *
 * @throws ShareError `share-bad-handle`, `share-version`
 */
export function readRingLayout(memory: unknown): RingLayout {
  if (!canShareMemory() || !(memory instanceof SharedArrayBuffer) || memory.byteLength < DATA_OFFSET) throw badRing('it has no header');
  const words = new Int32Array(memory, 0, DATA_OFFSET / 4);
  if (words[WORD.magic] !== MAGIC) throw badRing('its header does not begin with "PSFR"');
  const version = words[WORD.version]!;
  if (version !== VERSION) throw new ShareError('share-version', `The ring has version ${version}, expected ${VERSION}`);
  const format = RING_FORMATS[words[WORD.format]!];
  const mode = MODES[words[WORD.mode]!];
  const colorSpace = COLOR_SPACES[words[WORD.colorSpace]!];
  const alphaMode = ALPHA_MODES[words[WORD.alphaMode]!];
  const slots = words[WORD.slots]!;
  const slotBytes = words[WORD.slotBytes]! >>> 0;
  if (format === undefined || mode === undefined || colorSpace === undefined || alphaMode === undefined) {
    throw badRing('its format, mode, colour space or alpha mode is none of those known');
  }
  if (!isCount(slots, MIN_SLOTS, MAX_SLOTS)) throw badRing(`${slots} is no number of slots`);
  if (slotBytes === 0 || slotBytes % SLOT_ALIGNMENT !== 0 || DATA_OFFSET + slots * slotBytes > memory.byteLength) {
    throw badRing(`${slots} slots of ${slotBytes} bytes are not in its ${memory.byteLength} bytes`);
  }
  return {
    memory,
    format,
    mode,
    colorSpace,
    alphaMode,
    slots,
    slotBytes,
    bytesPerPixel: bytesPerPixel(format),
    words,
    longs: new BigInt64Array(memory, 0, DATA_OFFSET / 8),
    doubles: new Float64Array(memory, 0, DATA_OFFSET / 8),
  };
}

/** Index in `words`. */
export function stateIndex(slot: number): number {
  return 32 + slot;
}

/** Index in `words`. */
export function consumerIndex(consumer: number): number {
  return 64 + consumer;
}

export function consumedOffset(consumer: number): number {
  return 384 + 8 * consumer;
}

/** Index in `longs`. */
export function valueIndex(slot: number): number {
  return 80 + 4 * slot;
}

/** Size of a frame in a ring, and which change of size it belongs to. */
export interface FrameShape {
  readonly width: number;
  readonly height: number;
  readonly generation: number;
}

/** Producer only: of the frames to come. */
export function writeRingShape({ words }: RingLayout, { width, height, generation }: FrameShape): void {
  words[WORD.width] = width;
  words[WORD.height] = height;
  words[WORD.generation] = generation;
}

export function readRingShape({ words }: RingLayout): FrameShape {
  return { width: words[WORD.width]! >>> 0, height: words[WORD.height]! >>> 0, generation: words[WORD.generation]! >>> 0 };
}

/** Producer only. */
export function writeSlotShape(
  { words, doubles }: RingLayout,
  slot: number,
  { width, height, generation }: FrameShape,
  epochMs: number,
): void {
  const word = slotWord(slot);
  doubles[word / 2 + 1] = epochMs;
  words[word + 4] = generation;
  words[word + 5] = width;
  words[word + 6] = height;
}

export function readSlotShape({ words }: RingLayout, slot: number): FrameShape {
  const word = slotWord(slot);
  return { generation: words[word + 4]! >>> 0, width: words[word + 5]! >>> 0, height: words[word + 6]! >>> 0 };
}

export function readSlotEpochMs({ doubles }: RingLayout, slot: number): number {
  return doubles[slotWord(slot) / 2 + 1]!;
}

/** @returns undefined for a size that no slot has room for */
export function slotPixels(
  { memory, slotBytes, bytesPerPixel: pixelBytes }: RingLayout,
  slot: number,
  { width, height }: FrameShape,
): Uint8Array<SharedArrayBuffer> | undefined {
  const byteLength = width * height * pixelBytes;
  return byteLength > 0 && byteLength <= slotBytes ? new Uint8Array(memory, DATA_OFFSET + slot * slotBytes, byteLength) : undefined;
}

export function countRelease({ longs }: RingLayout): void {
  Atomics.add(longs, RELEASES_OFFSET / 8, 1n);
  Atomics.notify(longs, RELEASES_OFFSET / 8);
}

function slotWord(slot: number): number {
  return 160 + 8 * slot;
}

function allocate(byteLength: number): SharedArrayBuffer {
  try {
    return new SharedArrayBuffer(byteLength);
  } catch (cause) {
    throw new ShareError('share-limit', `There is no memory for a ring of ${byteLength} bytes`, { cause });
  }
}

function isCount(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

function badRing(reason: string): ShareError {
  return new ShareError('share-bad-handle', `This memory is no ring of frames: ${reason}`);
}
