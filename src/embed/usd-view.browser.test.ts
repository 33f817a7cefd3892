import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { FakeFailure, fakeWorkers, summaryOf, type FakeWorkers } from '../../tests/support/fake-workers.ts';
import type { RenderSettings, CameraPose } from '../share/protocol/renderer.ts';
import { HANDLE_VERSION, type TextureHandle } from '../share/frames/texture-handle.ts';
import type { StageSummary } from '../share/protocol/engine.ts';
import type { TextureId } from '../share/protocol/scene.ts';
import type { UsdViewEvents } from './events.ts';
import './usd-view.ts';
import type { UsdView } from './usd-view.ts';

/** Every view that was opened, and what the next ones answer. */
const page = vi.hoisted(() => ({ views: [] as unknown[], next: undefined as (() => unknown) | undefined }));
vi.mock('../ui/app/workers.ts', () => ({
  pageWorkers: () => ({
    openView: () => {
      const view = page.next?.();
      page.views.push(view);
      return view;
    },
  }),
}));

/** Busy machines take long to come to a frame. */
const eventually = <T>(read: () => T): ReturnType<typeof expect.poll<T>> => expect.poll(read, { timeout: 15_000 });
const views = (): FakeWorkers[] => page.views as FakeWorkers[];

/** A stage that opens at once; `complete` sends what the workers send when all is there and drawn. */
function answering(summary: Partial<StageSummary> = {}): void {
  page.next = () => {
    const recompose = (): StageSummary => {
      setTimeout(() => workers.engine.emit(DONE), 5);
      return summaryOf(0, 'chair.usdz', summary);
    };
    const workers = fakeWorkers({
      openStage: () => summaryOf(0, 'chair.usdz', summary),
      setVariant: recompose,
      setVariants: recompose,
      loadEnvironment: () => ({}),
      cameraPose: () => ({ pose: { eye: [0, 0, 9], target: [0, 0, 0], up: [0, 1, 0], fovYRadians: 0.5, near: 0.1 } }),
    });
    return workers;
  };
}

const SHARED: TextureHandle = {
  version: HANDLE_VERSION,
  kind: 'shared-texture',
  id: 'texture-1',
  descriptor: {
    width: 8,
    height: 8,
    format: 'rgba8unorm',
    usages: ['sample'],
    colorSpace: 'srgb',
    alphaMode: 'opaque',
    mode: 'latest',
    slots: 3,
    label: 'test',
  },
  transport: 'auto',
};
const DONE = { kind: 'progress', phase: 'done', loadedBytes: 0, totalBytes: 0, done: 0, total: 0 };

function complete({ engine, renderer }: FakeWorkers): void {
  engine.emit({ kind: 'milestone', what: 'complete', epochMs: 0 });
  engine.emit(DONE);
  for (const what of ['first', 'complete']) renderer.emit({ kind: 'pictured', stage: 0, what, epochMs: 0 });
}

function make(attributes: string, content = ''): UsdView {
  const holder = document.createElement('div');
  holder.style.width = '400px';
  holder.innerHTML = `<usd-view ${attributes}>${content}</usd-view>`;
  document.body.append(holder);
  return holder.firstElementChild as UsdView;
}

async function load(attributes: string, content = ''): Promise<{ view: UsdView; workers: FakeWorkers }> {
  const view = make(`src="chair.usdz" ${attributes}`, content);
  await eventually(() => view.stage !== undefined).toBe(true);
  const workers = views().at(-1) as FakeWorkers;
  complete(workers);
  return { view, workers };
}

const part = (view: UsdView, name: string): HTMLElement => view.shadowRoot?.querySelector(`[part~="${name}"]`) as HTMLElement;
const status = (view: UsdView): string => view.shadowRoot?.querySelector('[role="status"]')?.textContent ?? '';
const sent = (side: FakeWorkers['engine'] | FakeWorkers['renderer'], kind: string): Record<string, unknown>[] =>
  side.received.filter((message) => message.kind === kind);
const lastCamera = ({ renderer }: FakeWorkers): CameraPose => sent(renderer, 'setCamera').at(-1)?.['camera'] as CameraPose;
const lastSettings = ({ renderer }: FakeWorkers): RenderSettings => sent(renderer, 'setSettings').at(-1)?.['settings'] as RenderSettings;

// Fetched late, it would take longer than a poll waits.
beforeAll(() => import('./runtime/view.ts'));
beforeEach(() => {
  page.views.length = 0;
  answering();
});
afterEach(() => {
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

test('attributes and properties say the same', () => {
  const view = make('camera-controls auto-rotate-delay="50" time="soon"');
  expect(view.cameraControls).toBe(true);
  expect(view.autoRotateDelay).toBe(50);
  expect(view.time).toBeNull();
  view.autoRotate = true;
  view.cameraOrbit = '1deg 2deg 3m';
  view.time = 4;
  view.cameraControls = false;
  expect(view.outerHTML).toBe('<usd-view auto-rotate-delay="50" time="4" auto-rotate="" camera-orbit="1deg 2deg 3m"></usd-view>');
});

test('properties set before the element is connected count', async () => {
  const view = document.createElement('usd-view');
  // As on an element that is not yet upgraded.
  Object.defineProperty(view, 'alt', { value: 'A chair', configurable: true, enumerable: true, writable: true });
  document.body.append(view);
  expect(view.getAttribute('alt')).toBe('A chair');
  expect(Object.hasOwn(view, 'alt')).toBe(false);
});

test('it has a shape before anything is loaded, which the page may change', () => {
  const view = make('');
  expect(view.getBoundingClientRect()).toMatchObject({ width: 400, height: 300 });
  view.style.height = '100px';
  expect(view.getBoundingClientRect()).toMatchObject({ width: 400, height: 100 });
});

test('it loads when it comes near, not before', async () => {
  const holder = document.createElement('div');
  holder.style.cssText = 'height: 5000px';
  document.body.append(holder);
  const view = make('src="chair.usdz"');
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(views()).toHaveLength(0);
  holder.remove();
  await eventually(() => views().length).toBe(1);
  expect(view.loaded).toBe(false);
});

test('events tell of a load in order', async () => {
  const heard: string[] = [];
  const view = make('alt="A chair"');
  for (const type of ['progress', 'preload', 'poster-dismissed', 'load', 'model-visibility'] as const) {
    view.addEventListener(type, () => heard.push(type));
  }
  view.src = 'chair.usdz';
  await eventually(() => view.stage !== undefined).toBe(true);
  expect(status(view)).toBe('Loading A chair');
  const [workers] = views() as [FakeWorkers];
  workers.engine.emit({ kind: 'progress', phase: 'geometry', loadedBytes: 0, totalBytes: 0, done: 1, total: 2 });
  complete(workers);
  await eventually(() => view.modelIsVisible).toBe(true);
  expect(heard).toEqual(['progress', 'progress', 'preload', 'poster-dismissed', 'model-visibility', 'load']);
  expect(view.loaded).toBe(true);
  expect(status(view)).toBe('A chair loaded');
  if (CSS.supports('selector(:state(x))')) expect(view.matches(':state(loaded):not(:state(loading), :state(poster))')).toBe(true);
});

test('a manual reveal waits for a click, and for nothing else', async () => {
  const view = make('src="chair.usdz" reveal="manual"');
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(views()).toHaveLength(0);
  const button = part(view, 'load-button');
  expect(button.getAttribute('aria-label')).toBe('Show 3D model: chair.usdz');
  button.click();
  await eventually(() => view.stage !== undefined).toBe(true);
  expect(button.hidden).toBe(true);
});

test('a manual reveal that is eager is loaded behind its poster', async () => {
  const { view } = await load('reveal="manual" loading="eager"');
  await eventually(() => view.loaded).toBe(true);
  expect(view.modelIsVisible).toBe(false);
  view.dismissPoster();
  await eventually(() => view.modelIsVisible).toBe(true);
  view.showPoster();
  expect(view.modelIsVisible).toBe(false);
});

test('a move within the page keeps everything, a removal ends it', async () => {
  const { view, workers } = await load('');
  const other = document.createElement('section');
  document.body.append(other);
  other.append(view);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(workers.engine.kinds()).not.toContain('dispose');
  expect(view.stage).toBeDefined();
  view.remove();
  await eventually(() => workers.engine.kinds()).toContain('dispose');
  expect(workers.renderer.kinds()).toContain('dispose');
  expect(view.stage).toBeUndefined();
  other.append(view);
  await eventually(() => views().length).toBe(2);
});

test('a file that cannot be opened leaves a message and a way to try again', async () => {
  let isBroken = true;
  page.next = () =>
    fakeWorkers({
      openStage: () => {
        if (isBroken) throw new FakeFailure({ code: 'resolve-error', severity: 'error', message: 'no such file' });
        return summaryOf(0, 'chair.usdz');
      },
    });
  const errors: unknown[] = [];
  const view = make('alt="A chair"');
  view.addEventListener('error', ({ detail }) => errors.push([detail.type, detail.error.code]));
  view.src = 'chair.usdz';
  const message = part(view, 'message');
  await eventually(() => message.hidden).toBe(false);
  expect(message.textContent).toContain('could not be fetched');
  expect(status(view)).toContain('could not be loaded');
  expect(errors).toEqual([['loadfailure', 'resolve-error']]);
  await expect(view.whenLoaded()).rejects.toMatchObject({ info: { code: 'resolve-error' } });
  isBroken = false;
  part(view, 'retry-button').click();
  await eventually(() => view.stage !== undefined).toBe(true);
  expect(message.hidden).toBe(true);
});

test('shared textures go into the scene, over the picture, and out of it', async () => {
  const { view, workers } = await load('');
  const handle = (): TextureHandle => ({ ...SHARED, port: new MessageChannel().port1 });
  workers.engine.handlers.textureOfShader = ({ path }) => (path === '/Looks/Map' ? { texture: 7 as TextureId } : {});
  workers.renderer.handlers.shareFrames = () => ({ handle: SHARED });

  const given = handle();
  await view.setTexture('/Looks/Map', given);
  await view.setTexture('/Looks/Map');
  expect(sent(workers.renderer, 'setLiveTexture')).toEqual([
    { kind: 'setLiveTexture', stage: 0, texture: 7, handle: given },
    { kind: 'setLiveTexture', stage: 0, texture: 7 },
  ]);
  expect(workers.renderer.transferred).toContain(given.port);
  await expect(view.setTexture('/Looks/Other', handle())).rejects.toMatchObject({ info: { code: 'no-image' } });
  await expect(view.setTexture('Looks/../Map', handle())).rejects.toMatchObject({ code: 'bad-view-state' });

  const over = handle();
  await view.setOverlay('map', over, { x: 0.5, width: 0.25 });
  await view.setOverlay('map');
  expect(sent(workers.renderer, 'setOverlay')).toEqual([
    { kind: 'setOverlay', id: 'map', handle: over, place: { x: 0.5, y: 0, width: 0.25, height: 1, opacity: 1 } },
    { kind: 'setOverlay', id: 'map' },
  ]);
  await expect(view.setOverlay('map', undefined, { opacity: NaN })).rejects.toThrow('opacity');

  expect(await view.shareFrames({ width: 320, height: 200.4, transport: 'bitmap' })).toBe(SHARED);
  expect(sent(workers.renderer, 'shareFrames')[0]).toMatchObject({ size: { width: 320, height: 200 }, transport: 'bitmap' });
  expect(sent(workers.renderer, 'shareFrames')[0]).not.toHaveProperty('mode');

  const errors: unknown[] = [];
  view.addEventListener('error', ({ detail }) => errors.push(detail));
  const problem = { code: 'share-no-transport', severity: 'warning', message: 'No transport' } as const;
  workers.renderer.emit({ kind: 'problem', problem });
  workers.renderer.emit({ kind: 'problem', problem: { ...problem, code: 'gpu-error' } });
  expect(errors).toEqual([{ type: 'attribute', error: problem }]);
  expect(part(view, 'message').hidden).toBe(true);
});

test('a file with nothing to see says so', async () => {
  const { view, workers } = await load('');
  const problem = { code: 'nothing-to-draw', severity: 'warning', message: 'chair.usdz holds nothing that can be drawn' };
  workers.engine.emit({ kind: 'problems', problems: [problem] });
  const message = part(view, 'message');
  await eventually(() => message.hidden).toBe(false);
  expect(message.textContent).toContain('nothing that can be drawn');
  expect(part(view, 'retry-button')).toBeNull();
});

test.each(['javascript:alert(1)', 'file:///etc/passwd'])('%s is not read', async (src) => {
  const view = make(`src="${src}"`);
  const message = part(view, 'message');
  await eventually(() => message.hidden).toBe(false);
  expect(views()).toHaveLength(0);
});

test('without WebGPU there is a message and the file, and nothing is loaded', async () => {
  vi.spyOn(navigator, 'gpu', 'get').mockReturnValue(undefined as never);
  const view = make('src="chair.usdz" poster="data:image/png,"');
  const message = part(view, 'message');
  await eventually(() => message.hidden).toBe(false);
  expect(message.textContent).toContain('WebGPU');
  expect((part(view, 'file-link') as HTMLAnchorElement).href).toBe(new URL('chair.usdz', document.baseURI).href);
  expect(views()).toHaveLength(0);
});

test('the surface has a name: alt, else the file’s own, else the file’s name', async () => {
  answering({ accessibility: [{ name: 'default', label: 'An oak chair', description: 'Four legs' }] });
  const { view } = await load('');
  const surface = part(view, 'surface');
  expect(surface.getAttribute('role')).toBe('img');
  expect(surface.getAttribute('aria-label')).toBe('An oak chair');
  expect(surface.getAttribute('aria-description')).toBe('Four legs');
  view.alt = 'My chair';
  view.cameraControls = true;
  await eventually(() => surface.getAttribute('aria-label')).toBe('My chair');
  expect(surface.getAttribute('role')).toBe('application');
  expect(surface.tabIndex).toBe(0);
});

test('arrow keys turn the camera, and the new side is told', async () => {
  const { view, workers } = await load('camera-controls');
  await eventually(() => lastCamera(workers) !== undefined).toBe(true);
  const sources: string[] = [];
  view.addEventListener('camera-change', ({ detail }) => sources.push(detail.source));
  const surface = part(view, 'surface');
  for (let i = 0; i < 9; i++) surface.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', cancelable: true }));
  await eventually(() => status(view)).toBe('View from the front right');
  expect(sources).toContain('user-interaction');
  expect(view.getCameraOrbit().theta).toBeCloseTo(Math.PI / 4, 5);
  surface.dispatchEvent(new KeyboardEvent('keydown', { key: 'Home', cancelable: true }));
  expect(view.getCameraOrbit().theta).toBeCloseTo(0, 5);
});

test('a plain wheel is left to the page with a hint, one with Ctrl zooms', async () => {
  const { view, workers } = await load('camera-controls');
  await eventually(() => lastCamera(workers) !== undefined).toBe(true);
  const surface = part(view, 'surface');
  const before = view.getCameraOrbit().radius;
  const plain = new WheelEvent('wheel', { deltaY: -100, cancelable: true });
  surface.dispatchEvent(plain);
  expect(plain.defaultPrevented).toBe(false);
  expect(part(view, 'wheel-hint').classList.contains('shown')).toBe(true);
  expect(view.getCameraOrbit().radius).toBe(before);
  const zooming = new WheelEvent('wheel', { deltaY: -100, ctrlKey: true, cancelable: true });
  surface.dispatchEvent(zooming);
  expect(zooming.defaultPrevented).toBe(true);
  expect(view.getCameraOrbit().radius).toBeLessThan(before * 0.95);
  view.disableZoom = true;
  await expect
    .poll(() => {
      surface.dispatchEvent(new WheelEvent('wheel', { deltaY: -100, ctrlKey: true, cancelable: true }));
      const { radius } = view.getCameraOrbit();
      surface.dispatchEvent(new WheelEvent('wheel', { deltaY: -100, ctrlKey: true, cancelable: true }));
      return view.getCameraOrbit().radius === radius;
    })
    .toBe(true);
});

test('one finger turns across the page and leaves scrolling to it, two fingers zoom', async () => {
  const { view, workers } = await load('camera-controls');
  await eventually(() => lastCamera(workers) !== undefined).toBe(true);
  const surface = part(view, 'surface');
  expect(getComputedStyle(surface).touchAction).toBe('pan-y');
  const touch = (type: string, clientX: number, clientY: number, pointerId = 1): boolean =>
    surface.dispatchEvent(new PointerEvent(type, { clientX, clientY, pointerId, pointerType: 'touch' }));
  const before = String(view.getCameraOrbit());
  touch('pointerdown', 100, 100);
  for (let y = 100; y > 50; y -= 5) touch('pointermove', 101, y);
  touch('pointerup', 101, 50);
  expect(String(view.getCameraOrbit())).toBe(before);
  touch('pointerdown', 100, 100);
  for (let x = 100; x < 150; x += 5) touch('pointermove', x, 101);
  touch('pointerup', 150, 101);
  expect(view.getCameraOrbit().theta).toBeLessThan(-0.3);
  const { radius } = view.getCameraOrbit();
  touch('pointerdown', 100, 100);
  touch('pointerdown', 200, 100, 2);
  touch('pointermove', 50, 100);
  touch('pointermove', 250, 100, 2);
  expect(view.getCameraOrbit().radius).toBeCloseTo(radius / 2, 3);
});

test('without camera-controls nothing listens', async () => {
  const { view } = await load('');
  const surface = part(view, 'surface');
  const before = String(view.getCameraOrbit());
  surface.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft' }));
  surface.dispatchEvent(new WheelEvent('wheel', { deltaY: -100, ctrlKey: true }));
  expect(String(view.getCameraOrbit())).toBe(before);
  expect(surface.hasAttribute('tabindex')).toBe(false);
});

test('camera attributes are obeyed, at first and later', async () => {
  const { view, workers } = await load(
    'camera-orbit="90deg 90deg 5m" camera-target="0m 0m 0m" field-of-view="40deg" max-camera-orbit="auto auto 8m"',
  );
  await eventually(() => lastCamera(workers)?.eye[0]).toBeCloseTo(5, 3);
  expect(lastCamera(workers).fovYRadians).toBeCloseTo((40 * Math.PI) / 180, 5);
  expect(String(view.getCameraOrbit())).toBe('90deg 90deg 5m');
  view.cameraOrbit = '0deg 90deg 20m';
  await eventually(() => String(view.getCameraOrbit())).toBe('0deg 90deg 8m');
  view.jumpCameraToGoal();
  await eventually(() => lastCamera(workers).eye[2]).toBeCloseTo(8, 3);
  expect(view.getFieldOfView()).toBeCloseTo(40, 4);
});

test('a bad attribute is told, and the picture stays', async () => {
  const errors: string[] = [];
  const { view } = await load('');
  view.addEventListener('error', ({ detail }) => errors.push(`${detail.type} ${detail.error.message}`));
  view.cameraOrbit = 'sideways';
  await eventually(() => errors).toEqual([expect.stringContaining('attribute camera-orbit="sideways"')]);
  expect(part(view, 'message').hidden).toBe(true);
});

test('a camera that is not there leaves the model as it is', async () => {
  page.next = () =>
    fakeWorkers({
      cameraPose: () => {
        throw new FakeFailure({ code: 'no-prim', severity: 'error', message: 'no camera' });
      },
    });
  const errors: string[] = [];
  document.body.addEventListener('error', (event) => errors.push((event as unknown as UsdViewEvents['error']).detail.type), {
    capture: true,
  });
  const { view } = await load('camera="/Nope"');
  await eventually(() => errors).toEqual(['attribute']);
  expect(part(view, 'message').hidden).toBe(true);
});

test('the camera of the stage is looked through', async () => {
  const { view, workers } = await load('camera="/World/Cam"');
  await eventually(() => lastCamera(workers)?.fovYRadians).toBe(0.5);
  view.camera = null;
  await eventually(() => lastCamera(workers)?.fovYRadians).not.toBe(0.5);
});

test('variants are opened with, changed, and found by name', async () => {
  answering({
    defaultPrim: '/Car',
    variantSets: [
      { primPath: '/Car/Wheel', set: 'rim', variants: ['red'], selection: '' },
      { primPath: '/Car', set: 'color', variants: ['red', 'blue'], selection: '' },
    ],
  });
  const applied = new Promise((resolve) => {
    document.body.addEventListener('variant-applied', (event) => resolve((event as CustomEvent<{ variants: string }>).detail.variants), {
      capture: true,
      once: true,
    });
  });
  const { view, workers } = await load('variants="/Car{trim=sport}" variant-name="red"');
  expect(sent(workers.engine, 'openStage')[0]).toMatchObject({ variants: [{ primPath: '/Car', set: 'trim', selection: 'sport' }] });
  await eventually(() => sent(workers.engine, 'setVariant')).toHaveLength(1);
  expect(sent(workers.engine, 'setVariant')[0]).toMatchObject({ primPath: '/Car', set: 'color', selection: 'red' });
  expect(await applied).toBe('/Car{color=red}');
  view.variants = '/Car{color=blue}';
  await eventually(() => sent(workers.engine, 'setVariants')).toHaveLength(1);
  expect(sent(workers.engine, 'setVariants')[0]).toMatchObject({
    choices: [
      { primPath: '/Car', set: 'trim', selection: '' },
      { primPath: '/Car', set: 'color', selection: 'blue' },
    ],
  });
  expect(view.availableVariants).toEqual(['red', 'blue']);
});

test('playback tells of its begin, rounds and end', async () => {
  answering({ isAnimated: true, startTimeCode: 0, endTimeCode: 4, timeCodesPerSecond: 24 });
  const { view, workers } = await load('start="1" controls');
  expect(view.duration).toBeCloseTo(3 / 24, 9);
  const heard: string[] = [];
  for (const type of ['play', 'pause', 'loop', 'finished'] as const) view.addEventListener(type, () => heard.push(type));
  view.play({ repetitions: 2 });
  expect(view.paused).toBe(false);
  await eventually(() => heard.at(-1)).toBe('finished');
  // Slow frames may pass the first end and the last at once.
  expect(heard.filter((type) => type !== 'loop')).toEqual(['play', 'finished']);
  expect(view.paused).toBe(true);
  expect(view.timeCode).toBe(4);
  await view.seek(2);
  expect(sent(workers.engine, 'setTime').at(-1)).toMatchObject({ timeCode: 2 });
  expect(view.currentTime).toBeCloseTo(1 / 24, 9);
  const play = part(view, 'play-button');
  play.click();
  expect(play.getAttribute('aria-label')).toBe('Pause');
  play.click();
  expect(heard.slice(-2)).toEqual(['play', 'pause']);
});

test('autoplay and turning are left out where motion is unwanted', async () => {
  vi.spyOn(globalThis, 'matchMedia').mockImplementation((query) => ({ matches: query.includes('reduced-motion') }) as MediaQueryList);
  answering({ isAnimated: true, startTimeCode: 0, endTimeCode: 48 });
  const { view } = await load('autoplay auto-rotate auto-rotate-delay="0"');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(view.paused).toBe(true);
  expect(view.turntableRotation).toBe(0);
  view.play();
  expect(view.paused).toBe(false);
});

test('turning begins after the delay, and can be turned back', async () => {
  const { view } = await load('auto-rotate auto-rotate-delay="20" rotation-per-second="90deg"');
  await eventually(() => view.turntableRotation).toBeGreaterThan(0.05);
  view.autoRotate = false;
  await new Promise((resolve) => setTimeout(resolve, 20));
  view.resetTurntableRotation();
  expect(view.turntableRotation).toBe(0);
  expect(view.getCameraOrbit().theta).toBeCloseTo(0, 5);
});

test('what is out of sight draws nothing and holds its clock', async () => {
  answering({ isAnimated: true, startTimeCode: 0, endTimeCode: 480 });
  const { view, workers } = await load('autoplay');
  await eventually(() => sent(workers.engine, 'setTime').length).toBeGreaterThan(1);
  const holder = view.parentElement as HTMLElement;
  holder.style.marginTop = '5000px';
  await eventually(() => sent(workers.renderer, 'setVisible').at(-1)?.['isVisible']).toBe(false);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const { length } = workers.engine.received;
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(workers.engine.received).toHaveLength(length);
  expect(view.paused).toBe(false);
  holder.style.marginTop = '';
  await eventually(() => workers.engine.received.length).toBeGreaterThan(length);
});

test('light, shadow and purposes go to the renderer', async () => {
  const { view, workers } = await load('exposure="4" tone-mapping="aces" shadow-intensity="0.5" purposes="proxy" skybox-image="sky.hdr"');
  expect(lastSettings(workers)).toMatchObject({
    exposure: 2,
    toneMap: 'aces',
    shadowIntensity: 0.5,
    purposes: ['default', 'proxy'],
    lighting: 'image',
    showsEnvironment: true,
  });
  expect(sent(workers.engine, 'loadEnvironment')[0]).toMatchObject({
    source: { kind: 'url', url: new URL('sky.hdr', document.baseURI).href },
  });
  const changed = new Promise((resolve) => view.addEventListener('environment-change', ({ detail }) => resolve(detail.url)));
  view.skyboxImage = null;
  expect(await changed).toBeNull();
  expect(lastSettings(workers).lighting).toBe('studio');
});

test('hotspots stand where their points are, and tell when they are seen', async () => {
  const seen: boolean[] = [];
  document.body.addEventListener('hotspot-visibility', ({ detail }) => seen.push(detail.visible), { once: true });
  const { view } = await load(
    'camera-orbit="0deg 90deg 10m" camera-target="0m 0m 0m" field-of-view="90deg"',
    `<b slot="hotspot-right" data-position="5m 0m 0m"></b>
     <b slot="hotspot-back" data-position="0 0 0" data-normal="0 0 -1"></b>`,
  );
  const [right, back] = view.querySelectorAll('b') as unknown as [HTMLElement, HTMLElement];
  await eventually(() => right.hasAttribute('data-visible')).toBe(true);
  // The picture is 400 by 300, and 20 metres high at the target.
  expect(view.queryHotspot('hotspot-right')?.canvasPosition?.x).toBeCloseTo(200 + 75, 1);
  const box = right.getBoundingClientRect();
  const frame = view.getBoundingClientRect();
  expect(box.left + box.width / 2 - frame.left).toBeCloseTo(275, 0);
  expect(back.hasAttribute('data-visible')).toBe(false);
  expect(seen).toHaveLength(1);
  back.dataset['normal'] = '0 0 1';
  await eventually(() => back.hasAttribute('data-visible')).toBe(true);
});

test('a hotspot behind the surface that is seen there is hidden, one on it is not', async () => {
  const { view, workers } = await load(
    'camera-orbit="0deg 90deg 10m" camera-target="0m 0m 0m" field-of-view="90deg"',
    '<b slot="hotspot-on" data-position="0m 0m 0m"></b>',
  );
  const [spot] = view.querySelectorAll('b') as unknown as [HTMLElement];
  workers.renderer.handlers.pick = () => ({ prim: 1, depth: 9.95 });
  await eventually(() => sent(workers.renderer, 'pick').length).toBeGreaterThan(0);
  expect(spot.hasAttribute('data-visible')).toBe(true);
  workers.renderer.handlers.pick = () => ({ prim: 1, depth: 8 });
  view.cameraOrbit = '90deg 90deg 10m';
  await eventually(() => spot.hasAttribute('data-visible')).toBe(false);
  workers.renderer.handlers.pick = () => ({});
  view.cameraOrbit = '0deg 90deg 10m';
  await eventually(() => spot.hasAttribute('data-visible')).toBe(true);
});

test('pictures, sizes and prims are asked for by methods', async () => {
  answering({ bounds: [0, 0, 0, 100, 200, 300], metersPerUnit: 0.01, upAxis: 'Z' });
  const { view, workers } = await load('');
  expect(String(view.getDimensions())).toBe('1m 3m 2m');
  const blob = await view.toBlob({ mimeType: 'image/webp', qualityArgument: 0.5, width: 64, height: 48 });
  expect(blob.size).toBeGreaterThan(0);
  expect(sent(workers.renderer, 'capture')[0]).toMatchObject({ size: { width: 64, height: 48 }, type: 'image/webp', quality: 0.5 });
  expect(await view.toDataURL()).toMatch(/^data:image\/png;base64,/);
  expect(await view.query('/World/Seat')).toMatchObject({ path: '/World/Seat', typeName: 'Mesh' });
  await expect(view.query('Seat')).rejects.toMatchObject({ code: 'bad-view-state' });
});

test('methods that need a model say so where there is none', async () => {
  const view = make('');
  expect(() => view.getDimensions()).toThrow(/No model is loaded/);
  await expect(view.toBlob()).rejects.toMatchObject({ code: 'not-loaded' });
});

test('a lost device is replaced; one that stays away leaves a message', async () => {
  const { view, workers } = await load('');
  workers.renderer.emit({ kind: 'lost', reason: 'test' });
  await eventually(() => sent(workers.renderer, 'attach')).toHaveLength(2);
  expect(view.shadowRoot?.querySelectorAll('canvas')).toHaveLength(1);
  workers.renderer.emit({ kind: 'unavailable', error: { code: 'webgpu-missing', severity: 'error', message: 'No adapter' } });
  await eventually(() => part(view, 'message').hidden).toBe(false);
  expect(part(view, 'message').textContent).toContain('No adapter');
});
