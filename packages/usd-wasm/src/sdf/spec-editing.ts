/**
 * Making, removing, moving and ordering specs. Source: OpenUSD sdf/primSpec.cpp (SdfCreatePrimInLayer), sdf/variantSpec.cpp,
 * sdf/childrenUtils.cpp. Called inside of change blocks.
 */
import { makeValue, valueAs } from '../vt/value.ts';
import type { SpecType } from './layer-data.ts';
import type { LayerEditor } from './layer-editor.ts';
import { addListOpItem, makeListOp } from './list-op.ts';
import {
  endsInVariant,
  hasPrefix,
  isValidNamespacedIdentifier,
  nameOf,
  primPathOf,
  replacePrefix,
  ROOT_PATH,
  variantOf,
  type Path,
} from './path.ts';
import { childPlaceOf, specTree } from './spec-tree.ts';
import { attributeType } from './value-type.ts';

/** What a new property spec says of itself. */
export interface PropertySpecOptions {
  /** Of an attribute, e.g. `color3f[]`; it needs one. */
  readonly typeName?: string;
  /** By default `varying` for an attribute, `uniform` for a relationship. */
  readonly variability?: 'varying' | 'uniform';
  /** No schema has it; false by default. */
  readonly isCustom?: boolean;
}

const NAME = String.raw`[\p{XID_Start}_]\p{XID_Continue}*`;
const VARIANT = String.raw`\{[\p{XID_Start}_][\p{XID_Continue}\-]*=\.?[\p{XID_Continue}|\-]*\}`;
/** A name follows a variant selection directly, and anything else after a slash. */
const PRIM_PATH = new RegExp(String.raw`^/${NAME}(?:${VARIANT}|(?<=\})${NAME}|(?<!\})/${NAME})*$`, 'u');

/** Makes the spec of a prim, variant or variant set and those above it that are missing, these as `over`. */
export function createPrimSpec(editor: LayerEditor, path: Path, specifier: 'def' | 'over' | 'class', typeName: string): void {
  if (path === ROOT_PATH || editor.data.specType(path) !== undefined) return;
  if (!PRIM_PATH.test(path) || /=\}./u.test(path)) editor.fail('layer-invalid-path', path, 'this is not the path of a prim or variant');
  const missing: Path[] = [];
  for (let at = path; editor.data.specType(at) === undefined; at = childPlaceOf(at).parent) missing.push(at);
  for (let at = missing.pop(); at !== undefined; at = missing.pop()) {
    const type = typeOfPath(at);
    editor.addSpec(at, type);
    if (type === 'prim') {
      editor.setField(at, 'specifier', makeValue('specifier', at === path ? specifier : 'over'));
      if (at === path && typeName !== '') editor.setField(at, 'typeName', makeValue('token', typeName));
    } else if (type === 'variantSet') nameVariantSet(editor, at);
  }
}

/** Makes the spec of a property, and of its prim and those above where they are missing. */
export function createPropertySpec(
  editor: LayerEditor,
  path: Path,
  type: 'attribute' | 'relationship',
  options: PropertySpecOptions,
): void {
  const known = editor.data.specType(path);
  if (known === type) return;
  if (known !== undefined)
    editor.fail('layer-spec-exists', path, `there is a spec of type ${known}, where one of type ${type} is to be made`);
  const prim = primPathOf(path);
  if (prim === path || prim === ROOT_PATH || `${prim}.${nameOf(path)}` !== path || !isValidNamespacedIdentifier(nameOf(path)))
    editor.fail('layer-invalid-path', path, 'this is not the path of a property');
  const { typeName = '', isCustom = false, variability = type === 'attribute' ? 'varying' : 'uniform' } = options;
  if (type === 'attribute' && typeName === '') editor.fail('layer-invalid-edit', path, 'an attribute needs a type name');
  createPrimSpec(editor, prim, 'over', '');
  editor.addSpec(path, type);
  if (type === 'attribute') editor.setField(path, 'typeName', makeValue('token', attributeType(typeName)?.name ?? typeName));
  editor.setField(path, 'custom', makeValue('bool', isCustom));
  editor.setField(path, 'variability', makeValue('variability', variability));
}

/** Removes a spec with all below it. Lists of names (`variantSetNames`, `primOrder`, …) stay as they are. */
export function removeSpec(editor: LayerEditor, path: Path): boolean {
  if (path === ROOT_PATH || editor.data.specType(path) === undefined) return false;
  editor.removeSpecs(specTree(editor.data, path));
  editor.unlistChild(path);
  return true;
}

/** Moves a spec with all below it to where none is. Paths in values stay as they are. */
export function moveSpec(editor: LayerEditor, from: Path, to: Path, index: number | undefined): void {
  const { data } = editor;
  const type = data.specType(from);
  if (type === undefined || from === ROOT_PATH) editor.fail('layer-no-spec', from, 'there is no spec to move');
  if (from === to && index === undefined) return;
  const place = childPlaceOf(to);
  if (childPlaceOf(from).field !== place.field || (type !== 'attribute' && type !== 'relationship' && typeOfPath(to) !== type))
    editor.fail('layer-invalid-path', to, `a spec of type ${type} cannot be here`);
  if (type === 'attribute' || type === 'relationship' ? !isValidNamespacedIdentifier(nameOf(to)) : !PRIM_PATH.test(to))
    editor.fail('layer-invalid-path', to, 'this is not a path that a spec can have');
  if (from !== to && data.specType(to) !== undefined)
    editor.fail('layer-spec-exists', to, `there is a spec where <${from}> is to be moved to`);
  if (from !== to && hasPrefix(to, from)) editor.fail('layer-invalid-path', to, `<${from}> cannot be moved below itself`);
  if (data.specType(place.parent) === undefined) editor.fail('layer-no-spec', place.parent, `there is no spec to move <${from}> to`);
  const oldPlace = childPlaceOf(from);
  const oldIndex = oldPlace.parent === place.parent ? editor.layer.childNames(oldPlace.parent, oldPlace.field).indexOf(oldPlace.name) : -1;
  editor.unlistChild(from);
  if (from !== to) moveTree(editor, from, to);
  editor.listChild(to, index ?? (oldIndex >= 0 ? oldIndex : undefined));
}

/** Sets the order of children; `names` are those that there are. */
export function reorderChildren(editor: LayerEditor, path: Path, field: 'primChildren' | 'properties', names: readonly string[]): void {
  const known = editor.layer.childNames(path, field);
  const unknown = new Set(known);
  for (const name of names) if (!unknown.delete(name)) editor.fail('layer-invalid-edit', path, `'${name}' is no child, or named twice`);
  if (unknown.size > 0)
    editor.fail('layer-invalid-edit', path, `the order leaves out ${[...unknown].map((name) => `'${name}'`).join(', ')}`);
  if (names.length > 0) editor.setField(path, field, makeValue('tokenVector', [...names]));
}

/** Path below `to` that corresponds to one at or below `from`; variants belong to their sets here. */
export function replaceTreePrefix(path: Path, from: Path, to: Path): Path {
  const isSet = endsInVariant(from) && variantOf(from)?.[1] === '';
  return isSet ? (`${to.slice(0, -1)}${path.slice(from.length - 1)}` as Path) : replacePrefix(path, from, to);
}

function moveTree(editor: LayerEditor, from: Path, to: Path): void {
  const paths = specTree(editor.data, from);
  const newPaths = paths.map((path) => replaceTreePrefix(path, from, to));
  const specs = editor.removeSpecs(paths);
  // Specs that no children field names are in nobody's way.
  const orphans = newPaths.filter((path) => editor.data.specType(path) !== undefined);
  if (orphans.length > 0) editor.removeSpecs(orphans);
  editor.insertSpecs(newPaths, specs);
}

function typeOfPath(path: Path): SpecType {
  if (!endsInVariant(path)) return 'prim';
  return variantOf(path)?.[1] === '' ? 'variantSet' : 'variant';
}

/** Adds a set to `variantSetNames`, as `UsdVariantSets::AddVariantSet` does. */
function nameVariantSet(editor: LayerEditor, setPath: Path): void {
  const { parent, name } = childPlaceOf(setPath);
  const names = valueAs(editor.data.field(parent, 'variantSetNames'), 'stringListOp') ?? makeListOp<string>();
  const isNamed = [names.explicitItems, names.prependedItems, names.appendedItems, names.addedItems].some((items) => items.includes(name));
  if (!isNamed) editor.setField(parent, 'variantSetNames', makeValue('stringListOp', addListOpItem(names, name, 'backOfPrependList')));
}
