import { describe, expect, test } from 'vitest';
import { MemoryResolver } from '../ar/memory-resolver.ts';
import { writePackage } from '../usdz/writer.ts';
import { checkAsset, type CheckOptions } from './check-asset.ts';
import { isFailed, violationLines } from './report.ts';
import type { Violation } from './rule.ts';

const HEAD = '#usda 1.0\n(\n    defaultPrim = "A"\n    metersPerUnit = 1\n    upAxis = "Y"\n)\n';
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

async function check(
  body: string,
  options: Partial<CheckOptions> = {},
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<Violation[]> {
  const all = Object.entries({ 'root.usda': HEAD + body, ...files });
  const resolver = new MemoryResolver(new Map(all.map(([name, file]) => [name, typeof file === 'string' ? encode(file) : file])));
  return checkAsset('root.usda', { resolver, ...options });
}

/** Rule and severity of each violation, and where it is. */
async function found(...args: Parameters<typeof check>): Promise<string[]> {
  return (await check(...args)).map(({ rule, severity, path }) => `${rule} ${severity}${path === undefined ? '' : ` ${path}`}`);
}

describe('a scene', () => {
  test('that keeps all rules has no violations', async () => {
    expect(await found('def Xform "A"\n{\n    def Mesh "M"\n    {\n        def GeomSubset "S"\n        {\n        }\n    }\n}\n')).toEqual(
      [],
    );
    expect(await found('def Xform "A"\n{\n}\n', { isArkit: true })).toEqual(['ARKitRootLayerChecker warning']);
  });

  test('needs axis, scale and default prim', async () => {
    const bare = { 'root.usda': '#usda 1.0\ndef "A"\n{\n}\n' };
    expect(await found('', {}, bare)).toHaveLength(3);
    expect(await found('', { isAsset: false }, bare)).toHaveLength(2);
    expect((await check('', {}, bare)).map(({ message }) => message)).toContain('Stage has missing or invalid defaultPrim.');
  });

  test('has no boundables below gprims, and connectable prims only in containers', async () => {
    const body = `def "A"
{
    def Sphere "Ball"
    {
        def "Group"
        {
            def Cube "Box"
            {
            }
        }
    }
    def SphereLight "Light"
    {
        def Shader "Fine"
        {
        }
        def Xform "Between"
        {
            def SphereLight "AlsoFine"
            {
            }
            def Material "Lost"
            {
            }
        }
    }
    def Shader "Outer"
    {
        def Shader "Inner"
        {
        }
    }
}
`;
    expect(await found(body)).toEqual([
      'PrimEncapsulationChecker failure /A/Ball/Group/Box',
      'PrimEncapsulationChecker failure /A/Light/Between/Lost',
      'PrimEncapsulationChecker failure /A/Outer/Inner',
    ]);
  });

  test('binds materials by prims that say so, to materials and collections', async () => {
    const body = `def "A"
{
    def Material "M"
    {
    }
    def "Unsaid"
    {
        rel material:binding = </A/M>
        rel material:bindingNot = </A/M>
    }
    def "Wrong" (
        prepend apiSchemas = ["MaterialBindingAPI", "CollectionAPI:c"]
    )
    {
        rel material:binding = </A/Unsaid>
        rel material:binding:preview = [</A/M>, </A/Wrong>, </A>]
        rel material:binding:full = None
        rel material:binding:collection:one = </A/M>
        rel material:binding:collection:two = [</A/Wrong.collection:c>, </A/M>]
        rel material:binding:collection:none = [</A/Unsaid.collection:c>, </A/M>]
    }
}
`;
    expect(await found(body)).toEqual([
      'MaterialBindingAPIAppliedChecker failure /A/Unsaid',
      'MaterialBindingCollectionValidator failure /A/Wrong.material:binding',
      'MaterialBindingCollectionValidator failure /A/Wrong.material:binding:collection:none',
      'MaterialBindingCollectionValidator failure /A/Wrong.material:binding:collection:one',
      'MaterialBindingCollectionValidator warning /A/Wrong.material:binding:full',
      'MaterialBindingCollectionValidator failure /A/Wrong.material:binding:preview',
    ]);
  });

  test('gives shader inputs the types of their definitions', async () => {
    const body = `def Material "A"
{
    def Shader "S"
    {
        uniform token info:id = "UsdPrimvarReader_normal"
        string inputs:varname = "N"
        vector3f inputs:fallback = (0, 0, 1)
        float inputs:unknown = 1
    }
    def Shader "X"
    {
        uniform token info:id = "MyShader"
    }
    def Shader "Osl"
    {
        uniform token info:implementationSource = "sourceCode"
        uniform string info:osl:sourceCode = "shader x() {}"
    }
    def Shader "Mtlx"
    {
        uniform token info:id = "ND_constant_float"
    }
}
`;
    expect(await found(body)).toEqual([
      'ShaderPropertyTypeConformanceChecker failure /A/S.inputs:fallback',
      'ShaderPropertyTypeConformanceChecker failure /A/X',
    ]);
  });

  test('says how normal maps of 8 bits are read', async () => {
    const network = (file: string, inputs: string): string => `def Material "A"
{
    def Shader "Map"
    {
        uniform token info:id = "UsdUVTexture"
        asset inputs:file = @${file}@
        ${inputs}
        float3 outputs:rgb
    }
    def Shader "Surface"
    {
        uniform token info:id = "UsdPreviewSurface"
        normal3f inputs:normal.connect = </A/Map.outputs:rgb>
    }
}
`;
    const right = 'float4 inputs:scale = (2, 2, 2, 1)\nfloat4 inputs:bias = (-1, -1, -1, 0)\ntoken inputs:sourceColorSpace = "raw"';
    const files = { 'n.png': 'x', 'n.exr': 'x' };
    expect(await found(network('n.png', right), {}, files)).toEqual([]);
    expect(await found(network('n.exr', ''), {}, files)).toEqual([]);
    expect(await found(network('n.png', ''), {}, files)).toEqual([
      'NormalMapTextureChecker error /A/Map',
      'NormalMapTextureChecker error /A/Map',
    ]);
    expect(await found(network('n.png', right.replace('(2, 2', '(1, 1')), {}, files)).toEqual(['NormalMapTextureChecker warning /A/Map']);
    expect(await found(network('gone.png', right), {}, files)).toEqual([
      'MissingReferenceChecker failure /A/Map.inputs:file',
      'NormalMapTextureChecker failure /A/Map',
    ]);
  });

  test('applies the API of skeleton bindings, below a SkelRoot', async () => {
    const body =
      'def SkelRoot "A" (\n    prepend apiSchemas = ["SkelBindingAPI"]\n)\n{\n    def Mesh "M" (\n        prepend apiSchemas = ["SkelBindingAPI"]\n    )\n    {\n    }\n    def "N"\n    {\n        rel skel:skeleton = </A>\n    }\n}\ndef "B" (\n    prepend apiSchemas = ["SkelBindingAPI"]\n)\n{\n}\n';
    expect(await found(body)).toEqual(['SkelBindingAPIAppliedChecker failure /A/N', 'SkelBindingAPIAppliedChecker failure /B']);
  });

  test('finds all its files, those of variants that are not selected too', async () => {
    const body =
      'def "A" (\n    variantSets = "v"\n    variants = {\n        string v = "a"\n    }\n)\n{\n    variantSet "v" = {\n        "a" {\n        }\n        "b" (\n            references = @gone.usda@\n        ) {\n            asset t = @gone.png@\n        }\n    }\n}\n';
    const violations = await check(body);
    expect(violations.map(({ rule }) => rule)).toEqual(Array.from({ length: 3 }, () => 'MissingReferenceChecker'));
    expect((await check(body, { skipsVariants: true })).map(({ message }) => message)).toEqual([
      "Found unresolvable external dependency 'gone.usda'.",
      "Found unresolvable external dependency 'gone.png'.",
    ]);
  });

  test('is looked at in all combinations of variants, up to a limit, and is as before afterwards', async () => {
    const sets = ['x', 'y'].map(
      (set) =>
        `    variantSet "${set}" = {\n        "1" {\n            def Cone "${set}1"\n            {\n                def Cone "C"\n                {\n                }\n            }\n        }\n        "2" {\n        }\n    }\n`,
    );
    const body = `def Xform "A" (\n    variantSets = ["x", "y"]\n)\n{\n${sets.join('')}}\n`;
    expect(await found(body)).toEqual([
      'PrimEncapsulationChecker failure /A/y1/C',
      'PrimEncapsulationChecker failure /A/x1/C',
      'PrimEncapsulationChecker failure /A/x1/C',
      'PrimEncapsulationChecker failure /A/y1/C',
    ]);
    expect(await found(body, { skipsVariants: true })).toEqual([]);
    expect(await found(body, { maxVariations: 1 })).toEqual([
      ' warning',
      'PrimEncapsulationChecker failure /A/y1/C',
      'PrimEncapsulationChecker failure /A/x1/C',
    ]);
  });

  test('has no instance whose prototype breaks a rule', async () => {
    const body =
      'def "A"\n{\n    def "I" (\n        instanceable = true\n        references = </Source>\n    )\n    {\n    }\n}\nclass "Source"\n{\n    def Cube "C"\n    {\n        def Cube "D"\n        {\n        }\n    }\n}\n';
    expect(await found(body)).toEqual(['PrimEncapsulationChecker failure /A/I/C/D']);
  });

  test('is made of USD layers only, for ARKit', async () => {
    const body = 'def "A" (references = [@./b.abc@, @./c.usda@])\n{\n    asset t = @./d.png@\n}\ndef "C"\n{\n}\n';
    const files = { 'b.abc': 'Ogawa', 'c.usda': '#usda 1.0\n(\n    defaultPrim = "C"\n)\ndef "C"\n{\n}\n', 'd.png': 'x' };
    const lines = violationLines(await check(body, { isArkit: true }, files));
    expect(lines.filter((line) => line.includes('ARKitLayerChecker'))).toEqual([
      "Layer 'b.abc' has unsupported formatId 'abc'. (fails 'ARKitLayerChecker')",
    ]);
  });

  test('has attributes of one type', async () => {
    const body = 'def Sphere "A"\n{\n    float radius = 1\n    color3f mine = (1, 1, 1)\n}\n';
    expect(await found(body)).toEqual(['AttributeTypeMismatch warning /A.radius']);
  });
});

describe('a package', () => {
  const root = encode(`${HEAD}def "A"\n{\n    asset t = @tex.tga@\n    asset u = @../beside.png@\n}\n`);
  const packed = (names: readonly string[]): Uint8Array =>
    writePackage(names.map((name) => ({ name, bytes: name === 'root.usda' ? root : encode(name) })));

  async function checkPackage(bytes: Uint8Array, options: Partial<CheckOptions> = {}): Promise<string[]> {
    const resolver = new MemoryResolver(
      new Map([
        ['p.usdz', bytes],
        ['beside.png', encode('x')],
      ]),
    );
    return violationLines(await checkAsset('p.usdz', { resolver, ...options }));
  }

  test('holds all it needs, and for ARKit nothing else than layers and images', async () => {
    expect(await checkPackage(packed(['root.usda', 'tex.tga', 'beside.png']))).toEqual([]);
    const lines = await checkPackage(packed(['root.usda', 'tex.tga']), { isArkit: true });
    expect(lines.filter((line) => line.includes('fails'))).toEqual([
      "Found unresolvable external dependency 'p.usdz[beside.png]'. (fails 'MissingReferenceChecker')",
      "File 'tex.tga' in package 'p.usdz' has an unknown or unsupported extension 'tga'. (fails 'ARKitFileExtensionChecker')",
      "Found asset reference '../beside.png' that does not belong to the package 'p.usdz'. (fails 'ARKitPackageEncapsulationChecker')",
    ]);
  });

  test('is checked as a file only, where that is asked for', async () => {
    expect(await checkPackage(packed(['root.usda']), { isRootPackageOnly: true })).toHaveLength(2);
    const violations = await check('def "A"\n{\n}\n', { isRootPackageOnly: true });
    expect(violationLines(violations)).toEqual([expect.stringContaining("doesn't belong to a package")]);
    expect(isFailed(violations)).toBe(true);
  });

  test('has no path that leads beside it', async () => {
    const inside = encode(`${HEAD}def "A"\n{\n    asset u = @beside.png@\n}\n`);
    const lines = await checkPackage(writePackage([{ name: 'root.usda', bytes: inside }]), { isArkit: true });
    expect(lines).toContain(
      "Found asset reference 'beside.png' that does not belong to the package 'p.usdz'. (fails 'ARKitPackageEncapsulationChecker')",
    );
  });
});

test('warnings fail a scene only when that is strict', () => {
  const warning: Violation = { rule: 'R', severity: 'warning', message: 'm' };
  expect([isFailed([warning]), isFailed([warning], true), isFailed([])]).toEqual([false, true, false]);
});
