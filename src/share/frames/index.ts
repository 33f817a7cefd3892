/**
 * Frame sharing between workers, windows, iframes and tabs: one end draws or computes frames, any number of others show them, by the fastest way that the
 * browser has between the two. This file is all that `proscenium/share` and `share.js` give to others. Loading it does nothing.
 *
 * The producer makes a texture, and a handle for each consumer:
 *
 * ```ts
 * const manager = new TextureShareManager({ device });
 * const texture = manager.createShareableTexture({ width: 1280, height: 720, label: 'simulation' });
 * const handle = manager.exportTexture(texture);
 * worker.postMessage({ handle }, transferablesOf(handle));
 *
 * function frame() {
 *   draw(device, texture.begin()); // submits its commands
 *   void texture.publish(); // never waits for a consumer
 * }
 * ```
 *
 * The consumer, in whatever realm the handle was posted to, imports it and takes frames:
 *
 * ```ts
 * const manager = new TextureShareManager({ device });
 * const imported = manager.importTexture(handle);
 * console.log('Frames come by', await imported.ready);
 * for (;;) {
 *   const frame = await imported.acquire(); // a newer one than the last
 *   sample(frame.texture());
 *   frame.release();
 * }
 * ```
 *
 * Without a device, `texture.beginPixels()` gives memory to write into and `frame.pixels()` reads it, with or without one at the other end. Every failure is a
 * `ShareError` with a `code`. What each transport costs and guarantees is told where it is declared, and in `docs/share/`.
 */
export { ShareError, type ShareErrorCode } from './share-error.ts';

// Textures and their handles.
export { TextureShareManager } from './texture-share-manager.ts';
export type { ExportOptions, ImportedFrame, ImportedTexture, ManagerOptions, ShareableTexture, ShareConnection } from './share-types.ts';
export type {
  ShareAlphaMode,
  ShareColorSpace,
  ShareFormat,
  ShareMode,
  ShareUsage,
  TextureDescriptor,
  TextureDescriptorInit,
} from './texture-descriptor.ts';
export { transferablesOf, type TextureHandle } from './texture-handle.ts';
export type { TransportKind } from './transports/transport.ts';

// What formats and usages are called elsewhere in the platform.
export {
  byteLengthOf,
  bytesPerPixel,
  canvasFormatOf,
  gpuFormatOf,
  gpuUsageOf,
  imageDataFormatOf,
  SHARE_FORMATS,
  videoPixelFormatOf,
  type CanvasFormat,
  type ImageDataFormat,
  type PackedVideoFormat,
} from './formats.ts';

// Semaphores of their own.
export { createTimeline, exportTimeline, importTimeline, type TimelineHandle, type TimelineOptions } from './timeline/shared-timeline.ts';
export type { TimelineSemaphore, WaitResult } from './timeline/timeline-semaphore.ts';

// A ring of frames in shared memory, for programs that bring their own way to hand it over: one producer, up to 28 consumers.
export { FrameRingReader, type RingFrame } from './shared-memory/frame-ring-reader.ts';
export { FrameRingWriter } from './shared-memory/frame-ring-writer.ts';
export { createFrameRing, type FrameShape, type RingDescriptor } from './shared-memory/ring-layout.ts';

// Windows of one origin that know nothing of each other but a name.
export { announceService, findServices, type Announcement, type DiscoveryOptions, type FoundService } from './link/discovery.ts';
export { openPortBroker, type PortBroker } from './link/port-broker.ts';
export type { Link } from './link/link.ts';

// Canvases of other windows to draw into, and streams of video.
export {
  offerCanvas,
  PresentTarget,
  transferablesOfOffer,
  type OfferedCanvas,
  type PresentOffer,
  type PresentOptions,
  type PresentSize,
} from './present-canvas.ts';
export { captureCanvasStream, type CapturedCanvas } from './stream/capture-canvas-stream.ts';
export { framesOfTrack } from './stream/frames-of-track.ts';
