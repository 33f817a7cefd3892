/**
 * What every edit of a stage begins with: may this object be edited, where do its opinions go, and which spec holds them.
 * Source: OpenUSD usd/stage.cpp (_ValidateEditPrim, _CreatePrimSpecForEditing, _CreatePropertySpecForEditing).
 */
import type { LayerOffset } from '../sdf/layer-offset.ts';
import type { Layer } from '../sdf/layer.ts';
import {
  appendProperty,
  isPropertyPath,
  isValidIdentifier,
  isValidNamespacedIdentifier,
  parentPath,
  ROOT_PATH,
  type Path,
} from '../sdf/path.ts';
import { EditError } from './edit-error.ts';
import type { Prim } from './prim.ts';
import type { Stage } from './stage.ts';

/** Where opinions on an object go; the spec need not be there yet. */
export interface EditSite {
  readonly layer: Layer;
  /** Path of the spec. */
  readonly path: Path;
  /** Layer time → stage time. */
  readonly offset: LayerOffset;
}

/** What a property's spec is made with. */
export interface PropertyFacts {
  readonly kind: 'attribute' | 'relationship';
  /** Attributes only. */
  readonly typeName: string;
  readonly variability: 'varying' | 'uniform';
  readonly isCustom: boolean;
}

/**
 * The edit target's site of a prim path of the stage.
 *
 * @throws EditError `edit-permission` where the layer may not be edited, `edit-unmapped` where the target has no place for the path
 */
export function editSite(stage: Stage, path: Path): EditSite {
  const { layer, offset } = stage.editTarget;
  if (layer === undefined) throw new EditError('edit-invalid-target', path, 'the edit target has no layer');
  assertPermission(layer, path);
  const specPath = stage.editTarget.mapToSpecPath(path);
  if (specPath === undefined)
    throw new EditError('edit-unmapped', path, `the edit target cannot author this path in @${layer.identifier}@`);
  return { layer, path: specPath, offset };
}

/** @throws EditError `edit-permission` */
export function assertPermission(layer: Layer, path: Path): void {
  if (!layer.permissionToEdit) throw new EditError('edit-permission', path, `layer @${layer.identifier}@ may not be edited`);
}

/** The site of a prim, once it is clear that the prim may be edited. The pseudo-root's is the layer itself. */
export function primSite(prim: Prim): EditSite {
  assertEditable(prim);
  return editSite(prim.stage, prim.path);
}

/** As `primSite`, for what the pseudo-root does not have. @throws EditError `edit-invalid-path` for the pseudo-root */
export function childSite(prim: Prim): EditSite {
  if (prim.path === ROOT_PATH) throw new EditError('edit-invalid-path', prim.path, 'the pseudo-root has only metadata');
  return primSite(prim);
}

/** @throws EditError `edit-instance-proxy`, `edit-prototype`, `edit-not-composed` for a prim that is gone */
export function assertEditable(prim: Prim, path: Path = prim.path): void {
  if (!prim.isValid) throw new EditError('edit-not-composed', path, 'the prim is no longer on the stage');
  if (prim.isInstanceProxy)
    throw new EditError('edit-instance-proxy', path, 'what is below an instance is shared with other instances and cannot be edited');
  if (prim.isInPrototype || prim.isPrototype)
    throw new EditError('edit-prototype', path, 'prototypes are made by the stage and cannot be edited');
}

/**
 * Checks a prim path that need not be on the stage yet.
 *
 * @throws EditError `edit-invalid-path`, `edit-invalid-name`, or as `assertEditable` for the nearest prim above it
 */
export function assertEditablePath(stage: Stage, path: Path): void {
  assertPrimPath(path);
  let at = path;
  let prim = stage.getPrimAtPath(at);
  while (prim === undefined && at !== ROOT_PATH) prim = stage.getPrimAtPath((at = parentPath(at)));
  if (prim === undefined) return;
  assertEditable(prim, path);
  if (prim.isInstance && at !== path)
    throw new EditError('edit-instance-proxy', path, `<${at}> is an instance, whose children come from its prototype alone`);
}

/** An absolute path of a prim, without variant selections; `/` is none. */
export function assertPrimPath(path: Path): void {
  const reason = primPathProblem(path);
  if (reason !== undefined) throw new EditError('edit-invalid-path', path, reason);
}

/** Why text is no absolute prim path; undefined where it is one. */
export function primPathProblem(path: string): string | undefined {
  if (!path.startsWith('/') || path === '/') return 'expected an absolute path of a prim';
  if (path.includes('{')) return 'variant selections belong to the edit target, not to paths of the stage';
  if (path.includes('[') || isPropertyPath(path as Path)) return 'expected the path of a prim, found one of a property';
  const bad = path
    .slice(1)
    .split('/')
    .find((name) => !isValidIdentifier(name));
  return bad === undefined ? undefined : `${JSON.stringify(bad)} is no name of a prim`;
}

/** @throws EditError `edit-invalid-name` */
export function assertPropertyName(prim: Prim, name: string): void {
  if (!isValidNamespacedIdentifier(name))
    throw new EditError(
      'edit-invalid-name',
      prim.path,
      `${JSON.stringify(name)} is no name of a property: expected identifiers joined by colons`,
    );
  if (prim.path === ROOT_PATH) throw new EditError('edit-invalid-path', prim.path, 'the pseudo-root has no properties');
}

/** Makes sure that the spec of a prim (or variant) is there, ancestors as `over`. */
export function ensurePrimSpec(site: EditSite): void {
  if (site.path !== ROOT_PATH && !site.layer.hasSpec(site.path)) site.layer.createPrimSpec(site.path);
}

/**
 * The site of a property, and what its spec is to be made with: as the schema says, else as the strongest spec, else as
 * asked for.
 *
 * @throws EditError also `edit-conflict` where the name is taken by another kind of property, `edit-not-composed` where
 *   nothing says what it is
 */
export function propertySite(
  prim: Prim,
  name: string,
  kind: PropertyFacts['kind'],
  requested?: PropertyFacts,
): { readonly site: EditSite; readonly facts: PropertyFacts } {
  assertPropertyName(prim, name);
  const owner = primSite(prim);
  const site = { ...owner, path: appendProperty(owner.path, name) };
  const path = appendProperty(prim.path, name);
  const facts = factsOfBuiltIn(prim, name) ?? factsOfSpec(site) ?? factsOfStrongest(prim, name) ?? requested;
  if (facts === undefined) throw new EditError('edit-not-composed', path, 'no schema and no layer says what this property is');
  const known = site.layer.specType(site.path) ?? facts.kind;
  if (facts.kind !== kind || known !== kind) {
    const other = facts.kind === kind ? known : facts.kind;
    throw new EditError(
      'edit-conflict',
      path,
      `expected ${kind === 'attribute' ? 'an attribute' : 'a relationship'}, found ${other === 'attribute' ? 'an attribute' : 'a relationship'} of that name`,
    );
  }
  return { site, facts };
}

/** Makes sure that the spec of a property is there. */
export function ensurePropertySpec(site: EditSite, facts: PropertyFacts): void {
  const { layer, path } = site;
  if (layer.hasSpec(path)) return;
  const owner = parentPath(path);
  if (!layer.hasSpec(owner)) layer.createPrimSpec(owner);
  layer.createPropertySpec(path, facts.kind, {
    ...(facts.kind === 'attribute' ? { typeName: facts.typeName } : {}),
    variability: facts.variability,
    isCustom: facts.isCustom,
  });
}

/** The property's spec in the edit target; undefined where there is none. */
export function existingPropertySpec(prim: Prim, name: string): EditSite | undefined {
  assertPropertyName(prim, name);
  const owner = primSite(prim);
  const site = { ...owner, path: appendProperty(owner.path, name) };
  return site.layer.hasSpec(site.path) ? site : undefined;
}

function factsOfBuiltIn(prim: Prim, name: string): PropertyFacts | undefined {
  const builtIn = prim.schemaProperty(name);
  if (builtIn === undefined) return undefined;
  const { kind, typeName, variability } = builtIn;
  return { kind, typeName, variability, isCustom: false };
}

function factsOfStrongest(prim: Prim, name: string): PropertyFacts | undefined {
  const [strongest] = prim.propertySites(name);
  return strongest === undefined ? undefined : factsOfSpec(strongest);
}

function factsOfSpec({ layer, path }: { readonly layer: Layer; readonly path: Path }): PropertyFacts | undefined {
  const kind = layer.specType(path);
  if (kind !== 'attribute' && kind !== 'relationship') return undefined;
  return {
    kind,
    typeName: layer.fieldAs(path, 'typeName', 'token') ?? '',
    variability: layer.fieldAs(path, 'variability', 'variability') === 'uniform' ? 'uniform' : 'varying',
    isCustom: layer.fieldAs(path, 'custom', 'bool') ?? false,
  };
}
