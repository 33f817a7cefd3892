import type { SpecSite } from '../pcp/prim-index.ts';
import type { Layer } from '../sdf/layer.ts';
import type { Path } from '../sdf/path.ts';
import type { Problem } from '../tf/reporter.ts';
import { clipSetDefinitions } from './clip-set-definition.ts';
import type { AssetPathResolver } from './value-resolution.ts';

/** What became of a layer that was asked for. */
type FindLayer = (identifier: string) => Layer | 'pending' | { readonly failed: string };

/**
 * What is wrong with a prim's value clips: sets that lack what they need, and files that cannot be read. The files of a
 * template are looked for, not asked for: the missing ones are no problem.
 */
export function clipProblems(
  path: Path,
  primStack: readonly SpecSite[],
  resolveAssetPath: AssetPathResolver,
  find: FindLayer,
  mostClips?: number,
): Problem[] {
  const problems: Problem[] = [];
  const sets = clipSetDefinitions(primStack, mostClips, (name, anchor, reason) =>
    problems.push({
      code: 'clip-set-ignored',
      severity: 'warning',
      path,
      asset: anchor.layer.identifier,
      message: `Clip set "${name}" of <${path}> is ignored: ${reason}`,
    }),
  );
  for (const { name, anchor, isTemplate, assetPaths, manifestPath } of sets) {
    const wanted = [...(isTemplate ? [] : assetPaths), ...(manifestPath === undefined ? [] : [manifestPath])];
    for (const assetPath of new Set(wanted)) {
      const identifier = resolveAssetPath(anchor, assetPath);
      const layer = find(identifier);
      if (layer === 'pending' || !('failed' in layer)) continue;
      problems.push({
        code: 'clip-unreadable',
        severity: 'error',
        path,
        asset: identifier,
        message: `Value clip @${assetPath}@ of set "${name}" of <${path}> cannot be read: ${layer.failed}`,
      });
    }
  }
  return problems;
}
