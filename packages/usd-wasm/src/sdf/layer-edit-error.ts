import type { Path } from './path.ts';

/** Why an edit of a layer cannot be made. Explained in `docs/errors.md`. */
export type LayerEditCode = 'layer-not-editable' | 'layer-no-spec' | 'layer-spec-exists' | 'layer-invalid-path' | 'layer-invalid-edit';

/** An edit that cannot be made; the layer is as it was before. */
export class LayerEditError extends RangeError {
  /** Explained in `docs/errors.md`. */
  readonly code: LayerEditCode;
  /** Identifier of the layer. */
  readonly layer: string;
  /** The spec it concerns. */
  readonly path: Path | undefined;

  constructor(code: LayerEditCode, layer: string, path: Path | undefined, message: string) {
    super(`${message} (layer @${layer}@${path === undefined ? '' : `, <${path}>`})`);
    this.name = 'LayerEditError';
    this.code = code;
    this.layer = layer;
    this.path = path;
  }
}
