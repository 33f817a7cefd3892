/**
 * Frames as VideoFrames, which a consumer can sample without a copy (`importExternalTexture`) or copy into its texture.
 *
 * Guarantees, measured in Chromium: as `bitmap`, both ways of reading. VideoFrames do not cross to other tabs, nor over a BroadcastChannel, and need a
 * secure context. Canvases of half floats give VideoFrames too, but without a pixel format that WebCodecs knows; they are refused.
 */
import { frameOfPixels } from '../gpu/frame-of-pixels.ts';
import { PictureCanvas } from '../gpu/picture-canvas.ts';
import { ShareError } from '../share-error.ts';
import { FrameInbox } from './frame-inbox.ts';
import { FrameOutbox } from './frame-outbox.ts';
import { openPicture, pictureParcel, refusePicture } from './picture.ts';
import type { Transport } from './transport.ts';

export const videoFrameTransport: Transport = {
  kind: 'video-frame',
  /** Texture to canvas, frame to texture; the second is not there for consumers that sample the external texture. */
  copies: 2,
  refuse: (descriptor) =>
    typeof VideoFrame === 'undefined'
      ? new ShareError(
          'share-unsupported-transport',
          'The transport "video-frame" needs VideoFrame, which is not here: a secure context has it.',
        )
      : refusePicture('video-frame', descriptor),
  createSender: (context) => {
    const { descriptor } = context;
    const canvas = new PictureCanvas(descriptor);
    const alpha = descriptor.alphaMode === 'opaque' ? 'discard' : 'keep';
    return new FrameOutbox(context, {
      pack: (content, { epochMs }) => {
        const timestamp = Math.round(epochMs * 1000);
        return pictureParcel(
          content.kind === 'texture'
            ? new VideoFrame(canvas.draw(content.device, content.texture), { timestamp, alpha })
            : frameOfPixels(content.pixels, descriptor, timestamp),
        );
      },
      dispose: () => canvas.dispose(),
    });
  },
  createReceiver: (context) => new FrameInbox(context, (message) => openPicture(message, isVideoFrame)),
};

function isVideoFrame(image: unknown): image is VideoFrame {
  return image instanceof VideoFrame;
}
