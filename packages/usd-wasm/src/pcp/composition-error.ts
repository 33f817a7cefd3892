/**
 * Composition errors: data, never thrown. Kinds are OpenUSD's (`PcpErrorType`); composition.md section 15.
 * Layers are named by identifier.
 */
import type { Path } from '../sdf/path.ts';
import type { ReadLimits } from '../tf/read-limits.ts';
import type { Problem } from '../tf/reporter.ts';

export type ArcType = 'root' | 'inherit' | 'variant' | 'relocate' | 'reference' | 'payload' | 'specialize';

/** A prim path in a layer stack, which is named by its root layer. */
export interface ErrorSite {
  readonly layer: string;
  readonly path: Path;
}

export type RelocationConflict = 'target-is-source' | 'source-is-target' | 'target-below-source' | 'source-below-source';

export type CompositionError =
  | { readonly kind: 'ArcCycle'; readonly cycle: readonly (ErrorSite & { readonly arcType: ArcType })[] }
  | {
      readonly kind: 'ArcToProhibitedChild';
      readonly site: ErrorSite;
      readonly target: ErrorSite;
      readonly relocationSource: ErrorSite;
      readonly arcType: ArcType;
    }
  | { readonly kind: 'IndexCapacityExceeded'; readonly site: ErrorSite; readonly limit: keyof ReadLimits; readonly allowed: number }
  | { readonly kind: 'LimitExceeded'; readonly layer: string; readonly limit: keyof ReadLimits; readonly allowed: number }
  | {
      readonly kind: 'InconsistentPropertyType';
      readonly property: Path;
      readonly defining: ErrorSite;
      readonly definingType: string;
      readonly conflicting: ErrorSite;
      readonly conflictingType: string;
    }
  | {
      readonly kind: 'InvalidPrimPath';
      readonly site: ErrorSite;
      readonly primPath: string;
      readonly arcType: ArcType;
      readonly sourceLayer: string | undefined;
    }
  | {
      readonly kind: 'InvalidAssetPath';
      readonly site: ErrorSite;
      readonly assetPath: string;
      readonly identifier: string;
      readonly arcType: ArcType;
      readonly sourceLayer: string;
      readonly reason: string;
    }
  | {
      readonly kind: 'MutedAssetPath';
      readonly site: ErrorSite;
      readonly assetPath: string;
      readonly identifier: string;
      readonly arcType: ArcType;
      readonly sourceLayer: string;
    }
  | {
      readonly kind: 'UnresolvedPrimPath';
      readonly site: ErrorSite;
      readonly targetLayer: string;
      readonly unresolvedPath: string;
      readonly arcType: ArcType;
      readonly sourceLayer: string;
    }
  | {
      readonly kind: 'InvalidReferenceOffset';
      readonly site: ErrorSite;
      readonly sourceLayer: string;
      readonly assetPath: string;
      readonly targetPath: string;
      readonly offset: number;
      readonly scale: number;
      readonly arcType: ArcType;
    }
  | {
      readonly kind: 'InvalidSublayerOffset';
      readonly layer: string;
      readonly sublayer: string;
      readonly offset: number;
      readonly scale: number;
    }
  | { readonly kind: 'InvalidSublayerOwnership'; readonly layer: string; readonly owner: string; readonly sublayers: readonly string[] }
  | { readonly kind: 'InvalidSublayerPath'; readonly layer: string; readonly sublayerPath: string; readonly reason: string }
  | { readonly kind: 'SublayerCycle'; readonly layer: string; readonly sublayer: string }
  | {
      readonly kind: 'InvalidAuthoredRelocation';
      readonly layer: string;
      readonly source: string;
      readonly target: string;
      readonly reason: string;
    }
  | {
      readonly kind: 'InvalidConflictingRelocation';
      readonly layer: string;
      readonly source: Path;
      readonly target: string;
      readonly conflictLayer: string;
      readonly conflictSource: Path;
      readonly conflictTarget: string;
      readonly conflict: RelocationConflict;
    }
  | {
      readonly kind: 'InvalidSameTargetRelocations';
      readonly target: Path;
      readonly sources: readonly { readonly layer: string; readonly source: Path }[];
    }
  | { readonly kind: 'OpinionAtRelocationSource'; readonly layer: string; readonly path: Path }
  | {
      readonly kind: 'InvalidExternalTargetPath';
      readonly target: Path;
      readonly property: Path;
      readonly layer: string;
      readonly isConnection: boolean;
      readonly arcType: ArcType;
      readonly introducedAt: Path;
    }
  | {
      readonly kind: 'InvalidInstanceTargetPath';
      readonly target: Path;
      readonly property: Path;
      readonly layer: string;
      readonly isConnection: boolean;
    }
  | {
      readonly kind: 'VariableExpressionError';
      readonly expression: string;
      readonly context: 'sublayer' | 'reference' | 'payload' | 'variant';
      readonly layer: string;
      readonly path: Path | undefined;
      readonly reason: string;
    };

/** The error as a problem for people: one sentence, with prim path and layer. */
export function describeCompositionError(error: CompositionError): Problem {
  const problem = (severity: Problem['severity'], message: string, path?: string, asset?: string): Problem => ({
    code: `composition-${kebab(error.kind)}`,
    severity,
    message,
    ...(path === undefined ? {} : { path }),
    ...(asset === undefined ? {} : { asset }),
  });
  switch (error.kind) {
    case 'ArcCycle': {
      const last = error.cycle.at(-1);
      return problem(
        'error',
        `Composition cycle: ${error.cycle.map(siteText).join(' → ')}; the last ${last?.arcType ?? 'arc'} is ignored`,
        error.cycle[0]?.path,
        last?.layer,
      );
    }
    case 'ArcToProhibitedChild':
      return problem(
        'error',
        `The ${error.arcType} from ${siteText(error.site)} to ${siteText(error.target)} is ignored: ${siteText(error.relocationSource)} was relocated elsewhere`,
        error.site.path,
        error.site.layer,
      );
    case 'IndexCapacityExceeded':
      return problem(
        'error',
        `Too many arcs for ${siteText(error.site)} (limit ${error.limit} is ${error.allowed}); further ones are ignored`,
        error.site.path,
        error.site.layer,
      );
    case 'LimitExceeded':
      return problem(
        'error',
        `The layer stack has more than its limit ${error.limit} allows, ${error.allowed}; those of @${error.layer}@ and further ones are left out`,
        undefined,
        error.layer,
      );
    case 'InconsistentPropertyType':
      return problem(
        'warning',
        `<${error.property}> is ${article(error.definingType)} in ${siteText(error.defining)} but ${article(error.conflictingType)} in ${siteText(error.conflicting)}; the weaker is ignored`,
        error.property,
        error.conflicting.layer,
      );
    case 'InvalidPrimPath':
      return problem(
        'error',
        `Invalid ${error.arcType} path <${error.primPath}> at ${siteText(error.site)}: expected an absolute prim path without variant selections`,
        error.site.path,
        error.sourceLayer ?? error.site.layer,
      );
    case 'InvalidAssetPath':
      return problem(
        'error',
        `Cannot open @${error.assetPath}@ for the ${error.arcType} at ${siteText(error.site)}${error.reason === '' ? '' : `: ${error.reason}`}`,
        error.site.path,
        error.identifier,
      );
    case 'MutedAssetPath':
      return problem(
        'info',
        `@${error.assetPath}@ for the ${error.arcType} at ${siteText(error.site)} is muted`,
        error.site.path,
        error.identifier,
      );
    case 'UnresolvedPrimPath':
      return problem(
        'error',
        `The ${error.arcType} at ${siteText(error.site)} targets @${error.targetLayer}@<${error.unresolvedPath}>, which does not exist`,
        error.site.path,
        error.targetLayer,
      );
    case 'InvalidReferenceOffset':
      return problem(
        'warning',
        `Invalid ${error.arcType} offset (offset ${error.offset}, scale ${error.scale}) at ${siteText(error.site)}; none is used`,
        error.site.path,
        error.sourceLayer,
      );
    case 'InvalidSublayerOffset':
      return problem(
        'warning',
        `Invalid offset (offset ${error.offset}, scale ${error.scale}) of sublayer @${error.sublayer}@ in @${error.layer}@; none is used`,
        undefined,
        error.sublayer,
      );
    case 'InvalidSublayerOwnership':
      return problem(
        'warning',
        `Sublayers of @${error.layer}@ have the same owner "${error.owner}": ${error.sublayers.map((name) => `@${name}@`).join(', ')}`,
        undefined,
        error.layer,
      );
    case 'InvalidSublayerPath':
      return problem(
        'error',
        `Cannot open sublayer @${error.sublayerPath}@ of @${error.layer}@${error.reason === '' ? '' : `: ${error.reason}`}`,
        undefined,
        error.sublayerPath,
      );
    case 'SublayerCycle':
      return problem(
        'error',
        `Sublayer @${error.sublayer}@ of @${error.layer}@ contains itself; it is ignored there`,
        undefined,
        error.sublayer,
      );
    case 'InvalidAuthoredRelocation':
      return problem(
        'warning',
        `Relocation from <${error.source}> to <${error.target}> in @${error.layer}@ is ignored: ${error.reason}`,
        error.source,
        error.layer,
      );
    case 'InvalidConflictingRelocation':
      return problem(
        'warning',
        `Relocation from <${error.source}> to <${error.target}> in @${error.layer}@ is ignored: ${CONFLICT_TEXT[error.conflict]} (<${error.conflictSource}> to <${error.conflictTarget}> in @${error.conflictLayer}@)`,
        error.source,
        error.layer,
      );
    case 'InvalidSameTargetRelocations':
      return problem(
        'warning',
        `Relocations to <${error.target}> from several sources are ignored: ${error.sources.map(({ layer, source }) => `@${layer}@<${source}>`).join(', ')}`,
        error.target,
        error.sources[0]?.layer,
      );
    case 'OpinionAtRelocationSource':
      return problem('warning', `Opinions at the relocation source @${error.layer}@<${error.path}> are ignored`, error.path, error.layer);
    case 'InvalidExternalTargetPath':
      return problem(
        'warning',
        `${targetText(error)} lies outside what the ${error.arcType} from <${error.introducedAt}> brings in; it is ignored`,
        error.property,
        error.layer,
      );
    case 'InvalidInstanceTargetPath':
      return problem(
        'warning',
        `${targetText(error)} is authored in a class but points to an instance of it; it is ignored`,
        error.property,
        error.layer,
      );
    case 'VariableExpressionError':
      return problem(
        'error',
        `Cannot evaluate ${error.expression.slice(0, 32)} for ${error.context}${error.path === undefined ? '' : ` at <${error.path}>`} in @${error.layer}@: ${error.reason}`,
        error.path,
        error.layer,
      );
  }
}

const CONFLICT_TEXT: Readonly<Record<RelocationConflict, string>> = {
  'target-is-source': 'The target of a relocate cannot be the source of another relocate in the same layer stack',
  'source-is-target': 'The source of a relocate cannot be the target of another relocate in the same layer stack',
  'target-below-source': 'The target of a relocate cannot be a descendant of the source of another relocate',
  'source-below-source': 'The source of a relocate cannot be a descendant of the source of another relocate',
};

function siteText(site: ErrorSite): string {
  return `@${site.layer}@<${site.path}>`;
}

function targetText(error: {
  readonly target: Path;
  readonly property: Path;
  readonly layer: string;
  readonly isConnection: boolean;
}): string {
  return `The ${error.isConnection ? 'connection' : 'target'} <${error.target}> of <${error.property}> in @${error.layer}@`;
}

function article(specType: string): string {
  return specType === 'attribute' ? 'an attribute' : `a ${specType}`;
}

function kebab(name: string): string {
  return name.replace(/(?<=.)[A-Z]/g, (c) => `-${c}`).toLowerCase();
}
