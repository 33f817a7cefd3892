import { describe, expect, it } from 'vitest';
import { Layer } from '../sdf/layer.ts';
import { ROOT_PATH, type Path } from '../sdf/path.ts';
import { makeValue } from '../vt/value.ts';
import type { CompositionError } from './composition-error.ts';
import { composeRelocates, Relocates } from './relocates.ts';

const P = (text: string): Path => text as Path;
type Pairs = readonly (readonly [string, string])[];

function layerWith(identifier: string, pairs: Pairs): Layer {
  const layer = Layer.inMemory(identifier);
  layer.setField(ROOT_PATH, 'layerRelocates', makeValue('relocates', pairs as unknown as readonly (readonly [Path, Path | ''])[]));
  return layer;
}

function compose(...layers: Pairs[]): {
  readonly relocates: Relocates | undefined;
  readonly kinds: string[];
  readonly errors: CompositionError[];
} {
  const errors: CompositionError[] = [];
  const relocates = composeRelocates(
    layers.map((pairs, i) => layerWith(`layer${i}`, pairs)),
    errors,
  );
  return { relocates, errors, kinds: errors.map(({ kind }) => kind) };
}

describe('composeRelocates', () => {
  it('keeps the strongest entry of a source', () => {
    const { relocates } = compose([['/A/B', '/A/X']], [['/A/B', '/A/Y']]);
    expect([...(relocates as Relocates).incremental]).toEqual([['/A/B', '/A/X']]);
  });

  it.each([
    ['/A', '/B', 'Root prims'],
    ['/A/B', '/A/B', 'same'],
    ['/A/B', '/A/B/C', 'descendant'],
    ['/A/B/C', '/A/B', 'ancestor'],
    ['/A{v=x}B', '/A/C', 'variant'],
    ['/A/B', '/A.c', 'absolute prim paths'],
  ])('refuses %s to %s', (source, target, reason) => {
    const { relocates, errors } = compose([[source, target]]);
    expect(relocates).toBeUndefined();
    expect(errors).toMatchObject([{ kind: 'InvalidAuthoredRelocation', reason: expect.stringContaining(reason) as string }]);
  });

  it('drops all of several sources for one target', () => {
    const { relocates, kinds } = compose([
      ['/A/B', '/A/X'],
      ['/A/C', '/A/X'],
      ['/A/D', '/A/Y'],
    ]);
    expect(kinds).toEqual(['InvalidSameTargetRelocations']);
    expect([...(relocates as Relocates).incremental.keys()]).toEqual(['/A/D']);
  });

  it('drops both ends of a chain and whatever lies below another source', () => {
    expect(
      compose([
        ['/A/B', '/A/C'],
        ['/A/C', '/A/D'],
      ]),
    ).toMatchObject({ relocates: undefined, errors: [{ conflict: 'target-is-source' }, { conflict: 'source-is-target' }] });
    const below = compose([
      ['/A/B', '/A/C'],
      ['/A/B/X', '/A/X'],
    ]);
    expect(below.errors).toMatchObject([{ conflict: 'source-below-source', source: '/A/B/X' }]);
    expect([...(below.relocates as Relocates).incremental.keys()]).toEqual(['/A/B']);
  });
});

describe('Relocates', () => {
  const relocates = new Relocates(
    new Map<Path, Path | ''>([
      [P('/G/M'), P('/G/N')],
      [P('/G/N/Rig/Hand'), P('/G/N/Anim/Hand')],
      [P('/G/N/Gone'), ''],
    ]),
  );

  it('finds where nested ones came from before any relocation', () => {
    expect([...relocates.full]).toEqual([
      ['/G/M', '/G/N'],
      ['/G/M/Rig/Hand', '/G/N/Anim/Hand'],
      ['/G/M/Gone', ''],
    ]);
    expect(relocates.incrementalSources.get(P('/G/N/Anim/Hand'))).toBe('/G/N/Rig/Hand');
  });

  it('maps namespaces at or below a path only', () => {
    expect(relocates.mapAtPath(P('/G')).mapToTarget(P('/G/M/Rig/Hand/x'))).toBe('/G/N/Anim/Hand/x');
    expect(relocates.mapAtPath(P('/G')).mapToTarget(P('/G/M/Gone'))).toBe('');
    expect(relocates.mapAtPath(P('/H')).isIdentity).toBe(true);
  });

  it('comes to an end on relocations that go in circles', () => {
    const circular = new Relocates(
      new Map<Path, Path | ''>([
        [P('/A/B/x'), P('/A/C')],
        [P('/A/C/y'), P('/A/B')],
      ]),
    );
    expect(circular.full.size).toBe(2);
  });
});
