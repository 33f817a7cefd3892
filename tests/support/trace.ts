/** CPU times of main-thread tasks out of Chromium's own trace. */
import type { Browser, Page } from '@playwright/test';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** CPU microseconds: what the task itself used, without the time other threads held the core. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

export async function startTrace(browser: Browser, page: Page): Promise<void> {
  await browser.startTracing(page, { categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'toplevel'] });
}

/** CPU milliseconds of every task that ran on a page's main thread. */
export function mainThreadTasks(trace: Buffer): number[] {
  const { traceEvents } = JSON.parse(trace.toString('utf8')) as { traceEvents: TraceEvent[] };
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}/${tid}`),
  );
  return traceEvents
    .filter(
      ({ name, ph, pid, tid, tdur }) =>
        ph === 'X' && tdur !== undefined && (name === 'RunTask' || name === 'ThreadControllerImpl::RunTask') && mains.has(`${pid}/${tid}`),
    )
    .map(({ tdur }) => (tdur ?? 0) / 1000);
}
