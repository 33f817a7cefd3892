/** One end of a ring of frames on a thread of its own, for the stress tests. */
import { parentPort, workerData } from 'node:worker_threads';
import { FrameRingReader } from '../../src/share/frames/shared-memory/frame-ring-reader.ts';
import { FrameRingWriter } from '../../src/share/frames/shared-memory/frame-ring-writer.ts';
import { makeRandom } from './random.ts';

export interface RingWorkerData {
  readonly role: 'produce' | 'consume' | 'hold' | 'die-writing';
  readonly memory: SharedArrayBuffer;
  readonly frameCount: number;
  readonly seed: number;
  /** One in so many steps is followed by a pause of up to 1 ms. */
  readonly pauseEvery: number;
}

export interface ProduceReport {
  readonly published: number;
  /** Frames for which there was no slot. */
  readonly refused: number;
}

export interface ConsumeReport {
  readonly taken: number;
  readonly torn: number;
  readonly outOfOrder: number;
  readonly last: number;
}

const { role, memory, frameCount, seed, pauseEvery } = workerData as RingWorkerData;
const random = makeRandom(seed);
const clock = new Int32Array(new SharedArrayBuffer(4));

function pause(): void {
  if (random() * pauseEvery < 1) Atomics.wait(clock, 0, 0, random());
}

function produce(): ProduceReport {
  const writer = new FrameRingWriter(memory);
  let published = 0;
  let refused = 0;
  for (let value = 1; value <= frameCount; value++) {
    const pixels = writer.claim();
    if (pixels === undefined) {
      refused += 1;
      continue;
    }
    const words = new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.byteLength / 4);
    for (let word = 0; word < words.length; word++) words[word] = value;
    pause();
    writer.publish(pixels, { value, epochMs: value });
    published += 1;
  }
  writer.close();
  return { published, refused };
}

function consume(): ConsumeReport {
  const reader = new FrameRingReader(memory);
  parentPort?.postMessage('attached');
  let last = 0;
  let taken = 0;
  let torn = 0;
  let outOfOrder = 0;
  for (;;) {
    const frame = reader.take(last);
    if (frame === undefined) {
      if (reader.waitSync(last, 10_000) === 'lost') break;
      continue;
    }
    taken += 1;
    if (frame.value <= last || frame.epochMs !== frame.value) outOfOrder += 1;
    last = frame.value;
    const words = new Uint32Array(frame.pixels.buffer, frame.pixels.byteOffset, frame.pixels.byteLength / 4);
    pause();
    // From the end, against the direction of the producer.
    for (let word = words.length - 1; word >= 0; word--) {
      if (words[word] !== frame.value) {
        torn += 1;
        break;
      }
    }
    frame.release();
  }
  reader.close();
  return { taken, torn, outOfOrder, last };
}

if (role === 'produce') parentPort?.postMessage(produce());
else if (role === 'consume') parentPort?.postMessage(consume());
else if (role === 'hold') {
  const reader = new FrameRingReader(memory);
  reader.take(0);
  parentPort?.postMessage({ token: reader.token });
} else {
  const writer = new FrameRingWriter(memory);
  for (let value = 1; value <= frameCount; value++) {
    const pixels = writer.claim()!;
    pixels.fill(value);
    writer.publish(pixels, { value, epochMs: value });
  }
  writer.claim()!.fill(255);
  parentPort?.postMessage('claimed');
}
