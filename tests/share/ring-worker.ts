/** Half of a stress test of the ring: writes frames, or checks every word of those that it takes, with random pauses, until somebody says stop. */
import { FrameRingReader } from '../../src/share/frames/shared-memory/frame-ring-reader.ts';
import { FrameRingWriter } from '../../src/share/frames/shared-memory/frame-ring-writer.ts';
import { makeRandom } from '../support/random.ts';
import { hash } from './pattern.ts';

export interface RingTask {
  readonly role: 'writer' | 'reader';
  readonly memory: SharedArrayBuffer;
  /** One word, not 0: stop. */
  readonly stop: SharedArrayBuffer;
  readonly seed: number;
  /** Frames to take. */
  readonly checks: number;
}

export interface RingReport {
  readonly role: RingTask['role'];
  /** Published, or taken and checked. */
  readonly frames: number;
  /** Claims that found no slot. */
  readonly fullCount: number;
  readonly faults: readonly string[];
}

globalThis.addEventListener('message', ({ data }) => {
  const task = data as RingTask;
  const report = task.role === 'writer' ? write(task) : read(task);
  (globalThis.postMessage as (message: unknown) => void)(report);
});

function write({ memory, stop, seed, role }: RingTask): RingReport {
  const writer = new FrameRingWriter(memory);
  const pause = pauses(seed);
  const stopped = new Int32Array(stop);
  let frames = 0;
  let fullCount = 0;
  while (Atomics.load(stopped, 0) === 0) {
    const pixels = writer.claim();
    if (pixels === undefined) {
      fullCount++;
      writer.releases.waitSync?.(writer.releases.value + 1, 5);
      continue;
    }
    const value = frames + 1;
    const words = new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.byteLength >> 2);
    const half = words.length >> 1;
    for (let i = 0; i < half; i++) words[i] = hash(value, i);
    pause();
    for (let i = half; i < words.length; i++) words[i] = hash(value, i);
    writer.publish(pixels, { value, epochMs: value });
    frames = value;
    pause();
  }
  writer.close();
  return { role, frames, fullCount, faults: [] };
}

function read({ memory, seed, role, checks }: RingTask): RingReport {
  const reader = new FrameRingReader(memory);
  const pause = pauses(seed);
  const faults: string[] = [];
  let last = 0;
  let frames = 0;
  while (frames < checks && faults.length < 10) {
    if (reader.waitSync(last, 1000) !== 'ok') {
      faults.push(`no frame after ${last} in 1 s`);
      break;
    }
    const frame = reader.take(last);
    if (frame === undefined) continue;
    const { value, pixels, epochMs } = frame;
    if (value <= last) faults.push(`frame ${value} after ${last}`);
    if (epochMs !== value) faults.push(`frame ${value} with the time of ${epochMs}`);
    const words = new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.byteLength >> 2);
    const half = words.length >> 1;
    let wrong = 0;
    for (let i = 0; i < half; i++) if (words[i] !== hash(value, i)) wrong++;
    pause();
    for (let i = half; i < words.length; i++) if (words[i] !== hash(value, i)) wrong++;
    if (wrong > 0) faults.push(`frame ${value} has ${wrong} words of another`);
    frame.release();
    last = value;
    frames++;
    pause();
  }
  reader.close();
  return { role, frames, fullCount: 0, faults };
}

/** Mostly none, some of microseconds, a few in which another thread gets the core. */
function pauses(seed: number): () => void {
  const random = makeRandom(seed);
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  return () => {
    const chance = random();
    if (chance > 0.9995) Atomics.wait(sleeper, 0, 0, 1);
    else if (chance > 0.9) {
      let sum = 0;
      for (let i = 0; i < chance * 2000; i++) sum += i;
      sleeper[0] = sum === -1 ? 1 : 0;
    }
  };
}
