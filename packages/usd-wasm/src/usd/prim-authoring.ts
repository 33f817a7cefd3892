/**
 * Edits of a prim: metadata, applied schemas, properties. Source: OpenUSD usd/prim.cpp, usd/object.cpp.
 */
import { changeBlock } from '../sdf/change-block.ts';
import type { ListPosition } from '../sdf/list-op.ts';
import { appendProperty, isValidIdentifier, isValidNamespacedIdentifier, ROOT_PATH } from '../sdf/path.ts';
import { attributeType } from '../sdf/value-type.ts';
import { makeValue } from '../vt/value.ts';
import {
  childSite,
  ensurePrimSpec,
  ensurePropertySpec,
  existingPropertySpec,
  primSite,
  propertySite,
  type PropertyFacts,
} from './authoring.ts';
import { EditError } from './edit-error.ts';
import {
  clearField,
  entryValue,
  metadataField,
  metadataValue,
  withEntry,
  withoutEntry,
  writeField,
  type DictionaryEntry,
  type MetadataInput,
} from './field-authoring.ts';
import { addItem, removeItem } from './list-editing.ts';
import type { Prim } from './prim.ts';
import { findSchema } from './schema-registry.ts';
import { clearStageMetadata, setStageMetadata } from './stage-authoring.ts';

/** As `Prim.setMetadata`. */
export function setPrimMetadata(prim: Prim, name: string, input: MetadataInput): void {
  if (prim.path === ROOT_PATH) {
    setStageMetadata(prim.stage, name, input);
    return;
  }
  const site = primSite(prim);
  const value = metadataValue('prim', name, input, prim.path);
  if (name === 'typeName' && value.type === 'token' && value.value !== '' && !isValidIdentifier(value.value))
    throw new EditError('edit-invalid-name', prim.path, `${JSON.stringify(value.value)} is no name of a prim type`);
  changeBlock(() => {
    ensurePrimSpec(site);
    writeField(site, name, value);
  });
}

/** As `Prim.clearMetadata`. */
export function clearPrimMetadata(prim: Prim, name: string): void {
  if (prim.path === ROOT_PATH) clearStageMetadata(prim.stage, name);
  else clearField('prim', primSite(prim), name, prim.path);
}

/** As `Prim.setMetadataByDictKey`. */
export function setPrimMetadataByDictKey(prim: Prim, name: string, keyPath: string, entry: DictionaryEntry): void {
  const owner = prim.path === ROOT_PATH ? 'layer' : 'prim';
  if (metadataField(owner, name, prim.path).type !== 'dictionary')
    throw new EditError('edit-invalid-field', prim.path, `${JSON.stringify(name)} is no dictionary`);
  const { layer, path } = primSite(prim);
  setPrimMetadata(prim, name, withEntry(layer.fieldAs(path, name, 'dictionary'), keyPath, entryValue(entry, keyPath, prim.path)));
}

/** As `Prim.clearMetadataByDictKey`. */
export function clearPrimMetadataByDictKey(prim: Prim, name: string, keyPath: string): void {
  const { layer, path } = primSite(prim);
  const dictionary = layer.fieldAs(path, name, 'dictionary');
  if (dictionary === undefined) return;
  const left = withoutEntry(dictionary, keyPath);
  if (left.size === 0) clearPrimMetadata(prim, name);
  else setPrimMetadata(prim, name, left);
}

/** As `Prim.applyAPI`. */
export function applyAPI(prim: Prim, name: string, instance: string): void {
  addAppliedSchema(prim, apiName(prim, name, instance), 'backOfPrependList');
}

/** As `Prim.removeAPI`. */
export function removeAPI(prim: Prim, name: string, instance: string): void {
  removeAppliedSchema(prim, apiName(prim, name, instance));
}

/** As `Prim.addAppliedSchema`. */
export function addAppliedSchema(prim: Prim, name: string, position: ListPosition): void {
  assertAppliedName(prim, name);
  const site = childSite(prim);
  const op = site.layer.fieldAs(site.path, API_SCHEMAS.name, 'tokenListOp');
  if (op !== undefined && (op.isExplicit ? op.explicitItems : [...op.prependedItems, ...op.appendedItems]).includes(name)) return;
  changeBlock(() => {
    ensurePrimSpec(site);
    addItem(site, API_SCHEMAS, name, position);
  });
}

/** As `Prim.removeAppliedSchema`. */
export function removeAppliedSchema(prim: Prim, name: string): void {
  assertAppliedName(prim, name);
  const site = childSite(prim);
  changeBlock(() => {
    ensurePrimSpec(site);
    removeItem(site, API_SCHEMAS, name);
  });
}

/** Makes a property's spec, of the requested facts where neither schema nor layers know better. */
export function createProperty(prim: Prim, name: string, requested: PropertyFacts): void {
  if (requested.kind === 'attribute' && attributeType(requested.typeName) === undefined)
    throw new EditError(
      'edit-value-type',
      appendProperty(prim.path, name),
      `expected a value type such as float3[], found ${JSON.stringify(requested.typeName)}`,
    );
  const { site, facts } = propertySite(prim, name, requested.kind, requested);
  changeBlock(() => ensurePropertySpec(site, facts));
}

/** As `Prim.removeProperty`. */
export function removeProperty(prim: Prim, name: string): boolean {
  const site = existingPropertySpec(prim, name);
  site?.layer.removeSpec(site.path);
  return site !== undefined;
}

/** Sets the order that prims or properties are to be in; undefined leaves it to weaker layers. */
export function setOrder(prim: Prim, field: 'primOrder' | 'propertyOrder', names: readonly string[] | undefined): void {
  const isName = field === 'primOrder' ? isValidIdentifier : isValidNamespacedIdentifier;
  const bad = names?.find((name) => !isName(name));
  if (bad !== undefined)
    throw new EditError(
      'edit-invalid-name',
      prim.path,
      `${JSON.stringify(bad)} is no name of a ${field === 'primOrder' ? 'prim' : 'property'}`,
    );
  if (prim.path === ROOT_PATH && field === 'propertyOrder')
    throw new EditError('edit-invalid-path', prim.path, 'the pseudo-root has no properties');
  const site = primSite(prim);
  if (names === undefined) {
    if (site.layer.field(site.path, field) !== undefined) site.layer.setField(site.path, field, undefined);
    return;
  }
  changeBlock(() => {
    ensurePrimSpec(site);
    site.layer.setField(site.path, field, makeValue('tokenVector', [...names]));
  });
}

const API_SCHEMAS = { name: 'apiSchemas', type: 'tokenListOp' } as const;

/** Name of an applied schema that the registry knows: with an instance exactly where it can be applied several times. */
function apiName(prim: Prim, name: string, instance: string): string {
  const kind = findSchema(name)?.kind;
  if (kind !== 'api' && kind !== 'multi') throw new EditError('edit-invalid-schema', prim.path, `${JSON.stringify(name)} is no API schema`);
  if ((kind === 'multi') === (instance === ''))
    throw new EditError(
      'edit-invalid-schema',
      prim.path,
      kind === 'multi'
        ? `${name} needs an instance name`
        : `${name} is applied once: it takes no instance name, found ${JSON.stringify(instance)}`,
    );
  return instance === '' ? name : `${name}:${instance}`;
}

function assertAppliedName(prim: Prim, name: string): void {
  if (!isValidNamespacedIdentifier(name))
    throw new EditError('edit-invalid-schema', prim.path, `${JSON.stringify(name)} is no name of a schema`);
}
