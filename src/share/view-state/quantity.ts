/** Numbers with units as attributes and links write them. Angles become radians, lengths metres. */
import { ViewStateError } from './view-state-error.ts';

/** A length in metres, or a share of what `auto` stands for: `1.05` for `105%`. */
export interface Length {
  readonly unit: 'm' | '%';
  readonly value: number;
}

export const AUTO = 'auto';
export type Auto = typeof AUTO;

const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([a-z%]*)$/i;
const RADIANS: Readonly<Record<string, number>> = { deg: Math.PI / 180, rad: 1, turn: 2 * Math.PI };
const METERS: Readonly<Record<string, number>> = { m: 1, cm: 0.01, mm: 0.001, in: 0.0254, ft: 0.3048 };

/** @returns radians @throws ViewStateError */
export function parseAngle(text: string, part: string): number {
  const { value, unit } = split(text, part, ANGLE);
  const factor = RADIANS[unit] ?? (value === 0 && unit === '' ? 1 : undefined);
  if (factor === undefined) throw new ViewStateError(part, text, ANGLE);
  return value * factor;
}

/** @throws ViewStateError */
export function parseLength(text: string, part: string): Length {
  const { value, unit } = split(text, part, LENGTH);
  if (unit === '%') return { unit: '%', value: value / 100 };
  const factor = METERS[unit] ?? (value === 0 && unit === '' ? 1 : undefined);
  if (factor === undefined) throw new ViewStateError(part, text, LENGTH);
  return { unit: 'm', value: value * factor };
}

/** A number without a unit. @throws ViewStateError */
export function parseNumber(text: string, part: string): number {
  const { value, unit } = split(text.trim(), part, 'a number');
  if (unit !== '') throw new ViewStateError(part, text, 'a number');
  return value;
}

export function formatAngle(radians: number): string {
  return `${rounded((radians * 180) / Math.PI, 2)}deg`;
}

export function formatLength(length: Length): string {
  return length.unit === '%' ? `${rounded(length.value * 100, 2)}%` : `${significant(length.value)}m`;
}

const ANGLE = 'an angle such as 30deg or 0.5rad';
const LENGTH = 'a length such as 1.5m, 20cm or 105%';

function split(text: string, part: string, expected: string): { value: number; unit: string } {
  const match = QUANTITY.exec(text);
  const value = Number(match?.[1]);
  if (match === null || !Number.isFinite(value)) throw new ViewStateError(part, text, expected);
  return { value, unit: (match[2] ?? '').toLowerCase() };
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits)) + 0; // no -0
}

/** Stages come in micrometres and in light years: digits count, not decimals. */
function significant(value: number): number {
  return Number(value.toPrecision(6)) + 0;
}
