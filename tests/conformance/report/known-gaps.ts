const NO_MATERIALX = 'MaterialX documents are not read as layers';
const SELECTION_IN_ARC =
  'OpenUSD 22 follows arcs to paths with variant selections; later releases refuse the layer, which the composition museum allows by a setting';

/** Cases that do not pass, as `kind id`, and why. One that begins to pass fails until it is taken off the list. */
export const KNOWN_GAPS: Readonly<Record<string, string>> = {
  'mtlx-to-usd mtlx/CustomNodeDef': NO_MATERIALX,
  'mtlx-to-usd mtlx/GraphlessNodes': NO_MATERIALX,
  'mtlx-to-usd mtlx/Include': NO_MATERIALX,
  'mtlx-to-usd mtlx/Include_From_Usdz': NO_MATERIALX,
  'mtlx-to-usd mtlx/Looks': NO_MATERIALX,
  'mtlx-to-usd mtlx/NodeGraphs': NO_MATERIALX,
  'mtlx-to-usd mtlx/usd_preview_surface_gold': NO_MATERIALX,
  'stage facts museum/BasicInherits/BasicInherits/root.sdf': SELECTION_IN_ARC,
  'stage facts museum/SubrootReferenceAndVariants/SubrootReferenceAndVariants/root.sdf': SELECTION_IN_ARC,
  'stage facts usd/pcp/testPcpRegressionBugs_bug69932/bug69932/root.sdf': 'OpenUSD 22 does not read the relocates of layers',
  'stage facts usd/usdUtils/testUsdUtilsIntrospection/stageStats.usda':
    'OpenUSD 22 counts arcs that cannot contribute in instance keys, which makes one more prototype',
  'refused usd/usd/testUsdUsdzFileFormat/first_file_not_usd.usdz':
    'OpenUSD refuses a package whose first file is no layer; here its first layer is opened, with a warning',
  'flattened layer stack usd/usd/testUsdValueClips/ordering/root.usda':
    'value clips of a stronger layer stand above samples of a weaker one; in one layer they stand below',
  'flattened layer stack usd/usd/testUsdValueClips/template/layerOffsets/model.usda':
    'clip sets by template have no field for an offset of stage time',
  'flattened layer stack usdwg/test_assets/foundation/stage_configuration/timeCodesPerSecond/timeCodesPerSecond_0.usda':
    'zero time codes per second map no time',
};
