/** Maps layer time to stage time: `t' = t * scale + offset`. Source: OpenUSD sdf/layerOffset.h. */
export interface LayerOffset {
  /** Added after scaling, in time codes. */
  readonly offset: number;
  /** Factor on times. */
  readonly scale: number;
}

/** Times stay as they are. */
export const IDENTITY_OFFSET: LayerOffset = { offset: 0, scale: 1 };

/** Stage time of a layer time. */
export function applyOffset(layerOffset: LayerOffset, time: number): number {
  return time * layerOffset.scale + layerOffset.offset;
}

/** `outer ∘ inner`: first `inner`, then `outer`. */
export function composeOffsets(outer: LayerOffset, inner: LayerOffset): LayerOffset {
  if (outer === IDENTITY_OFFSET) return inner;
  if (inner === IDENTITY_OFFSET) return outer;
  return { scale: outer.scale * inner.scale, offset: outer.scale * inner.offset + outer.offset };
}

/** The offset that undoes this one. */
export function invertOffset(layerOffset: LayerOffset): LayerOffset {
  return { scale: 1 / layerOffset.scale, offset: -layerOffset.offset / layerOffset.scale };
}

/** Finite and invertible. */
export function isValidOffset(layerOffset: LayerOffset): boolean {
  return Number.isFinite(layerOffset.offset) && Number.isFinite(layerOffset.scale) && layerOffset.scale !== 0;
}

export function isIdentityOffset(layerOffset: LayerOffset): boolean {
  return layerOffset.offset === 0 && layerOffset.scale === 1;
}
