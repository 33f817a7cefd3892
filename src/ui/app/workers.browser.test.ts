/** The page's real workers with several views: every message crosses as it does in the app. */
import { afterEach, expect, test } from 'vitest';
import { CallClient } from '../../share/protocol/channel.ts';
import type { EngineCalls, EngineMessage } from '../../share/protocol/engine.ts';
import { DEFAULT_RENDER_SETTINGS, type CameraPose, type RendererCalls, type RendererMessage } from '../../share/protocol/renderer.ts';
import { PROTOCOL_VERSION } from '../../share/protocol/version.ts';
import type { ViewerWorkers } from '../../share/protocol/views.ts';
import { pageWorkers } from './workers.ts';

const CAMERA: CameraPose = { eye: [0, 0, 10], target: [0, 0, 0], up: [0, 1, 0], orthographicHeight: 2, near: 0.1 };
const SIZE = { width: 16, height: 16 };

/** A view as a page has it, without its elements. */
class PageView {
  readonly engine: CallClient<EngineCalls>;
  readonly renderer: CallClient<RendererCalls>;
  readonly heard: string[] = [];
  #view: ViewerWorkers = pageWorkers().openView();

  constructor() {
    const { engine, renderer } = this.#view;
    this.engine = new CallClient(engine);
    this.renderer = new CallClient(renderer);
    engine.addEventListener('message', (event) => this.#hear(this.engine, (event as MessageEvent<EngineMessage>).data));
    renderer.addEventListener('message', (event) => this.#hear(this.renderer, (event as MessageEvent<RendererMessage>).data));
  }

  /** Connects both sides and opens a cube of this colour that fills the picture. */
  async open(color: string): Promise<void> {
    const { engineScene, rendererScene } = this.#view;
    const connecting = this.engine.call('connect', { protocol: PROTOCOL_VERSION, scene: engineScene }, { transfer: [engineScene] });
    const text = `#usda 1.0\ndef Cube "Box" { color3f[] primvars:displayColor = [${color}]; }\n`;
    const files = [{ path: 'box.usda', file: new File([text], 'box.usda') }];
    const opening = this.engine.call('openStage', { source: { kind: 'files', files, root: 'box.usda' } });
    const canvas = document.createElement('canvas').transferControlToOffscreen();
    const attaching = this.renderer.call(
      'attach',
      { protocol: PROTOCOL_VERSION, canvas, size: SIZE, scene: rendererScene },
      { transfer: [canvas, rendererScene] },
    );
    await Promise.all([connecting, opening, attaching]);
    while (!this.heard.includes('complete')) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  async centerColor(): Promise<number[]> {
    const settings = { ...DEFAULT_RENDER_SETTINGS, lighting: 'none', toneMap: 'srgb', shadowIntensity: 0 } as const;
    const { blob } = await this.renderer.call('capture', { size: SIZE, camera: CAMERA, settings });
    const context = new OffscreenCanvas(SIZE.width, SIZE.height).getContext('2d')!;
    context.drawImage(await createImageBitmap(blob), 0, 0);
    return [...context.getImageData(8, 8, 1, 1).data];
  }

  loseDevice(): void {
    this.#view.renderer.postMessage({ kind: 'loseDevice' }, []);
  }

  end(): void {
    this.#view.dispose();
  }

  #hear(client: { settle(message: EngineMessage | RendererMessage): boolean }, message: EngineMessage | RendererMessage): void {
    if (!client.settle(message)) this.heard.push(message.kind === 'milestone' ? message.what : message.kind);
  }
}

const opened: PageView[] = [];

function view(): PageView {
  const made = new PageView();
  opened.push(made);
  return made;
}

afterEach(() => {
  for (const made of opened.splice(0)) made.end();
});

test('each view shows its own stage', async () => {
  const [red, green] = [view(), view()];
  await Promise.all([red.open('(1, 0, 0)'), green.open('(0, 1, 0)')]);
  expect(await Promise.all([red.centerColor(), green.centerColor()])).toEqual([
    [255, 0, 0, 255],
    [0, 255, 0, 255],
  ]);
});

test('a view that ended says nothing more, and the others go on', async () => {
  const [gone, stays] = [view(), view()];
  await Promise.all([gone.open('(1, 0, 0)'), stays.open('(0, 0, 1)')]);
  const late = gone.engine.call('primDetails', { path: '/Box' });
  gone.end();
  const answer = await Promise.race([
    late.then(
      () => 'answered',
      () => 'failed',
    ),
    stays.centerColor(),
  ]);
  expect(answer).toEqual([0, 0, 255, 255]);
});

test('a lost device is told to every view, and comes back for each', async () => {
  const [red, green] = [view(), view()];
  await Promise.all([red.open('(1, 0, 0)'), green.open('(0, 1, 0)')]);
  red.loseDevice();
  for (const made of [red, green]) while (!made.heard.includes('lost')) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(await Promise.all([red.centerColor(), green.centerColor()])).toEqual([
    [255, 0, 0, 255],
    [0, 255, 0, 255],
  ]);
});
