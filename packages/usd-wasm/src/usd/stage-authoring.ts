/**
 * Edits of a stage by path: prims, and the metadata of its root and session layers. Source: OpenUSD usd/stage.cpp.
 */
import { changeBlock, isInChangeBlock } from '../sdf/change-block.ts';
import { isValidIdentifier, nameOf, parentPath, ROOT_PATH, type Path } from '../sdf/path.ts';
import { makeValue } from '../vt/value.ts';
import { assertEditablePath, assertPermission, editSite, ensurePrimSpec, type EditSite } from './authoring.ts';
import { EditError } from './edit-error.ts';
import type { EditTarget } from './edit-target.ts';
import { clearField, metadataField, metadataValue, writeField, type MetadataInput } from './field-authoring.ts';
import type { Prim } from './prim.ts';
import type { Stage } from './stage.ts';

/** As `Stage.definePrim`. */
export function definePrim(stage: Stage, path: Path, typeName: string): Prim {
  if (path === ROOT_PATH) return stage.pseudoRoot;
  assertTypeName(path, typeName);
  assertEditablePath(stage, path);
  assertComposable(stage, path);
  const edits: { readonly site: EditSite; readonly typeName: string }[] = [];
  for (const at of [...ancestorsOf(path), path]) {
    const prim = stage.getPrimAtPath(at);
    const wanted = at === path ? typeName : '';
    // Once its ancestors are defined, a prim is where it has a specifier other than `over`.
    if (prim === undefined || prim.specifier === 'over' || (wanted !== '' && prim.typeName !== wanted))
      edits.push({ site: editSite(stage, at), typeName: wanted });
  }
  changeBlock(() => {
    for (const { site, typeName: wanted } of edits) {
      const { layer, path: specPath } = site;
      ensurePrimSpec(site);
      if ((layer.fieldAs(specPath, 'specifier', 'specifier') ?? 'over') === 'over')
        layer.setField(specPath, 'specifier', makeValue('specifier', 'def'));
      if (wanted !== '' && layer.fieldAs(specPath, 'typeName', 'token') !== wanted)
        layer.setField(specPath, 'typeName', makeValue('token', wanted));
    }
  });
  return composedPrim(stage, path);
}

/** As `Stage.overridePrim`. */
export function overridePrim(stage: Stage, path: Path): Prim {
  if (path === ROOT_PATH) return stage.pseudoRoot;
  assertEditablePath(stage, path);
  assertComposable(stage, path);
  ensurePrimSpec(editSite(stage, path));
  return composedPrim(stage, path);
}

/** As `Stage.createClassPrim`. */
export function createClassPrim(stage: Stage, path: Path): Prim {
  assertEditablePath(stage, path);
  assertComposable(stage, path);
  const { editTarget } = stage;
  if (!editTarget.mapping.isPathIdentity)
    throw new EditError('edit-invalid-target', path, 'classes are made in layers of the stage itself: the edit target leads across an arc');
  const prim = stage.getPrimAtPath(path);
  if (prim?.isDefined === true && prim.specifier !== 'class')
    throw new EditError('edit-conflict', path, `a prim with the specifier "${prim.specifier}" is there already`);
  if (prim?.specifier !== 'class') {
    const site = editSite(stage, path);
    changeBlock(() => {
      ensurePrimSpec(site);
      site.layer.setField(site.path, 'specifier', makeValue('specifier', 'class'));
    });
  }
  return composedPrim(stage, path);
}

/** As `Stage.removePrim`. */
export function removePrim(stage: Stage, path: Path): boolean {
  assertEditablePath(stage, path);
  const { layer, path: specPath } = editSite(stage, path);
  if (!layer.hasSpec(specPath)) return false;
  layer.removeSpec(specPath);
  return true;
}

/** As `Stage.setDefaultPrim`. */
export function setDefaultPrim(stage: Stage, prim: Prim): void {
  if (prim.path === ROOT_PATH || prim.stage !== stage) throw new EditError('edit-invalid-path', prim.path, 'expected a prim of the stage');
  const { rootLayer } = stage;
  assertPermission(rootLayer, ROOT_PATH);
  const name = parentPath(prim.path) === ROOT_PATH ? prim.name : prim.path;
  rootLayer.setField(ROOT_PATH, 'defaultPrim', makeValue('token', name));
}

/** As `Stage.clearDefaultPrim`. */
export function clearDefaultPrim({ rootLayer }: Stage): void {
  assertPermission(rootLayer, ROOT_PATH);
  if (rootLayer.field(ROOT_PATH, 'defaultPrim') !== undefined) rootLayer.setField(ROOT_PATH, 'defaultPrim', undefined);
}

/** As `Stage.setMetadata`. */
export function setStageMetadata(stage: Stage, name: string, input: MetadataInput): void {
  const value = metadataValue('layer', name, input, ROOT_PATH);
  writeField(stageSite(stage, name), name, value);
}

/** As `Stage.clearMetadata`. */
export function clearStageMetadata(stage: Stage, name: string): void {
  clearField('layer', stageSite(stage, name), name, ROOT_PATH);
}

/** A number of the stage's metadata that must be finite, or above zero. */
export function setStageNumber(stage: Stage, name: string, value: number, isPositive: boolean): void {
  if (!Number.isFinite(value) || (isPositive && value <= 0))
    throw new EditError(
      'edit-value-type',
      ROOT_PATH,
      `${name}: expected a ${isPositive ? 'number above 0' : 'finite number'}, found ${value}`,
    );
  setStageMetadata(stage, name, value);
}

/**
 * Checks a new edit target of a stage.
 *
 * @throws EditError `edit-invalid-target`
 */
export function assertEditTarget(stage: Stage, target: EditTarget): void {
  const { layer } = target;
  if (layer === undefined) throw new EditError('edit-invalid-target', ROOT_PATH, 'the edit target has no layer');
  if (target.mapping.isPathIdentity && !stage.cache.layerStack.layers.includes(layer))
    throw new EditError('edit-invalid-target', ROOT_PATH, `@${layer.identifier}@ is not in the layer stack of the stage`);
}

/** Type names that text can hold: identifiers. */
function assertTypeName(path: Path, typeName: string): void {
  if (typeName !== '' && !isValidIdentifier(typeName))
    throw new EditError('edit-invalid-name', path, `${JSON.stringify(typeName)} is no name of a prim type`);
}

/** Only the root layer and the session layer have a say in the stage's metadata. */
function stageSite(stage: Stage, name: string): EditSite {
  metadataField('layer', name, ROOT_PATH);
  const { layer, offset } = stage.editTarget;
  if (layer === undefined || (layer !== stage.rootLayer && layer !== stage.sessionLayer))
    throw new EditError(
      'edit-stage-metadata',
      ROOT_PATH,
      `${JSON.stringify(name)} can only be set in the root or session layer, which @${layer?.identifier ?? ''}@ is not`,
    );
  assertPermission(layer, ROOT_PATH);
  return { layer, path: ROOT_PATH, offset };
}

/** Parents first; without the pseudo-root and the path itself. */
function ancestorsOf(path: Path): Path[] {
  const ancestors: Path[] = [];
  for (let at = parentPath(path); at !== ROOT_PATH; at = parentPath(at)) ancestors.unshift(at);
  return ancestors;
}

/** Throws where a spec at this path would show no prim, or not at once. */
function assertComposable(stage: Stage, path: Path): void {
  if (isInChangeBlock() && stage.getPrimAtPath(path) === undefined)
    throw new EditError(
      'edit-in-change-block',
      path,
      'new prims are composed when the change block ends: make them outside of it, or in the layer by createPrimSpec',
    );
  if (stage.populationMask?.includes(path) === false)
    throw new EditError('edit-not-composed', path, "the path is outside of the stage's population mask");
  for (const at of [...ancestorsOf(path), path]) {
    const prim = stage.getPrimAtPath(at);
    if (prim !== undefined && !prim.isActive && at !== path)
      throw new EditError('edit-not-composed', path, `<${at}> is inactive: what is below it is not on the stage`);
    if (prim !== undefined) continue;
    const parent = stage.getPrimAtPath(parentPath(at));
    if (parent?.index.prohibitedChildNames.includes(nameOf(at)) === true)
      throw new EditError('edit-not-composed', path, `<${at}> was relocated elsewhere, and nothing else may take its place`);
    return;
  }
}

function composedPrim(stage: Stage, path: Path): Prim {
  const prim = stage.getPrimAtPath(path);
  if (prim === undefined) throw new EditError('edit-not-composed', path, 'the spec is authored, but the stage does not show this prim');
  return prim;
}
