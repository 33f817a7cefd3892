/** The property table of one prim at one time. */
import type { Attribute, Prim, Relationship } from 'usd-wasm';
import type { PrimDetails, PropertyRow, VariantSetEntry } from '../../share/protocol/engine.ts';
import { elementCountOf, formatValue } from './format-value.ts';

/** Metadata worth a row, in this order. */
const METADATA = ['kind', 'displayName', 'documentation', 'comment', 'active', 'hidden', 'instanceable', 'assetInfo', 'customData'];

export function primDetails(prim: Prim, time: number): PrimDetails {
  const properties: PropertyRow[] = [];
  for (const name of prim.getPropertyNames()) {
    const attribute = prim.getAttribute(name);
    if (attribute !== undefined) properties.push(attributeRow(attribute, time));
    else {
      const relationship = prim.getRelationship(name);
      if (relationship !== undefined) properties.push(relationshipRow(relationship));
    }
  }
  properties.push(...metadataRows(prim));
  return { path: prim.path, typeName: prim.typeName, properties, variantSets: variantSetsOf(prim) };
}

export function variantSetsOf(prim: Prim): VariantSetEntry[] {
  return prim.getVariantSets().map((set) => ({
    primPath: prim.path,
    set: set.name,
    variants: set.getVariantNames(),
    selection: set.getVariantSelection(),
  }));
}

function attributeRow(attribute: Attribute, time: number): PropertyRow {
  const value = attribute.getValue(time);
  const elementCount = elementCountOf(value);
  return {
    name: attribute.name,
    kind: 'attribute',
    typeName: attribute.typeName,
    value: formatValue(value),
    isAuthored: attribute.isAuthored,
    source: attribute.valueSource,
    connections: attribute.getConnections(),
    ...(elementCount === undefined ? {} : { elementCount }),
  };
}

function relationshipRow(relationship: Relationship): PropertyRow {
  const targets = relationship.getTargets();
  return {
    name: relationship.name,
    kind: 'relationship',
    typeName: 'rel',
    value: targets.join(', '),
    isAuthored: relationship.isAuthored,
    source: targets.length > 0 ? 'default' : 'none',
    connections: targets,
  };
}

function metadataRows(prim: Prim): PropertyRow[] {
  const row = (name: string, typeName: string, value: string): PropertyRow => ({
    name,
    kind: 'metadata',
    typeName,
    value,
    isAuthored: true,
    source: 'default',
    connections: [],
  });
  const rows: PropertyRow[] = [];
  for (const name of METADATA) {
    const value = prim.getMetadata(name);
    if (value !== undefined) rows.push(row(name, value.type, formatValue(value)));
  }
  if (prim.appliedSchemas.length > 0) rows.push(row('apiSchemas', 'token[]', prim.appliedSchemas.join(', ')));
  return rows;
}
