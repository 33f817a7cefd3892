import { describe, expect, it } from 'vitest';
import { makeValue, type Dictionary, type Value } from '../vt/value.ts';
import { evaluateExpression, isVariableExpression } from './variable-expression.ts';

const VARIABLES: Dictionary = new Map<string, Value>([
  ['NAME', makeValue('string', 'hero')],
  ['HIGH', makeValue('bool', true)],
  ['COUNT', makeValue('int64', 3n)],
  ['LIST', makeValue('string[]', ['a', 'b'])],
  ['NESTED', makeValue('string', '`"${NAME}_rig"`')],
  ['LOOP', makeValue('string', '`"${POOL}"`')],
  ['POOL', makeValue('string', '`"${LOOP}"`')],
]);

describe('evaluateExpression', () => {
  it('is for text in backquotes', () => {
    expect(isVariableExpression('`"a"`')).toBe(true);
    expect(isVariableExpression('a')).toBe(false);
    expect(isVariableExpression('`')).toBe(false);
  });

  it.each<[string, unknown]>([
    ['`"plain"`', 'plain'],
    ["`'./${NAME}.usd'`", './hero.usd'],
    ['`${NAME}`', 'hero'],
    ['`"${NESTED}"`', 'hero_rig'],
    ['`"a\\"b\\${x}"`', 'a"b${x}'],
    ['`if(${HIGH}, "high.usd", "low.usd")`', 'high.usd'],
    ['`if(${COUNT} , 1)`', undefined],
    ['`if(eq(${COUNT}, 4), "yes")`', null],
    ['`if(not(${HIGH}), ${MISSING}, "safe")`', 'safe'],
    ['`and(${HIGH}, lt(1, 2), geq("b", "a"))`', true],
    ['`defined(NAME, MISSING)`', false],
    ['`contains(${LIST}, "b")`', true],
    ['`at(${LIST}, -1)`', 'b'],
    ['`len("four")`', 4],
    ['`[1, 2, "x"]`', [1, 2, 'x']],
    ['`None`', null],
  ])('evaluates %s', (expression, expected) => {
    const result = evaluateExpression(expression, VARIABLES);
    if (expected === undefined) expect(result).toHaveProperty('error');
    else expect(result).toEqual({ value: expected });
  });

  it.each([
    ['`"${BOGUS"`', "Missing ending '}' at character 9"],
    ['`"open`', "Missing ending '\"'"],
    ['`"${MISSING}"`', "No value for variable 'MISSING'"],
    ['`"${COUNT}"`', 'String value required'],
    ['`"${LOOP}"`', 'circular'],
    ['``', 'No expression'],
    ['`"a" "b"`', 'Unexpected text'],
    ['`nothing(1)`', 'Unknown function'],
    [`\`${'['.repeat(100)}\``, 'too deeply'],
  ])('says why %s has no value', (expression, message) => {
    expect(evaluateExpression(expression, VARIABLES)).toEqual({ error: expect.stringContaining(message) as string });
  });
});
