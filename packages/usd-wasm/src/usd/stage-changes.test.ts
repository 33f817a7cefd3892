/** What edits change on a stage, and what it says of that (values.md section 9). */
import { describe, expect, it } from 'vitest';
import { MemoryResolver } from '../ar/memory-resolver.ts';
import { changeBlock } from '../sdf/change-block.ts';
import type { Layer } from '../sdf/layer.ts';
import { IDENTITY_OFFSET } from '../sdf/layer-offset.ts';
import { makeListOp } from '../sdf/list-op.ts';
import type { Path } from '../sdf/path.ts';
import { UndoStack } from '../sdf/undo-stack.ts';
import { makeValue } from '../vt/value.ts';
import type { ObjectsChanged } from './notice.ts';
import { PopulationMask } from './population-mask.ts';
import { Stage, type StageOptions } from './stage.ts';

const p = (path: string): Path => path as Path;

async function open(files: Readonly<Record<string, string>>, options: Partial<StageOptions> = {}): Promise<Stage> {
  const encoder = new TextEncoder();
  const bytes = new Map(Object.entries(files).map(([name, text]) => [name, encoder.encode(`#usda 1.0\n${text}\n`)]));
  return Stage.open('root.usda', { resolver: new MemoryResolver(bytes), ...options });
}

/** Runs an edit; gives the notices in short: resynced paths, a bar, paths with other changes. */
async function notices(stage: Stage, edit: () => unknown): Promise<string[]> {
  const heard: ObjectsChanged[] = [];
  const stop = stage.addListener('objectsChanged', (notice) => heard.push(notice));
  edit();
  await stage.settle();
  stop();
  return heard.map(({ resyncedPaths, changedInfoOnlyPaths }) => [...resyncedPaths, '|', ...changedInfoOnlyPaths].join(' '));
}

function layerOf(stage: Stage, identifier: string): Layer {
  const layer = stage.getLayer(identifier);
  if (layer === undefined) throw new Error(`no layer ${identifier}`);
  return layer;
}

const REFERENCES = {
  'root.usda': `def "A" (
    references = @./ref.usda@</R>
)
{
}
def "B" (
    references = @./ref.usda@</R>
)
{
}
def "C"
{
}`,
  'ref.usda': `def "R"
{
    custom int x = 1
    def "Child"
    {
    }
}`,
  'more.usda': `def "M"
{
    def Sphere "Ball"
    {
    }
}`,
};

describe('notices', () => {
  it('name a value in every prim that it shows in, and the fields', async () => {
    const stage = await open(REFERENCES);
    const x = stage.getPrimAtPath(p('/A'))?.getAttribute('x');
    const heard: ObjectsChanged[] = [];
    stage.addListener('objectsChanged', (notice) => heard.push(notice));
    layerOf(stage, 'ref.usda').setField(p('/R.x'), 'default', makeValue('int', 2));
    expect(heard).toHaveLength(1);
    expect(heard[0]?.resyncedPaths).toEqual([]);
    expect(heard[0]?.changedInfoOnlyPaths).toEqual(['/A.x', '/B.x']);
    expect(heard[0]?.getChangedFields(p('/A.x'))).toEqual(['default']);
    expect(heard[0]?.affectedObject(p('/C'))).toBe(false);
    expect(x?.get()).toBe(2);
  });

  it('come once per outermost block, and not for what comes to nothing', async () => {
    const stage = await open(REFERENCES);
    const layer = layerOf(stage, 'ref.usda');
    const twice = (): void =>
      changeBlock(() => {
        layer.setField(p('/R.x'), 'default', makeValue('int', 5));
        changeBlock(() => layer.setField(p('/R'), 'documentation', makeValue('string', 'new')));
      });
    expect(await notices(stage, twice)).toEqual(['| /A /A.x /B /B.x']);
    expect(
      await notices(stage, () =>
        changeBlock(() => {
          layer.createPrimSpec(p('/Gone'), 'def');
          layer.removeSpec(p('/Gone'));
        }),
      ),
    ).toEqual([]);
  });

  it('say which prims came, went and moved', async () => {
    const stage = await open(REFERENCES);
    const { rootLayer } = stage;
    expect(await notices(stage, () => rootLayer.createPrimSpec(p('/C/New'), 'def', 'Sphere'))).toEqual(['/C/New |']);
    expect(await notices(stage, () => rootLayer.moveSpec(p('/C/New'), p('/A/New')))).toEqual(['/A/New /C/New |']);
    expect(await notices(stage, () => rootLayer.removeSpec(p('/A/New')))).toEqual(['/A/New |']);
    expect(await notices(stage, () => rootLayer.reorderChildren(p('/'), 'primChildren', ['C', 'B', 'A']))).toEqual(['/ |']);
    expect(stage.pseudoRoot.children.map(({ name }) => name)).toEqual(['C', 'B', 'A']);
  });

  it('an over without opinions is none of the composition', async () => {
    const stage = await open(REFERENCES);
    const index = stage.cache.knownIndex(p('/A'));
    const heard = await notices(stage, () => {
      stage.sessionLayer.createPropertySpec(p('/A/Child.y'), 'attribute', { typeName: 'int' });
    });
    expect(heard).toEqual(['/A/Child.y |']);
    expect(stage.cache.knownIndex(p('/A'))).toBe(index);
  });

  it('of stage metadata are of the root', async () => {
    const stage = await open(REFERENCES);
    expect(await notices(stage, () => stage.rootLayer.setField(p('/'), 'upAxis', makeValue('token', 'Z')))).toEqual(['| /']);
    expect(stage.upAxis).toBe('Z');
  });

  it('of prototypes name the prototype', async () => {
    const stage = await open({
      'root.usda': `class "K"
{
    def "Child"
    {
        custom int x = 1
    }
}
def "A" (
    instanceable = true
    inherits = </K>
)
{
}
def "B" (
    instanceable = true
    inherits = </K>
)
{
}`,
    });
    const prototype = stage.getPrimAtPath(p('/B'))?.prototype?.path;
    const x = stage.getPrimAtPath(p('/B/Child'))?.getAttribute('x');
    expect(await notices(stage, () => stage.rootLayer.setField(p('/K/Child.x'), 'default', makeValue('int', 2)))).toEqual([
      `| /K/Child.x ${prototype}/Child.x`,
    ]);
    expect(x?.get()).toBe(2);
    expect(await notices(stage, () => stage.rootLayer.createPrimSpec(p('/K/Child/Deep'), 'def'))).toEqual([
      `/K/Child/Deep ${prototype}/Child/Deep |`,
    ]);
    expect(stage.getPrimAtPath(p('/A/Child/Deep'))?.isInstanceProxy).toBe(true);
  });

  it('listeners may edit: that is heard next', async () => {
    const stage = await open(REFERENCES);
    const { sessionLayer } = stage;
    const order: string[] = [];
    stage.addListener('objectsChanged', ({ resyncedPaths }) => {
      order.push(resyncedPaths.join());
      if (order.length === 1) sessionLayer.createPrimSpec(p('/Second'), 'def');
    });
    sessionLayer.createPrimSpec(p('/First'), 'def');
    expect(order).toEqual(['/First', '/Second']);
  });
});

describe('composing after edits', () => {
  it('leaves alone what does not depend on the edit', async () => {
    const stage = await open(REFERENCES);
    const [b, c] = [stage.cache.knownIndex(p('/B')), stage.cache.knownIndex(p('/C'))];
    const references = makeValue(
      'referenceListOp',
      makeListOp({ prependedItems: [{ assetPath: './more.usda', primPath: p('/M'), layerOffset: IDENTITY_OFFSET }] }),
    );
    // the layer is not there yet: what it brings comes with a second notice
    expect(await notices(stage, () => stage.rootLayer.setField(p('/A'), 'references', references))).toEqual(['/A |', '/A |']);
    expect(stage.getPrimAtPath(p('/A/Ball'))?.typeName).toBe('Sphere');
    expect([stage.cache.knownIndex(p('/B')), stage.cache.knownIndex(p('/C'))]).toEqual([b, c]);
    expect(stage.usedLayers.map(({ identifier }) => identifier)).toContain('more.usda');
  });

  it('a sublayer brings only its own prims', async () => {
    const stage = await open({ ...REFERENCES, 'sub.usda': 'over "A"\n{\n    custom int y = 3\n}' });
    const b = stage.cache.knownIndex(p('/B'));
    expect(await notices(stage, () => stage.rootLayer.insertSubLayerPath('./sub.usda'))).toEqual(['/A |']);
    expect(stage.getPrimAtPath(p('/A'))?.getAttribute('y')?.get()).toBe(3);
    expect(stage.cache.knownIndex(p('/B'))).toBe(b);
    expect(await notices(stage, () => stage.rootLayer.removeSubLayerPath(0))).toEqual(['/A |']);
    expect(stage.getPrimAtPath(p('/A'))?.getAttribute('y')).toBeUndefined();
  });

  it('muting takes a layer out until it is unmuted', async () => {
    const stage = await open(REFERENCES);
    expect(await notices(stage, () => stage.muteLayer('ref.usda'))).toEqual(['/A /B |']);
    expect(stage.getPrimAtPath(p('/A/Child'))).toBeUndefined();
    expect(stage.problems.map(({ code }) => code)).toContain('composition-muted-asset-path');
    expect(await notices(stage, () => stage.unmuteLayer('ref.usda'))).toEqual(['/A /B |']);
    expect(stage.getPrimAtPath(p('/A/Child'))?.isValid).toBe(true);
    expect(stage.problems).toEqual([]);
  });

  it('reloading a layer gives one notice of what differs', async () => {
    let text = '#usda 1.0\ndef "R"\n{\n    custom int x = 1\n    def "Child"\n    {\n    }\n}\n';
    const encoder = new TextEncoder();
    const stage = await Stage.open('root.usda', {
      resolver: new MemoryResolver(
        new Map<string, () => Promise<Uint8Array>>([
          ['root.usda', async () => encoder.encode(`#usda 1.0\n${REFERENCES['root.usda']}\n`)],
          ['ref.usda', async () => encoder.encode(text)],
        ]),
      ),
    });
    text = text.replace('x = 1', 'x = 7').replace('"Child"', '"Other"');
    const heard: string[] = [];
    stage.addListener('objectsChanged', ({ resyncedPaths, changedInfoOnlyPaths }) =>
      heard.push([...resyncedPaths, '|', ...changedInfoOnlyPaths].join(' ')),
    );
    await stage.reloadLayer(layerOf(stage, 'ref.usda'));
    expect(heard).toEqual(['/A/Child /A/Other /B/Child /B/Other | /A.x /B.x']);
    expect(stage.getPrimAtPath(p('/B'))?.getAttribute('x')?.get()).toBe(7);
  });
});

describe('undo', () => {
  it('takes a block of edits of several layers back, and does it again', async () => {
    const stage = await open(REFERENCES);
    const undo = new UndoStack();
    for (const layer of [stage.sessionLayer, ...stage.usedLayers]) undo.add(layer);
    const heard = await notices(stage, () => {
      changeBlock(() => {
        layerOf(stage, 'ref.usda').setField(p('/R.x'), 'default', makeValue('int', 9));
        stage.rootLayer.removeSpec(p('/C'));
        stage.sessionLayer.createPrimSpec(p('/A/New'), 'def');
      });
      undo.undo();
      undo.redo();
      undo.undo();
    });
    // what a spec that goes had to say is no longer there to be told apart, so its prim is composed anew
    const [done, undone] = ['/A/New /C | /A.x /B.x', '/A /C | /B.x'];
    expect(heard).toEqual([done, undone, done, undone]);
    expect(stage.getPrimAtPath(p('/A'))?.getAttribute('x')?.get()).toBe(1);
    expect([...stage.traverse()].map(({ path }) => path)).toEqual(['/A', '/A/Child', '/B', '/B/Child', '/C']);
  });
});

describe('loading', () => {
  const PAYLOADS = {
    'root.usda': `def "A" (
    payload = @./ref.usda@</R>
)
{
    def "Inner" (
        payload = @./ref.usda@</R>
    )
    {
    }
}
def "B"
{
}`,
    'ref.usda': REFERENCES['ref.usda'],
  };

  it('unloads and loads payloads by path', async () => {
    const stage = await open(PAYLOADS);
    const a = stage.getPrimAtPath(p('/A'));
    expect(stage.findLoadable()).toEqual(['/A', '/A/Inner']);
    expect(await notices(stage, () => stage.unload(p('/A')))).toEqual(['/A |']);
    expect([a?.isLoaded, stage.getPrimAtPath(p('/A/Child'))]).toEqual([false, undefined]);
    expect(await notices(stage, () => stage.load(p('/A'), 'withoutDescendants'))).toEqual(['/A |']);
    expect([a?.isLoaded, stage.getPrimAtPath(p('/A/Inner'))?.isLoaded]).toEqual([true, false]);
    stage.load(p('/A/Inner'));
    expect(stage.getPrimAtPath(p('/A/Inner/Child'))?.isValid).toBe(true);
  });

  it('opens without payloads, and reads their layers when they are loaded', async () => {
    const stage = await open(PAYLOADS, { load: 'none' });
    expect(stage.usedLayers).toHaveLength(1);
    stage.load();
    await stage.settle();
    expect(stage.usedLayers).toHaveLength(2);
    expect(stage.getPrimAtPath(p('/A/Child'))?.isLoaded).toBe(true);
  });

  it('a mask leaves what is at, above and below its paths', async () => {
    const stage = await open(PAYLOADS, { mask: new PopulationMask([p('/A/Inner')]) });
    expect([...stage.traverse()].map(({ path }) => path)).toEqual(['/A', '/A/Inner', '/A/Inner/Child']);
    stage.setPopulationMask(undefined);
    expect(stage.getPrimAtPath(p('/B'))?.isValid).toBe(true);
    stage.setPopulationMask(new PopulationMask());
    expect([...stage.traverse()]).toEqual([]);
  });
});
