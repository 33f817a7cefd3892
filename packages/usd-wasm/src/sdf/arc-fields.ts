/** Fields that add arcs, as bits of a mask. */
export const ARC_FIELD = { references: 1, payload: 2, inherits: 4, specializes: 8, variants: 16 } as const;

const BITS: ReadonlyMap<string, number> = new Map([
  ['references', ARC_FIELD.references],
  ['payload', ARC_FIELD.payload],
  ['inheritPaths', ARC_FIELD.inherits],
  ['specializes', ARC_FIELD.specializes],
  ['variantSetNames', ARC_FIELD.variants],
]);

/** Fields that composition follows elsewhere, or that make a prim share or choose what it has, or take values from clips. */
export const ARC_FIELDS: ReadonlySet<string> = new Set([
  ...BITS.keys(),
  'variantSetChildren',
  'variantSelection',
  'relocates',
  'layerRelocates',
  'instanceable',
  'clips',
]);

/** Which of a spec's fields add arcs. */
export function arcFieldsOf(names: readonly string[]): number {
  let mask = 0;
  for (let i = 0; i < names.length; i++) mask |= BITS.get(names[i] as string) ?? 0;
  return mask;
}
