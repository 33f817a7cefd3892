import { describe, expect, it } from 'vitest';
import { MemoryResolver } from '../ar/memory-resolver.ts';
import { ProblemList } from '../tf/reporter.ts';
import { parseUsda } from '../usda/parser.ts';
import { writeUsdc } from '../usdc/writer.ts';
import { makeValue } from '../vt/value.ts';
import { makeListOp } from '../sdf/list-op.ts';
import type { Path } from '../sdf/path.ts';
import type { ObjectsChanged } from './notice.ts';
import { PopulationMask } from './population-mask.ts';
import { Stage, type StageOptions } from './stage.ts';

const p = (path: string): Path => path as Path;

const PLAIN = `#usda 1.0
(
    defaultPrim = "World"
)
def Xform "World"
{
    def Scope "Left"
    {
        def Sphere "Ball"
        {
            double radius = 2
        }
        class "Kind"
        {
        }
    }
    def Scope "Right" (
        active = false
    )
    {
        def Cube "Hidden"
        {
        }
    }
}
over "Loose"
{
    def Cone "Tip"
    {
    }
}
`;
const REFERRED = `${PLAIN}
def "More" (
    references = </World/Left>
)
{
}
`;

const text = (source: string): Uint8Array => new TextEncoder().encode(source);
const crate = (source: string): Uint8Array => writeUsdc(parseUsda('text.usda', text(source), new ProblemList()));

async function open(bytes: Uint8Array, options: Partial<StageOptions> = {}): Promise<{ stage: Stage; opened: number }> {
  let opened = 0;
  const stage = await Stage.open('root.usd', {
    resolver: new MemoryResolver(new Map([['root.usd', bytes]])),
    onProgress: ({ prims }) => (opened = prims),
    ...options,
  });
  return { stage, opened };
}

function everything(stage: Stage): string[] {
  const lines: string[] = [];
  const visit = (prims: typeof stage.pseudoRoot.allChildren): void => {
    for (const prim of prims) {
      lines.push(`${prim.path} ${prim.specifier} ${prim.typeName} ${prim.isActive} ${prim.isDefined} ${prim.isAbstract}`);
      visit(prim.allChildren);
    }
  };
  visit(stage.pseudoRoot.allChildren);
  return lines;
}

describe.each([
  ['text', text],
  ['a crate', crate],
])('prims of %s without arcs', (_, make) => {
  it('wait until they are asked for, and are then those of a stage composed at once', async () => {
    const waiting = await open(make(PLAIN));
    const eager = await open(make(PLAIN), { deferPrims: false });
    expect(waiting.opened).toBe(1);
    expect(eager.opened).toBe(8);
    expect(everything(waiting.stage)).toEqual(everything(eager.stage));
    expect(waiting.stage.primCount).toBe(8);
  });

  it('are found by path, with their ancestors', async () => {
    const { stage } = await open(make(PLAIN));
    expect(stage.getPrimAtPath('/World/Left/Ball')?.getAttribute('radius')?.get()).toBe(2);
    expect(stage.getPrimAtPath('/World/Left/Ball')?.parent?.path).toBe('/World/Left');
    expect(stage.getPrimAtPath('/Loose/Tip')?.isDefined).toBe(false);
    for (const absent of ['/World/Right/Hidden', '/World/Left/Ball/Far/Off', '/Gone', '//', 'World', '', '/World/Left.x', '/World{a=b}'])
      expect(stage.getPrimAtPath(p(absent))).toBeUndefined();
    expect(stage.defaultPrim?.path).toBe('/World');
  });

  it('are all there for edits made before anything was asked for', async () => {
    const edit = async (options: Partial<StageOptions>): Promise<string[]> => {
      const { stage } = await open(make(PLAIN), options);
      const heard: string[] = [];
      stage.addListener('objectsChanged', (notice: ObjectsChanged) =>
        heard.push(`${notice.resyncedPaths.join(' ')} | ${notice.changedInfoOnlyPaths.join(' ')}`),
      );
      const { rootLayer, sessionLayer } = stage;
      rootLayer.setField(p('/World/Left/Ball.radius'), 'default', makeValue('double', 5));
      sessionLayer.createPrimSpec(p('/World/Left/Fresh'), 'def', 'Cube');
      rootLayer.removeSpec(p('/World/Left/Kind'));
      rootLayer.setField(p('/Loose'), 'inheritPaths', makeValue('pathListOp', makeListOp({ prependedItems: [p('/World/Left')] })));
      return [...heard, ...everything(stage), String(stage.primCount)];
    };
    const waiting = await edit({});
    expect(waiting).toEqual(await edit({ deferPrims: false }));
    expect(waiting).toContain('/Loose/Ball def Sphere true true false');
  });

  it('are all there when the session layer is edited, a mask is set or layers are muted', async () => {
    const masked = await open(make(PLAIN));
    masked.stage.setPopulationMask(new PopulationMask([p('/World/Left/Ball')]));
    expect(everything(masked.stage).map((line) => line.split(' ')[0])).toEqual(['/World', '/World/Left', '/World/Left/Ball']);
    masked.stage.setPopulationMask(undefined);
    expect(everything(masked.stage)).toEqual(everything((await open(make(PLAIN))).stage));
    const muted = await open(make(PLAIN));
    muted.stage.muteLayer('none.usda');
    expect(muted.stage.primCount).toBe(8);
  });

  it('do not wait beside arcs, under a mask, or where the host wants its turns', async () => {
    expect((await open(make(REFERRED))).opened).toBe(11);
    expect((await open(make(PLAIN), { mask: new PopulationMask([p('/World/Left')]) })).opened).toBe(5);
    expect((await open(make(PLAIN), { yieldNow: () => Promise.resolve() })).opened).toBe(8);
  });
});

describe('problems of prims that wait', () => {
  it('are listed as if all prims had been asked for', async () => {
    const { stage, opened } = await open(text(PLAIN), { limits: { prims: 4 } });
    expect(opened).toBe(1);
    expect(stage.problems.map(({ code, path }) => `${code} ${path}`)).toEqual(['too-many-prims /World']);
    const eager = await open(text(PLAIN), { limits: { prims: 4 }, deferPrims: false });
    expect(eager.stage.problems).toEqual(stage.problems);
    expect(everything(eager.stage)).toEqual(everything(stage));
  });
});
