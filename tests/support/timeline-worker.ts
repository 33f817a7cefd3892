/** The other end of a timeline on a thread of its own; does what it is told. */
import { parentPort } from 'node:worker_threads';
import { importTimeline, type TimelineHandle } from '../../src/share/frames/timeline/shared-timeline.ts';
import type { TimelineSemaphore } from '../../src/share/frames/timeline/timeline-semaphore.ts';

export type TimelineOrder =
  | { readonly kind: 'import'; readonly handle: TimelineHandle; readonly usesMemory: boolean }
  | { readonly kind: 'value' | 'close' | 'can-sleep' }
  | { readonly kind: 'signal'; readonly value: number }
  /** One after the other, with nothing in between. */
  | { readonly kind: 'signal-all'; readonly first: number; readonly step: number; readonly last: number }
  | { readonly kind: 'wait' | 'wait-sync'; readonly value: number; readonly timeoutMs: number };

let timeline: TimelineSemaphore | undefined;

async function obey(order: TimelineOrder): Promise<unknown> {
  if (order.kind === 'import') {
    timeline = await importTimeline(order.handle, { usesMemory: order.usesMemory });
    return 'imported';
  }
  const imported = timeline!;
  switch (order.kind) {
    case 'value':
      return imported.value;
    case 'close':
      return imported.close();
    case 'can-sleep':
      return imported.waitSync !== undefined;
    case 'signal':
      return imported.signal(order.value);
    case 'signal-all':
      for (let value = order.first; value <= order.last; value += order.step) imported.signal(value);
      return imported.value;
    case 'wait':
      return imported.wait(order.value, order.timeoutMs);
    case 'wait-sync':
      return imported.waitSync?.(order.value, order.timeoutMs);
  }
}

parentPort!.on('message', ({ id, order }: { id: number; order: TimelineOrder }) => {
  obey(order)
    .then((result) => parentPort!.postMessage({ id, result }))
    .catch((error: unknown) => parentPort!.postMessage({ id, result: String(error) }));
});
