import { describe, expect, it } from 'vitest';
import { applyOffset, composeOffsets, IDENTITY_OFFSET, invertOffset, isIdentityOffset, isValidOffset } from './layer-offset.ts';

describe('LayerOffset', () => {
  const outer = { offset: 10, scale: 2 };
  const inner = { offset: -3, scale: 0.5 };

  it('maps layer time to stage time by scale, then offset', () => {
    expect(applyOffset(outer, 5)).toBe(20);
  });

  it('composes so that the inner one is applied first', () => {
    expect(composeOffsets(outer, inner)).toEqual({ offset: 4, scale: 1 });
    expect(applyOffset(composeOffsets(outer, inner), 7)).toBe(applyOffset(outer, applyOffset(inner, 7)));
    expect(composeOffsets(IDENTITY_OFFSET, inner)).toBe(inner);
    expect(composeOffsets(outer, IDENTITY_OFFSET)).toBe(outer);
  });

  it('inverts', () => {
    expect(applyOffset(invertOffset(outer), applyOffset(outer, 3))).toBe(3);
  });

  it('is invalid when not finite or not invertible', () => {
    expect(isValidOffset({ offset: 0, scale: 0 })).toBe(false);
    expect(isValidOffset({ offset: Number.POSITIVE_INFINITY, scale: 1 })).toBe(false);
    expect(isValidOffset({ offset: 0, scale: Number.NaN })).toBe(false);
    expect(isValidOffset({ offset: 1, scale: -1 })).toBe(true);
    expect(isIdentityOffset({ offset: 0, scale: 1 })).toBe(true);
  });
});
