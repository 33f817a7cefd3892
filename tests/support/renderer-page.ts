/** The renderer in a test page: feed it, look at pixels. No canvas is shown; captures use the same path as the page. */
import type { CameraPose, RenderSettings, RendererEvent } from '../../src/share/protocol/renderer.ts';
import { DEFAULT_RENDER_SETTINGS } from '../../src/share/protocol/renderer.ts';
import type { SceneAck, SceneChanges } from '../../src/share/protocol/scene.ts';
import { GraphicsHost } from '../../src/gpu/graphics-host.ts';
import { SceneFeed } from '../../src/gpu/scene-feed.ts';
import { SceneView } from '../../src/gpu/scene-view.ts';

/** 64 x 64 pixels over x and y of -1..1: pixel (i, j) is at x = (i + 0.5) / 32 - 1. */
export const FLAT_CAMERA: CameraPose = { eye: [0, 0, 10], target: [0, 0, 0], up: [0, 1, 0], orthographicHeight: 2, near: 0.1 };

/** Colours as they are: no light, no curve, no ground, black behind. */
export const FLAT_SETTINGS: RenderSettings = {
  ...DEFAULT_RENDER_SETTINGS,
  lighting: 'none',
  toneMap: 'srgb',
  shadowIntensity: 0,
  background: [0, 0, 0, 1],
};

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Colour at a place, x and y in -1..1 with y up: red, green, blue, alpha, 0..255. */
  at(x: number, y: number): [number, number, number, number];
  readonly data: Uint8ClampedArray;
}

export class RendererPage {
  readonly events: RendererEvent[] = [];
  readonly acks: SceneAck[] = [];
  readonly host: GraphicsHost;
  readonly feed: SceneFeed;
  readonly renderer: SceneView;
  #ownsHost: boolean;

  /**
   * @param host outlives the page: starting a device for every test takes seconds on software adapters
   * @param scene of another page, for another camera in it
   */
  constructor(host?: GraphicsHost, scene?: SceneFeed) {
    this.#ownsHost = host === undefined;
    this.host = host ?? new GraphicsHost();
    this.feed = scene ?? new SceneFeed(this.host);
    this.renderer = new SceneView(this.host, this.feed, (event) => this.events.push(event));
  }

  /** Another camera in the same scene. */
  openCamera(): RendererPage {
    return new RendererPage(this.host, this.feed);
  }

  async attach(width = 64, height = 64): Promise<string> {
    return this.renderer.attach(new OffscreenCanvas(width, height), { width, height });
  }

  send(...messages: readonly SceneChanges[]): void {
    for (const message of messages) this.feed.feed(message, (ack) => this.acks.push(ack));
  }

  async picture(camera: CameraPose = FLAT_CAMERA, settings: Partial<RenderSettings> = {}, width = 64, height = 64): Promise<Picture> {
    const blob = await this.renderer.pictures.capture({ size: { width, height }, camera, settings: { ...FLAT_SETTINGS, ...settings } });
    const bitmap = await createImageBitmap(blob, { premultiplyAlpha: 'none', colorSpaceConversion: 'none' });
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
    context.drawImage(bitmap, 0, 0);
    bitmap.close();
    const { data } = context.getImageData(0, 0, width, height);
    const at = (x: number, y: number): [number, number, number, number] => {
      const column = Math.min(width - 1, Math.floor(((x + 1) / 2) * width));
      const row = Math.min(height - 1, Math.floor(((1 - y) / 2) * height));
      const start = (row * width + column) * 4;
      return [data[start]!, data[start + 1]!, data[start + 2]!, data[start + 3]!];
    };
    return { width, height, at, data };
  }

  problems(): string[] {
    return this.events.flatMap((event) => (event.kind === 'problem' ? [event.problem.message] : []));
  }

  /** Destroys the device. Resolves when the renderer has told of it. */
  async loseDevice(): Promise<void> {
    this.host.loseDevice();
    while (!this.events.some((event) => event.kind === 'lost')) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  dispose(): void {
    this.renderer.dispose();
    if (this.#ownsHost) this.host.dispose();
  }
}
