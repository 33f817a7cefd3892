/**
 * Frames as ImageBitmaps: a handle to an image on the GPU that crosses to every realm of the browser for next to nothing; what costs is making it of a
 * texture and making a texture of it.
 *
 * Guarantees, measured in Chromium: `rgba8unorm`, `bgra8unorm` and their `-srgb` twins arrive bit for bit, in `srgb` and `display-p3`, opaque (where alpha
 * arrives as 255 whatever it was) and premultiplied. Colours above their alpha arrive too when a texture was sent; sent as pixels they are cut off at alpha.
 * Half floats are refused: WebGPU cannot read bitmaps of them. Straight alpha is refused: images are premultiplied on the way.
 */
import { PictureCanvas } from '../gpu/picture-canvas.ts';
import { imageDataOf } from '../gpu/pixel-order.ts';
import { FrameInbox } from './frame-inbox.ts';
import { FrameOutbox } from './frame-outbox.ts';
import { openPicture, pictureParcel, refusePicture } from './picture.ts';
import type { Transport } from './transport.ts';

export const bitmapTransport: Transport = {
  kind: 'bitmap',
  /** Texture to canvas, image to texture; of pixels: memory to image, image to texture. Software adapters add a way through memory. */
  copies: 2,
  refuse: (descriptor) => refusePicture('bitmap', descriptor),
  createSender: (context) => {
    const { descriptor } = context;
    const canvas = new PictureCanvas(descriptor);
    return new FrameOutbox(context, {
      pack: (content) =>
        content.kind === 'texture'
          ? pictureParcel(canvas.draw(content.device, content.texture).transferToImageBitmap())
          : createImageBitmap(imageDataOf(content.pixels, descriptor)).then(pictureParcel),
      dispose: () => canvas.dispose(),
    });
  },
  createReceiver: (context) => new FrameInbox(context, (message) => openPicture(message, isBitmap)),
};

function isBitmap(image: unknown): image is ImageBitmap {
  return image instanceof ImageBitmap;
}
