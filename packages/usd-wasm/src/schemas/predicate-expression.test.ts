import { describe, expect, it } from 'vitest';
import { matchesPredicateExpression } from './predicate-expression.ts';

/** `t` and `f` are what they say; `is` holds where its first argument is `x`. */
const holds = (text: string): boolean =>
  matchesPredicateExpression(text, ({ name, args, isStrict }) => name === 't' || (name === 'is' && args[0] === 'x' && !isStrict));

describe('matchesPredicateExpression', () => {
  it.each([
    ['t', true],
    ['f', false],
    ['not f', true],
    ['!t', false],
    ['t f', false],
    ['t and t', true],
    ['f or t', true],
    ['f and f or t', true],
    // Blanks bind tighter than `or`, `not` tighter than blanks.
    ['t or t f', true],
    ['not f t', true],
    ['not (f or t)', false],
    ['t and (f or t)', true],
    ['is:x', true],
    ['is:y,x', false],
    ['is(x)', true],
    ['is(x, strict=true)', false],
    ['is("x", strict=false) and t', true],
    ['', false],
    ['t )', false],
    ['(t', true],
  ])('%s: %s', (text, expected) => {
    expect(holds(text)).toBe(expected);
  });

  it('does not follow nesting without end', () => {
    expect(holds(`${'('.repeat(10_000)}t`)).toBe(false);
  });
});
