/**
 * Moves, renames and deletes composed prims and properties: in every layer of the stage's own layer stack, and, for what
 * comes across arcs, by relocations. What points there follows. Source: OpenUSD usd/namespaceEditor.cpp; values.md section 8.
 */
import { changeBlock } from '../sdf/change-block.ts';
import {
  appendChild,
  appendProperty,
  isPropertyPath,
  isValidNamespacedIdentifier,
  parentPath,
  primPathOf,
  type Path,
} from '../sdf/path.ts';
import type { Attribute } from './attribute.ts';
import { primPathProblem } from './authoring.ts';
import { EditError } from './edit-error.ts';
import { applyPlan, planNamespaceEdit, type NamespacePlan } from './namespace-plan.ts';
import type { Prim } from './prim.ts';
import type { Relationship } from './relationship.ts';
import type { Stage } from './stage.ts';

/** How names are edited. */
export interface NamespaceEditorOptions {
  /** Whether prims with opinions from across arcs may be relocated; true by default. Otherwise they cannot be edited. */
  readonly allowRelocatesAuthoring?: boolean;
}

/** Whether an edit can be made, and if not, why. */
export interface NamespaceEditCheck {
  /** `applyEdits` would make the edits. */
  readonly canApply: boolean;
  /** Why it would not, in words. */
  readonly reasons: readonly string[];
}

type Property = Attribute | Relationship;

/**
 * Holds one edit at a time: the last one asked for, until it is applied. The stage's edit target must be a layer of its
 * own layer stack; new relocations are authored there.
 */
export class NamespaceEditor {
  /** The stage whose layers are edited. */
  readonly stage: Stage;
  readonly #allowRelocates: boolean;
  #edit: { readonly oldPath: Path; readonly newPath: Path | '' } | undefined;

  constructor(stage: Stage, options: NamespaceEditorOptions = {}) {
    this.stage = stage;
    this.#allowRelocates = options.allowRelocatesAuthoring ?? true;
  }

  /** @throws EditError `edit-invalid-path` */
  deletePrimAtPath(path: Path): void {
    this.#setPrimEdit(path, '');
  }

  /** @throws EditError `edit-invalid-path` */
  movePrimAtPath(path: Path, newPath: Path): void {
    this.#setPrimEdit(path, newPath);
  }

  /** Queues the removal of a prim with all below it, across all layers and arcs. */
  deletePrim(prim: Prim): void {
    this.deletePrimAtPath(prim.path);
  }

  /** @throws EditError `edit-invalid-path` */
  renamePrim(prim: Prim, newName: string): void {
    this.movePrimAtPath(prim.path, appendChild(parentPath(prim.path), newName));
  }

  /** @throws EditError `edit-invalid-path` */
  reparentPrim(prim: Prim, newParent: Prim, newName: string = prim.name): void {
    this.movePrimAtPath(prim.path, appendChild(newParent.path, newName));
  }

  /** @throws EditError `edit-invalid-path` */
  deletePropertyAtPath(path: Path): void {
    this.#setPropertyEdit(path, '');
  }

  /** @throws EditError `edit-invalid-path` */
  movePropertyAtPath(path: Path, newPath: Path): void {
    this.#setPropertyEdit(path, newPath);
  }

  /** Queues the removal of a property, in all layers and across arcs. */
  deleteProperty(property: Property): void {
    this.deletePropertyAtPath(property.path);
  }

  /** @throws EditError `edit-invalid-path` */
  renameProperty(property: Property, newName: string): void {
    this.movePropertyAtPath(property.path, appendProperty(primPathOf(property.path), newName));
  }

  /** @throws EditError `edit-invalid-path` */
  reparentProperty(property: Property, newParent: Prim, newName: string = property.name): void {
    this.movePropertyAtPath(property.path, appendProperty(newParent.path, newName));
  }

  /** Whether the queued edits can be made, without making them. */
  canApplyEdits(): NamespaceEditCheck {
    const { errors } = this.#plan();
    return { canApply: errors.length === 0, reasons: errors };
  }

  /**
   * Makes the edit, in one change block.
   *
   * @returns what could not be made to follow: targets and arcs in layers that may not be edited, or across arcs
   * @throws EditError `edit-namespace` when the edit cannot be made
   */
  applyEdits(): readonly string[] {
    const plan = this.#plan();
    const path = this.#edit?.oldPath ?? ('/' as Path);
    this.#edit = undefined;
    if (plan.errors.length > 0) throw new EditError('edit-namespace', path, plan.errors.join('; '));
    changeBlock(() => applyPlan(plan));
    return plan.warnings;
  }

  /** Made anew each time: the stage may have changed. */
  #plan(): NamespacePlan {
    if (this.#edit === undefined) return { errors: ['there is no edit to make'], warnings: [], moves: [], fields: [], moved: new Map() };
    return planNamespaceEdit(this.stage, this.#edit.oldPath, this.#edit.newPath, this.#allowRelocates);
  }

  #setPrimEdit(oldPath: Path, newPath: Path | ''): void {
    this.#edit = undefined;
    for (const path of newPath === '' ? [oldPath] : [oldPath, newPath]) {
      const reason = primPathProblem(path);
      if (reason !== undefined) throw new EditError('edit-invalid-path', path, reason);
    }
    this.#edit = { oldPath, newPath };
  }

  #setPropertyEdit(oldPath: Path, newPath: Path | ''): void {
    this.#edit = undefined;
    for (const path of newPath === '' ? [oldPath] : [oldPath, newPath]) {
      const reason = propertyPathProblem(path);
      if (reason !== undefined) throw new EditError('edit-invalid-path', path, reason);
    }
    this.#edit = { oldPath, newPath };
  }
}

function propertyPathProblem(path: Path): string | undefined {
  if (!isPropertyPath(path) || path.includes('[')) return 'expected the absolute path of a property';
  const owner = primPathOf(path);
  const name = path.slice(owner.length + 1);
  return primPathProblem(owner) ?? (isValidNamespacedIdentifier(name) ? undefined : `${JSON.stringify(name)} is no name of a property`);
}
