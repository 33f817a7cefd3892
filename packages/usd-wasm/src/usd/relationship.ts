import type { SpecSite } from '../pcp/prim-index.ts';
import { isPropertyPath, nameOf, primPathOf, type Path } from '../sdf/path.ts';
import type { ListPosition } from '../sdf/list-op.ts';
import type { Value } from '../vt/value.ts';
import type { MetadataInput } from './field-authoring.ts';
import { composeField } from './metadata.ts';
import type { Prim } from './prim.ts';
import { addTarget, clearPropertyMetadata, clearTargets, removeTarget, setPropertyMetadata, setTargets } from './property-authoring.ts';

/** A relationship of a composed prim: a handle that stays valid over edits. Source: OpenUSD usd/relationship.h. */
export class Relationship {
  /** Path of the prim and the name: `/World.material:binding`. */
  readonly path: Path;
  /** With its namespaces: `material:binding`. */
  readonly name: string;
  /** The prim whose relationship it is. */
  readonly prim: Prim;
  /** As of `#revision`. */
  #knownSites: readonly SpecSite[] | undefined;
  #revision: number;
  #targets: readonly Path[] | undefined;

  constructor(prim: Prim, path: Path, name: string) {
    this.prim = prim;
    this.path = path;
    this.name = name;
    this.#revision = prim.stage.revision;
  }

  /** Specs, strongest first; none once the property is of another kind. */
  get #sites(): readonly SpecSite[] {
    const { prim, name } = this;
    if (this.#revision !== prim.stage.revision) {
      this.#revision = prim.stage.revision;
      this.#knownSites = undefined;
      this.#targets = undefined;
    }
    return (this.#knownSites ??= prim.propertySites(name, 'relationship'));
  }

  /** Some layer has a spec for it. */
  get isAuthored(): boolean {
    return this.#sites.length > 0;
  }

  /** Some layer says what the targets are, be it that there are none. */
  get hasAuthoredTargets(): boolean {
    return this.#sites.some((site) => site.layer.field(site.path, 'targetPaths') !== undefined);
  }

  /** No schema has it, and the weakest opinion is `custom`. */
  get isCustom(): boolean {
    return this.prim.schemaProperty(this.name) === undefined && this.prim.weakestOpinion(this.name, 'custom')?.value === true;
  }

  /** Specs, strongest first. */
  get sites(): readonly SpecSite[] {
    return this.#sites;
  }

  /** Composed targets. */
  getTargets(): readonly Path[] {
    const sites = this.#sites; // forgets targets after an edit
    return (this.#targets ??= sites.length === 0 ? [] : this.prim.stage.targetsOf(this.prim, this.name, 'targetPaths'));
  }

  /** Targets with those that are relationships replaced by their own targets, each once. */
  getForwardedTargets(): readonly Path[] {
    const result = new Set<Path>();
    this.#forward(result, new Set());
    return [...result];
  }

  /** Composed metadata. Undefined where neither a layer nor a schema gives any. */
  getMetadata(name: string): Value | undefined {
    return composeField(this.#sites, name, this.prim.stage.resolveAssetPath);
  }

  /** Adds a target, or moves it to the position. @param target path of the stage, absolute. @throws EditError, as every edit */
  addTarget(target: Path, position: ListPosition = 'backOfPrependList'): void {
    addTarget(this, target, position);
  }

  /** Takes a target out here, and out of weaker layers' lists. */
  removeTarget(target: Path): void {
    removeTarget(this, target);
  }

  /** These targets and none of weaker layers. */
  setTargets(targets: readonly Path[]): void {
    setTargets(this, targets);
  }

  /** Leaves the targets to weaker layers. @param removeSpec with everything else that the edit target says of the relationship */
  clearTargets(removeSpec = false): void {
    clearTargets(this, removeSpec);
  }

  /** @throws EditError `edit-invalid-field`, `edit-value-type` */
  setMetadata(name: string, value: MetadataInput): void {
    setPropertyMetadata(this, name, value);
  }

  /** Takes the edit target's opinion back. */
  clearMetadata(name: string): void {
    clearPropertyMetadata(this, name);
  }

  /** Authors whether no schema has it. @throws EditError, as every edit */
  setCustom(isCustom: boolean): void {
    setPropertyMetadata(this, 'custom', isCustom);
  }

  #forward(result: Set<Path>, seen: Set<Path>): void {
    if (seen.has(this.path)) return;
    seen.add(this.path);
    for (const target of this.getTargets()) {
      const next = isPropertyPath(target) ? this.prim.stage.getPrimAtPath(primPathOf(target))?.getRelationship(nameOf(target)) : undefined;
      if (next === undefined) result.add(target);
      else next.#forward(result, seen);
    }
  }
}
