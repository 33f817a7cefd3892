/** Receives frames of one transport in a worker or an iframe, looks at them as it is told to, and reports on each. */
import { FrameImporter } from '../../src/share/frames/gpu/frame-importer.ts';
import { FrameReadback } from '../../src/share/frames/gpu/frame-readback.ts';
import { byteLengthOf } from '../../src/share/frames/formats.ts';
import type { TextureDescriptor } from '../../src/share/frames/texture-descriptor.ts';
import { bitmapTransport } from '../../src/share/frames/transports/bitmap.ts';
import { bufferTransport } from '../../src/share/frames/transports/buffer.ts';
import type { TakenFrame } from '../../src/share/frames/transports/transport.ts';
import { videoFrameTransport } from '../../src/share/frames/transports/video-frame.ts';
import { ImageLedger } from './image-ledger.ts';
import { requestTestDevice } from './share-pictures.ts';

export interface ConsumerPlan {
  readonly kind: 'consume';
  readonly transport: 'buffer' | 'bitmap' | 'video-frame';
  readonly descriptor: TextureDescriptor;
  readonly look: 'texture' | 'pixels' | 'nothing';
  /** Before each frame is released. */
  readonly holdMs: number;
  readonly lane: MessagePort;
  /** Receives `ConsumerReport`s; any message to it closes the receiver. */
  readonly reports: MessagePort;
}

export type ConsumerReport =
  | { readonly kind: 'frame'; readonly value: number; readonly pixels?: Uint8Array }
  | { readonly kind: 'closed'; readonly openImages: number; readonly closedTwice: number }
  | { readonly kind: 'failed'; readonly code: unknown; readonly message: string };

globalThis.addEventListener('message', ({ data }: MessageEvent<ConsumerPlan>) => {
  if (data.kind === 'consume') consume(data).catch((error: unknown) => fail(data.reports, error));
});

async function consume({ transport: kind, descriptor, look, holdMs, lane, reports }: ConsumerPlan): Promise<void> {
  const ledger = new ImageLedger();
  const transport = [bufferTransport, bitmapTransport, videoFrameTransport].find((each) => each.kind === kind)!;
  const receiver = transport.createReceiver({
    descriptor,
    post: (message, transfer = []) => lane.postMessage(message, transfer),
    listen: (listener) => {
      lane.onmessage = ({ data }: MessageEvent<{ image?: unknown } & Record<string, unknown>>) => {
        ledger.add(data.image);
        try {
          listener(data);
        } catch (error) {
          fail(reports, error);
        }
      };
    },
  });
  const device = look === 'texture' ? await requestTestDevice() : undefined;
  const importer = new FrameImporter(device, descriptor);
  const readback = device === undefined ? undefined : new FrameReadback(device, descriptor);
  const pixelsOf = async (frame: TakenFrame): Promise<Uint8Array | undefined> => {
    if (look === 'nothing') return undefined;
    if (readback === undefined) return (await importer.pixels(frame.payload)).slice();
    const pixels = new Uint8Array(byteLengthOf(descriptor));
    await readback.read(importer.texture(frame.payload), pixels);
    return pixels;
  };
  let isClosed = false;
  reports.onmessage = () => {
    isClosed = true;
    receiver.close();
    importer.dispose();
    readback?.dispose();
    device?.destroy();
    reports.postMessage({ kind: 'closed', openImages: ledger.open, closedTwice: ledger.closedTwice } satisfies ConsumerReport);
    ledger.dispose();
    lane.close();
  };
  let last = 0;
  while (!isClosed) {
    const frame = receiver.take(last);
    if (frame === undefined) {
      await new Promise<void>((ready) => receiver.notify(last, ready));
      continue;
    }
    last = frame.value;
    const pixels = await pixelsOf(frame);
    if (holdMs > 0) await new Promise((resolve) => setTimeout(resolve, holdMs));
    frame.release();
    const report = { kind: 'frame', value: last } as const;
    reports.postMessage((pixels === undefined ? report : { ...report, pixels }) satisfies ConsumerReport);
  }
}

function fail(reports: MessagePort, error: unknown): void {
  const { code, message } = error as { code?: unknown; message?: unknown };
  reports.postMessage({ kind: 'failed', code, message: String(message) } satisfies ConsumerReport);
}
