import { encode } from 'fast-png';
import { expect, test } from 'vitest';
import { EngineClient } from '../../../tests/support/engine-client.ts';

const TEXTURED = `#usda 1.0
def Mesh "Quad" (prepend apiSchemas = ["MaterialBindingAPI"])
{
    int[] faceVertexCounts = [4]
    int[] faceVertexIndices = [0, 1, 2, 3]
    point3f[] points = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)]
    texCoord2f[] primvars:st = [(0, 0), (1, 0), (1, 1), (0, 1)] (interpolation = "vertex")
    rel material:binding = </Look>
}
def Material "Look"
{
    token outputs:surface.connect = </Look/S.outputs:surface>
    def Shader "S"
    {
        uniform token info:id = "UsdPreviewSurface"
        color3f inputs:diffuseColor.connect = </Look/T.outputs:rgb>
        token outputs:surface
    }
    def Shader "T"
    {
        uniform token info:id = "UsdUVTexture"
        asset inputs:file = @t.png@
        float3 outputs:rgb
    }
}
`;

/** 64 x 64 pixels: 16,384 bytes, 21,846 with smaller copies. */
const PNG = encode({ width: 64, height: 64, channels: 4, depth: 8, data: new Uint8Array(64 * 64 * 4).fill(200) });

async function opened(files: Record<string, string | Uint8Array>, memoryBytes?: number): Promise<EngineClient> {
  const client = new EngineClient();
  await client.open(files, 'a.usda', memoryBytes === undefined ? {} : { memoryBytes });
  await client.complete();
  return client;
}

const sizes = (client: EngineClient): number[] => [...client.newestScene.textures.values()].map(({ width }) => width);

test('textures are shown as large as the budget allows, and it is said', async () => {
  const files = { 'a.usda': TEXTURED, 't.png': PNG };
  const free = await opened(files);
  expect([sizes(free), free.problems]).toEqual([[64], []]);
  const tight = await opened(files, 6000);
  expect([sizes(tight), tight.problems]).toEqual([[32], ['memory-budget']]);
  const none = await opened(files, 1300);
  expect([sizes(none), none.problems]).toEqual([[], ['memory-budget']]);
});

test('geometry beyond the budget is left out, said once, and nothing else suffers', async () => {
  const quad = TEXTURED.slice(TEXTURED.indexOf('def Mesh'), TEXTURED.indexOf('    texCoord2f'));
  const others = ['B', 'C', 'D'].map((name) => `def Sphere "${name}" {\n}\n`).join('');
  const client = await opened({ 'a.usda': `#usda 1.0\n${quad}}\n${others}` }, 2000);
  expect(client.problems).toEqual(['memory-budget']);
  expect([...client.newestScene.meshes.values()].map(({ label }) => label)).toEqual(['/Quad']);
});

test('a file that is larger than the budget is refused with the words of the setting', async () => {
  const client = new EngineClient();
  await expect(client.open({ 'a.usda': TEXTURED }, 'a.usda', { memoryBytes: 200 })).rejects.toMatchObject({
    info: { code: 'memory-budget', message: expect.stringContaining('Raise the memory budget in the settings') },
  });
});
