/**
 * What a page needs to open a stage and to ask it for prims and values, for a fast start: entry `usd-wasm/stage`. Built, it is a bundle of its
 * own that reads and does not edit; what reads text and what follows arcs is fetched when a stage first has any.
 */
import { loadLater } from './tf/late-code.ts';

loadLater('usda', () => import('./usda/parser.ts'));
loadLater('arcs', () => import('./pcp/prim-indexer.ts'));

export { BlobResolver, type BlobFile, type BlobFolder, type BlobFolderEntry, type BlobResolverOptions } from './ar/blob-resolver.ts';
export { FetchResolver, type FetchResolverOptions } from './ar/fetch-resolver.ts';
export { MemoryResolver, type MemoryFile } from './ar/memory-resolver.ts';
export { ResolveError, type AssetResolver } from './ar/resolver.ts';
export { initKernel, trimKernel, type KernelSource } from './kernel/kernel.ts';
export type { Path, PathText } from './sdf/path.ts';
export { LimitError, type ReadLimits } from './tf/read-limits.ts';
export type { Problem, Reporter, Severity } from './tf/reporter.ts';
export { Attribute } from './usd/attribute.ts';
export { LoadRules } from './usd/load-rules.ts';
export { PopulationMask } from './usd/population-mask.ts';
export { Prim } from './usd/prim.ts';
export { Relationship } from './usd/relationship.ts';
export { Stage, type StageOptions, type StageProgress } from './usd/stage.ts';
export type { Value, ValueMap, ValueOf, ValueType } from './vt/value.ts';
