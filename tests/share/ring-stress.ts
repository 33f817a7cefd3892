/** A ring between worker threads: one writes as fast as it can, the others check all that they can take. */
import { createFrameRing } from '../../src/share/frames/shared-memory/ring-layout.ts';
import type { ShareMode } from '../../src/share/frames/texture-descriptor.ts';
import type { RingReport, RingTask } from './ring-worker.ts';

/** @returns reports of the readers, and the writer's last */
export async function ringStress(mode: ShareMode, readers: number, checks: number, seed: number): Promise<readonly RingReport[]> {
  const memory = createFrameRing({
    width: 8,
    height: 4,
    format: 'rgba8unorm',
    slots: 4,
    mode,
    colorSpace: 'srgb',
    alphaMode: 'opaque',
  });
  const stop = new SharedArrayBuffer(4);
  const workers: Worker[] = [];
  const begin = (role: RingTask['role'], place: number): Promise<RingReport> => {
    const worker = new Worker(new URL('./ring-worker.ts', import.meta.url), { type: 'module' });
    workers.push(worker);
    return new Promise((resolve, reject) => {
      worker.addEventListener('message', ({ data }) => resolve(data as RingReport));
      worker.addEventListener('error', (event) => reject(new Error(event.message)));
      worker.postMessage({ role, memory, stop, seed: seed + place, checks } satisfies RingTask);
    });
  };
  try {
    const writing = begin('writer', 0);
    const reports = await Promise.all(Array.from({ length: readers }, (_, i) => begin('reader', i + 1)));
    Atomics.store(new Int32Array(stop), 0, 1);
    return [...reports, await writing];
  } finally {
    for (const worker of workers) worker.terminate();
  }
}
