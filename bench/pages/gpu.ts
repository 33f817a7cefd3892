/**
 * All figures in one page, for a machine that only serves a folder and waits: opens the benchmark pages in frames, one at
 * a time, and posts the results to `/done`. `app/` holds the built app and `files/` the inputs; `files/list.json` names them.
 */
import type { FrameCase, FrameFigures } from './geometry.ts';

interface BenchWindow {
  isReady?: boolean;
  measureOurs(frameCase: FrameCase, options: object): Promise<FrameFigures>;
  measureThree(frameCase: FrameCase, options: object): Promise<FrameFigures>;
  openWithThree(bytes: ArrayBuffer): Promise<{ firstPictureMs: number }>;
}
interface AppElement extends HTMLElement {
  readonly milestones: { first?: number; complete?: number };
  readonly rendererReady: Promise<unknown>;
  openFiles(files: readonly object[]): Promise<unknown>;
  settled(): Promise<unknown>;
  useCamera(path: string): Promise<void>;
  capture(request: object): Promise<Blob>;
}

const FRAMES = 100;
const WARMUP = 10;
const RUNS = 3;
const cases: readonly FrameCase[] = [
  { kind: 'distinct', count: 1000, isMoving: false },
  { kind: 'distinct', count: 1000, isMoving: true },
  { kind: 'distinct', count: 10_000, isMoving: false },
  { kind: 'distinct', count: 10_000, isMoving: true },
  { kind: 'instances', count: 1000, isMoving: false },
  { kind: 'instances', count: 100_000, isMoving: false },
  { kind: 'instances', count: 1_000_000, isMoving: false },
];
const results: object[] = [];
const note = (row: object): void => {
  results.push(row);
  console.log(JSON.stringify(row));
};

try {
  const adapter = await navigator.gpu.requestAdapter();
  note({ adapter: `${adapter?.info.vendor ?? 'none'} ${adapter?.info.architecture ?? ''}` });
  for (const frameCase of cases) {
    const options = { frames: FRAMES, warmup: WARMUP };
    await attempt({ ...frameCase, side: 'ours' }, () => inFrame('ours-frame.html', (page) => page.measureOurs(frameCase, options)));
    for (const isBundled of [false, true]) {
      const side = isBundled ? 'three bundled' : 'three plain';
      await attempt({ ...frameCase, side }, () =>
        inFrame('three-frame.html', (page) => page.measureThree(frameCase, { ...options, isBundled })),
      );
    }
  }
  const files = (await (await fetch('files/list.json')).json()) as string[];
  for (const file of files) {
    const bytes = await (await fetch(`files/${file}`)).arrayBuffer();
    await attempt({ file, side: 'ours' }, () => medianOf(() => openWithOurs(file, bytes)));
    await attempt({ file, side: 'three' }, () => medianOf(() => inFrame('three-open.html', (page) => page.openWithThree(bytes.slice(0)))));
  }
  await limited(storePicture()).catch((error: unknown) => note({ failed: String(error) }));
} finally {
  await fetch('/done', { method: 'POST', body: JSON.stringify(results) });
}

async function attempt(row: object, work: () => Promise<object>): Promise<void> {
  try {
    note({ ...row, ...(await limited(work())) });
  } catch (error) {
    note({ ...row, failed: String(error) });
  }
}

async function limited<T>(work: Promise<T>): Promise<T> {
  const limit = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('not done after 60 s')), 60_000);
  });
  return Promise.race([work, limit]);
}

async function inFrame<T>(address: string, work: (page: BenchWindow) => Promise<T>): Promise<T> {
  const frame = document.createElement('iframe');
  Object.assign(frame, { src: address, width: 660, height: 380 });
  document.body.append(frame);
  try {
    while ((frame.contentWindow as unknown as BenchWindow | null)?.isReady !== true)
      await new Promise((resolve) => setTimeout(resolve, 20));
    return await work(frame.contentWindow as unknown as BenchWindow);
  } finally {
    frame.remove();
  }
}

async function openWithOurs(file: string, bytes: ArrayBuffer): Promise<{ firstPictureMs: number; completeMs: number }> {
  const frame = document.createElement('iframe');
  Object.assign(frame, { src: 'app/index.html?empty', width: 640, height: 360 });
  document.body.append(frame);
  try {
    let app: AppElement | null = null;
    while (app?.rendererReady === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      app = frame.contentDocument?.querySelector<AppElement>('usd-viewer-app') ?? null;
    }
    await app.rendererReady;
    const started = performance.timeOrigin + performance.now();
    await app.openFiles([{ path: file, file: new File([bytes], file) }]);
    await app.settled();
    return {
      firstPictureMs: (app.milestones.first ?? Number.NaN) - started,
      completeMs: (app.milestones.complete ?? Number.NaN) - started,
    };
  } finally {
    frame.remove();
  }
}

/** Stores a picture of the sample, so that somebody can look at what this GPU draws. The page stays hidden: it needs no fonts then. */
async function storePicture(): Promise<void> {
  const frame = document.createElement('iframe');
  frame.src = 'app/index.html?empty';
  frame.hidden = true;
  document.body.append(frame);
  let app: AppElement | null = null;
  while (app?.rendererReady === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    app = frame.contentDocument?.querySelector<AppElement>('usd-viewer-app') ?? null;
  }
  const bytes = await (await fetch('app/samples/sample.usdz')).arrayBuffer();
  await app.openFiles([{ path: 'sample.usdz', file: new File([bytes], 'sample.usdz') }]);
  await new Promise((resolve) => setTimeout(resolve, 2000));
  await app.useCamera('/Theatre/Audience');
  const picture = await app.capture({ size: { width: 1280, height: 720 } });
  await fetch('/out/sample.png', { method: 'POST', body: picture });
  frame.remove();
}

async function medianOf<T extends { firstPictureMs: number }>(run: () => Promise<T>): Promise<T> {
  const samples: T[] = [];
  for (let i = 0; i < RUNS; i++) samples.push(await run());
  const [median] = samples.toSorted((a, b) => a.firstPictureMs - b.firstPictureMs).slice(RUNS >> 1);
  if (median === undefined) throw new Error('no run');
  return median;
}
