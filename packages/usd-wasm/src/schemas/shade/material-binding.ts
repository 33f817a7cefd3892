/** Which material a prim is bound to. Source: OpenUSD usdShade/materialBindingAPI.cpp; schemas.md 3.3. */
import { isPropertyPath, type Path } from '../../sdf/path.ts';
import type { Prim, PrimFact } from '../../usd/prim.ts';
import type { Relationship } from '../../usd/relationship.ts';
import { collectionIncludes, collectionQuery, parseCollectionPath, type CollectionQuery } from '../collection.ts';
import { readText } from '../value-readers.ts';

/** `''` asks for the binding of all purposes only. */
export type MaterialPurpose = 'full' | 'preview' | '';

const BINDING = 'material:binding';
const COLLECTION = 'collection';

interface DirectBinding {
  readonly relationship: Relationship;
  readonly purpose: string;
  readonly material: Path;
  readonly isStrong: boolean;
}

interface CollectionBinding {
  readonly purpose: string;
  readonly material: Path;
  readonly collection: CollectionQuery;
  readonly isStrong: boolean;
}

interface PrimBindings {
  readonly direct: readonly DirectBinding[];
  readonly collections: readonly CollectionBinding[];
}

/** Asked for again and again by everything below a prim. */
const BINDINGS: PrimFact<PrimBindings> = { compute: readBindings };
const NO_BINDINGS: PrimBindings = { direct: [], collections: [] };

/**
 * The material that a prim (or GeomSubset) is drawn with: nearest binding wins, a collection binding beats the direct one
 * of the same prim, and ancestors win where they are stronger than descendants. Any binding of the asked purpose beats those of
 * all purposes.
 *
 * @returns undefined where nothing is bound, or what is bound is no Material
 */
export function computeBoundMaterial(prim: Prim, purpose: MaterialPurpose = ''): Prim | undefined {
  for (const wanted of purpose === '' ? [''] : [purpose, '']) {
    const bound = boundPath(prim, wanted, purpose);
    if (bound === undefined) continue;
    const material = prim.stage.getPrimAtPath(bound);
    return material?.isA('Material') === true ? material : undefined;
  }
  return undefined;
}

/** Path of the material bound directly on a prim for a purpose, whether or not it exists. */
export function directBinding(prim: Prim, purpose: MaterialPurpose = ''): Path | undefined {
  return bindingsOf(prim).direct.find((binding) => binding.purpose === purpose)?.material;
}

function boundPath(prim: Prim, wanted: string, purpose: string): Path | undefined {
  let bound: Path | undefined;
  for (let p: Prim | undefined = prim; p !== undefined; p = p.parent) {
    const { direct, collections } = bindingsOf(p);
    if (direct.length === 0 && collections.length === 0) continue;
    const own = direct.find((binding) => binding.purpose === purpose) ?? direct.find((binding) => binding.purpose === '');
    let isBoundHere = false;
    if (own !== undefined && own.purpose === wanted && (bound === undefined || own.isStrong)) {
      bound = own.material;
      isBoundHere = true;
    }
    for (const binding of collections) {
      if (binding.purpose !== wanted || !(bound === undefined || isBoundHere || binding.isStrong)) continue;
      if (!collectionIncludes(binding.collection, prim)) continue;
      bound = binding.material;
      break;
    }
  }
  return bound;
}

function bindingsOf(prim: Prim): PrimBindings {
  const names = prim.getAuthoredPropertyNames();
  for (let i = 0; i < names.length; i++) if ((names[i] as string).startsWith(BINDING)) return prim.fact(BINDINGS);
  return NO_BINDINGS;
}

/** Composed order decides between collection bindings of one prim. */
function orderedNames(prim: Prim, names: readonly string[]): readonly string[] {
  return names.length === 1 ? names : prim.getPropertyNames().filter((name) => names.includes(name));
}

function readBindings(prim: Prim): PrimBindings {
  const names = prim
    .getAuthoredPropertyNames()
    .filter((name) => name.startsWith(BINDING) && (name.length === BINDING.length || name[BINDING.length] === ':'));
  const direct: DirectBinding[] = [];
  const collections: CollectionBinding[] = [];
  for (const name of orderedNames(prim, names)) {
    const relationship = prim.getRelationship(name);
    if (relationship === undefined) continue;
    const targets = relationship.getForwardedTargets();
    const isStrong = readText(relationship.getMetadata('bindMaterialAs')) === 'strongerThanDescendants';
    const words = name.slice(BINDING.length + 1).split(':');
    if (words[0] !== COLLECTION) {
      const material = targets[0];
      if (words.length === 1 && material !== undefined && !isPropertyPath(material))
        direct.push({ relationship, purpose: words[0] as string, material, isStrong });
      continue;
    }
    const material = targets.find((target) => !isPropertyPath(target));
    const collection = targets.map(parseCollectionPath).find((parsed) => parsed !== undefined);
    const owner = collection === undefined ? undefined : prim.stage.getPrimAtPath(collection[0]);
    if (material === undefined || collection === undefined || owner === undefined) continue;
    collections.push({
      purpose: words.length > 2 ? (words[1] as string) : '',
      material,
      collection: collectionQuery(owner, collection[1]),
      isStrong,
    });
  }
  return { direct, collections };
}
