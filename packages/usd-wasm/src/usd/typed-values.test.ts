import { expect, expectTypeOf, test } from 'vitest';
import type { StorageTypeOf } from '../sdf/value-type.ts';
import type { Matrix4Tuple, QuatTuple, Tuple2, Tuple3, Value } from '../vt/value.ts';
import type { Attribute, AttributeData } from './attribute.ts';
import type { Prim } from './prim.ts';
import { openText } from './fixtures/text-stage.ts';

const TEXT = `
def Mesh "Tile"
{
    point3f[] points = [(0, 0, 0), (1, 0, 0), (1, 1, 0)]
    color3f tint = (0.25, 0.5, 1)
    texCoord2f[] primvars:st = [(0, 1)]
    frame4d frame = ( (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (5, 6, 7, 1) )
    quatf turn = (1, 0, 0, 0)
    double3 place = (1, 2, 3)
}
`;

async function tile(): Promise<Prim> {
  return (await openText({ 'root.usda': TEXT })).getPrimAtPath('/Tile') as Prim;
}

test('role names ask for what their values are stored as', async () => {
  const prim = await tile();
  expect(prim.getAttribute('points')?.getAs('point3f[]')).toEqual(Float32Array.of(0, 0, 0, 1, 0, 0, 1, 1, 0));
  expect(prim.getAttribute('points')?.getAs('float3[]')).toBeInstanceOf(Float32Array);
  expect(prim.getAttribute('tint')?.getAs('color3f')).toEqual([0.25, 0.5, 1]);
  expect(prim.getAttribute('primvars:st')?.getAs('texCoord2f[]')).toEqual(Float32Array.of(0, 1));
  expect(prim.getAttribute('frame')?.getAs('frame4d')?.slice(12)).toEqual([5, 6, 7, 1]);
  expect(prim.getAttribute('turn')?.getAs('quatf')).toEqual([0, 0, 0, 1]); // i, j, k, real
});

test('other types than that of the value give none', async () => {
  const prim = await tile();
  expect(prim.getAttribute('place')?.getAs('float3')).toBeUndefined();
  expect(prim.getAttribute('points')?.getAs('point3d[]')).toBeUndefined();
  expect(prim.getAttribute('points')?.getAs('point3f')).toBeUndefined();
  expect(prim.getAttribute('absent')).toBeUndefined();
});

test('types say the shapes of values', () => {
  const get = (attribute: Attribute) => ({
    points: attribute.getAs('point3f[]'),
    color: attribute.getAs('color3f'),
    uv: attribute.getAs('texCoord2d'),
    turn: attribute.getAs('quath'),
    frame: attribute.getAs('frame4d'),
    counts: attribute.getAs('int[]'),
    name: attribute.getAs('token'),
    any: attribute.get(),
  });
  type Got = ReturnType<typeof get>;
  expectTypeOf<Got['points']>().toEqualTypeOf<Float32Array | undefined>();
  expectTypeOf<Got['color']>().toEqualTypeOf<Tuple3 | undefined>();
  expectTypeOf<Got['uv']>().toEqualTypeOf<Tuple2 | undefined>();
  expectTypeOf<Got['turn']>().toEqualTypeOf<QuatTuple | undefined>();
  expectTypeOf<Got['frame']>().toEqualTypeOf<Matrix4Tuple | undefined>();
  expectTypeOf<Got['counts']>().toEqualTypeOf<Int32Array | undefined>();
  expectTypeOf<Got['name']>().toEqualTypeOf<string | undefined>();
  expectTypeOf<Got['any']>().toEqualTypeOf<AttributeData | undefined>();
  expectTypeOf<Matrix4Tuple['length']>().toEqualTypeOf<16>();
  expectTypeOf<StorageTypeOf<'normal3h[]'>>().toEqualTypeOf<'half3[]'>();
  expectTypeOf<StorageTypeOf<'color4d'>>().toEqualTypeOf<'double4'>();
  expectTypeOf<Extract<Value, { readonly type: 'double3' }>['value']>().toEqualTypeOf<readonly [number, number, number]>();
  // @ts-expect-error there is no such type
  expectTypeOf<StorageTypeOf<'color5f'>>().toBeNever();
});
