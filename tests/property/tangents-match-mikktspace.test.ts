import { createRequire } from 'node:module';
import type * as mikktspace from 'mikktspace';
import { describe, expect, it } from 'vitest';
import { tangents } from '../../packages/usd-wasm/src/kernel/kernel.ts';
import { makeMesh, MESH_KINDS } from '../support/tangent-meshes.ts';

/** The package's Node entry; its ES entry needs a bundler. */
const { generateTangents } = createRequire(import.meta.url)('mikktspace') as typeof mikktspace;

describe('tangents equal those of the mikktspace package', () => {
  for (const kind of MESH_KINDS) {
    it(`on a ${kind}: directions within 1e-5, signs the same`, () => {
      const { positions, normals, uvs } = makeMesh(kind);
      const expected = generateTangents(positions, normals, uvs);
      const actual = tangents(positions, normals, uvs);
      expect(actual.length).toBe(expected.length);
      let worst = 0;
      let wrongSigns = 0;
      for (let i = 0; i < expected.length; i += 4) {
        for (let k = 0; k < 3; k++) worst = Math.max(worst, Math.abs(actual[i + k]! - expected[i + k]!));
        if (actual[i + 3] !== expected[i + 3]) wrongSigns++;
      }
      expect({ worst: worst <= 1e-5 ? 'within 1e-5' : worst, wrongSigns }).toEqual({ worst: 'within 1e-5', wrongSigns: 0 });
    });
  }
});
