/**
 * Edits of attributes and relationships. Source: OpenUSD usd/attribute.cpp, usd/relationship.cpp, usd/stage.cpp (_SetValue).
 */
import { changeBlock } from '../sdf/change-block.ts';
import type { ListPosition } from '../sdf/list-op.ts';
import type { Path } from '../sdf/path.ts';
import { attributeType, storageTypeOf } from '../sdf/value-type.ts';
import { makeValue, type Spline, type Value } from '../vt/value.ts';
import type { Attribute } from './attribute.ts';
import { ensurePropertySpec, existingPropertySpec, propertySite, type EditSite } from './authoring.ts';
import { EditError } from './edit-error.ts';
import { clearField, metadataValue, writeField, type MetadataInput } from './field-authoring.ts';
import { toLayerValue } from './layer-value.ts';
import { addItem, clearItems, removeItem, setItems, targetPathForAuthoring } from './list-editing.ts';
import type { Relationship } from './relationship.ts';
import { toLayerTime } from './value-resolution.ts';
import { isMismatch, isValue, toValue, type ValueInput } from './value-input.ts';

/** As `Attribute.set`. */
export function setValue(attribute: Attribute, input: ValueInput, timeCode: number | undefined): void {
  const { site, facts } = propertySite(attribute.prim, attribute.name, 'attribute');
  const typeName = attribute.typeName === '' ? facts.typeName : attribute.typeName;
  const value = toLayerValue(valueForAuthoring(attribute.path, typeName, input, timeCode), site.offset);
  changeBlock(() => {
    ensurePropertySpec(site, facts);
    if (timeCode === undefined) site.layer.setField(site.path, 'default', value);
    else site.layer.setTimeSample(site.path, toLayerTime(site.offset, timeCode), value);
  });
}

/** As `Attribute.clear`. */
export function clearValue(attribute: Attribute): void {
  const site = existingSite(attribute);
  if (site !== undefined) changeBlock(() => clearFields(site, VALUE_FIELDS));
}

/** As `Attribute.clearDefault`. */
export function clearDefault(attribute: Attribute): void {
  const site = existingSite(attribute);
  if (site !== undefined) clearFields(site, ['default']);
}

/** As `Attribute.clearAtTime`. */
export function clearAtTime(attribute: Attribute, timeCode: number): void {
  assertTime(attribute.path, timeCode);
  const site = existingSite(attribute);
  if (site?.layer.field(site.path, 'timeSamples') !== undefined)
    site.layer.setTimeSample(site.path, toLayerTime(site.offset, timeCode), undefined);
}

/** As `Attribute.block` and `Attribute.blockAnimation`. */
export function blockValue(attribute: Attribute, type: 'block' | 'animationBlock'): void {
  edit(attribute, (site) => {
    clearFields(site, VALUE_FIELDS);
    site.layer.setField(site.path, 'default', makeValue(type, null));
  });
}

/** As `Attribute.setSpline`. */
export function setSpline(attribute: Attribute, spline: Spline): void {
  const type = storageTypeOf(attribute.typeName);
  if (type !== spline.valueType)
    throw new EditError(
      'edit-value-type',
      attribute.path,
      `expected a spline of type ${type ?? attribute.typeName}, found one of type ${spline.valueType}`,
    );
  for (let i = 0; i < spline.knots.length; i++) {
    const time = spline.knots[i]?.time ?? NaN;
    if (!Number.isFinite(time) || (i > 0 && time <= (spline.knots[i - 1]?.time ?? NaN)))
      throw new EditError('edit-value-type', attribute.path, `expected knots at ascending times, found ${time} at knot ${i}`);
  }
  edit(attribute, (site) => writeField(site, 'spline', makeValue('spline', spline)));
}

/** As `Attribute.clearSpline`. */
export function clearSpline(attribute: Attribute): void {
  const site = existingSite(attribute);
  if (site !== undefined) clearFields(site, ['spline']);
}

/** As `Attribute.setTypeName`. */
export function setTypeName(attribute: Attribute, typeName: string): void {
  const type = attributeType(typeName);
  if (type === undefined)
    throw new EditError('edit-value-type', attribute.path, `expected a value type such as float3[], found ${JSON.stringify(typeName)}`);
  edit(attribute, (site) => site.layer.setField(site.path, 'typeName', makeValue('token', type.name)));
}

/** As `setMetadata` of attributes and relationships. */
export function setPropertyMetadata(property: Attribute | Relationship, name: string, input: MetadataInput): void {
  const value = metadataValue(kindOf(property), name, input, property.path);
  edit(property, (site) => writeField(site, name, value));
}

/** As `clearMetadata` of attributes and relationships. */
export function clearPropertyMetadata(property: Attribute | Relationship, name: string): void {
  const site = existingSite(property);
  if (site !== undefined) clearField(kindOf(property), site, name, property.path);
}

/** As `Relationship.addTarget` and `Attribute.addConnection`. */
export function addTarget(property: Attribute | Relationship, target: Path, position: ListPosition): void {
  const item = targetPathForAuthoring(property.prim.stage, property.path, target);
  edit(property, (site) => addItem(site, listOf(property), item, position));
}

/** As `Relationship.removeTarget` and `Attribute.removeConnection`. */
export function removeTarget(property: Attribute | Relationship, target: Path): void {
  const item = targetPathForAuthoring(property.prim.stage, property.path, target);
  edit(property, (site) => removeItem(site, listOf(property), item));
}

/** As `Relationship.setTargets` and `Attribute.setConnections`. */
export function setTargets(property: Attribute | Relationship, targets: readonly Path[]): void {
  const items = targets.map((target) => targetPathForAuthoring(property.prim.stage, property.path, target));
  edit(property, (site) => setItems(site, listOf(property), items));
}

/** As `Relationship.clearTargets` and `Attribute.clearConnections`. */
export function clearTargets(property: Attribute | Relationship, removeSpec: boolean): void {
  const site = existingSite(property);
  if (site === undefined) return;
  if (removeSpec) site.layer.removeSpec(site.path);
  else clearItems(site, listOf(property));
}

const VALUE_FIELDS = ['default', 'timeSamples', 'spline'] as const;

function edit(property: Attribute | Relationship, change: (site: EditSite) => void): void {
  const { site, facts } = propertySite(property.prim, property.name, kindOf(property));
  changeBlock(() => {
    ensurePropertySpec(site, facts);
    change(site);
  });
}

function existingSite(property: Attribute | Relationship): EditSite | undefined {
  return existingPropertySpec(property.prim, property.name);
}

function clearFields({ layer, path }: EditSite, names: readonly string[]): void {
  for (const name of names) if (layer.field(path, name) !== undefined) layer.setField(path, name, undefined);
}

function kindOf(property: Attribute | Relationship): 'attribute' | 'relationship' {
  return 'getConnections' in property ? 'attribute' : 'relationship';
}

function listOf(property: Attribute | Relationship): { readonly name: string; readonly type: 'pathListOp' } {
  return { name: kindOf(property) === 'attribute' ? 'connectionPaths' : 'targetPaths', type: 'pathListOp' };
}

/** The data in the attribute's type; blocks and array edits where they may be. */
function valueForAuthoring(path: Path, typeName: string, input: ValueInput, timeCode: number | undefined): Value {
  if (timeCode !== undefined) assertTime(path, timeCode);
  const type = storageTypeOf(typeName);
  if (type === undefined) throw new EditError('edit-value-type', path, `attributes of type ${JSON.stringify(typeName)} hold no value`);
  if (isValue(input)) {
    if (input.type === 'block' || (input.type === 'animationBlock' && timeCode === undefined)) return input;
    if (input.type === 'arrayEdit' && `${input.value.elementType}[]` === type) return input;
  }
  const value = toValue(type, input);
  if (isMismatch(value)) {
    const expected = type === typeName ? value.expected : `${typeName}, that is ${value.expected}`;
    throw new EditError('edit-value-type', path, `expected ${expected}, found ${value.found}`);
  }
  return value;
}

function assertTime(path: Path, timeCode: number): void {
  if (!Number.isFinite(timeCode)) throw new EditError('edit-value-type', path, `expected a finite time code, found ${timeCode}`);
}
