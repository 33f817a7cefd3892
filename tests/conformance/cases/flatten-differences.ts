import type { Value } from 'usd-wasm/node';

/**
 * Where flattened stages differ from the texts that OpenUSD 22 made, field by field, and why. Everything else of these
 * files is compared. A rule that no longer meets a difference fails its case, so that the list stays true.
 */
export interface FlattenDifference {
  readonly reason: string;
  /** Matches `<path> field`, or `<path>` alone where the whole spec is one too many or missing. */
  readonly at?: RegExp;
  /** What is put right in the expected text before it is read. */
  readonly inExpected?: readonly (readonly [RegExp, string])[];
  /** What is taken out of the root layer before it is opened. */
  readonly inInput?: readonly (readonly [RegExp, string])[];
}

/** A kind of difference, wherever what OpenUSD 22 said as it made the text, or the schemas it lacked, explain it. */
export interface FlattenDifferenceKind {
  readonly reason: string;
  /** One of the messages of the record. Undefined: none is needed. */
  readonly said?: RegExp;
  readonly explains: (difference: FieldDifference) => boolean;
}

export interface FieldDifference {
  /** `''` for a pseudo-root's child that is no prim. */
  readonly primType: string;
  readonly property: string;
  readonly field: string;
  readonly expected: Value | undefined;
  readonly actual: Value | undefined;
}

const TARGETS: ReadonlySet<string> = new Set(['targetPaths', 'connectionPaths']);
const DEFINED_BY_SCHEMAS: ReadonlySet<string> = new Set(['typeName', 'variability', 'default', 'timeSamples']);
const NO_SKEL = 'OpenUSD 22 was built without the schemas of UsdSkel and UsdVol';
const UNKNOWN_TYPES = /^(?:SkelRoot|Skeleton|SkelAnimation|BlendShape|Volume|OpenVDBAsset|Field3DAsset)$/;

export const FLATTEN_DIFFERENCE_KINDS: readonly FlattenDifferenceKind[] = [
  {
    reason: 'OpenUSD 22 drops targets that leave an internal reference; later releases keep them',
    // Messages are cut in the records: what follows, "refers to a path outside the scope of the reference", may be missing.
    said: /^Warning: The (?:relationship target|attribute connection) </,
    explains: ({ field, actual }) => TARGETS.has(field) && actual !== undefined,
  },
  {
    reason: `${NO_SKEL}: types and variability are those of the weakest opinion`,
    explains: ({ primType, property, field, expected, actual }) =>
      DEFINED_BY_SCHEMAS.has(field) &&
      (UNKNOWN_TYPES.test(primType) || /^(?:primvars:)?skel:/.test(property)) &&
      (field === 'typeName' || field === 'variability' || expected?.type !== actual?.type),
  },
  {
    reason: `${NO_SKEL}: their metadata is unknown to it`,
    said: /unknown field 'weight'/,
    explains: ({ field, expected }) => field === 'weight' && expected === undefined,
  },
];

const SELECTION_IN_ARC = 'OpenUSD 22 follows arcs to paths with variant selections; later releases refuse such layers';
const UNWRITTEN_EQUALS: FlattenDifference = {
  reason: 'OpenUSD 22 wrote a path that is the default of an attribute without its equals sign',
  inExpected: [[/^( *token outputs:ri:surface) +(<\/[^>]*>)$/gm, '$1 = $2']],
};
/** `point3f[] normals = (0, 0, 1)`: the schema's type with a value of the authored one, which no reader takes back. */
const OTHER_SHAPE = 'OpenUSD 22 wrote values of another shape than the type it gave them: the value is not compared';
const VALUE_LINE = String.raw`^( *(?:point3f|normal3f)\[\] (?:points|normals)) = `;
export const FLATTEN_DIFFERENCES: Readonly<Record<string, readonly FlattenDifference[]>> = {
  'imaging/testUsdImagingGLShadeMaterial/coloredCubes.usda': [UNWRITTEN_EQUALS],
  'imaging/testUsdImagingGLShadeMaterial_Delegate/coloredCubes.usda': [UNWRITTEN_EQUALS],
  'usd/usdSkel/testUsdSkelSkinningQuery/jointInfluences.usda': [
    {
      reason: `${NO_SKEL}: an attribute of a misspelt type is dropped, which takes the type of SkelBindingAPI here`,
      at: /^<\/JointInfluences\/ErrorCases\/(?:MismatchedElementSize|InvalidElementSize)\.primvars:skel:jointWeights>$/,
    },
  ],
  'museum/BasicInherits/BasicInherits/root.sdf': [
    { reason: SELECTION_IN_ARC, inInput: [[/inherits = \[<\/ModelWithVariant\{vset=sel\}_class>\] */, '']] },
  ],
  'museum/SubrootReferenceAndVariants/SubrootReferenceAndVariants/root.sdf': [
    { reason: SELECTION_IN_ARC, inInput: [[/references = @\.\/group\.sdf@<\/Group\{v=x\}Model>/, '']] },
    { reason: SELECTION_IN_ARC, at: /^<\/InvalidSubrootRefWithVariantSelection\.a>$/ },
  ],
  'museum/BasicVariantWithReference/BasicVariantWithReference/root.sdf': [
    {
      reason: 'OpenUSD 22 does not find the target of a reference that a variant holds and makes',
      at: /^<\/ModelRefWithChildren\/InstanceViaReference\.attr1>$/,
    },
  ],
  'usd/pcp/testPcpRegressionBugs_bug69932/bug69932/root.sdf': [
    { reason: 'OpenUSD 22 does not read the relocates of layers', at: /^<\/Pigeon\// },
  ],
  'usd/usdUtils/testUsdUtilsIntrospection/stageStats.usda': [
    {
      reason: 'OpenUSD 22 counts arcs that cannot contribute in instance keys: its prototypes 1 and 2 are one in later releases',
      inExpected: [
        [/^over "Flattened_Prototype_2"\n\{\n\}\n/m, ''],
        [/<\/Flattened_Prototype_2>/g, '</Flattened_Prototype_1>'],
      ],
    },
  ],
  'usdwg/test_assets/schemaTests/usdGeom/meshes/normals_types/normalsTypes.usda': [
    { reason: OTHER_SHAPE, inExpected: [[new RegExp(`${VALUE_LINE}(?:\\(|[^[]|\\[[^(]).*$`, 'gm'), '$1']], at: /\.normals> default$/ },
  ],
  'usdwg/test_assets/schemaTests/usdGeom/meshes/points_types/pointsTypes.usda': [
    { reason: OTHER_SHAPE, inExpected: [[new RegExp(`${VALUE_LINE}(?:\\(|[^[]|\\[[^(]).*$`, 'gm'), '$1']], at: /\.points> default$/ },
  ],
};
