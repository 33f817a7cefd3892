/**
 * Semaphores that go to other realms: made by one, imported by any number of others by handles. Through shared memory where both ends can, otherwise by
 * messages; who waits and signals does not see which.
 *
 * A semaphore ends with its maker, or once the last of those who imported it is gone: there is nobody left to signal. One that closes its imported
 * semaphore leaves alone.
 */
import type { Link } from '../link/link.ts';
import { openPortLink } from '../link/port-link.ts';
import { ShareError } from '../share-error.ts';
import { canShareMemory } from '../shared-memory/can-share-memory.ts';
import { AtomicTimeline } from './atomic-timeline.ts';
import { LocalTimeline } from './local-timeline.ts';
import { MessageTimeline } from './message-timeline.ts';
import type { TimelineSemaphore } from './timeline-semaphore.ts';

const HANDLE_VERSION = 1;

/** Right to one import. Post it with `[handle.port]` as transfer list. */
export interface TimelineHandle {
  readonly version: typeof HANDLE_VERSION;
  readonly kind: 'shared-timeline';
  readonly port: MessagePort;
}

/** How a semaphore crosses. */
export interface TimelineOptions {
  /** Whether shared memory is used where it can be; default true. */
  readonly usesMemory?: boolean;
}

const memoryOf = new WeakMap<TimelineSemaphore, SharedArrayBuffer>();
const exportCounts = new WeakMap<TimelineSemaphore, number>();

/** A semaphore with value 0, in shared memory where there is any. */
export function createTimeline({ usesMemory = true }: TimelineOptions = {}): TimelineSemaphore {
  if (!usesMemory || !canShareMemory()) return new LocalTimeline();
  const memory = new SharedArrayBuffer(8);
  const timeline = new AtomicTimeline(memory);
  memoryOf.set(timeline, memory);
  return timeline;
}

/** One handle for each that imports it. */
export function exportTimeline(timeline: TimelineSemaphore): TimelineHandle {
  const { port1, port2 } = new MessageChannel();
  const link = openPortLink(port1);
  const memory = memoryOf.get(timeline);
  exportCounts.set(timeline, (exportCounts.get(timeline) ?? 0) + 1);
  const leave = (): void => {
    const count = (exportCounts.get(timeline) ?? 1) - 1;
    exportCounts.set(timeline, count);
    if (count === 0) timeline.close();
  };
  link.onLost(leave);
  link.listen((message) => {
    const { kind, canShare } = (message ?? {}) as { kind?: unknown; canShare?: unknown };
    if (kind !== 'timeline-import') return;
    if (memory !== undefined && canShare === true) link.post({ kind: 'timeline-memory', memory });
    else {
      link.post({ kind: 'timeline-messages' });
      void mirror(timeline, new MessageTimeline(link));
    }
  });
  void closeWith(timeline, link);
  return { version: HANDLE_VERSION, kind: 'shared-timeline', port: port2 };
}

/**
 * Resolves once the maker has answered.
 *
 * @throws ShareError `share-bad-handle`, `share-version`, `share-peer-lost` (also for a timeline that has ended)
 */
export async function importTimeline(handle: TimelineHandle, { usesMemory = true }: TimelineOptions = {}): Promise<TimelineSemaphore> {
  checkHandle(handle);
  const link = openPortLink(handle.port);
  return new Promise((resolve, reject) => {
    link.onLost(() => reject(new ShareError('share-peer-lost', 'The maker of the imported timeline is gone')));
    // Memory cannot come to another agent cluster, even an isolated one.
    link.onUnreadable(() => link.post({ kind: 'timeline-import', canShare: false }));
    link.listen((message) => {
      const { kind, memory } = (message ?? {}) as { kind?: unknown; memory?: unknown };
      if (kind === 'timeline-memory' && isTimelineMemory(memory)) {
        const timeline = new ImportedAtomicTimeline(memory, link);
        memoryOf.set(timeline, memory);
        resolve(timeline);
      } else if (kind === 'timeline-messages') resolve(new MessageTimeline(link));
    });
    link.post({ kind: 'timeline-import', canShare: usesMemory && canShareMemory() });
  });
}

class ImportedAtomicTimeline extends AtomicTimeline {
  #link: Link;

  constructor(memory: SharedArrayBuffer, link: Link) {
    super(memory);
    this.#link = link;
    // Closed for all: others that imported it may sleep and cannot notice by themselves.
    link.onLost(() => super.close());
  }

  override close(): void {
    this.detach();
    this.#link.close();
  }
}

/** Also a handle that nobody has imported yet ends with its timeline, and takes up nothing. */
async function closeWith(timeline: TimelineSemaphore, link: Link): Promise<void> {
  if ((await timeline.wait(Number.MAX_SAFE_INTEGER)) === 'lost') link.close();
}

async function mirror(timeline: TimelineSemaphore, copy: MessageTimeline): Promise<void> {
  await Promise.race([forward(timeline, copy), forward(copy, timeline)]);
  copy.close();
}

/** Until one of them ends. */
async function forward(from: TimelineSemaphore, to: TimelineSemaphore): Promise<void> {
  while (to.value < Number.MAX_SAFE_INTEGER && (await from.wait(to.value + 1)) === 'ok') {
    const { value } = from;
    if (!to.signal(value) && to.value < value) return;
  }
}

function isTimelineMemory(memory: unknown): memory is SharedArrayBuffer {
  return canShareMemory() && memory instanceof SharedArrayBuffer && memory.byteLength >= 8;
}

/** What was posted to us may be anything. */
function checkHandle(handle: unknown): asserts handle is TimelineHandle {
  const { version, kind, port } = (handle ?? {}) as { version?: unknown; kind?: unknown; port?: unknown };
  if (kind !== 'shared-timeline' || !(port instanceof MessagePort)) {
    throw new ShareError('share-bad-handle', 'This is no handle of a timeline: it has no port');
  }
  if (version !== HANDLE_VERSION) {
    throw new ShareError('share-version', `The timeline's handle has version ${String(version)}, expected ${HANDLE_VERSION}`);
  }
}
