/** The adapters, by prim type. Supporting another type means adding its file and a line here. */
import type { Prim } from 'usd-wasm';
import type { PrimAdapter } from './adapter.ts';
import { cameraAdapter } from './camera-adapter.ts';
import { capsuleAdapter } from './capsule-adapter.ts';
import { coneAdapter } from './cone-adapter.ts';
import { cubeAdapter } from './cube-adapter.ts';
import { cylinderAdapter } from './cylinder-adapter.ts';
import { lightAdapter } from './light-adapter.ts';
import { meshAdapter } from './mesh-adapter.ts';
import { planeAdapter } from './plane-adapter.ts';
import { pointInstancerAdapter } from './point-instancer-adapter.ts';
import { sphereAdapter } from './sphere-adapter.ts';
import { unsupportedAdapter } from './unsupported-adapter.ts';

const ADAPTERS: readonly PrimAdapter[] = [
  meshAdapter,
  cubeAdapter,
  sphereAdapter,
  cylinderAdapter,
  coneAdapter,
  capsuleAdapter,
  planeAdapter,
  pointInstancerAdapter,
  cameraAdapter,
  lightAdapter,
  unsupportedAdapter,
];

const byTypeName = new Map<string, PrimAdapter>();
for (const adapter of ADAPTERS) for (const typeName of adapter.typeNames) byTypeName.set(typeName, adapter);

/** The adapter of a prim; undefined for prims that only group or describe. */
export function adapterOf(prim: Prim): PrimAdapter | undefined {
  const known = byTypeName.get(prim.typeName) ?? byTypeName.get(prim.definition.typeName);
  return known ?? (prim.isA('Gprim') ? unsupportedAdapter : undefined);
}
