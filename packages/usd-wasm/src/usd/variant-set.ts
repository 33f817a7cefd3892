/**
 * A variant set of a prim: what there is to choose from, what is chosen, and edits of both in the stage's edit target.
 * Source: OpenUSD usd/variantSets.cpp.
 */
import { changeBlock } from '../sdf/change-block.ts';
import type { Layer } from '../sdf/layer.ts';
import type { ListPosition } from '../sdf/list-op.ts';
import { appendVariant, type Path } from '../sdf/path.ts';
import { isVariantName } from '../usda/path-syntax.ts';
import { makeValue } from '../vt/value.ts';
import { childSite, ensurePrimSpec, type EditSite } from './authoring.ts';
import { EditError } from './edit-error.ts';
import { EditTarget } from './edit-target.ts';
import { addItem } from './list-editing.ts';
import type { Prim } from './prim.ts';

/** A set of variants of a prim, of which one may be selected. Source: OpenUSD usd/variantSets.h. */
export class VariantSet {
  /** The prim whose variants they are. */
  readonly prim: Prim;
  /** Name of the set. */
  readonly name: string;

  constructor(prim: Prim, name: string) {
    this.prim = prim;
    this.name = name;
  }

  /** Some layer names the set. */
  get isValid(): boolean {
    return this.prim.index.variantSetNames.includes(this.name);
  }

  /** Names of the variants in all layers, sorted. */
  getVariantNames(): readonly string[] {
    return this.prim.index.variantNames(this.name);
  }

  /** Whether some layer has such a variant. */
  hasVariant(variant: string): boolean {
    return this.getVariantNames().includes(variant);
  }

  /** The selection that counts, be it authored or a fallback; `''` when none is selected. */
  getVariantSelection(): string {
    return this.prim.index.variantSelections.get(this.name) ?? '';
  }

  /** Adds a variant, and the set where the layer has none of that name. @throws EditError */
  addVariant(variant: string, position: ListPosition = 'backOfPrependList'): void {
    assertVariantName(this.prim.path, variant);
    const site = childSite(this.prim);
    changeBlock(() => {
      addVariantSetSpec(site, this.name, position);
      const path = appendVariant(site.path, this.name, variant);
      if (!site.layer.hasSpec(path)) site.layer.createPrimSpec(path);
    });
  }

  /** Selects a variant; `''` selects none, whatever weaker layers say. @throws EditError */
  setVariantSelection(variant: string): void {
    if (variant !== '') assertVariantName(this.prim.path, variant);
    const site = childSite(this.prim);
    changeBlock(() => {
      ensurePrimSpec(site);
      setSelections(site, new Map(selectionsOf(site)).set(this.name, variant));
    });
  }

  /** Leaves the selection to weaker layers. @throws EditError */
  clearVariantSelection(): void {
    const site = childSite(this.prim);
    const selections = new Map(selectionsOf(site));
    if (selections.delete(this.name)) setSelections(site, selections);
  }

  /** Selects none, whatever weaker layers say. @throws EditError */
  blockVariantSelection(): void {
    this.setVariantSelection('');
  }

  /**
   * Edits inside the selected variant. Where the stage's edit target is inside a variant of the prim in the same layer,
   * the variant is nested in that one.
   *
   * @param layer a layer of the stage's own layer stack; by default the edit target's
   * @throws EditError `edit-invalid-target` when no variant is selected, or for a layer from elsewhere
   */
  getVariantEditTarget(layer?: Layer): EditTarget {
    const { prim, name } = this;
    const { stage } = prim;
    const selection = this.getVariantSelection();
    if (selection === '') throw new EditError('edit-invalid-target', prim.path, `no variant of "${name}" is selected`);
    const into = layer ?? stage.editTarget.layer;
    if (into === undefined || !stage.cache.layerStack.layers.includes(into))
      throw new EditError('edit-invalid-target', prim.path, `@${into?.identifier ?? ''}@ is not in the layer stack of the stage`);
    const owner = into === stage.editTarget.layer ? childSite(prim).path : prim.path;
    return EditTarget.forLocalDirectVariant(into, appendVariant(owner, name, selection));
  }
}

/** As `Prim.addVariantSet`. */
export function addVariantSet(prim: Prim, name: string, position: ListPosition): VariantSet {
  if (!/^[\p{XID_Start}_][\p{XID_Continue}-]*$/u.test(name))
    throw new EditError('edit-invalid-name', prim.path, `${JSON.stringify(name)} is no name of a variant set`);
  const site = childSite(prim);
  changeBlock(() => addVariantSetSpec(site, name, position));
  return new VariantSet(prim, name);
}

const VARIANT_SET_NAMES = { name: 'variantSetNames', type: 'stringListOp' } as const;

function addVariantSetSpec(site: EditSite, name: string, position: ListPosition): void {
  ensurePrimSpec(site);
  const path = appendVariant(site.path, name, '');
  if (site.layer.hasSpec(path)) return;
  // Before the set is made: the layer names a set that nothing names yet in a place of its own choice.
  addItem(site, VARIANT_SET_NAMES, name, position);
  site.layer.createPrimSpec(path);
}

function selectionsOf({ layer, path }: EditSite): ReadonlyMap<string, string> | undefined {
  return layer.fieldAs(path, 'variantSelection', 'variantSelectionMap');
}

function setSelections({ layer, path }: EditSite, selections: ReadonlyMap<string, string>): void {
  layer.setField(path, 'variantSelection', selections.size === 0 ? undefined : makeValue('variantSelectionMap', selections));
}

function assertVariantName(path: Path, variant: string): void {
  if (variant === '' || !isVariantName(variant))
    throw new EditError('edit-invalid-name', path, `${JSON.stringify(variant)} is no name of a variant`);
}
