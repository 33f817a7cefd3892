import { describe, expect, test } from 'vitest';
import { COLORS, type Theme } from './tokens.ts';

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

describe.each(Object.keys(COLORS) as Theme[])('%s theme', (theme) => {
  const colors = COLORS[theme] as Record<string, string>;
  const grounds = ['bar', 'panel', 'raised', 'field', 'hover', 'selected'];
  const inks = ['text', 'text-2', 'accent', 'error', 'warning', 'info', 'good', 'violet'];

  test.each(inks)('%s is readable on every ground', (ink) => {
    for (const ground of grounds) expect(contrast(colors[ink]!, colors[ground]!), ground).toBeGreaterThanOrEqual(4.5);
  });

  test('the faintest text is readable on bars, panels and fields', () => {
    for (const ground of ['bar', 'panel', 'raised', 'field']) {
      expect(contrast(colors['text-3']!, colors[ground]!), ground).toBeGreaterThanOrEqual(4.5);
    }
  });

  test('text on filled buttons is readable', () => {
    expect(contrast(colors['on-accent']!, colors['accent-fill']!)).toBeGreaterThanOrEqual(4.5);
  });

  test('outlines of controls stand out', () => {
    for (const ground of ['panel', 'raised', 'field']) {
      expect(contrast(colors['line-strong']!, colors[ground]!), ground).toBeGreaterThanOrEqual(2.5);
    }
  });
});
