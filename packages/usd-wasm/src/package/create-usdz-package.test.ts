import { describe, expect, test } from 'vitest';
import { MemoryResolver } from '../ar/memory-resolver.ts';
import { readLayer } from '../sdf/file-format.ts';
import type { Layer } from '../sdf/layer.ts';
import { ProblemList } from '../tf/reporter.ts';
import { Stage } from '../usd/stage.ts';
import { writeUsda } from '../usda/writer.ts';
import { openArchive, type Archive } from '../usdz/archive.ts';
import { writePackage } from '../usdz/writer.ts';
import { createNewARKitUsdzPackage, createNewUsdzPackage } from './create-usdz-package.ts';

type Files = Readonly<Record<string, string | Uint8Array>>;

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function resolverOf(files: Files): MemoryResolver {
  return new MemoryResolver(new Map(Object.entries(files).map(([name, file]) => [name, typeof file === 'string' ? encode(file) : file])));
}

async function zip(
  root: string,
  files: Files,
  arkit = false,
): Promise<{ archive: Archive; names: string[]; problems: string[]; text: (name: string) => string }> {
  const reporter = new ProblemList();
  const create = arkit ? createNewARKitUsdzPackage : createNewUsdzPackage;
  const bytes = await create(root, { resolver: resolverOf(files), reporter });
  const archive = openArchive('made.usdz', bytes, reporter);
  return {
    archive,
    names: archive.entries.map(({ name }) => name),
    problems: reporter.problems.map(({ code }) => code),
    text: (name) => new TextDecoder().decode(archive.read(name)),
  };
}

function layerOf(archive: Archive, name: string): Layer {
  return readLayer(name, archive.read(name), new ProblemList());
}

describe('a package of a scene', () => {
  test('keeps files where relative paths below the root find them, byte for byte', async () => {
    const files = {
      'set/root.usda': '#usda 1.0\n# a comment\n(\n    subLayers = [@./geo/mesh.usda@]\n)\n',
      'set/geo/mesh.usda': '#usda 1.0\ndef "M"\n{\n    asset t = @../tex/a.png@\n}\n# the end\n',
      'set/tex/a.png': 'pixels',
    };
    const { names, problems, text } = await zip('set/root.usda', files);
    expect(names).toEqual(['root.usda', 'geo/mesh.usda', 'tex/a.png']);
    expect(problems).toEqual([]);
    expect(text('root.usda')).toBe(files['set/root.usda']);
    expect(text('geo/mesh.usda')).toBe(files['set/geo/mesh.usda']);
  });

  test('gathers search paths and files from elsewhere in numbered folders, and says so in the layers', async () => {
    const files = {
      'set/root.usda': '#usda 1.0\ndef "A" (references = @../lib/chair.usda@</Chair>)\n{\n    asset t = @wood.png@\n}\n',
      'set/wood.png': 'root wood',
      'lib/chair.usda': '#usda 1.0\ndef "Chair"\n{\n    asset t = @./wood.png@\n    asset u = @../lib2/wood.png@\n}\n',
      'lib/wood.png': 'lib wood',
      'lib2/wood.png': 'lib2 wood',
    };
    const { archive, names, problems, text } = await zip('set/root.usda', files);
    expect(names).toEqual(['root.usda', '0/chair.usda', '1/wood.png', '0/wood.png', '2/wood.png']);
    expect(problems).toEqual([]);
    expect(writeUsda(layerOf(archive, 'root.usda').data)).toContain('@./0/chair.usda@');
    expect(writeUsda(layerOf(archive, 'root.usda').data)).toContain('@./1/wood.png@');
    const chair = writeUsda(layerOf(archive, '0/chair.usda').data);
    expect(chair).toContain('@./wood.png@');
    expect(chair).toContain('@../2/wood.png@');
    expect(['0', '1', '2'].map((folder) => text(`${folder}/wood.png`))).toEqual(['lib wood', 'root wood', 'lib2 wood']);
  });

  test('opens as the same scene', async () => {
    const files = {
      'a/root.usda': '#usda 1.0\n(\n    defaultPrim = "A"\n)\ndef "A" (references = @lib/b.usda@)\n{\n}\n',
      'a/lib/b.usda': '#usda 1.0\n(\n    defaultPrim = "B"\n)\ndef Xform "B" (payload = @../../c/c.usda@)\n{\n}\n',
      'c/c.usda': '#usda 1.0\n(\n    defaultPrim = "C"\n)\ndef "C"\n{\n    def Sphere "Ball"\n    {\n    }\n}\n',
    };
    const bytes = await createNewUsdzPackage('a/root.usda', { resolver: resolverOf(files) });
    const stage = await Stage.open('p.usdz', { resolver: resolverOf({ 'p.usdz': bytes }) });
    expect(stage.problems).toEqual([]);
    expect([...stage.traverse()].map((prim) => `${prim.path} ${prim.typeName}`)).toEqual(['/A Xform', '/A/Ball Sphere']);
  });

  test('holds the tiles and clips that exist under one folder, their paths kept as templates', async () => {
    const files = {
      'root.usda':
        '#usda 1.0\ndef "A" (\n    clips = {\n        dictionary default = {\n            string templateAssetPath = "clips/c.#.usda"\n        }\n    }\n)\n{\n    asset kept = @./tex.<UDIM>.png@\n    asset moved = @more/tex.<UDIM>.png@\n}\n',
      'tex.1001.png': 'a',
      'tex.1002.png': 'b',
      'more/tex.1001.png': 'c',
      'clips/c.1.usda': '#usda 1.0\n',
      'clips/c.2.usda': '#usda 1.0\n',
    };
    const { archive, names } = await zip('root.usda', files);
    expect(names).toEqual(['root.usda', '0/c.1.usda', '0/c.2.usda', 'tex.1001.png', 'tex.1002.png', '1/tex.1001.png']);
    const root = writeUsda(layerOf(archive, 'root.usda').data);
    expect(root).toContain('"./0/c.#.usda"');
    expect(root).toContain('@./tex.<UDIM>.png@');
    expect(root).toContain('@./1/tex.<UDIM>.png@');
  });

  test('takes packages whole, and calls what is in them by their new name', async () => {
    const inner = writePackage([{ name: 'deep.usda', bytes: encode('#usda 1.0\ndef "D"\n{\n    asset t = @./none.png@\n}\n') }]);
    const { archive, names, problems } = await zip('root.usda', {
      'root.usda': '#usda 1.0\ndef "A" (references = [@lib.usdz@, @lib.usdz[deep.usda]@</D>])\n{\n}\n',
      'lib.usdz': inner,
    });
    expect(names).toEqual(['root.usda', '0/lib.usdz']);
    expect(problems).toEqual([]);
    expect(Buffer.compare(archive.read('0/lib.usdz'), inner)).toBe(0);
    expect(writeUsda(layerOf(archive, 'root.usda').data)).toContain('@./0/lib.usdz[deep.usda]@</D>');
    expect((await zip('lib.usdz', { 'lib.usdz': inner })).names).toEqual(['lib.usdz']);
  });

  test('lists what is missing and leaves those paths', async () => {
    const { archive, names, problems } = await zip('root.usda', { 'root.usda': '#usda 1.0\ndef "A"\n{\n    asset t = @./none.png@\n}\n' });
    expect([names, problems]).toEqual([['root.usda'], ['package-missing-file']]);
    expect(writeUsda(layerOf(archive, 'root.usda').data)).toContain('@./none.png@');
  });

  test('has one name for a file that is called in several ways, and none for what only an identifier names', async () => {
    const { archive, names } = await zip('root.usda', {
      'root.usda':
        '#usda 1.0\ndef "A" (\n    assetInfo = {\n        asset identifier = @./other.usda@\n    }\n)\n{\n    asset[] t = [@./a.png@, @a.png@, @./x/../a.png@]\n    asset self = @./root.usda@\n}\n',
      'other.usda': '#usda 1.0\n',
      'a.png': 'a',
    });
    expect(names).toEqual(['root.usda', 'a.png']);
    expect(writeUsda(layerOf(archive, 'root.usda').data)).toContain('[@./a.png@, @./a.png@, @./x/../a.png@]');
  });

  test('for ARKit is one crate and its textures', async () => {
    const files = {
      'set/root.usda': '#usda 1.0\n(\n    defaultPrim = "A"\n)\ndef "A" (references = @./part.usda@</P>)\n{\n}\n',
      'set/part.usda': '#usda 1.0\ndef Sphere "P"\n{\n    asset t = @tex/a.png@\n}\n',
      'set/tex/a.png': 'a',
    };
    const { archive, names, problems } = await zip('set/root.usda', files, true);
    expect([names, problems]).toEqual([['root.usdc', 'tex/a.png'], []]);
    expect(writeUsda(layerOf(archive, 'root.usdc').data)).toContain('asset t = @./tex/a.png@');
  });
});
