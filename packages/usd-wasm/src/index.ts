/** usd-wasm: a live OpenUSD stage for the web. The public API, and the one file that re-exports. */
export { ProblemList, type Problem, type Reporter, type Severity } from './tf/reporter.ts';
export * from './vt/value.ts';
export * from './sdf/path.ts';
export { Layer } from './sdf/layer.ts';
export { MemoryLayerData, type LayerData, type SpecType } from './sdf/layer-data.ts';
export { IDENTITY_OFFSET, type LayerOffset } from './sdf/layer-offset.ts';
export { makeListOp, type ListOp } from './sdf/list-op.ts';
export { storageTypeOf } from './sdf/value-type.ts';
export { ResolveError, type AssetResolver } from './ar/resolver.ts';
export * as matrix4d from './gf/matrix4d.ts';
export type { Matrix4d } from './gf/matrix4d.ts';
export { EMPTY_RANGE, isEmptyRange, rangeOfExtent, rangeOfPoints, transformRange, unionRange, type Range3d } from './gf/range3d.ts';
export { findSchema, isTypeA, type Schema, type SchemaProperty } from './usd/schema-registry.ts';
