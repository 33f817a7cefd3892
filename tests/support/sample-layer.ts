import { MemoryLayerData } from '../../packages/usd-wasm/src/sdf/layer-data.ts';
import { makeExplicitListOp, makeListOp } from '../../packages/usd-wasm/src/sdf/list-op.ts';
import { parentPath, type Path } from '../../packages/usd-wasm/src/sdf/path.ts';
import { makeValue, type Value } from '../../packages/usd-wasm/src/vt/value.ts';

/** A small layer that has every kind of value a crate stores in a way of its own. */
export function sampleLayer(): MemoryLayerData {
  const data = new MemoryLayerData();
  const prim = (path: string, fields: Readonly<Record<string, Value>>): void => {
    data.createSpec(path as Path, 'prim');
    data.setField(path as Path, 'specifier', makeValue('specifier', 'def'));
    for (const [name, value] of Object.entries(fields)) data.setField(path as Path, name, value);
    const parent = parentPath(path as Path);
    const siblings = data.field(parent, 'primChildren');
    data.setField(
      parent,
      'primChildren',
      makeValue('tokenVector', [...(siblings?.type === 'tokenVector' ? siblings.value : []), path.slice(path.lastIndexOf('/') + 1)]),
    );
  };
  const attribute = (path: string, typeName: string, fields: Readonly<Record<string, Value>>): void => {
    data.createSpec(path as Path, 'attribute');
    data.setField(path as Path, 'typeName', makeValue('token', typeName));
    for (const [name, value] of Object.entries(fields)) data.setField(path as Path, name, value);
  };
  const ramp = Array.from({ length: 300 }, (_, i) => i);
  prim('/World', {
    customData: makeValue(
      'dictionary',
      new Map<string, Value>([
        ['a', makeValue('int', 1)],
        ['deep', makeValue('dictionary', new Map([['b', makeValue('string[]', ['x', 'y'])]]))],
      ]),
    ),
    references: makeValue(
      'referenceListOp',
      makeListOp({
        prependedItems: [
          {
            assetPath: './a.usd',
            primPath: '/A' as Path,
            layerOffset: { offset: 1, scale: 2 },
            customData: new Map([['k', makeValue('bool', true)]]),
          },
        ],
      }),
    ),
    payload: makeValue('payloadListOp', makeExplicitListOp([{ assetPath: './b.usd', primPath: '', layerOffset: { offset: 0, scale: 1 } }])),
    variantSelection: makeValue('variantSelectionMap', new Map([['shape', 'ball']])),
    apiSchemas: makeValue('tokenListOp', makeListOp({ prependedItems: ['A', 'B'], deletedItems: ['C'] })),
    note: makeValue('unregistered', 'text'),
    properties: makeValue('tokenVector', ['points', 'counts', 'weights', 'levels', 'names', 'big', 'curve', 'move', 'target']),
  });
  for (let i = 0; i < 8; i++)
    prim(`/World/Prim_${i}`, {
      typeName: makeValue('token', 'Mesh'),
      inheritPaths: makeValue('pathListOp', makeListOp({ prependedItems: ['/World' as Path] })),
    });
  attribute('/World.points', 'point3f[]', {
    default: makeValue(
      'float3[]',
      Float32Array.from(ramp, (value) => value / 7),
    ),
  });
  attribute('/World.counts', 'int[]', {
    default: makeValue(
      'int[]',
      Int32Array.from(ramp, (value) => value * value),
    ),
  });
  attribute('/World.weights', 'float[]', {
    default: makeValue(
      'float[]',
      Float32Array.from(ramp, (value) => (value % 5) / 7),
    ),
  });
  attribute('/World.levels', 'double[]', { default: makeValue('double[]', Float64Array.from(ramp)) });
  attribute('/World.names', 'token[]', { default: makeValue('token[]', ['a', 'b', 'c']) });
  attribute('/World.big', 'int64[]', {
    default: makeValue(
      'int64[]',
      BigInt64Array.from(ramp, (value) => BigInt(value) << 33n),
    ),
  });
  attribute('/World.curve', 'double', {
    spline: makeValue('spline', {
      valueType: 'double',
      curve: 'bezier',
      preExtrapolation: { mode: 'held' },
      postExtrapolation: { mode: 'sloped', slope: 1 },
      knots: [1, 2, 3].map((time) => ({
        time,
        value: time,
        preTangent: { width: 0.3, slope: 0, algorithm: 'none' },
        postTangent: { width: 0.3, slope: 1, algorithm: 'none' },
        nextSegment: 'curve',
      })),
    }),
  });
  const samples = [makeValue('float3[]', Float32Array.from(ramp)), makeValue('block', null), makeValue('double', 0.1)];
  attribute('/World.move', 'float3[]', {
    timeSamples: makeValue('timeSamples', { times: Float64Array.of(1, 2, 3), value: (i) => samples[i] as Value }),
  });
  data.createSpec('/World.target' as Path, 'relationship');
  data.setField('/World.target' as Path, 'targetPaths', makeValue('pathListOp', makeExplicitListOp(['/World/Prim_3.x' as Path])));
  return data;
}
