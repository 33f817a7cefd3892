/**
 * Small files made to unfold to more than a machine has. Each ends in a stage or in a typed error, soon and in little memory; where
 * something is left out, a problem says so.
 */
import {
  flattenStage,
  LimitError,
  MemoryResolver,
  openArchive,
  Stage,
  UsdaParseError,
  UsdcReadError,
  UsdzError,
  worldBounds,
  writePackage,
  writeUsda,
  writeUsdc,
  type StageOptions,
} from 'usd-wasm';
import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { buildCrate, makeRep, VALUES_AT } from '../../packages/usd-wasm/src/usdc/fixtures/crate-builder.ts';

/** Processor time that one case may take, in milliseconds. */
const MOST_MS = 2000;
/** Growth of what one case may hold in the end: with the process around it it stays below 512 MiB. */
const MOST_BYTES = 400 * 2 ** 20;

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const usda = (text: string): Uint8Array => encode(`#usda 1.0\n${text}`);
const times = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

interface Outcome {
  /** Codes of problems, or of the error; with the limit's name where there is one. */
  readonly codes: readonly string[];
  readonly primCount: number;
}

/** Opens, asks for every value, computes bounds. */
async function open(
  files: Readonly<Record<string, Uint8Array>>,
  root = Object.keys(files)[0] as string,
  options: Partial<StageOptions> = {},
): Promise<Outcome> {
  const held = (): number => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
  const [before, processor] = [held(), process.cpuUsage()];
  let outcome: Outcome;
  try {
    const stage = await Stage.open(root, { resolver: new MemoryResolver(new Map(Object.entries(files))), ...options });
    for (const prim of stage.traverse()) for (const attribute of prim.getAttributes()) void [attribute.getValue(), attribute.getValue(1.5)];
    worldBounds(stage.pseudoRoot, { time: 1 });
    outcome = { codes: [...new Set(stage.problems.map(({ code, message }) => `${code}: ${message}`))], primCount: stage.primCount };
  } catch (error) {
    if (!(error instanceof LimitError || error instanceof UsdaParseError || error instanceof UsdcReadError || error instanceof UsdzError))
      throw error;
    outcome = { codes: [`${error.code}: ${error.message}`], primCount: 0 };
  }
  const used = process.cpuUsage(processor);
  expect((used.user + used.system) / 1000).toBeLessThan(MOST_MS);
  expect(held() - before).toBeLessThan(MOST_BYTES);
  return outcome;
}

const includes = (text: string): unknown => expect.arrayContaining([expect.stringContaining(text)]);

describe('nesting in text', () => {
  test.each<[string, string, string]>([
    ['prims', `${'def "A" {\n'.repeat(5000)}${'}\n'.repeat(5000)}`, 'limit namespaceDepth is 2000'],
    ['variants', `def "A" {\n${'variantSet "v" = {\n"x" {\n'.repeat(2000)}${'}\n}\n'.repeat(2000)}}\n`, 'limit namespaceDepth is 2000'],
    [
      'dictionaries',
      `def "A" (customData = {${'dictionary d = {\n'.repeat(5000)}${'}\n'.repeat(5000)}}\n) {\n}\n`,
      'limit valueDepth is 256',
    ],
    ['tuples of an unknown type', `def "A" {\n foo a = ${'('.repeat(5000)}${')'.repeat(5000)}\n}\n`, 'limit valueDepth is 256'],
  ])('of %s names its limit', async (_name, text, message) => {
    expect((await open({ 'a.usda': usda(text) })).codes).toEqual(includes(message));
  });

  test.each<[string, string]>([
    ['lists', `def "A" {\n int[] a = ${'['.repeat(5000)}${']'.repeat(5000)}\n}\n`],
    ['a path', `def "A" {\n rel r = <${'/A'.repeat(20_000)}>\n}\n`],
    ['target paths', `def "A" {\n rel r = </A.a${'[/A.a'.repeat(2000)}${']'.repeat(2000)}>\n}\n`],
    ['an expression', `(subLayers = [@\`${'not('.repeat(5000)}true${')'.repeat(5000)}\`@]\n)\n`],
    ['a path expression', `def "A" {\n uniform pathExpression e = "${'('.repeat(5000)}/A${')'.repeat(5000)}"\n}\n`],
  ])('of %s is refused or shown', async (_name, text) => {
    await open({ 'a.usda': usda(text) });
  });

  test('of prims up to the limit can be flattened and written', async () => {
    const bytes = usda(`${'def Xform "A" {\n'.repeat(1900)}${'}\n'.repeat(1900)}`);
    const stage = await Stage.open('a.usda', { resolver: new MemoryResolver(new Map([['a.usda', bytes]])) });
    const flat = flattenStage(stage);
    expect(writeUsda(flat.data).split('def Xform')).toHaveLength(1901);
    expect((await open({ 'b.usdc': writeUsdc(flat.data) })).primCount).toBe(1901);
  });
});

describe('arcs', () => {
  const references = (targets: readonly string[]): string => `(references = [${targets.join(', ')}])`;

  test.each(['references', 'inherits', 'specializes', 'payload'])('that double at every step end (%s)', async (arc) => {
    // each class has two children that arc to the next class: 2^40 prims
    const text = times(
      40,
      (i) => `def "C${i}" {\n${['a', 'b'].map((name) => ` def "${name}" (${arc} = </C${i + 1}>) {\n }\n`).join('')}}\n`,
    ).join('');
    const outcome = await open({ 'a.usda': usda(`${text}def "C40" {\n}\n`) }, 'a.usda', { limits: { prims: 5000 } });
    expect(outcome.codes).toEqual(includes('limit prims is 5000'));
  });

  test('that double at every step are bounded by the size of the layers where nothing else is set', async () => {
    const text = times(
      40,
      (i) => `def "C${i}" {\n${['a', 'b'].map((name) => ` def "${name}" (references = </C${i + 1}>) {\n }\n`).join('')}}\n`,
    ).join('');
    const resolver = new MemoryResolver(new Map([['a.usda', usda(`${text}def "C40" {\n}\n`)]]));
    const stage = await Stage.open('a.usda', { resolver });
    expect(stage.problems.map(({ message }) => message)).toEqual(
      expect.arrayContaining([expect.stringMatching(/limit (prims|arcs)PerByte is/)]),
    );
    expect(stage.primCount).toBeLessThan(150_000);
  });

  test('to prims that all arc to each other end', async () => {
    const names = times(40, (i) => `</P${i}>`);
    const text = times(40, (i) => `def "P${i}" ${references(names.filter((_, k) => k !== i))} {\n}\n`).join('');
    expect((await open({ 'a.usda': usda(text) })).codes).toEqual(includes('composition-arc-cycle'));
  });

  test('in a long row end at their limit', async () => {
    const text = times(1000, (i) => `def "P${i}" ${references([`</P${i + 1}>`])} {\n}\n`).join('');
    const outcome = await open({ 'a.usda': usda(`${text}def "P1000" {\n}\n`) }, 'a.usda', { limits: { arcDepth: 50 } });
    expect(outcome.codes).toEqual(includes('limit arcDepth is 50'));
  });

  test('fanned out and in again end at their limit', async () => {
    const text = times(30, (i) =>
      times(3, (k) => `def "P${i}_${k}" ${references(times(3, (m) => `</P${i + 1}_${m}>`))} {\n}\n`).join(''),
    ).join('');
    const last = times(3, (k) => `def "P30_${k}" {\n}\n`).join('');
    const outcome = await open({ 'a.usda': usda(`def "R" ${references(['</P0_0>'])} {\n}\n${text}${last}`) }, 'a.usda', {
      limits: { arcsPerPrim: 500 },
    });
    expect(outcome.codes).toEqual(includes('limit arcsPerPrim is 500'));
  });

  test('into their own subtree end', async () => {
    const outcome = await open({ 'a.usda': usda('def "A" (references = </B>) {\n}\ndef "B" {\n def "C" (references = </A>) {\n }\n}\n') });
    expect(outcome.codes).toEqual(includes('composition-arc-cycle'));
  });

  test('within variants that select each other end', async () => {
    const variants = (i: number): string =>
      `variantSet "v${i}" = {\n"x" (variants = { string v${i + 1} = "x" }\n prepend variantSets = "v${i + 1}") {\n`;
    const text = `def "A" (variants = { string v0 = "x" }\n prepend variantSets = "v0") {\n${times(200, variants).join('')}${'}\n}\n'.repeat(200)}}\n`;
    await open({ 'a.usda': usda(text) });
  });
});

describe('layers', () => {
  test('a fan of sublayers ends at its limit', async () => {
    const paths = times(3000, (i) => `@l${i}.usda@`).join(', ');
    const files = { 'a.usda': usda(`(subLayers = [${paths}]\n)\n`), ...Object.fromEntries(times(3000, (i) => [`l${i}.usda`, usda('')])) };
    expect((await open(files, 'a.usda', { limits: { layers: 100 } })).codes).toEqual(includes('limit layers is 100'));
  });

  test('sublayers that each name the same two end', async () => {
    // 2^16 entries in the layer stack from 17 layers
    const files = Object.fromEntries(
      times(17, (i) => [`l${i}.usda`, usda(i === 16 ? '' : `(subLayers = [@l${i + 1}.usda@, @l${i + 1}.usda@]\n)\n`)]),
    );
    expect((await open(files, 'l0.usda')).codes).toEqual(includes('layers'));
  });

  test('a layer that is larger than allowed is refused', async () => {
    const outcome = await open({ 'a.usda': usda(' '.repeat(5000)) }, 'a.usda', { limits: { fileBytes: 1000 } });
    expect(outcome.codes).toEqual(includes('limit fileBytes is 1000, found 5010'));
  });

  test('layers that are larger than allowed in all are left out', async () => {
    const outcome = await open({ 'a.usda': usda('(subLayers = [@b.usda@]\n)\n'), 'b.usda': usda(' '.repeat(5000)) }, 'a.usda', {
      limits: { stageBytes: 1000 },
    });
    expect(outcome.codes).toEqual(includes('limit stageBytes is 1000'));
  });

  test('relocations beyond their limit are left out', async () => {
    const pairs = times(300, (i) => `</A/a${i}>: </A/a${i + 1}>`).join(', ');
    const outcome = await open({ 'a.usda': usda(`(relocates = { ${pairs} }\n)\ndef "A" {\n def "a0" {\n }\n}\n`) }, 'a.usda', {
      limits: { relocates: 100 },
    });
    expect(outcome.codes).toEqual(includes('composition-limit-exceeded'));
  });

  test('a chain of relocations into each other ends', async () => {
    const pairs = times(2000, (i) => `</A/a${i}/b>: </A/a${i + 1}/b>`).join(', ');
    await open({ 'a.usda': usda(`(relocates = { ${pairs} }\n)\ndef "A" {\n def "a0" {\n def "b" {\n}\n }\n}\n`) });
  });

  test('variables that name each other end', async () => {
    const variables = times(200, (i) => `string V${i} = "\`\${V${i + 1}}\`"`).join('\n');
    await open({ 'a.usda': usda(`(expressionVariables = { ${variables}\n }\n subLayers = [@\`\${V0}\`@]\n)\n`) });
    const doubling = times(40, (i) => `string V${i} = "\`'\${V${i + 1}}\${V${i + 1}}'\`"`).join('\n');
    await open({ 'a.usda': usda(`(expressionVariables = { ${doubling}\n string V40 = "x"\n }\n subLayers = [@\`\${V0}\`@]\n)\n`) });
  });
});

describe('values', () => {
  test('list ops of many items are composed in time', async () => {
    const list = (prefix: string): string => times(20_000, (i) => `<${prefix}${i}>`).join(', ');
    const text = `def "A" {\n prepend rel r = [${list('/P')}]\n append rel r = [${list('/P')}]\n delete rel r = [${list('/Q')}]\n reorder rel r = [${list('/P')}]\n}\n`;
    const stage = await Stage.open('a.usda', { resolver: new MemoryResolver(new Map([['a.usda', usda(text)]])) });
    const started = process.cpuUsage();
    expect(
      stage
        .getPrimAtPath('/A' as never)
        ?.getRelationship('r')
        ?.getTargets(),
    ).toHaveLength(20_000);
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(MOST_MS);
  });

  test.each<[string, string]>([
    ['a tiny stride', 'double templateStartTime = 0\n double templateEndTime = 1e9\n double templateStride = 0.0001'],
    ['no end', 'double templateStartTime = 0\n double templateEndTime = inf\n double templateStride = 1'],
    ['no number', 'double templateStartTime = nan\n double templateEndTime = 1\n double templateStride = nan'],
    ['a far start', 'double templateStartTime = 1e300\n double templateEndTime = 1e308\n double templateStride = 1'],
  ])('a clip template with %s gives a stage', async (_name, entries) => {
    const text = `def "A" (clips = { dictionary default = { string templateAssetPath = "c.#.usda"\n string primPath = "/A"\n ${entries}\n }\n }\n) {\n double x\n}\n`;
    expect((await open({ 'a.usda': usda(text) })).primCount).toBe(2);
  });

  test('a point instancer of many instances of itself gives a stage', async () => {
    const indices = new Array<number>(50_000).fill(0).join(', ');
    const text = `def PointInstancer "P" {\n int[] protoIndices = [${indices}]\n point3f[] positions = [${indices.replaceAll('0', '(0, 0, 0)')}]\n rel prototypes = </P>\n}\n`;
    expect((await open({ 'a.usda': usda(text) })).primCount).toBe(2);
  });

  test.each(['nan', 'inf', '-inf', '1e308', '0', '-1'])('times and offsets of %s give a stage or are refused', async (number) => {
    const text =
      `(subLayers = [@b.usda@ (offset = ${number}; scale = ${number})]\n timeCodesPerSecond = ${number}\n startTimeCode = ${number}\n)\n` +
      `def "A" (references = @b.usda@</B> (offset = ${number}; scale = ${number})) {\n double x.timeSamples = { ${number}: 1, 2: 3 }\n}\n`;
    const layer = usda(
      'def "B" {\n double x.timeSamples = { 0: 1, 4: 2 }\n double s.spline = { post: loop repeat, loop: (0, 1e-9, 100000, 100000, 1), 0: 1, 1: 2 }\n}\n',
    );
    const { primCount, codes } = await open({ 'a.usda': usda(text), 'b.usda': layer });
    expect(primCount > 1 || codes[0]?.startsWith('usda-parse-error')).toBe(true);
  });

  test('an array edit that resizes without end gives a stage', async () => {
    const text =
      'def "A" {\n int[] a = edit [resize 2000000000 fill 1; minsize 9000000000]\n double[] b = edit [insert 1 at [99999999999]]\n}\n';
    await open({ 'a.usda': usda(text) });
  });
});

describe('crates', () => {
  const crate = (rep: bigint, values: Uint8Array): Uint8Array =>
    buildCrate({
      version: [0, 8, 0],
      tokens: [';-)', 'A', 'x', 'default', 'primChildren', 'specifier'],
      fields: [{ name: 3, rep }],
      fieldSets: [0, 0xffffffff],
      paths: [
        { index: 0, token: 0, jump: -1 },
        { index: 1, token: 1, jump: -1 },
        { index: 2, token: 2, isProperty: true, jump: -2 },
      ],
      specs: [
        { path: 0, fieldSet: 0, type: 7 },
        { path: 1, fieldSet: 0, type: 6 },
        { path: 2, fieldSet: 0, type: 1 },
      ],
      values,
    });
  const counted = (count: bigint, rest = 64): Uint8Array => {
    const bytes = new Uint8Array(8 + rest);
    new DataView(bytes.buffer).setBigUint64(0, count, true);
    return bytes;
  };

  test.each([2n ** 28n, 2n ** 31n, 2n ** 53n, 2n ** 64n - 1n])('a count of %i gives a problem, whatever is counted', async (count) => {
    for (const type of [1, 3, 5, 8, 10, 11, 24, 31, 32, 34, 40, 45, 46, 48, 58]) {
      for (const flags of [0, 8, 10]) {
        const outcome = await open({ 'a.usdc': crate(makeRep(flags, type, VALUES_AT), counted(count)) });
        expect(outcome.primCount, `type ${type}, flags ${flags}`).toBeLessThanOrEqual(2);
      }
    }
  });
});

test('a crate whose prims are named like steps upwards has no such prims', async () => {
  const tokens = [';-)', 'primChildren', '..', 'A'];
  const values = new Uint8Array(16 + 8);
  new DataView(values.buffer).setBigUint64(0, 2n, true);
  new DataView(values.buffer).setUint32(8, 2, true);
  new DataView(values.buffer).setUint32(12, 3, true);
  const bytes = buildCrate({
    version: [0, 8, 0],
    tokens,
    fields: [{ name: 1, rep: makeRep(0, 41, VALUES_AT) }],
    fieldSets: [0, 0xffffffff, 0xffffffff],
    paths: [
      { index: 0, token: 0, jump: -1 },
      { index: 1, token: 3, jump: -2 },
    ],
    specs: [
      { path: 0, fieldSet: 0, type: 7 },
      { path: 1, fieldSet: 2, type: 6 },
    ],
    values,
  });
  const outcome = await open({ 'a.usdc': bytes });
  expect(outcome.primCount).toBe(2);
  expect(outcome.codes).toEqual(includes('usdc-path'));
});

test('fields and types named like members of objects are kept as they are', async () => {
  const text = '(constructor = 1\n toString = 2\n)\ndef constructor "A" {\n}\n';
  const stage = await Stage.open('a.usda', { resolver: new MemoryResolver(new Map([['a.usda', usda(text)]])) });
  expect(stage.getMetadata('valueOf')).toBeUndefined();
  expect(writeUsda(flattenStage(stage).data)).toContain('def constructor "A"');
});

describe('packages', () => {
  const layer = usda('def "A" {\n}\n');

  test('nested more than allowed are refused', async () => {
    let bytes = writePackage([{ name: 'a.usda', bytes: layer }]);
    for (let i = 0; i < 12; i++) bytes = writePackage([{ name: 'p.usdz', bytes }]);
    expect((await open({ 'a.usdz': bytes })).codes).toEqual(includes('limit packageNesting is 8'));
  });

  test('that name themselves end', async () => {
    const inner = usda('def "A" (references = @./p.usdz[a.usda]@</A>) {\n}\n');
    await open({ 'p.usdz': writePackage([{ name: 'a.usda', bytes: inner }]) });
  });

  test.each(['relocates-into-itself', 'relocates-many-maps'])(
    'whose layers relocate what they refer to in each other end (%s)',
    async (name) => {
      const bytes = new Uint8Array(readFileSync(new URL(`../fixtures/usdz/${name}.usdz`, import.meta.url)));
      expect((await open({ 'root.usdz': bytes })).codes).toEqual(includes('limit ancestralArcDepth is'));
    },
  );

  test('that inflate to more than allowed are refused', async () => {
    const bytes = deflated(new Uint8Array(1 << 20));
    expect((await open({ 'a.usdz': bytes }, 'a.usdz', { limits: { inflateRatio: 100 } })).codes).toEqual(
      includes('limit inflateRatio is 100'),
    );
    expect((await open({ 'a.usdz': bytes }, 'a.usdz', { limits: { inflatedBytes: 1000 } })).codes).toEqual(
      includes('limit inflatedBytes is 1000'),
    );
  });

  test('with more files than allowed are refused', () => {
    const bytes = writePackage(times(200, (i) => ({ name: `f${i}.usda`, bytes: layer })));
    const limits = { fileBytes: 1e9, packageEntries: 100 } as never;
    expect(() => openArchive('a.usdz', bytes, undefined, limits)).toThrow(/limit packageEntries is 100, found 200/);
  });

  /** One deflated file. */
  function deflated(content: Uint8Array): Uint8Array {
    const data = new Uint8Array(deflateRawSync(content));
    const bytes = writePackage([{ name: 'a.usda', bytes: data }]).slice();
    const view = new DataView(bytes.buffer);
    const directory = view.getUint32(bytes.length - 6, true);
    for (const at of [0, directory + 2]) {
      view.setUint16(at + 8, 8, true);
      view.setUint32(at + 22, content.length, true);
    }
    return bytes;
  }
});
