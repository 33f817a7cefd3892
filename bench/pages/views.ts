/**
 * Fifty `<usd-view>` of small scenes on one page: all are loaded, then the page is scrolled from end to end, and the intervals of its animation frames are
 * counted. For a machine that serves a folder (`gpu-site.mjs`): `app/` holds the built app and `files/` the inputs. Posts the figures to `/done`.
 */
const VIEWS = 50;
const SCROLL_MS = 10_000;
const LOAD_LIMIT_MS = 20_000;

interface MeasuresMemory {
  measureUserAgentSpecificMemory?(): Promise<{ readonly bytes: number }>;
}

const results: Record<string, unknown> = {};
try {
  const adapter = await navigator.gpu.requestAdapter();
  results['adapter'] = `${adapter?.info.vendor ?? 'none'} ${adapter?.info.architecture ?? ''}`;
  const element = new URL('app/embed/usd-view.js', location.href).href;
  await import(/* @vite-ignore */ element);
  const files = ((await (await fetch('files/list.json')).json()) as string[]).filter((file) => file.endsWith('.usdz'));
  const before = await memoryBytes();
  let loaded = 0;
  for (let i = 0; i < VIEWS; i++) {
    const view = document.createElement('usd-view');
    view.setAttribute('alt', `Model ${i}`);
    view.setAttribute('camera-controls', '');
    view.setAttribute('src', `files/${files[i % files.length] ?? ''}`);
    document.body.append(view);
    view.scrollIntoView();
    const isLoaded = await Promise.race([
      new Promise<boolean>((resolve) => view.addEventListener('load', () => resolve(true), { once: true })),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(false), LOAD_LIMIT_MS)),
    ]);
    if (isLoaded) loaded++;
  }
  results['loaded'] = loaded;
  results['pageBytes'] = { before, after: await memoryBytes() };
  results['still'] = intervalsOf(await frames(2000, () => undefined));
  const height = document.documentElement.scrollHeight - innerHeight;
  results['scrolling'] = intervalsOf(await frames(SCROLL_MS, (share) => scrollTo(0, height * (share < 0.5 ? 2 * share : 2 - 2 * share))));
} catch (error) {
  results['failed'] = String(error);
} finally {
  await fetch('/done', { method: 'POST', body: JSON.stringify(results) });
}

/** Of the page and its workers, where the browser tells. */
async function memoryBytes(): Promise<number | undefined> {
  try {
    return (await (performance as MeasuresMemory).measureUserAgentSpecificMemory?.())?.bytes;
  } catch {
    // Only isolated pages are told, and not in every browser.
    return undefined;
  }
}

/** Times of animation frames. @param step gets the share of the time that is over */
function frames(lengthMs: number, step: (share: number) => void): Promise<number[]> {
  return new Promise((resolve) => {
    const times: number[] = [];
    const begin = performance.now();
    const tick = (now: number): void => {
      times.push(now);
      const share = (performance.now() - begin) / lengthMs;
      if (share >= 1) resolve(times);
      else {
        step(share);
        requestAnimationFrame(tick);
      }
    };
    requestAnimationFrame(tick);
  });
}

function intervalsOf(times: readonly number[]): object {
  const intervals = times
    .slice(1)
    .map((time, i) => time - (times[i] ?? time))
    .toSorted((a, b) => a - b);
  const at = (share: number): number => intervals[Math.min(intervals.length - 1, Math.floor(intervals.length * share))] ?? Number.NaN;
  const lengthMs = (times.at(-1) ?? 0) - (times[0] ?? 0);
  return {
    framesPerSecond: ((times.length - 1) * 1000) / lengthMs,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    longestMs: at(1),
    over25Ms: intervals.filter((ms) => ms > 25).length,
  };
}

export {};
