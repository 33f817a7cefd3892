import type { Path } from '../sdf/path.ts';

/** Why an edit cannot be made; `docs/errors.md` explains each. */
export type EditErrorCode =
  | 'edit-invalid-path'
  | 'edit-invalid-name'
  | 'edit-invalid-target'
  | 'edit-invalid-field'
  | 'edit-invalid-schema'
  | 'edit-value-type'
  | 'edit-instance-proxy'
  | 'edit-prototype'
  | 'edit-permission'
  | 'edit-unmapped'
  | 'edit-stage-metadata'
  | 'edit-not-composed'
  | 'edit-in-change-block'
  | 'edit-conflict'
  | 'edit-namespace';

/** An edit that cannot be made as asked. Nothing is authored when it is thrown. */
export class EditError extends Error {
  /** Explained in `docs/errors.md`. */
  readonly code: EditErrorCode;
  /** The prim or property that the edit was for, in the namespace of the stage. */
  readonly path: Path;

  constructor(code: EditErrorCode, path: Path, reason: string) {
    super(`<${path}>: ${reason}`);
    this.name = 'EditError';
    this.code = code;
    this.path = path;
  }
}
