/** What the transports that send images have in common. */
import { PICTURE_FORMATS } from '../gpu/pixel-order.ts';
import { refuseFormat } from '../formats.ts';
import { ShareError } from '../share-error.ts';
import type { TextureDescriptor } from '../texture-descriptor.ts';
import type { Parcel } from './frame-outbox.ts';
import type { Arrival } from './frame-inbox.ts';
import type { TransportKind, TransportMessage } from './transport.ts';

/** Why images cannot carry the descriptor's frames. */
export function refusePicture(kind: TransportKind, descriptor: TextureDescriptor): ShareError | undefined {
  if (typeof OffscreenCanvas === 'undefined') {
    return new ShareError('share-unsupported-transport', `The transport "${kind}" needs OffscreenCanvas, which is not here.`);
  }
  const refusal = refuseFormat(kind, descriptor, PICTURE_FORMATS);
  if (refusal !== undefined) return refusal;
  return descriptor.alphaMode === 'straight'
    ? new ShareError(
        'share-unsupported-format',
        `The format "${descriptor.format}" with alpha mode "straight" cannot cross by ${kind}, which multiplies by alpha; the nearest that can is "premultiplied".`,
      )
    : undefined;
}

export function pictureParcel(image: ImageBitmap | VideoFrame): Parcel {
  return { message: { image }, transfer: [image], discard: () => image.close() };
}

/** The image is closed when the frame ends; its size is checked by whoever reads it. */
export function openPicture(
  { image }: TransportMessage,
  isKind: (image: unknown) => image is ImageBitmap | VideoFrame,
): Arrival | undefined {
  if (!isKind(image)) return undefined;
  return {
    payload: { kind: 'image', image },
    end: () => {
      image.close();
      return {};
    },
  };
}
