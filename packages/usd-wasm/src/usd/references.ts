/**
 * Edits of a prim's references, payloads, inherits and specializes in the stage's edit target.
 * Source: OpenUSD usd/references.h, usd/payloads.h, usd/inherits.h, usd/specializes.h.
 */
import { changeBlock } from '../sdf/change-block.ts';
import { IDENTITY_OFFSET, isValidOffset, type LayerOffset } from '../sdf/layer-offset.ts';
import type { ListPosition } from '../sdf/list-op.ts';
import type { Path } from '../sdf/path.ts';
import type { ReferenceItem } from '../vt/value.ts';
import { childSite, ensurePrimSpec, type EditSite } from './authoring.ts';
import { EditError } from './edit-error.ts';
import { addItem, arcPathForAuthoring, assertArcPath, clearItems, removeItem, setItems, type ListField } from './list-editing.ts';
import type { Prim } from './prim.ts';

/** An asset path, or what else a reference or payload says; nothing but an asset path means the layer's default prim. */
export type ReferenceInput = string | Partial<ReferenceItem>;

/** Where items go that are added: in front of weaker ones or behind them, before or after what the layer has there. */
const DEFAULT_POSITION: ListPosition = 'backOfPrependList';

/**
 * References of a prim. The path of an internal reference (without asset path) is one of the stage, and is mapped through
 * the edit target; that of any other is in the namespace of the layer referred to.
 */
export class References {
  /** The prim that is edited. */
  readonly prim: Prim;

  constructor(prim: Prim) {
    this.prim = prim;
  }

  /** Adds a reference, or moves it to the position where it is there already. @throws EditError */
  addReference(reference: ReferenceInput, position: ListPosition = DEFAULT_POSITION): void {
    const item = referenceItem(this.prim, reference);
    edit(this.prim, (site) => addItem(site, REFERENCES, item, position));
  }

  /** Adds a reference to a prim of the same layer stack. @throws EditError */
  addInternalReference(primPath: Path, layerOffset: LayerOffset = IDENTITY_OFFSET, position: ListPosition = DEFAULT_POSITION): void {
    this.addReference({ primPath, layerOffset }, position);
  }

  /** Takes a reference out here, and out of weaker layers' lists. @throws EditError */
  removeReference(reference: ReferenceInput): void {
    const item = referenceItem(this.prim, reference);
    edit(this.prim, (site) => removeItem(site, REFERENCES, item));
  }

  /** These references and none of weaker layers. @throws EditError */
  setReferences(references: readonly ReferenceInput[]): void {
    const items = references.map((reference) => referenceItem(this.prim, reference));
    edit(this.prim, (site) => setItems(site, REFERENCES, items));
  }

  /** Leaves the references to weaker layers. @throws EditError */
  clearReferences(): void {
    clear(this.prim, REFERENCES);
  }
}

/** Payloads of a prim; see `References`. */
export class Payloads {
  /** The prim that is edited. */
  readonly prim: Prim;

  constructor(prim: Prim) {
    this.prim = prim;
  }

  /** Adds a payload, or moves it to the position where it is there already. @throws EditError */
  addPayload(payload: ReferenceInput, position: ListPosition = DEFAULT_POSITION): void {
    const item = referenceItem(this.prim, payload);
    edit(this.prim, (site) => addItem(site, PAYLOADS, item, position));
  }

  /** Adds a payload from the same layer stack. @throws EditError */
  addInternalPayload(primPath: Path, layerOffset: LayerOffset = IDENTITY_OFFSET, position: ListPosition = DEFAULT_POSITION): void {
    this.addPayload({ primPath, layerOffset }, position);
  }

  /** Takes a payload out here, and out of weaker layers' lists. @throws EditError */
  removePayload(payload: ReferenceInput): void {
    const item = referenceItem(this.prim, payload);
    edit(this.prim, (site) => removeItem(site, PAYLOADS, item));
  }

  /** These payloads and none of weaker layers. @throws EditError */
  setPayloads(payloads: readonly ReferenceInput[]): void {
    const items = payloads.map((payload) => referenceItem(this.prim, payload));
    edit(this.prim, (site) => setItems(site, PAYLOADS, items));
  }

  /** Leaves the payloads to weaker layers. @throws EditError */
  clearPayloads(): void {
    clear(this.prim, PAYLOADS);
  }
}

/** Classes that a prim inherits from. Their paths are the stage's, and are mapped through the edit target. */
export class Inherits {
  /** The prim that is edited. */
  readonly prim: Prim;

  constructor(prim: Prim) {
    this.prim = prim;
  }

  /** @throws EditError */
  addInherit(primPath: Path, position: ListPosition = DEFAULT_POSITION): void {
    addPath(this.prim, INHERITS, primPath, position);
  }

  /** @throws EditError */
  removeInherit(primPath: Path): void {
    removePath(this.prim, INHERITS, primPath);
  }

  /** These and none of weaker layers. @throws EditError */
  setInherits(primPaths: readonly Path[]): void {
    setPaths(this.prim, INHERITS, primPaths);
  }

  /** Leaves the list to weaker layers. @throws EditError */
  clearInherits(): void {
    clear(this.prim, INHERITS);
  }
}

/** Prims that a prim specializes; see `Inherits`. */
export class Specializes {
  /** The prim that is edited. */
  readonly prim: Prim;

  constructor(prim: Prim) {
    this.prim = prim;
  }

  /** @throws EditError */
  addSpecialize(primPath: Path, position: ListPosition = DEFAULT_POSITION): void {
    addPath(this.prim, SPECIALIZES, primPath, position);
  }

  /** @throws EditError */
  removeSpecialize(primPath: Path): void {
    removePath(this.prim, SPECIALIZES, primPath);
  }

  /** These and none of weaker layers. @throws EditError */
  setSpecializes(primPaths: readonly Path[]): void {
    setPaths(this.prim, SPECIALIZES, primPaths);
  }

  /** Leaves the list to weaker layers. @throws EditError */
  clearSpecializes(): void {
    clear(this.prim, SPECIALIZES);
  }
}

const REFERENCES = { name: 'references', type: 'referenceListOp' } as const;
const PAYLOADS = { name: 'payload', type: 'payloadListOp' } as const;
const INHERITS = { name: 'inheritPaths', type: 'pathListOp' } as const;
const SPECIALIZES = { name: 'specializes', type: 'pathListOp' } as const;

function addPath(prim: Prim, field: ListField<'pathListOp'>, path: Path, position: ListPosition): void {
  const item = arcPathForAuthoring(prim.stage, prim.path, path);
  edit(prim, (site) => addItem(site, field, item, position));
}

function removePath(prim: Prim, field: ListField<'pathListOp'>, path: Path): void {
  const item = arcPathForAuthoring(prim.stage, prim.path, path);
  edit(prim, (site) => removeItem(site, field, item));
}

function setPaths(prim: Prim, field: ListField<'pathListOp'>, paths: readonly Path[]): void {
  const items = paths.map((path) => arcPathForAuthoring(prim.stage, prim.path, path));
  edit(prim, (site) => setItems(site, field, items));
}

function edit(prim: Prim, change: (site: EditSite) => void): void {
  const site = childSite(prim);
  changeBlock(() => {
    ensurePrimSpec(site);
    change(site);
  });
}

function clear(prim: Prim, field: Parameters<typeof clearItems>[1]): void {
  const site = childSite(prim);
  if (site.layer.hasSpec(site.path)) clearItems(site, field);
}

function referenceItem(prim: Prim, input: ReferenceInput): ReferenceItem {
  const {
    assetPath = '',
    primPath = '',
    layerOffset = IDENTITY_OFFSET,
    customData,
  } = typeof input === 'string' ? { assetPath: input } : input;
  if (!isValidOffset(layerOffset))
    throw new EditError(
      'edit-value-type',
      prim.path,
      `expected a finite time offset with a scale other than 0, found ${layerOffset.offset}, ${layerOffset.scale}`,
    );
  const isInternal = assetPath === '';
  if (primPath !== '' && !isInternal) assertArcPath(prim.path, primPath);
  return {
    assetPath,
    primPath: primPath !== '' && isInternal ? arcPathForAuthoring(prim.stage, prim.path, primPath) : primPath,
    layerOffset,
    ...(customData === undefined || customData.size === 0 ? {} : { customData }),
  };
}
