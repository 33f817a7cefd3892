import { describe, expect, it } from 'vitest';
import { ProblemList } from '../tf/reporter.ts';
import type { MemoryLayerData } from '../sdf/layer-data.ts';
import type { Path } from '../sdf/path.ts';
import { valueAs, type Value } from '../vt/value.ts';
import { parseUsda } from './parser.ts';
import { UsdaParseError } from './usda-error.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const parse = (text: string, problems = new ProblemList()): MemoryLayerData =>
  parseUsda('test.usda', bytesOf(`#usda 1.0\n${text}\n`), problems);
const inPrim = (statements: string): MemoryLayerData => parse(`def "A"\n{\n${statements}\n}`);
const field = (data: MemoryLayerData, path: string, name: string): Value | undefined => data.field(path as Path, name);
const value = (data: MemoryLayerData, path: string, name = 'default'): unknown => field(data, path, name)?.value;

function errorOf(run: () => unknown): UsdaParseError {
  try {
    run();
  } catch (error) {
    if (error instanceof UsdaParseError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('header', () => {
  it.each(['#usda 1.0', '#usda 1.0 and more\n', '#usda 1.1\n', '#usda 1.2\n', '#sdf 1.4.32\n', '#sdf 1.4.10\r\n'])(
    'accepts %j',
    (header) => {
      expect([...parseUsda('x', bytesOf(header), new ProblemList()).paths()]).toEqual(['/']);
    },
  );

  it.each(['', ' #usda 1.0\n', '\ufeff#usda 1.0\n', '#usda 2.0\n', '#usda 1.3\n', '#sdf 1.5\n', 'PXR-USDC'])('refuses %j', (header) => {
    expect(() => parseUsda('x', bytesOf(header), new ProblemList())).toThrow(UsdaParseError);
  });
});

describe('what the grammar of OpenUSD has no place for', () => {
  it.each(['kind = "x"', 'customData = {}', 'references = @a@', 'permission = public', 'variants = {}', 'scale = 2'])(
    'refuses %s as metadata of a layer',
    (item) => {
      expect(() => parse(`(\n${item}\n)`)).toThrow(UsdaParseError);
    },
  );

  it.each(['double a (kind = "x")', 'rel r (displayUnit = cm)', 'uniform rel r', 'config rel r'])('refuses %s', (statement) => {
    expect(() => inPrim(statement)).toThrow(UsdaParseError);
  });

  it.each(['def "A" (scale = 1) {}', 'def "A" (subLayers = [@a@]) {}', 'def "A" (variantSets = "a b") {}'])('refuses %s', (prim) => {
    expect(() => parse(prim)).toThrow(UsdaParseError);
  });

  it.each([
    ['rel r = </B.r[/C].x>', true],
    ['rel r = </B.x.mapper[/C.y]>', true],
    ['rel r = </B.r[/C]>', false],
    ['double a.connect = </B.r[/C].x>', true],
    ['double a.connect = </B.r[/C]>', false],
    ['double a.connect = </B.x.mapper[/C.y]>', false],
  ])('%s: read %s', (statement, isRead) => {
    if (isRead) expect(() => inPrim(statement)).not.toThrow();
    else expect(() => inPrim(statement)).toThrow(UsdaParseError);
  });

  it('adds up selections of variants, of which the last of a set counts', () => {
    const data = parse('def "A" (\nvariants = { string a = "x"; string b = "x" }\nvariants = { string b = "y" }\n) {}');
    expect(value(data, '/A', 'variantSelection')).toEqual(
      new Map([
        ['a', 'x'],
        ['b', 'y'],
      ]),
    );
  });
});

describe('values out of range', () => {
  it.each(['0', '-1', 'nan'])('refuses %s frames per second', (rate) => {
    expect(errorOf(() => parse(`(\nframesPerSecond = ${rate}\n)`)).message).toContain("a value of 'framesPerSecond' is out of range");
  });

  it('accepts zero time codes per second, as OpenUSD does', () => {
    expect(value(parse('(\ntimeCodesPerSecond = 0\n)'), '/', 'timeCodesPerSecond')).toBe(0);
  });
});

describe('specs', () => {
  it('holds prims, properties and variants under the paths and fields that OpenUSD uses', () => {
    const data = parse(`def Xform "A" (variantSets = "v") {
    double x = 1
    rel r = </B>
    def "C" {}
    variantSet "v" = {
        "one" { over "D" {} }
    }
}
over "B" {}`);
    expect([...data.paths()].sort()).toEqual(['/', '/A', '/A.r', '/A.x', '/A/C', '/A{v=one}', '/A{v=one}D', '/A{v=}', '/B']);
    expect(field(data, '/', 'primChildren')).toEqual({ type: 'tokenVector', value: ['A', 'B'] });
    expect(field(data, '/A', 'specifier')).toEqual({ type: 'specifier', value: 'def' });
    expect(field(data, '/A', 'typeName')).toEqual({ type: 'token', value: 'Xform' });
    expect(field(data, '/A', 'properties')).toEqual({ type: 'tokenVector', value: ['x', 'r'] });
    expect(field(data, '/A', 'variantSetChildren')).toEqual({ type: 'tokenVector', value: ['v'] });
    expect(field(data, '/A{v=}', 'variantChildren')).toEqual({ type: 'tokenVector', value: ['one'] });
    expect(data.specType('/A{v=}' as Path)).toBe('variantSet');
    expect(data.specType('/A{v=one}' as Path)).toBe('variant');
  });

  it('adds up statements on one attribute', () => {
    const data = inPrim(
      'custom uniform double x\nuniform double x.timeSamples = { 2: 1, 1: 0 }\nuniform double x = 5 (doc = "d")\nprepend uniform double x.connect = </B.y>',
    );
    expect(data.fieldNames('/A.x' as Path)).toEqual([
      'typeName',
      'custom',
      'variability',
      'timeSamples',
      'default',
      'documentation',
      'connectionPaths',
    ]);
    expect(value(data, '/A.x', 'custom')).toBe(true);
    expect(value(data, '/A.x', 'variability')).toBe('uniform');
  });

  it.each([
    ['a type that changes', 'double x\nfloat x = 1'],
    ['a variability that changes', 'double x\nuniform double x = 1'],
    ['a relationship that becomes an attribute', 'rel x\ndouble x'],
    ['a child twice', 'def "B" {}\ndef "B" {}'],
    ['two statements on a line', 'double x double y'],
    ['a prim behind a prim on one line', 'def "B" {} def "C" {}'],
    ['a brace right behind a property', 'def "B" { double x }'],
    ['a value on the next line', 'double x =\n1'],
    ['a value of a type without values', 'opaque o = 1'],
    ['a spline of a type without interpolation', 'string s.spline = {}'],
  ])('refuses %s', (_what, statements) => {
    expect(() => inPrim(statements)).toThrow(UsdaParseError);
  });

  it('opens a variant set and a variant a second time', () => {
    const data = inPrim('variantSet "v" = {\n"a" { int x = 1\n def "P" {}\n }\n}\nvariantSet "v" = {\n"b" {}\n"a" { int y = 2\n }\n}');
    expect(value(data, '/A{v=}', 'variantChildren')).toEqual(['a', 'b']);
    expect(value(data, '/A{v=a}', 'properties')).toEqual(['x', 'y']);
    expect(value(data, '/A{v=a}', 'primChildren')).toEqual(['P']);
  });

  it('nests prims 1,999 deep without the call stack', () => {
    const depth = 1999;
    const data = parse(`${'def "A" {\n'.repeat(depth)}${'}\n'.repeat(depth)}`);
    expect(data.specType('/A'.repeat(depth) as Path)).toBe('prim');
  });
});

describe('values', () => {
  it.each([
    ['bool b = yes', true],
    ['bool b = "FALSE"', false],
    ['int i = -2147483648', -2147483648],
    ['uint u = 4294967295', 4294967295],
    ['int64 i = -9223372036854775808', -(2n ** 63n)],
    ['uint64 u = 18446744073709551615', 2n ** 64n - 1n],
    ['float f = 0.1', Math.fround(0.1)],
    ['half h = 0.1', 0.0999755859375],
    ['double d = -0', -0],
    ['double d = -inf', -Infinity],
    ['double d = nan', NaN],
    ['token t = "a"', 'a'],
    ['asset a = @x.png@', { path: 'x.png' }],
    ['float3 v = (1, 2, 3,)', [1, 2, 3]],
    ['quatf q = (1, 2, 3, 4)', [2, 3, 4, 1]],
    ['matrix2d m = ((1, 2), (3, 4))', [1, 2, 3, 4]],
    ['pathExpression e = "b ../c"', '/A/b /c'],
    ['token t = </B.out>', '/B.out'],
    ['int[] a = []', new Int32Array()],
    ['int[] a = [1, -2, # three\n 3,]', Int32Array.of(1, -2, 3)],
    ['int[] a = [[1, 2], [3, 4]]', Int32Array.of(1, 2, 3, 4)],
    ['uchar[] a = [255]', Uint8Array.of(255)],
    ['int64[] a = [9007199254740993, 2]', BigInt64Array.of(9007199254740993n, 2n)],
    ['float2[] a = [(1, 2), (3, inf)]', Float32Array.of(1, 2, 3, Infinity)],
    ['color3h[] a = [(0.1, 1, 2)]', Float32Array.of(0.0999755859375, 1, 2)],
    ['quatd[] a = [(1, 2, 3, 4)]', Float64Array.of(2, 3, 4, 1)],
    ['matrix2d[] a = [((1, 2), (3, 4))]', Float64Array.of(1, 2, 3, 4)],
    ['bool[] a = [true, 0]', Uint8Array.of(1, 0)],
    ['string[] a = ["x", \'y\']', ['x', 'y']],
    ['double x = None', null],
  ])('reads %s', (statement, expected) => {
    const name = /(\w+) =/.exec(statement)?.[1] as string;
    expect(value(inPrim(statement), `/A.${name}`)).toEqual(expected);
  });

  it('holds the storage type, and the role in the type name', () => {
    const data = inPrim('color3f[] c = [(1, 0, 0)]\nVec3f old = (1, 2, 3)');
    expect(field(data, '/A.c', 'default')?.type).toBe('float3[]');
    expect(value(data, '/A.c', 'typeName')).toBe('color3f[]');
    expect(value(data, '/A.old', 'typeName')).toBe('float3');
  });

  it('keeps values of unknown types as text', () => {
    expect(field(inPrim('Some::Enum e = (word, [1, "2"])'), '/A.e', 'default')).toEqual({
      type: 'unregistered',
      value: '(word, [1, "2"])',
    });
  });

  it.each([
    'int i = 2147483648',
    'uint u = -1',
    'uchar c = 256',
    'int i = "1"',
    'double d = +1',
    'double d = 0x10',
    'double d = 1e',
    'string s = 1',
    'token t = word',
    'float3 v = (1, 2)',
    'float3 v = (1, 2, 3, 4)',
    'float3 v = 1',
    'float3 v = ()',
    'float f = (1)',
    'float[] f = 1',
    'float f = [1]',
    'float3[] v = [1, 2, 3]',
    'float3[] v = [(1, 2, 3), (1, 2)]',
    'int[] i = [1, [2]]',
    'int[] i = [[1], [2, 3]]',
    'int[] i = [1 2]',
    'int[] i = [1\n, 2]',
    'int[] i = [,]',
    'int[] i = [1, 2',
    'int64 i = inf',
    'matrix2d m = (1, 2, 3, 4)',
    'asset a = "x"',
    'string s = "a\nb"',
  ])('refuses %s', (statement) => {
    expect(() => inPrim(statement)).toThrow(UsdaParseError);
  });

  it('reads a long array like a short one', () => {
    const elements = Array.from({ length: 5000 }, (_, i) => `(${i}, ${i / 7}, -${i}e-3)`);
    const expected = Float32Array.from(
      { length: 15_000 },
      (_, k) => [Math.floor(k / 3), Math.floor(k / 3) / 7, Number(`-${Math.floor(k / 3)}e-3`)][k % 3] as number,
    );
    expect(value(inPrim(`float3[] v = [${elements.join(', ')}]`), '/A.v')).toEqual(expected);
    expect(() => inPrim(`float3[] v = [${elements.join(', ')}, (1, 2)]`)).toThrow(UsdaParseError);
  });
});

describe('strings', () => {
  it.each([
    [String.raw`"a\"b"`, 'a"b'],
    [String.raw`'a\'b'`, "a'b"],
    [String.raw`"\a\b\f\n\r\t\v\\"`, '\x07\b\f\n\r\t\v\\'],
    [String.raw`"\x41\102\q"`, 'ABq'],
    [String.raw`"\xe2\x82\xac"`, '€'],
    [String.raw`"\xff"`, '\udcff'],
    ['"""two\n"lines" """', 'two\n"lines" '],
    ["'''it''s'''", "it''s"],
    ['"é 名前"', 'é 名前'],
    ['""', ''],
  ])('decodes %s', (literal, expected) => {
    expect(value(inPrim(`string s = ${literal}`), '/A.s')).toBe(expected);
  });

  it.each([
    ['@a@', 'a'],
    ['@@', ''],
    ['@@@a@b@@@', 'a@b'],
    ['@@@a@@@@', 'a@'],
    ['@@@a@@@@@', 'a@@'],
    [String.raw`@@@a\@@@b@@@`, 'a@@@b'],
    [String.raw`@a\b@`, String.raw`a\b`],
  ])('takes the path out of %s', (literal, expected) => {
    expect(value(inPrim(`asset a = ${literal}`), '/A.a')).toEqual({ path: expected });
  });

  it('keeps bytes that are not UTF-8 and says so', () => {
    const problems = new ProblemList();
    const bytes = bytesOf('#usda 1.0\n(\n    "caf?"\n)\n');
    bytes[bytes.indexOf(63)] = 0xe9;
    expect(value(parseUsda('x', bytes, problems), '/', 'comment')).toBe('caf\udce9');
    expect(problems.problems.map((problem) => problem.code)).toEqual(['usda-invalid-utf8']);
  });
});

describe('metadata', () => {
  const meta = (content: string): MemoryLayerData => parse(`def "A" (\n${content}\n)\n{\n}`);

  it('gathers the parts of a list op, and an explicit list replaces them', () => {
    expect(
      value(meta('prepend apiSchemas = ["P"]\nappend apiSchemas = ["Q"]\ndelete apiSchemas = ["R"]'), '/A', 'apiSchemas'),
    ).toMatchObject({ isExplicit: false, prependedItems: ['P'], appendedItems: ['Q'], deletedItems: ['R'] });
    expect(value(meta('prepend apiSchemas = ["P"]\napiSchemas = ["Q"]'), '/A', 'apiSchemas')).toMatchObject({
      isExplicit: true,
      explicitItems: ['Q'],
      prependedItems: [],
    });
    expect(value(meta('inherits = None'), '/A', 'inheritPaths')).toMatchObject({ isExplicit: true, explicitItems: [] });
  });

  it('reads references with offsets and custom data', () => {
    expect(
      value(
        meta('references = [@a.usda@</P> (offset = 10; scale = 0.5), </Q>, @b.usda@ (customData = { int x = 1 })]'),
        '/A',
        'references',
      ),
    ).toMatchObject({
      explicitItems: [
        { assetPath: 'a.usda', primPath: '/P', layerOffset: { offset: 10, scale: 0.5 } },
        { assetPath: '', primPath: '/Q', layerOffset: { offset: 0, scale: 1 } },
        { assetPath: 'b.usda', primPath: '', customData: new Map([['x', { type: 'int', value: 1 }]]) },
      ],
    });
  });

  it('makes relative paths absolute at the prim, without variant selections', () => {
    const data = inPrim('variantSet "v" = {\n"a" {\nover "B" (inherits = <../C>) {\nrel r = [<D>, <.p>, <..>]\n}\n}\n}');
    expect(value(data, '/A{v=a}B', 'inheritPaths')).toMatchObject({ explicitItems: ['/A/C'] });
    expect(value(data, '/A{v=a}B.r', 'targetPaths')).toMatchObject({ explicitItems: ['/A/B/D', '/A/B.p', '/A'] });
  });

  it('keeps what it does not know: text, dictionaries, edited lists', () => {
    const data = meta('foo = [1, (2, 3)]\nbar = { int x = 1 }\nprepend baz = "q"');
    expect(field(data, '/A', 'foo')).toEqual({ type: 'unregistered', value: '[1, (2, 3)]' });
    expect(field(data, '/A', 'bar')?.type).toBe('dictionary');
    expect(value(data, '/A', 'baz')).toMatchObject({ prependedItems: [{ type: 'unregistered', value: '"q"' }] });
  });

  it('reads sublayers into paths and offsets of equal number', () => {
    const data = parse('(\n subLayers = [@a@, @b@ (offset = 5)]\n)');
    expect(value(data, '/', 'subLayers')).toEqual(['a', 'b']);
    expect(value(data, '/', 'subLayerOffsets')).toEqual([
      { offset: 0, scale: 1 },
      { offset: 5, scale: 1 },
    ]);
  });

  it('reads relocates of layers and prims', () => {
    expect(value(parse('(\n relocates = { </A/B>: </A/C>, <D/E>: <> }\n)'), '/', 'layerRelocates')).toEqual([
      ['/A/B', '/A/C'],
      ['/D/E', ''],
    ]);
    expect(value(meta('relocates = { <B>: <../C> }'), '/A', 'relocates')).toEqual([['/A/B', '/C']]);
  });

  it.each([
    'kind = model',
    'hidden = maybe',
    'permission = secret',
    'customData = 1',
    'specifier = def',
    'references = @@',
    'references = @a@<B>',
    'references = @a@</A{v=x}>',
    'add references = None',
    'inherits = </A.x>',
    'inherits = </A{v=x}>',
    'inherits = [</B>, </B>]',
    'prepend kind = "a"',
    'variants = { int a = 1 }',
    'variants = { string a = "b:c" }',
    'foo = 1 bar = 2',
    'foo =',
    'relocates = { </>: </B> }',
  ])('refuses %s', (content) => {
    expect(() => meta(content)).toThrow(UsdaParseError);
  });

  it('keeps malformed variant selections when told to', () => {
    const bytes = bytesOf('#usda 1.0\ndef "A" (variants = { string a = "b:c" }; inherits = </B{v=x}C>) {}\n');
    const data = parseUsda('x', bytes, new ProblemList(), { keepInvalidSelections: true });
    expect(value(data, '/A', 'variantSelection')).toEqual(new Map([['a', 'b:c']]));
    expect(value(data, '/A', 'inheritPaths')).toMatchObject({ explicitItems: ['/B{v=x}C'] });
  });
});

describe('time samples, splines, array edits', () => {
  it('sorts samples by time, and the last of equal times stays', () => {
    const samples = valueAs(field(inPrim('float x.timeSamples = { 2: 1, 1: None, 2: 3 }'), '/A.x', 'timeSamples'), 'timeSamples');
    expect(samples?.times).toEqual(Float64Array.of(1, 2));
    expect([samples?.value(0), samples?.value(1)]).toEqual([
      { type: 'block', value: null },
      { type: 'float', value: 3 },
    ]);
  });

  it('reads knots with both tangents and a value on each side', () => {
    const data = inPrim('double x.spline = {\nbezier,\npre: loop reset,\n5: 1 & 2; pre (0.5, 3); post curve (1, -1, autoEase),\n0: 7,\n}');
    expect(value(data, '/A.x', 'spline')).toEqual({
      valueType: 'double',
      curve: 'bezier',
      preExtrapolation: { mode: 'loopReset' },
      postExtrapolation: { mode: 'held' },
      knots: [
        {
          time: 0,
          value: 7,
          preTangent: { width: 0, slope: 0, algorithm: 'none' },
          postTangent: { width: 0, slope: 0, algorithm: 'none' },
          nextSegment: 'held',
        },
        {
          time: 5,
          preValue: 1,
          value: 2,
          preTangent: { width: 0.5, slope: 3, algorithm: 'none' },
          postTangent: { width: 1, slope: -1, algorithm: 'autoEase' },
          nextSegment: 'curve',
        },
      ],
    });
  });

  it('reads array edits as instructions on literals', () => {
    expect(value(inPrim('int[] x = edit [write 5 to [-1]; insert [0] at [end]; append 6; erase [1]; resize 3 fill 7]'), '/A.x')).toEqual({
      elementType: 'int',
      literals: { type: 'int[]', value: Int32Array.of(5, 6, 7) },
      instructions: [
        { op: 'write', source: 'literal', from: 0, to: -1 },
        { op: 'insert', source: 'element', from: 0, to: 'end' },
        { op: 'insert', source: 'literal', from: 1, to: 'end' },
        { op: 'erase', at: 1 },
        { op: 'setSize', size: 3, fill: 2 },
      ],
    });
  });
});

describe('errors', () => {
  it('say line, column, offset and what stands there', () => {
    const error = errorOf(() => parse('def "A"\r\n{\r\n    double é = oops\r\n}'));
    expect(error).toMatchObject({ code: 'usda-parse-error', asset: 'test.usda', line: 4, column: 16, snippet: '    double é = oops' });
    expect(error.message).toBe("@test.usda@ line 4, column 16: expected a number for a double, found 'oops'");
  });
});
