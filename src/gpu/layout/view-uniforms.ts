import type { ViewTransform } from '../scene/view-transform.ts';

/** Byte twin of `View` in `shaders/view.wgsl`. */
export const VIEW_BYTES = 208;

export interface ViewFacts {
  readonly transform: ViewTransform;
  readonly width: number;
  readonly height: number;
  /** Columns of sample points in a pixel: 4 with MSAA 4x, 1 without. */
  readonly sampleColumns: number;
  /** Purpose bits of `InstanceFlag`. */
  readonly purposes: number;
  readonly instanceCount: number;
  /** Where back faces are left out too (false for views that want silhouettes, such as the ground's). */
  readonly cullsBackFaces: boolean;
  /** Sort range of translucent triangles along the view axis. */
  readonly nearestDepth: number;
  readonly farthestDepth: number;
}

export function writeViewInto(floats: Float32Array, words: Uint32Array, view: ViewFacts): void {
  const { transform } = view;
  floats.set(transform.clipFromRelative, 0);
  floats.set(transform.eye, 16);
  floats[19] = transform.near;
  floats.set(transform.planes, 20);
  floats.set(transform.forward, 40);
  floats[43] = view.nearestDepth;
  floats[44] = view.width;
  floats[45] = view.height;
  floats[46] = view.sampleColumns;
  words[47] = view.purposes;
  words[48] = view.instanceCount;
  words[49] = view.cullsBackFaces ? 1 : 0;
  floats[50] = 1 / Math.max(view.farthestDepth - view.nearestDepth, 1e-30);
  words[51] = transform.isOrthographic ? 1 : 0;
}
