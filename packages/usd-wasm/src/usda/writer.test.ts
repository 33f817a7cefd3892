import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeListOp } from '../sdf/list-op.ts';
import { MemoryLayerData } from '../sdf/layer-data.ts';
import { ROOT_PATH, type Path } from '../sdf/path.ts';
import { ProblemList } from '../tf/reporter.ts';
import { makeValue } from '../vt/value.ts';
import { parseUsda } from './parser.ts';
import { writeUsda } from './writer.ts';

const FIXTURES = new URL('../../../../tests/fixtures/usda/', import.meta.url);
const rewrite = (text: string): string => writeUsda(parseUsda('test.usda', new TextEncoder().encode(text), new ProblemList()));

describe('writeUsda', () => {
  it('writes an empty layer as its header', () => {
    expect(writeUsda(new MemoryLayerData())).toBe('#usda 1.0\n\n');
  });

  it('lays out every construct as OpenUSD does', () => {
    const [source, written] = ['every-syntax.usda', 'every-syntax.written.usda'].map((name) =>
      readFileSync(new URL(name, FIXTURES), 'utf8'),
    ) as [string, string];
    expect(rewrite(source)).toBe(written);
    expect(rewrite(written)).toBe(written);
  });

  it('raises the version only for what needs it', () => {
    const version = (statement: string): string => rewrite(`#usda 1.2\ndef "A" {\n${statement}\n}\n`).slice(0, 9);
    expect(version('double x.spline = { 1: 2; post curve (1, 1) }')).toBe('#usda 1.0');
    expect(version('double x.spline = { 1: 2; post curve (1, 1, autoEase) }')).toBe('#usda 1.1');
    expect(version('int[] x.timeSamples = { 1: edit [erase [0]] }')).toBe('#usda 1.2');
  });

  it('writes knots as the segments beside them need, and their data on one line', () => {
    const knots = (text: string): string[] =>
      rewrite(`#usda 1.0\ndef "A" {\n${text}\n}\n`)
        .split('\n')
        .slice(5, -4)
        .map((line) => line.trim());
    expect(
      knots(
        'float x.spline = {\n1: 0.1,\n2: 3; post curve (1, 0.1); { int a = 1; dictionary d = { string b = "c" } },\n3: 4; pre (2, 1)\n}',
      ),
    ).toEqual([
      'bezier,',
      '1: 0.1; pre (0, 0); post held,',
      '2: 3; post curve (1, 0.1); { int a = 1; dictionary d = { string b = "c" } },',
      '3: 4; pre (2, 1); post held,',
    ]);
    expect(knots('double x.spline = {\nhermite,\n1: 2\n}')).toEqual(['hermite,', '1: 2; pre (0); post held,']);
  });

  it('writes legacy relocates as seen from their prim, in variants too', () => {
    const text =
      '#usda 1.0\ndef "A" (\n    variantSets = "v"\n)\n{\n    variantSet "v" = {\n        "x" (\n            relocates = {\n                <B>: </A/C/D>, \n                </E>: <>\n            }\n        ) {\n        }\n    }\n}\n';
    const written = rewrite(text);
    expect(written).toContain('<../E>: <>, \n                <B>: <C/D>\n');
    expect(rewrite(written)).toBe(written);
  });

  it('keeps properties whose list op says nothing', () => {
    const data = parseUsda('test.usda', new TextEncoder().encode('#usda 1.0\ndef "A" {\n    rel r\n    int a\n}\n'), new ProblemList());
    data.setField('/A.r' as Path, 'targetPaths', makeValue('pathListOp', makeListOp<Path>()));
    data.setField('/A.a' as Path, 'connectionPaths', makeValue('pathListOp', makeListOp<Path>()));
    expect(writeUsda(data)).toContain('    int a\n    rel r\n');
  });

  it.each([
    ['"a"', '"a"'],
    [String.raw`"say \"hi\""`, String.raw`'say "hi"'`],
    [String.raw`"it's \"so\""`, String.raw`"it's \"so\""`],
    [String.raw`"\x01\x7f\xff\t"`, String.raw`"\x01\x7f\xff\t"`],
    ['"""a\nb"""', '"""a\nb"""'],
    ['"名前"', '"名前"'],
  ])('quotes %s as %s', (literal, expected) => {
    expect(rewrite(`#usda 1.0\ndef "A" {\nstring s = ${literal}\n}\n`)).toContain(`    string s = ${expected}\n`);
  });

  it('leaves out fields of types that text cannot hold', () => {
    const data = new MemoryLayerData();
    data.setField(ROOT_PATH, 'odd', makeValue('timeSamples', { times: new Float64Array(), value: () => makeValue('block', null) }));
    data.setField(ROOT_PATH, 'list', makeValue('stringVector', ['a']));
    expect(writeUsda(data)).toBe('#usda 1.0\n(\n    list = ["a"]\n)\n\n');
  });

  it('writes nested prims without the call stack running out', () => {
    const depth = 1999;
    expect(rewrite(`#usda 1.0\n${'def "A" {\n'.repeat(depth)}${'}\n'.repeat(depth)}`).split('def "A"')).toHaveLength(depth + 1);
    const samples = '(doc = "x") {\n variantSet "v" = {\n"a" {\n def "A" ';
    const variants = `#usda 1.0\ndef "A" ${samples.repeat(400)}{\n}\n${'}\n}\n}\n'.repeat(400)}`;
    expect(rewrite(variants).split('variantSet "v"')).toHaveLength(401);
  });
});

it('specs that are edited after reading are written', () => {
  const data = parseUsda('test.usda', new TextEncoder().encode('#usda 1.0\ndef "A" {\nint a = 1\n}\n'), new ProblemList());
  data.createSpec('/A.b' as Path, 'attribute');
  data.setField('/A.b' as Path, 'typeName', makeValue('token', 'int'));
  expect(data.field('/A' as Path, 'properties')).toEqual({ type: 'tokenVector', value: ['a'] });
  data.setField('/A' as Path, 'properties', makeValue('tokenVector', ['a', 'b']));
  expect(writeUsda(data)).toContain('    int a = 1\n    int b\n');
});
