/** What flattening makes of composed properties (values.md section 10). */
import { describe, expect, test } from 'vitest';
import { flattenStage, type LayerData, type Path, valueAs } from 'usd-wasm';
import { openText } from '../support/open-text.ts';

async function flattened(files: string | Readonly<Record<string, string>>): Promise<LayerData> {
  return flattenStage(await openText(files)).data;
}

const OVER_REFERENCE = (strong: string, weak: string): Record<string, string> => ({
  'root.usda': `def "A" (references = @./r.usda@</R>\n) {\n${strong}\n}`,
  'r.usda': `def "R" {\n${weak}\n}`,
});

describe('a flattened property', () => {
  test('is custom where its weakest opinion is', async () => {
    const data = await flattened(OVER_REFERENCE('int a = 1\ncustom int b = 1\ncustom rel r', 'custom int a\nint b\nrel r'));
    expect(['a', 'b', 'r'].map((name) => data.field(`/A.${name}` as Path, 'custom')?.value ?? false)).toEqual([true, false, false]);
  });

  test('is uniform where its weakest opinion is, a relationship counted', async () => {
    const data = await flattened(OVER_REFERENCE('double x = 1\nuniform double y = 1', 'rel x\ndouble y'));
    expect(data.field('/A.x' as Path, 'variability')?.value).toBe('uniform');
    expect(data.field('/A.y' as Path, 'variability')).toBeUndefined();
  });

  test("has the schema's type, also for a value authored with an unknown one", async () => {
    const data = await flattened('def Mesh "A" {\nvec3f[] extent = [(0, 0, 0), (1, 1, 1)]\n}');
    expect(data.field('/A.extent' as Path, 'default')).toEqual({ type: 'float3[]', value: Float32Array.of(0, 0, 0, 1, 1, 1) });
  });

  test('of a layer without rate has no samples', async () => {
    const data = await flattened({
      'root.usda': '(\ntimeCodesPerSecond = 0\nsubLayers = [@./s.usda@]\n)',
      's.usda': '(\ntimeCodesPerSecond = 24\n)\ndef Sphere "A" {\ndouble radius.timeSamples = {\n0: 1,\n5: 2,\n}\n}',
    });
    expect(valueAs(data.field('/A.radius' as Path, 'timeSamples'), 'timeSamples')?.times).toHaveLength(0);
  });
});
