import { describe, expect, it } from 'vitest';
import { MemoryLayerData, type SpecType } from '../sdf/layer-data.ts';
import { IDENTITY_OFFSET, type LayerOffset } from '../sdf/layer-offset.ts';
import { Layer } from '../sdf/layer.ts';
import { makeExplicitListOp, makeListOp } from '../sdf/list-op.ts';
import { appendChild, appendProperty, nameOf, parentPath, ROOT_PATH, variantOf, type Path } from '../sdf/path.ts';
import { DEFAULT_LIMITS } from '../tf/read-limits.ts';
import { makeValue, type Value } from '../vt/value.ts';
import { collectChanges, makeIndexChanges } from './changes.ts';
import { Cache, type CacheOptions, type LayerSource } from './cache.ts';

/** Writes specs into memory layers: the few things a composition test needs. */
class LayerBuilder {
  readonly data = new MemoryLayerData();
  readonly layer: Layer;

  constructor(identifier: string) {
    this.layer = new Layer(identifier, this.data, 'memory');
  }

  set(path: string, name: string, value: Value): this {
    this.data.setField(path as Path, name, value);
    return this;
  }

  prim(path: string, fields: Record<string, Value> = {}): this {
    this.#spec(path as Path, 'prim', 'primChildren');
    this.set(path, 'specifier', makeValue('specifier', 'def'));
    for (const [name, value] of Object.entries(fields)) this.set(path, name, value);
    return this;
  }

  /** `/A{set=name}`: the set and the variant. */
  variant(path: string): this {
    const [set, selection] = variantOf(path as Path) as readonly [string, string];
    const owner = parentPath(path as Path);
    const setPath = `${owner}{${set}=}` as Path;
    if (this.data.specType(setPath) === undefined) this.data.createSpec(setPath, 'variantSet');
    this.data.createSpec(path as Path, 'variant');
    this.#addName(setPath, 'variantChildren', selection);
    return this;
  }

  property(path: string, fields: Record<string, Value> = {}, type: SpecType = 'attribute'): this {
    this.#spec(path as Path, type, 'properties');
    for (const [name, value] of Object.entries(fields)) this.set(path, name, value);
    return this;
  }

  #spec(path: Path, type: SpecType, field: string): void {
    this.data.createSpec(path, type);
    this.#addName(parentPath(path), field, nameOf(path));
  }

  #addName(parent: Path, field: string, name: string): void {
    const value = this.data.field(parent, field);
    const names = value?.type === 'tokenVector' ? value.value : [];
    this.data.setField(parent, field, makeValue('tokenVector', [...names, name]));
  }
}

const reference = (assetPath: string, primPath: string, layerOffset: LayerOffset = IDENTITY_OFFSET): Value =>
  makeValue('referenceListOp', makeListOp({ prependedItems: [{ assetPath, primPath: primPath as Path, layerOffset }] }));
const payload = (assetPath: string, primPath: string): Value =>
  makeValue('payloadListOp', makeListOp({ prependedItems: [{ assetPath, primPath: primPath as Path, layerOffset: IDENTITY_OFFSET }] }));
const paths = (...items: string[]): Value => makeValue('pathListOp', makeListOp({ prependedItems: items as Path[] }));
const explicitPaths = (...items: string[]): Value => makeValue('pathListOp', makeExplicitListOp(items as Path[]));
const sets = (...items: string[]): Value => makeValue('stringListOp', makeListOp({ prependedItems: items }));
const selections = (record: Record<string, string>): Value => makeValue('variantSelectionMap', new Map(Object.entries(record)));

function sourceOf(layers: readonly Layer[], pending: readonly string[] = []): LayerSource {
  return {
    identify: (assetPath) => assetPath,
    find: (identifier) =>
      pending.includes(identifier) ? 'pending' : (layers.find((layer) => layer.identifier === identifier) ?? { failed: 'no such file' }),
  };
}

function cacheOf(layers: readonly Layer[], options: Partial<CacheOptions> = {}): Cache {
  return new Cache({ rootLayer: layers[0] as Layer, layers: sourceOf(layers), ...options });
}

const stackOf = (cache: Cache, path: string): string[] =>
  cache.primIndex(path as Path).primStack.map((site) => `${site.layer.identifier}${site.path}`);

describe('Cache', () => {
  it('puts sublayers behind their layer, in order, with their offsets', () => {
    const root = new LayerBuilder('root')
      .set('/', 'subLayers', makeValue('stringVector', ['a', 'b']))
      .set('/', 'subLayerOffsets', makeValue('layerOffsetVector', [{ offset: 10, scale: 2 }, IDENTITY_OFFSET]))
      .prim('/P');
    const cache = cacheOf([root.layer, new LayerBuilder('a').prim('/P').layer, new LayerBuilder('b').prim('/P').layer]);
    expect(stackOf(cache, '/P')).toEqual(['root/P', 'a/P', 'b/P']);
    expect(cache.primIndex('/P' as Path).primStack.map(({ layerOffset }) => layerOffset)).toEqual([
      { offset: 0, scale: 1 },
      { offset: 10, scale: 2 },
      { offset: 0, scale: 1 },
    ]);
  });

  it('orders local, inherits, variants, references, payloads and specializes', () => {
    const root = new LayerBuilder('root')
      .prim('/Inherited')
      .prim('/Specialized')
      .prim('/P', {
        references: reference('ref', '/R'),
        payload: payload('pay', '/L'),
        inheritPaths: paths('/Inherited'),
        specializes: paths('/Specialized'),
        variantSetNames: sets('v'),
        variantSelection: selections({ v: 'x' }),
      })
      .variant('/P{v=x}');
    const cache = cacheOf([root.layer, new LayerBuilder('ref').prim('/R').layer, new LayerBuilder('pay').prim('/L').layer]);
    expect(stackOf(cache, '/P')).toEqual(['root/P', 'root/Inherited', 'root/P{v=x}', 'ref/R', 'pay/L', 'root/Specialized']);
    const index = cache.primIndex('/P' as Path);
    expect(index.hasPayloads).toBe(true);
    expect([...index.variantSelections]).toEqual([['v', 'x']]);
    expect(index.errors).toEqual([]);
  });

  it('carries arcs down to children and composes their names weak to strong', () => {
    const root = new LayerBuilder('root')
      .prim('/P', { references: reference('ref', '/R') })
      .prim('/P/Own')
      .prim('/P/Both');
    const ref = new LayerBuilder('ref').prim('/R').prim('/R/Both').prim('/R/Theirs').property('/R/Theirs.size');
    const cache = cacheOf([root.layer, ref.layer]);
    expect(cache.primIndex('/P' as Path).childNames).toEqual(['Both', 'Theirs', 'Own']);
    expect(stackOf(cache, '/P/Both')).toEqual(['root/P/Both', 'ref/R/Both']);
    expect(stackOf(cache, '/P/Theirs')).toEqual(['ref/R/Theirs']);
    expect(cache.primIndex('/P/Theirs' as Path).propertyNames).toEqual(['size']);
    expect(cache.propertyStack('/P/Theirs.size' as Path).map(({ path }) => path)).toEqual(['/R/Theirs.size']);
  });

  it('composes reference offsets outside sublayer offsets and scales by time codes per second', () => {
    const root = new LayerBuilder('root')
      .set('/', 'timeCodesPerSecond', makeValue('double', 24))
      .prim('/P', { references: reference('ref', '/R', { offset: 5, scale: 2 }) });
    const ref = new LayerBuilder('ref').set('/', 'timeCodesPerSecond', makeValue('double', 48)).prim('/R');
    const cache = cacheOf([root.layer, ref.layer]);
    expect(cache.primIndex('/P' as Path).primStack[1]?.layerOffset).toEqual({ offset: 5, scale: 1 });
  });

  it('implies a class across a reference to the referencing layer', () => {
    const root = new LayerBuilder('root').prim('/Class').prim('/P', { references: reference('ref', '/R') });
    const ref = new LayerBuilder('ref').prim('/Class').prim('/R', { inheritPaths: paths('/Class') });
    expect(stackOf(cacheOf([root.layer, ref.layer]), '/P')).toEqual(['root/P', 'root/Class', 'ref/R', 'ref/Class']);
  });

  it('puts specializes of a referenced prim behind everything else', () => {
    const root = new LayerBuilder('root').prim('/Base').prim('/P', { references: reference('ref', '/R') });
    const ref = new LayerBuilder('ref').prim('/Base').prim('/R', { specializes: paths('/Base'), references: reference('far', '/F') });
    const far = new LayerBuilder('far').prim('/F');
    expect(stackOf(cacheOf([root.layer, ref.layer, far.layer]), '/P')).toEqual(['root/P', 'ref/R', 'far/F', 'root/Base', 'ref/Base']);
  });

  it('brings ancestral opinions of an internal reference to a prim below the root', () => {
    const root = new LayerBuilder('root')
      .prim('/Lib', { references: reference('ref', '/R') })
      .prim('/Lib/Part')
      .prim('/P', { references: reference('', '/Lib/Part') });
    const ref = new LayerBuilder('ref').prim('/R').prim('/R/Part').prim('/R/Part/Deep');
    const cache = cacheOf([root.layer, ref.layer]);
    expect(stackOf(cache, '/P')).toEqual(['root/P', 'root/Lib/Part', 'ref/R/Part']);
    expect(stackOf(cache, '/P/Deep')).toEqual(['ref/R/Part/Deep']);
  });

  it('evaluates variants on ancestors of a referenced prim', () => {
    const root = new LayerBuilder('root').prim('/P', { references: reference('ref', '/R/Part') });
    const ref = new LayerBuilder('ref')
      .prim('/R', { variantSetNames: sets('v'), variantSelection: selections({ v: 'x' }) })
      .prim('/R/Part')
      .variant('/R{v=x}')
      .prim('/R{v=x}Part');
    expect(stackOf(cacheOf([root.layer, ref.layer]), '/P')).toEqual(['root/P', 'ref/R/Part', 'ref/R{v=x}Part']);
  });

  it('falls back to the first variant of the stage that exists', () => {
    const root = new LayerBuilder('root')
      .prim('/P', { variantSetNames: sets('v') })
      .variant('/P{v=low}')
      .variant('/P{v=high}');
    expect(stackOf(cacheOf([root.layer], { variantFallbacks: new Map([['v', ['best', 'high', 'low']]]) }), '/P')).toEqual([
      'root/P',
      'root/P{v=high}',
    ]);
    expect(stackOf(cacheOf([root.layer]), '/P')).toEqual(['root/P']);
  });

  it('leaves payloads out that are not included, and says that there are some', () => {
    const root = new LayerBuilder('root').prim('/P', { payload: payload('pay', '/L') });
    const cache = cacheOf([root.layer, new LayerBuilder('pay').prim('/L').layer], { includePayload: () => false });
    expect(stackOf(cache, '/P')).toEqual(['root/P']);
    expect(cache.primIndex('/P' as Path).hasPayloads).toBe(true);
  });

  it('shares only what an instance has in common: local overrides of its descendants are ignored', () => {
    const root = new LayerBuilder('root')
      .prim('/P', { references: reference('ref', '/R'), instanceable: makeValue('bool', true) })
      .prim('/P/Child')
      .prim('/P/Extra');
    const ref = new LayerBuilder('ref').prim('/R').prim('/R/Child');
    const cache = cacheOf([root.layer, ref.layer]);
    const index = cache.primIndex('/P' as Path);
    expect(index.isInstanceable).toBe(true);
    expect(index.childNames).toEqual(['Child']);
    expect(stackOf(cache, '/P/Child')).toEqual(['ref/R/Child']);
  });

  it('lists pending layers and composes anew after they are there', () => {
    const root = new LayerBuilder('root').prim('/P', { references: reference('late', '/R') });
    const late = new LayerBuilder('late').prim('/R');
    let source = sourceOf([root.layer], ['late']);
    const cache = new Cache({
      rootLayer: root.layer,
      layers: { identify: (assetPath) => assetPath, find: (identifier) => source.find(identifier) },
    });
    expect(cache.primIndex('/P' as Path).pendingAssets).toEqual(['late']);
    expect(stackOf(cache, '/P')).toEqual(['root/P']);
    source = sourceOf([root.layer, late.layer]);
    expect([...cache.pendingAssets]).toEqual(['late']);
    expect([...cache.forgetPending().significant]).toEqual(['/P']);
    expect(cache.primIndex('/P' as Path).pendingAssets).toEqual([]);
    expect(stackOf(cache, '/P')).toEqual(['root/P', 'late/R']);
  });

  it('knows what inherits from a class that gets an arc', () => {
    const root = new LayerBuilder('root')
      .prim('/Class')
      .prim('/A', { inheritPaths: paths('/Class') })
      .prim('/B');
    const cache = cacheOf([root.layer]);
    for (const path of ['/A', '/B', '/Class']) cache.primIndex(path as Path);
    const changes = makeIndexChanges();
    const entry = {
      fields: new Map([['references', { before: undefined, after: reference('', '/B') }]]),
      isAdded: false,
      isRemoved: false,
      isInert: false,
      areChildrenReordered: false,
      arePropertiesReordered: false,
      oldPath: undefined,
    };
    collectChanges(cache, new Map([[root.layer, new Map([['/Class' as Path, entry]])]]), changes);
    expect([...changes.significant].sort()).toEqual(['/A', '/Class']);
  });

  it('reports missing assets, missing prims, missing default prims and cycles', () => {
    const root = new LayerBuilder('root')
      .prim('/NoFile', { references: reference('none', '/R') })
      .prim('/NoPrim', { references: reference('ref', '/None') })
      .prim('/NoDefault', { references: reference('ref', '') })
      .prim('/Loop', { references: reference('', '/Loop/Child') })
      .prim('/Loop/Child');
    const cache = cacheOf([root.layer, new LayerBuilder('ref').prim('/R').layer]);
    const kinds = (path: string): string[] => cache.primIndex(path as Path).errors.map(({ kind }) => kind);
    expect(kinds('/NoFile')).toEqual(['InvalidAssetPath']);
    expect(kinds('/NoPrim')).toEqual(['UnresolvedPrimPath']);
    expect(kinds('/NoDefault')).toEqual(['UnresolvedPrimPath']);
    expect(kinds('/Loop')).toEqual(['ArcCycle']);
  });

  it('moves relocated prims and their opinions', () => {
    const root = new LayerBuilder('root')
      .set('/', 'layerRelocates', makeValue('relocates', [['/P/Rig/Ctrl', '/P/Anim/Ctrl'] as [Path, Path]]))
      .prim('/P', { references: reference('ref', '/R') })
      .prim('/P/Anim')
      .prim('/P/Anim/Ctrl');
    const ref = new LayerBuilder('ref')
      .prim('/R')
      .prim('/R/Rig')
      .prim('/R/Rig/Ctrl')
      .property('/R/Rig.link', { targetPaths: explicitPaths('/R/Rig/Ctrl') }, 'relationship');
    const cache = cacheOf([root.layer, ref.layer]);
    expect(stackOf(cache, '/P/Anim/Ctrl')).toEqual(['root/P/Anim/Ctrl', 'ref/R/Rig/Ctrl']);
    expect(cache.primIndex('/P/Rig' as Path).childNames).toEqual([]);
    expect(cache.primIndex('/P/Rig' as Path).prohibitedChildNames).toEqual(['Ctrl']);
    expect(cache.targets('/P/Rig.link' as Path, 'targetPaths').paths).toEqual(['/P/Anim/Ctrl']);
  });

  it('maps targets across references and reports those outside', () => {
    const root = new LayerBuilder('root').prim('/P', { references: reference('ref', '/R') });
    const ref = new LayerBuilder('ref')
      .prim('/R')
      .prim('/Other')
      .property('/R.rel', { targetPaths: explicitPaths('/R/In', '/Other') }, 'relationship');
    const targets = cacheOf([root.layer, ref.layer]).targets('/P.rel' as Path, 'targetPaths');
    expect(targets.paths).toEqual(['/P/In']);
    expect(targets.errors.map(({ kind }) => kind)).toEqual(['InvalidExternalTargetPath']);
  });

  it('ends on endless chains, deep targets and floods of arcs', () => {
    const chain = new LayerBuilder('chain');
    for (let i = 0; i < 3000; i++) chain.prim(`/A${i}`, { references: reference('', `/A${i + 1}`) });
    const chained = cacheOf([chain.layer]).primIndex('/A0' as Path);
    expect(chained.nodes).toHaveLength(DEFAULT_LIMITS.arcDepth);
    expect(chained.errors.map(({ kind }) => kind)).toContain('IndexCapacityExceeded');
    cacheOf([chain.layer]).primIndex('/A0/Child' as Path);

    const deep = new LayerBuilder('deep').prim('/P', { references: reference('', '/D'.repeat(50_000)) });
    expect(cacheOf([deep.layer]).primIndex('/P' as Path).nodes).toHaveLength(1);

    const flood = new LayerBuilder('flood').prim('/P', { inheritPaths: paths(...Array.from({ length: 30_000 }, (_, i) => `/C${i}`)) });
    const flooded = cacheOf([flood.layer]).primIndex('/P' as Path);
    expect(flooded.errors.map(({ kind }) => kind)).toEqual(['IndexCapacityExceeded']);
  });

  it('composes 20,000 prims without arcs quickly', () => {
    const builder = new LayerBuilder('root').prim('/World');
    const groups = 200;
    for (let g = 0; g < groups; g++) {
      const group = appendChild('/World' as Path, `Group_${g}`);
      builder.prim(group);
      for (let i = 0; i < 99; i++) builder.prim(appendChild(group, `Mesh_${i}`));
    }
    builder.property(appendProperty(appendChild(ROOT_PATH, 'World'), 'x'));
    const cache = cacheOf([builder.layer]);
    const start = performance.now();
    let count = 0;
    const walk = (path: Path): void => {
      for (const name of cache.primIndex(path).childNames) {
        count++;
        walk(appendChild(path, name));
      }
    };
    walk(ROOT_PATH);
    expect(count).toBe(20_001);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
