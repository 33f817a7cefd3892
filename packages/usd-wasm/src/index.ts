/** usd-wasm: a live OpenUSD stage for the web. The public API, and the one file that re-exports. */
export { DEFAULT_LIMITS, LimitError, type ReadLimits } from './tf/read-limits.ts';
export { ProblemList, type Problem, type Reporter, type Severity } from './tf/reporter.ts';
export * from './vt/value.ts';
export * from './sdf/path.ts';
export { Layer } from './sdf/layer.ts';
export { changeBlock } from './sdf/change-block.ts';
export type { ChangeEntry, ChangeList, FieldChange, LayersDidChangeListener } from './sdf/change-list.ts';
export { LayerEditError, type LayerEditCode } from './sdf/layer-edit-error.ts';
export type { PropertySpecOptions } from './sdf/spec-editing.ts';
export { UndoStack, type UndoStackOptions } from './sdf/undo-stack.ts';
export { MemoryLayerData, type LayerData, type SpecType } from './sdf/layer-data.ts';
export { IDENTITY_OFFSET, type LayerOffset } from './sdf/layer-offset.ts';
export { addListOpItem, eraseListOpItem, makeListOp, removeListOpItem, type ListOp, type ListPosition } from './sdf/list-op.ts';
export { storageTypeOf, type AttributeTypeName, type RoleName, type StorageTypeOf } from './sdf/value-type.ts';
export { exportLayer, readLayer, sniffFormat, UnknownFormatError, type FileFormat } from './sdf/file-format.ts';
export { assetExists, ResolveError, type AssetResolver } from './ar/resolver.ts';
export { MemoryResolver, type MemoryFile } from './ar/memory-resolver.ts';
export { BlobResolver, type BlobFile, type BlobFolder, type BlobFolderEntry, type BlobResolverOptions } from './ar/blob-resolver.ts';
export { FetchResolver, type FetchResolverOptions } from './ar/fetch-resolver.ts';
export { PackageResolver } from './ar/package-resolver.ts';
export {
  anchorAssetPath,
  folderOf,
  isSearchPath,
  isUrl,
  joinPackagePath,
  normalizePath,
  splitInnermost,
  splitPackagePath,
  type PackagePath,
} from './ar/asset-path.ts';
export { openArchive, type Archive, type ArchiveEntry } from './usdz/archive.ts';
export { writePackage, type PackageFile } from './usdz/writer.ts';
export { parseUsda, type UsdaOptions } from './usda/parser.ts';
export { writeUsda, type UsdaWriteOptions } from './usda/writer.ts';
export { writeUsdc } from './usdc/writer.ts';
export { UsdaParseError } from './usda/usda-error.ts';
export { UsdcReadError, type UsdcErrorCode } from './usdc/usdc-error.ts';
export { UsdzError, type UsdzErrorCode } from './usdz/usdz-error.ts';
export {
  bounds,
  decodeIntegers32,
  decodeIntegers64,
  floatToHalf,
  gather,
  halfToFloat,
  initKernel,
  KernelError,
  lz4Decompress,
  parseNumbers,
  smoothNormals,
  tangents,
  triangulate,
  trimKernel,
  weld,
  type KernelSource,
  type Triangulation,
  type Weld,
} from './kernel/kernel.ts';
export type { KernelErrorCode } from './kernel/kernel-error.ts';
export type { FailedNumbers, NumberKind, ParsedNumbers } from './kernel/numbers-reference.ts';
export * as matrix4d from './gf/matrix4d.ts';
export type { Matrix4d } from './gf/matrix4d.ts';
export { EMPTY_RANGE, isEmptyRange, rangeOfExtent, rangeOfPoints, transformRange, unionRange, type Range3d } from './gf/range3d.ts';
export { MapFunction } from './pcp/map-function.ts';
export type { PrimIndex, SpecSite } from './pcp/prim-index.ts';
export type { PrimIndexNode } from './pcp/index-node.ts';
export { Stage, type StageOptions, type StageProgress } from './usd/stage.ts';
export { ObjectsChanged, type StageListener, type StageNotices } from './usd/notice.ts';
export { LoadRules, type LoadPolicy, type LoadRule } from './usd/load-rules.ts';
export { PopulationMask } from './usd/population-mask.ts';
export { Prim, type AttributeOptions, type PrimFact } from './usd/prim.ts';
export { EditError, type EditErrorCode } from './usd/edit-error.ts';
export { EditTarget } from './usd/edit-target.ts';
export { NamespaceEditor, type NamespaceEditCheck, type NamespaceEditorOptions } from './usd/namespace-editor.ts';
export { Inherits, Payloads, References, Specializes, type ReferenceInput } from './usd/references.ts';
export { VariantSet } from './usd/variant-set.ts';
export type { DictionaryEntry, DictionaryInput, MetadataInput } from './usd/field-authoring.ts';
export type { ValueInput } from './usd/value-input.ts';
export { Attribute, type AttributeData, type AttributeValueType } from './usd/attribute.ts';
export { Relationship } from './usd/relationship.ts';
export type { InterpolationType } from './usd/interpolation.ts';
export type { AssetPathResolver, ValueSource } from './usd/value-resolution.ts';
export { flattenStage, type FlattenOptions } from './usd/flatten.ts';
export { flattenLayerStack } from './usd/flatten-layer-stack.ts';
export { compositionResults, type CompositionResults, type CompositionResultsOptions } from './usd/composition-results.ts';
export { findSchema, isTypeA, type PrimDefinition, type Schema, type SchemaProperty } from './usd/schema-registry.ts';
export { boolAt, numberAt, readNumber, readNumbers, readText, readTexts, readTuple, textAt } from './schemas/value-readers.ts';
export {
  localTransform,
  missingXformOps,
  TransformCache,
  worldTransform,
  worldTransformMightBeTimeVarying,
  type LocalTransform,
} from './schemas/geom/xformable.ts';
export {
  computeEffectiveVisibility,
  computeProxyPrim,
  computePurpose,
  computeVisibility,
  ownPurpose,
  ownVisibility,
  type Purpose,
} from './schemas/geom/imageable.ts';
export {
  findPrimvar,
  flattenPrimvar,
  interpolationOf,
  isPrimvarName,
  listPrimvars,
  ownPrimvar,
  primvarMightBeTimeVarying,
  primvarOrAttribute,
  type FlatPrimvar,
  type Interpolation,
  type Primvar,
} from './schemas/geom/primvars.ts';
export {
  assetInfo,
  constraintTargets,
  constraintTargetTransform,
  isComponent,
  isGroup,
  isModel,
  isSubComponent,
  type AssetInfo,
} from './schemas/geom/model.ts';
export { appliedDrawMode, cardFacts, computeDrawMode, type CardFacts, type CardSide, type DrawMode } from './schemas/geom/draw-mode.ts';
export { computeMotionBlurScale, computeNonlinearSampleCount } from './schemas/geom/motion.ts';
export { pointsAtTime } from './schemas/geom/points-at-time.ts';
export { extentOfPoints } from './schemas/geom/shape-extent.ts';
export {
  computeColorSpaceName,
  DEFAULT_COLOR_SPACE,
  findColorSpaceDefinition,
  primColorSpaceName,
  type ColorSpaceDefinition,
} from './schemas/color-space.ts';
export { listSubsets, subsetIndices, type GeomSubset } from './schemas/geom/subsets.ts';
export {
  computeExtent,
  computeExtentFromPlugins,
  untransformedBounds,
  worldBounds,
  type BoundsOptions,
  type BoundsOverrides,
} from './schemas/geom/bounds.ts';
export { cameraFacts, type CameraFacts } from './schemas/geom/camera.ts';
export {
  pointInstances,
  pointInstancesMightBeTimeVarying,
  type PointInstances,
  type PointInstancesOptions,
} from './schemas/geom/point-instancer.ts';
export { collectionIncludes, collectionQuery, computeIncludedPaths, type CollectionQuery } from './schemas/collection.ts';
export { computeBoundMaterial, directBinding, type MaterialPurpose } from './schemas/shade/material-binding.ts';
export {
  inputNames,
  inputValue,
  resolveInput,
  resolvePort,
  resolvePortSources,
  shaderId,
  surfaceShader,
  terminalShader,
  type PortSource,
} from './schemas/shade/connectable.ts';
export { lightFacts, lightKind, lightSizeFactor, type LightFacts, type LightKind } from './schemas/lux/light.ts';
export { AnimMapper } from './schemas/skel/anim-mapper.ts';
export { AnimQuery } from './schemas/skel/anim-query.ts';
export { bakeSkinning, type BakedSkinning, type BakeSkinningOptions } from './schemas/skel/bake-skinning.ts';
export type { TimeInterval } from './schemas/skel/bake-times.ts';
export { animationSource, isSkinnable, skelBinding, type SkelBinding } from './schemas/skel/binding.ts';
export { BlendShapeQuery, type SubShape, type SubShapeWeight } from './schemas/skel/blend-shape-query.ts';
export { normalizeWeights, resizeInfluences, sortInfluences, type Influences } from './schemas/skel/influences.ts';
export { SkelCache, type SkeletonTargets } from './schemas/skel/skel-cache.ts';
export { SkeletonQuery } from './schemas/skel/skeleton-query.ts';
export { SkinningQuery, type SkinningMethod } from './schemas/skel/skinning-query.ts';
export { concatJointTransforms, jointTopology, type Topology } from './schemas/skel/topology.ts';
export { visitAssetPaths, type AssetPathKind, type AssetPathSite, type AssetPathVisitor } from './package/asset-paths.ts';
export {
  computeAllDependencies,
  extractExternalReferences,
  type AllDependencies,
  type ExternalReferences,
  type ExternalReferencesOptions,
  type UnresolvedDependency,
} from './package/dependencies.ts';
export { externalReferencesText } from './package/external-references-text.ts';
export type { DependencyGraph, DependencyOptions } from './package/dependency-graph.ts';
export { createNewARKitUsdzPackage, createNewUsdzPackage, type UsdzPackageOptions } from './package/create-usdz-package.ts';
export { checkAsset, type CheckOptions } from './check/check-asset.ts';
export { isFailed, rulesText, violationLines } from './check/report.ts';
export type { CheckContext, Finding, Rule, Violation, ViolationSeverity } from './check/rule.ts';
export { computeStageStats, type PrimCounts, type PrimStats, type StageStats } from './schemas/stage-stats.ts';
