/** Pictures handed to a recorder as video frames. */
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { FLAT_CAMERA, FLAT_SETTINGS, RendererPage } from '../../tests/support/renderer-page.ts';
import { firstChanges, material, quad, rows, sphere } from '../../tests/support/synthetic-scenes.ts';
import type { CameraPose, RecordFrameRequest, RecordedFrame } from '../share/protocol/renderer.ts';
import { CanvasFrameMaker, ReadFrameMaker } from './later-recorder.ts';
import { GraphicsHost } from './graphics-host.ts';
import { CAPTURE_FORMAT } from './painter.ts';

const host = new GraphicsHost();
const pages: RendererPage[] = [];
const SIZE = { width: 50, height: 36 };

/** Lit, with curves in it, so that no two pictures are alike. */
function open(): RendererPage {
  const page = new RendererPage(host);
  pages.push(page);
  page.send(
    firstChanges({
      materials: [material(0, { diffuseColor: { value: [0.9, 0.3, 0.1] } }), material(1, { diffuseColor: { value: [0, 0.4, 0.8] } })],
      meshes: [sphere(0, 32, 24, 0.5), quad(1, 1, 1)],
      instances: rows([
        { mesh: 0, material: 0, at: [-0.3, 0, 0] },
        { mesh: 1, material: 1, at: [0.4, 0.2, -1] },
      ]),
    }),
  );
  page.renderer.setSettings({ ...FLAT_SETTINGS, lighting: 'studio', shadowIntensity: 0.5, background: [0.2, 0.4, 0.6, 1] });
  return page;
}

/** A recorder that takes frames when it is told to. */
class Recorder {
  readonly frames: RecordedFrame[] = [];
  readonly port: MessagePort;
  #own: MessagePort;

  constructor(takesAtOnce: boolean) {
    const { port1, port2 } = new MessageChannel();
    this.port = port2;
    this.#own = port1;
    port1.onmessage = ({ data }: MessageEvent<RecordedFrame>) => {
      this.frames.push(data);
      if (takesAtOnce) this.take(data.index);
    };
  }

  take(index: number): void {
    this.#own.postMessage({ taken: index });
  }

  async pixels(index: number): Promise<Uint8Array> {
    const { frame } = this.frames[index]!;
    const bytes = new Uint8Array(frame.allocationSize({ format: 'RGBA' }));
    await frame.copyTo(bytes, { format: 'RGBA' });
    return bytes;
  }
}

const poseAt = (i: number): CameraPose => ({ ...FLAT_CAMERA, eye: [i / 10, i / 20, 10] });
const frameAt = (i: number, fields: Partial<RecordFrameRequest> = {}): RecordFrameRequest => ({
  size: SIZE,
  camera: poseAt(i),
  timestampMicros: i * 40_000,
  durationMicros: 40_000,
  ...fields,
});

afterEach(() => {
  for (const page of pages.splice(0)) {
    expect(page.problems()).toEqual([]);
    page.dispose();
  }
});

afterAll(() => host.dispose());

describe('recorded frames', () => {
  it('are what a capture shows, pixel by pixel, in order and with their times', async () => {
    const page = open();
    const recorder = new Recorder(true);
    await Promise.all([0, 1, 2, 3].map((i) => page.renderer.pictures.record(frameAt(i, i === 0 ? { recorder: recorder.port } : {}))));
    expect(
      recorder.frames.map(({ kind, index, frame }) => [kind, index, frame.timestamp, frame.duration, frame.codedWidth, frame.codedHeight]),
    ).toEqual([0, 1, 2, 3].map((i) => ['recordedFrame', i, i * 40_000, 40_000, SIZE.width, SIZE.height]));
    const seen = new Set<string>();
    for (const { index, frame } of recorder.frames) {
      const blob = await page.renderer.pictures.capture({ size: SIZE, camera: poseAt(index) });
      const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none' });
      const context = new OffscreenCanvas(SIZE.width, SIZE.height).getContext('2d')!;
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, SIZE.width, SIZE.height);
      const pixels = await recorder.pixels(index);
      expect([...pixels], `frame ${index}`).toEqual([...data]);
      seen.add(pixels.join());
      frame.close();
    }
    expect(seen.size).toBe(4);
  });

  it('are made no faster than they are taken', async () => {
    const page = open();
    const recorder = new Recorder(false);
    const recorded: number[] = [];
    const calls = [0, 1, 2, 3].map(async (i) => {
      await page.renderer.pictures.record(frameAt(i, i === 0 ? { recorder: recorder.port } : {}));
      recorded.push(i);
    });
    await expect.poll(() => recorder.frames.length).toBe(2);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(recorder.frames).toHaveLength(2);
    expect(recorded).toEqual([]);
    recorder.take(0);
    await expect.poll(() => recorder.frames.length).toBe(3);
    expect(recorded).toEqual([0]);
    // One that is not on its way, and one that was taken before, make no room.
    for (const index of [0, 17, 1]) recorder.take(index);
    await expect.poll(() => recorder.frames.length).toBe(4);
    for (const index of [2, 3]) recorder.take(index);
    await Promise.all(calls);
    expect(recorded).toEqual([0, 1, 2, 3]);
    for (const { frame } of recorder.frames) frame.close();
  });

  it('fail when the recording ends, when there is none, and for sizes that cannot be drawn', async () => {
    const page = open();
    await expect(page.renderer.pictures.record(frameAt(0))).rejects.toMatchObject({ code: 'recording-ended' });
    const [first, second] = [new Recorder(false), new Recorder(false)];
    const given = page.renderer.pictures.record(frameAt(0, { recorder: first.port }));
    await expect.poll(() => first.frames.length).toBe(1);
    const next = page.renderer.pictures.record(frameAt(0, { recorder: second.port }));
    await expect(given).rejects.toMatchObject({ code: 'recording-ended' });
    await expect.poll(() => second.frames.length).toBe(1);
    await expect(page.renderer.pictures.record(frameAt(1, { size: { width: 0, height: 9 } }))).rejects.toMatchObject({
      code: 'capture-size',
    });
    page.dispose();
    await expect(next).rejects.toMatchObject({ code: 'recording-ended' });
    for (const { frame } of [...first.frames, ...second.frames]) frame.close();
  });

  it('stay transparent with straight colours where that is wanted', async () => {
    const page = open();
    page.renderer.setSettings({ ...FLAT_SETTINGS, background: [1, 0.5, 0, 0.5] });
    const recorder = new Recorder(true);
    const camera = { ...FLAT_CAMERA, eye: [1000, 0, 10], target: [1000, 0, 0] } as const;
    await page.renderer.pictures.record(frameAt(0, { recorder: recorder.port, camera, hasAlpha: true }));
    const [r, g, b, a] = await recorder.pixels(0);
    expect(a).toBe(128);
    expect(Math.abs(r! - 255) + Math.abs(g! - 128) + b!).toBeLessThan(4);
    recorder.frames[0]!.frame.close();
    page.renderer.pictures.endRecording();
    await expect(page.renderer.pictures.record(frameAt(1))).rejects.toMatchObject({ code: 'recording-ended' });
  });

  it('are the same in memory and by way of a canvas', async () => {
    const { device } = await host.start();
    const size = { width: 16, height: 8 };
    const facts = { size, timestampMicros: 5, durationMicros: 7 };
    const makers = [new ReadFrameMaker(device, size), new CanvasFrameMaker(device, size, CAPTURE_FORMAT)];
    const frames: VideoFrame[] = [];
    for (const maker of makers) {
      const encoder = device.createCommandEncoder();
      const clearValue = [64 / 255, 128 / 255, 192 / 255, 1];
      encoder
        .beginRenderPass({ colorAttachments: [{ view: maker.texture.createView(), loadOp: 'clear', clearValue, storeOp: 'store' }] })
        .end();
      device.queue.submit([encoder.finish()]);
      frames.push(await maker.make(facts));
      maker.dispose();
    }
    for (const frame of frames) {
      expect([frame.timestamp, frame.duration, frame.displayWidth, frame.displayHeight]).toEqual([5, 7, 16, 8]);
      const bytes = new Uint8Array(frame.allocationSize({ format: 'RGBA' }));
      await frame.copyTo(bytes, { format: 'RGBA' });
      expect([...bytes.subarray(0, 4)]).toEqual([64, 128, 192, 255]);
      expect([...bytes.subarray(-4)]).toEqual([64, 128, 192, 255]);
      frame.close();
    }
  });
});
