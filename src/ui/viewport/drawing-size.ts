import type { SurfaceSize } from '../../share/protocol/renderer.ts';

/** Finer screens than this gain nothing that antialiasing does not give, and cost their square. */
const MAX_PIXEL_RATIO = 2;
/** Pixels of a 4K picture; larger pictures are drawn coarser. */
const MAX_PIXELS = 3840 * 2160;

/** Size of the drawing buffer for an element: its device pixels, capped in density and number. */
export function drawingSize(element: Element, device?: ResizeObserverSize): SurfaceSize {
  const ratio = globalThis.devicePixelRatio || 1;
  const box = element.getBoundingClientRect();
  // The browser's own count is exact to the pixel. Emulated screens report it unscaled: then the product is right.
  const isExact = device !== undefined && Math.abs(device.inlineSize - box.width * ratio) < 2;
  const width = isExact ? device.inlineSize : box.width * ratio;
  const height = isExact ? device.blockSize : box.height * ratio;
  const scale = Math.min(1, MAX_PIXEL_RATIO / ratio, Math.sqrt(MAX_PIXELS / Math.max(width * height, 1)));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
