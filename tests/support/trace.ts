/** CPU times of main-thread tasks out of Chromium's own trace. */
import type { Browser, Page } from '@playwright/test';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Start and length, microseconds of the clock. */
  readonly ts: number;
  readonly dur?: number;
  /** CPU microseconds: what the task itself used, without the time other threads held the core. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string; readonly data?: { readonly url?: string; readonly functionName?: string } };
}

export async function startTrace(browser: Browser, page: Page): Promise<void> {
  await browser.startTracing(page, { categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'toplevel'] });
}

/** CPU milliseconds of every task that ran on a page's main thread. */
export function mainThreadTasks(trace: Buffer): number[] {
  return tasksOf(eventsOnMainThreads(trace)).map(({ tdur }) => (tdur ?? 0) / 1000);
}

/** Tasks above a limit of CPU milliseconds, each as a line that says what took most of it. */
export function longTasks(trace: Buffer, limitMs: number): string[] {
  const events = eventsOnMainThreads(trace);
  return tasksOf(events)
    .filter(({ tdur }) => (tdur ?? 0) / 1000 > limitMs)
    .map((task) => {
      const parts = events
        .filter((event) => event !== task && event.pid === task.pid && event.tid === task.tid && event.tdur !== undefined)
        .filter(({ ts, dur }) => ts >= task.ts && ts + (dur ?? 0) <= task.ts + (task.dur ?? 0))
        .toSorted((a, b) => (b.tdur ?? 0) - (a.tdur ?? 0))
        .slice(0, 6)
        .map(({ name, tdur, args }) => `${name} ${args?.data?.functionName ?? ''} ${args?.data?.url ?? ''} ${(tdur ?? 0) / 1000} ms`);
      return `${(task.tdur ?? 0) / 1000} ms: ${parts.join('; ')}`;
    });
}

function eventsOnMainThreads(trace: Buffer): TraceEvent[] {
  const { traceEvents } = JSON.parse(trace.toString('utf8')) as { traceEvents: TraceEvent[] };
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}/${tid}`),
  );
  return traceEvents.filter(({ ph, pid, tid }) => ph === 'X' && mains.has(`${pid}/${tid}`));
}

function tasksOf(events: readonly TraceEvent[]): TraceEvent[] {
  return events.filter(({ name, tdur }) => tdur !== undefined && (name === 'RunTask' || name === 'ThreadControllerImpl::RunTask'));
}
