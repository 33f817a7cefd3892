import { byteLengthOf, isShareFormat, isShareUsage, refuseUsages } from './formats.ts';
import { ShareError } from './share-error.ts';
import type {
  ShareAlphaMode,
  ShareColorSpace,
  ShareMode,
  ShareUsage,
  TextureDescriptor,
  TextureDescriptorInit,
} from './texture-descriptor.ts';

/** What a descriptor has where nothing else is said. */
const DEFAULTS = {
  format: 'rgba8unorm',
  usages: ['sample', 'render', 'copy-from', 'copy-to'],
  colorSpace: 'srgb',
  alphaMode: 'premultiplied',
  mode: 'latest',
  slots: 3,
  label: 'shared texture',
} as const satisfies Partial<TextureDescriptor>;

const MAX_SIZE = 16_384;
const MIN_SLOTS = 3;
const MAX_SLOTS = 8;
const MAX_LABEL_LENGTH = 200;
const MAX_USAGES = 16;
/** Bytes of all slots of one connection: 3 frames of 8192x8192 at 4 bytes, 8 of 3840x2160 at 16. */
const MAX_SLOT_BYTES = 2 ** 30;

const COLOR_SPACES: readonly ShareColorSpace[] = ['srgb', 'display-p3'];
const ALPHA_MODES: readonly ShareAlphaMode[] = ['opaque', 'premultiplied', 'straight'];
const MODES: readonly ShareMode[] = ['latest', 'queue'];

/**
 * Fills in what is missing and checks the rest.
 *
 * @throws ShareError `share-bad-descriptor`, `share-limit`, `share-unsupported-usage`
 */
export function completeDescriptor(init: TextureDescriptorInit): TextureDescriptor {
  const given = Object.fromEntries(Object.entries(init).filter(([, value]) => value !== undefined));
  return checkDescriptor({ ...DEFAULTS, ...given });
}

/**
 * Checks a descriptor that came from elsewhere, all fields of it.
 *
 * @returns a copy that has the known fields only and does not change
 * @throws ShareError `share-bad-descriptor`, `share-limit`, `share-unsupported-usage`
 */
export function checkDescriptor(value: unknown): TextureDescriptor {
  if (typeof value !== 'object' || value === null) {
    throw new ShareError('share-bad-descriptor', `A texture descriptor is an object, not ${show(value)}.`);
  }
  const { width, height, format, usages, colorSpace, alphaMode, mode, slots, label } = value as Readonly<Record<string, unknown>>;
  if (!isShareFormat(format)) throw bad('format', 'one of the formats that can be shared', format);
  const descriptor: TextureDescriptor = Object.freeze({
    width: checkInteger('width', width, 1, MAX_SIZE),
    height: checkInteger('height', height, 1, MAX_SIZE),
    format,
    usages: checkUsages(usages),
    colorSpace: checkOneOf('colorSpace', colorSpace, COLOR_SPACES),
    alphaMode: checkOneOf('alphaMode', alphaMode, ALPHA_MODES),
    mode: checkOneOf('mode', mode, MODES),
    slots: checkInteger('slots', slots, MIN_SLOTS, MAX_SLOTS),
    label: checkLabel(label),
  });
  const bytes = byteLengthOf(descriptor) * descriptor.slots;
  if (bytes > MAX_SLOT_BYTES) {
    throw new ShareError(
      'share-limit',
      `${descriptor.slots} frames of ${descriptor.width}x${descriptor.height} ${format} take ${bytes} bytes; at most ${MAX_SLOT_BYTES} can be shared.`,
    );
  }
  const refusal = refuseUsages(descriptor);
  if (refusal !== undefined) throw refusal;
  return descriptor;
}

/**
 * What a consumer relies on.
 *
 * @throws ShareError `share-bad-descriptor` that names the field that differs; usages may be more than expected
 */
export function checkExpected(descriptor: TextureDescriptor, expected: Partial<TextureDescriptor>): void {
  for (const field of ['width', 'height', 'format', 'colorSpace', 'alphaMode', 'mode', 'slots', 'label'] as const) {
    if (expected[field] !== undefined && expected[field] !== descriptor[field]) {
      throw new ShareError(
        'share-bad-descriptor',
        `The shared texture "${descriptor.label}" has ${field} ${show(descriptor[field])}; ${show(expected[field])} was expected.`,
      );
    }
  }
  const missing = expected.usages?.find((usage) => !descriptor.usages.includes(usage));
  if (missing !== undefined) {
    throw new ShareError(
      'share-bad-descriptor',
      `The shared texture "${descriptor.label}" lacks the usage "${missing}", which was expected.`,
    );
  }
}

/** Whether frames of one fit where frames of the other are expected: all but the size is the same. */
export function isSameButSize(a: TextureDescriptor, b: TextureDescriptor): boolean {
  return (
    a.format === b.format &&
    a.colorSpace === b.colorSpace &&
    a.alphaMode === b.alphaMode &&
    a.mode === b.mode &&
    a.slots === b.slots &&
    a.usages.length === b.usages.length &&
    a.usages.every((usage) => b.usages.includes(usage))
  );
}

function checkUsages(value: unknown): readonly ShareUsage[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_USAGES) {
    throw bad('usages', `a list of 1 to ${MAX_USAGES} usages`, value);
  }
  const usages = new Set<ShareUsage>();
  for (const usage of value as readonly unknown[]) {
    if (!isShareUsage(usage)) throw bad('usages', 'sample, storage, render, copy-from or copy-to', usage);
    usages.add(usage);
  }
  return Object.freeze([...usages]);
}

function checkInteger(field: string, value: unknown, least: number, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw bad(field, `a whole number from ${least} to ${most}`, value);
}

function checkOneOf<T extends string>(field: string, value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((word) => word === value);
  if (found === undefined) throw bad(field, `one of ${allowed.join(', ')}`, value);
  return found;
}

function checkLabel(value: unknown): string {
  if (typeof value === 'string' && value.length <= MAX_LABEL_LENGTH) return value;
  throw bad('label', `text of at most ${MAX_LABEL_LENGTH} characters`, value);
}

function bad(field: string, wanted: string, found: unknown): ShareError {
  return new ShareError('share-bad-descriptor', `A texture descriptor's ${field} is ${wanted}, not ${show(found)}.`);
}

/** A hostile value in a message: short, and never by its own `toString`. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : typeof value;
}
