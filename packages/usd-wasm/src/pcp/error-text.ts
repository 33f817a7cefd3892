/** Composition errors in OpenUSD's words. Source: OpenUSD pcp/errors.cpp (ToString). */
import type { ArcType, CompositionError, ErrorSite, RelocationConflict } from './composition-error.ts';

/**
 * The text that OpenUSD prints for an error: one line, or several for cycles and prohibited children.
 *
 * @param nameOf what a layer is called, from its identifier
 */
export function compositionErrorText(error: CompositionError, nameOf: (identifier: string) => string): string {
  const at = (layer: string): string => `@${nameOf(layer)}@`;
  const site = ({ layer, path }: ErrorSite): string => `${at(layer)}<${path}>`;
  switch (error.kind) {
    case 'ArcCycle':
      return cycleText(error.cycle, site);
    case 'ArcToProhibitedChild':
      return (
        `${site(error.site)}\nCANNOT ${BARE_VERBS[error.arcType]}:\n${site(error.target)}\nwhich is a prohibited child of its parent ` +
        `because it would require allowing opinions from the source of a relocation at ${site(error.relocationSource)}.`
      );
    case 'IndexCapacityExceeded':
      return 'Composition graph capacity exceeded: PcpErrorType_IndexCapacityExceeded';
    case 'LimitExceeded':
      return `Limit ${error.limit} of ${error.allowed} exceeded in layer ${at(error.layer)}`;
    case 'InconsistentPropertyType':
      return (
        `The property <${error.property}> has inconsistent spec types.  The defining spec is ${site(error.defining)} and is ` +
        `${specText(error.definingType)} spec.  The conflicting spec is ${site(error.conflicting)} and is ` +
        `${specText(error.conflictingType)} spec.  The conflicting spec will be ignored.`
      );
    case 'InvalidPrimPath':
      return (
        `Invalid ${error.arcType} path <${error.primPath}> introduced by ` +
        `${error.sourceLayer === undefined ? '@<expired>@' : at(error.sourceLayer)}<${error.site.path}>` +
        '-- must be an absolute prim path with no variant selections.'
      );
    case 'InvalidAssetPath':
      return (
        `Could not open asset ${at(error.identifier)} for ${error.arcType} introduced by ` +
        `${at(error.sourceLayer)}<${error.site.path}>${messages(error.reason)}.`
      );
    case 'MutedAssetPath':
      return `Asset ${at(error.identifier)} was muted for ${error.arcType} introduced by ${at(error.sourceLayer)}<${error.site.path}>.`;
    case 'UnresolvedPrimPath':
      return (
        `Unresolved ${error.arcType} prim path ${at(error.targetLayer)}<${error.unresolvedPath}> introduced by ` +
        `${at(error.sourceLayer)}<${error.site.path}>`
      );
    case 'InvalidReferenceOffset':
      return (
        `Invalid ${error.arcType} offset ${offsetText(error)} for @${error.assetPath}@<${error.targetPath}> introduced by ` +
        `${at(error.sourceLayer)}<${error.site.path}>. Using no offset instead.`
      );
    case 'InvalidSublayerOffset':
      return `Invalid sublayer offset ${offsetText(error)} in sublayer ${at(error.sublayer)} of layer ${at(error.layer)}. Using no offset instead.`;
    case 'InvalidSublayerOwnership':
      return `The following sublayers for layer ${at(error.layer)} have the same owner '${error.owner}': ${error.sublayers.map(at).join(', ')}`;
    case 'InvalidSublayerPath':
      return `Could not load sublayer @${error.sublayerPath}@ of layer ${at(error.layer)}${messages(error.reason)}; skipping.`;
    case 'SublayerCycle':
      return (
        `Sublayer hierarchy with root layer ${at(error.layer)} has cycles. Detected when layer ${at(error.sublayer)} ` +
        'was seen in the layer stack for the second time.'
      );
    case 'InvalidAuthoredRelocation':
      return `Relocation from <${error.source}> to <${error.target}> authored at ${at(error.layer)}</> is invalid and will be ignored: ${error.reason}.`;
    case 'InvalidConflictingRelocation':
      return (
        `Relocation from <${error.source}> to <${error.target}> authored at ${at(error.layer)}</> conflicts with another relocation ` +
        `from <${error.conflictSource}> to <${error.conflictTarget}> authored at ${at(error.conflictLayer)}</> ` +
        `and will be ignored: ${CONFLICTS[error.conflict]}`
      );
    case 'InvalidSameTargetRelocations':
      return (
        `The path <${error.target}> is the target of multiple relocations from different sources. ` +
        'The following relocates to this target are invalid and will be ignored: ' +
        `${error.sources.map(({ layer, source }) => `relocation from <${source}> authored at ${at(layer)}</>`).join('; ')}.`
      );
    case 'OpinionAtRelocationSource':
      return `The layer ${at(error.layer)} has an invalid opinion at the relocation source path <${error.path}>, which will be ignored.`;
    case 'InvalidExternalTargetPath':
      return (
        `The ${targetText(error.isConnection)} <${error.target}> from <${error.property}> in layer ${at(error.layer)} refers to a path ` +
        `outside the scope of the ${error.arcType} from <${error.introducedAt}>.  Ignoring.`
      );
    case 'InvalidInstanceTargetPath':
      return (
        `The ${targetText(error.isConnection)} <${error.target}> from <${error.property}> in layer ${at(error.layer)} is authored ` +
        'in a class but refers to an instance of that class.  Ignoring.'
      );
    case 'VariableExpressionError':
      return (
        `Error evaluating expression ${error.expression.slice(0, 32)} for ${error.context} ` +
        `${error.path === undefined ? '' : `at ${error.path} `}in ${at(error.layer)}: ${error.reason}`
      );
  }
}

const CONFLICTS: Readonly<Record<RelocationConflict, string>> = {
  'target-is-source': 'The target of a relocate cannot be the source of another relocate in the same layer stack.',
  'source-is-target': 'The source of a relocate cannot be the target of another relocate in the same layer stack.',
  'target-below-source': 'The target of a relocate cannot be a descendant of the source of another relocate.',
  'source-below-source': 'The source of a relocate cannot be a descendant of the source of another relocate.',
};

const VERBS: Readonly<Record<ArcType, string>> = {
  root: 'refers to',
  inherit: 'inherits from',
  variant: 'uses variant',
  relocate: 'is relocated from',
  reference: 'references',
  payload: 'gets payload from',
  specialize: 'refers to',
};

const BARE_VERBS: Readonly<Record<ArcType, string>> = {
  root: 'refer to',
  inherit: 'inherit from',
  variant: 'use variant',
  relocate: 'be relocated from',
  reference: 'reference',
  payload: 'get payload from',
  specialize: 'refer to',
};

function cycleText(cycle: readonly (ErrorSite & { readonly arcType: ArcType })[], site: (one: ErrorSite) => string): string {
  let text = 'Cycle detected:\n';
  cycle.forEach((step, i) => {
    const isLast = i + 1 === cycle.length;
    if (i > 0) text += isLast ? `CANNOT ${BARE_VERBS[step.arcType]}:\n` : `${VERBS[step.arcType]}:\n`;
    text += `${site(step)}\n`;
    if (i > 0 && !isLast) text += 'which ';
  });
  return text;
}

/** What the reader had to say; OpenUSD says nothing of a file that is not there. */
function messages(reason: string): string {
  return reason === '' || reason.endsWith('no such file') ? '' : ` -- ${reason}`;
}

function offsetText({ offset, scale }: { readonly offset: number; readonly scale: number }): string {
  return `SdfLayerOffset(${offset}, ${scale})`;
}

function specText(specType: string): string {
  return specType === 'attribute' ? 'an attribute' : 'a relationship';
}

function targetText(isConnection: boolean): string {
  return isConnection ? 'attribute connection' : 'relationship target';
}
