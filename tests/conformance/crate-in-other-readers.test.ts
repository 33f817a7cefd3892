/** Crates that we write, read by another reader: three.js's. */
import { USDCParser } from 'three/examples/jsm/loaders/usd/USDCParser.js';
import { expect, test } from 'vitest';
import { writeUsdc } from '../../packages/usd-wasm/src/usdc/writer.ts';
import { ProblemList } from '../../packages/usd-wasm/src/tf/reporter.ts';
import { parseUsda } from '../../packages/usd-wasm/src/usda/parser.ts';

const SCENE = `#usda 1.0
(
    defaultPrim = "World"
    metersPerUnit = 1
    upAxis = "Y"
)

def Xform "World" (
    customData = {
        string note = "kept"
    }
)
{
    double3 xformOp:translate = (1, 2.5, 3)
    double3 xformOp:translate.timeSamples = {
        1: (0, 0, 0),
        2: (1, 0.5, 0),
    }
    uniform token[] xformOpOrder = ["xformOp:translate"]

    def Mesh "Mesh" (
        prepend apiSchemas = ["MaterialBindingAPI"]
    )
    {
        float3[] extent = [(-1, -1, -1), (1, 1, 1)]
        int[] faceVertexCounts = [${Array.from({ length: 40 }, () => 3).join(', ')}]
        int[] faceVertexIndices = [${Array.from({ length: 120 }, (_, i) => (i * 7) % 41).join(', ')}]
        rel material:binding = </World/Materials/Red>
        point3f[] points = [${Array.from({ length: 41 }, (_, i) => `(${i}, ${i / 3}, ${-i})`).join(', ')}]
        float[] primvars:weights = [${Array.from({ length: 40 }, (_, i) => [0.25, 0.5, 0.1][i % 3]).join(', ')}]
        float[] primvars:levels = [${Array.from({ length: 40 }, (_, i) => i).join(', ')}]
        uniform token subdivisionScheme = "none"
    }

    def Scope "Materials"
    {
        def Material "Red"
        {
            token outputs:surface.connect = </World/Materials/Red/Shader.outputs:surface>

            def Shader "Shader"
            {
                uniform token info:id = "UsdPreviewSurface"
                color3f inputs:diffuseColor = (0.8, 0.1, 0.1)
                asset inputs:file = @textures/wood.png@
                token outputs:surface
            }
        }
    }
}
`;

test('three.js finds every prim, property and value', () => {
  const layer = parseUsda('scene.usda', new TextEncoder().encode(SCENE), new ProblemList());
  const bytes = writeUsdc(layer);
  const { specsByPath } = new USDCParser().parseData(bytes.buffer);
  for (const path of layer.paths()) expect(specsByPath).toHaveProperty([path]);

  const field = (path: string, name = 'default'): unknown => specsByPath[path]?.fields[name];
  const numbers = (path: string): number[] => Array.from(field(path) as ArrayLike<number>);
  expect(field('/World/Mesh', 'typeName')).toBe('Mesh');
  expect(field('/', 'upAxis')).toBe('Y');
  expect(numbers('/World/Mesh.faceVertexCounts')).toEqual(Array.from({ length: 40 }, () => 3));
  expect(numbers('/World/Mesh.faceVertexIndices')).toEqual(Array.from({ length: 120 }, (_, i) => (i * 7) % 41));
  expect(numbers('/World/Mesh.points').slice(3, 6)).toEqual([1, Math.fround(1 / 3), -1]);
  expect(numbers('/World/Mesh.primvars:weights').slice(0, 3)).toEqual([0.25, 0.5, Math.fround(0.1)]);
  expect(numbers('/World/Mesh.primvars:levels')).toEqual(Array.from({ length: 40 }, (_, i) => i));
  expect(numbers('/World/Materials/Red/Shader.inputs:diffuseColor')).toEqual([0.8, 0.1, 0.1].map(Math.fround));
  expect(field('/World/Materials/Red/Shader.inputs:file')).toBe('textures/wood.png');
  expect(numbers('/World.xformOp:translate')).toEqual([1, 2.5, 3]);
  expect((field('/World.xformOp:translate', 'timeSamples') as { times: number[] }).times).toEqual([1, 2]);
  expect(field('/World/Mesh.material:binding', 'targetPaths')).toEqual(['/World/Materials/Red']);
});
