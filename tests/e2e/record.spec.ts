/** Videos of the picture: recorded as a person does, read again by mediabunny's reader and decoded by the browser. */
import { readFileSync } from 'node:fs';
import { expect, test, type Download, type Locator, type Page } from '@playwright/test';
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny';
import { violations } from '../support/axe.ts';
import { opened, openText, settle } from '../support/app-page.ts';
import { longTasks, mainThreadTasks, startTrace } from '../support/trace.ts';

test.use({ viewport: { width: 640, height: 420 } });

/** A red cube that goes from left to right, a unit a time code. */
const MOVING = `(
  startTimeCode = 1
  endTimeCode = 8
  timeCodesPerSecond = 24
  framesPerSecond = 24
)
def Cube "Box"
{
  color3f[] primvars:displayColor = [(1, 0, 0)]
  double3 xformOp:translate.timeSamples = { 1: (-7, 0, 0), 8: (7, 0, 0) }
  uniform token[] xformOpOrder = ["xformOp:translate"]
}`;

interface App {
  setSettings(settings: object): void;
  setCameraPose(pose: object): void;
}

/** What is recorded goes to the downloads. */
async function withoutFilePicker(page: Page): Promise<void> {
  await page.addInitScript(() => Object.defineProperty(window, 'showSaveFilePicker', { value: undefined }));
}

async function openDialog(page: Page): Promise<Locator> {
  const dialog = page.getByRole('dialog', { name: 'Record', exact: true });
  await expect(async () => {
    if (!(await dialog.isVisible())) await page.keyboard.press('v');
    await expect(dialog).toBeVisible({ timeout: 2000 });
  }).toPass({ timeout: 20_000 });
  await expect(dialog.getByRole('button', { name: 'Record', exact: true })).toBeEnabled();
  return dialog;
}

interface ReadVideo {
  readonly seconds: number;
  readonly width: number;
  readonly height: number;
  readonly codec: string | null;
  readonly timestamps: readonly number[];
  readonly config: VideoDecoderConfig;
  readonly packets: readonly { readonly type: 'key' | 'delta'; readonly micros: number; readonly base64: string }[];
}

async function read(download: Download): Promise<ReadVideo> {
  const bytes = readFileSync(await download.path());
  const input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
  const track = (await input.getPrimaryVideoTrack())!;
  const packets: ReadVideo['packets'][number][] = [];
  for await (const { type, timestamp, data } of new EncodedPacketSink(track).packets()) {
    packets.push({ type, micros: Math.round(timestamp * 1e6), base64: Buffer.from(data).toString('base64') });
  }
  return {
    seconds: await input.computeDuration(),
    width: track.displayWidth,
    height: track.displayHeight,
    codec: track.codec,
    timestamps: packets.map(({ micros }) => micros / 1e6),
    config: (await track.getDecoderConfig())!,
    packets,
  };
}

/** Of each frame, as the browser decodes it: the mean column of what is red, in parts of the width; -1 where nothing is. */
async function redColumns(page: Page, { config, packets }: ReadVideo): Promise<number[]> {
  const description = config.description === undefined ? undefined : Buffer.from(config.description as Uint8Array).toString('base64');
  return page.evaluate(
    async ({ codec, encoded, descriptionBase64 }) => {
      const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const columns: number[] = [];
      const decoder = new VideoDecoder({
        output: (frame) => {
          const canvas = new OffscreenCanvas(frame.displayWidth, frame.displayHeight);
          const context = canvas.getContext('2d', { willReadFrequently: true })!;
          context.drawImage(frame, 0, 0);
          frame.close();
          const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
          let sum = 0;
          let count = 0;
          for (let i = 0; i < data.length; i += 4) {
            if (data[i]! < 120 || data[i]! < 2 * data[i + 1]!) continue;
            sum += (i / 4) % canvas.width;
            count++;
          }
          columns.push(count === 0 ? -1 : sum / count / canvas.width);
        },
        error: (error) => {
          throw error;
        },
      });
      decoder.configure({ codec, ...(descriptionBase64 === undefined ? {} : { description: bytesOf(descriptionBase64) }) });
      for (const { type, micros, base64 } of encoded)
        decoder.decode(new EncodedVideoChunk({ type, timestamp: micros, data: bytesOf(base64) }));
      await decoder.flush();
      return columns;
    },
    { codec: config.codec, encoded: packets, descriptionBase64: description },
  );
}

test('a turntable of the sample is drawn, told of and downloaded, and the page stays quick', async ({ page, browser }) => {
  test.slow();
  await withoutFilePicker(page);
  await page.goto('./');
  await opened(page, 'sample');
  const dialog = await openDialog(page);
  await dialog.getByLabel('A turn takes').fill('0.5');
  await dialog.getByLabel('Size').selectOption('viewport');
  await dialog.getByLabel('Frames per second').selectOption('24');
  await expect(dialog).toContainText('12 frames, 0.5 s');
  expect(await violations(page)).toEqual([]);

  const heard: string[] = [];
  await page.exposeFunction('hear', (text: string) => heard.push(text));
  await dialog.getByRole('status').evaluate((status) => {
    const { hear } = window as unknown as { readonly hear: (text: string) => void };
    new MutationObserver(() => hear(status.textContent)).observe(status, { childList: true, characterData: true, subtree: true });
  });
  const downloading = page.waitForEvent('download');
  await startTrace(browser, page);
  await dialog.getByRole('button', { name: 'Record', exact: true }).click();
  const progress = page.getByRole('progressbar', { name: 'Recording a turntable' });
  await expect(progress).toBeVisible();
  const download = await downloading;
  const trace = await browser.stopTracing();

  expect(download.suggestedFilename()).toBe('sample-turntable.mp4');
  const video = await read(download);
  expect(video.timestamps).toHaveLength(12);
  expect(video.seconds).toBeCloseTo(0.5, 5);
  for (const [index, seconds] of video.timestamps.entries()) expect(seconds).toBeCloseTo(index / 24, 5);
  expect(video.width % 2).toBe(0);
  expect(video.height % 2).toBe(0);
  expect(await redColumns(page, video)).toHaveLength(12);
  expect(heard).toContain('Recording 12 frames');
  expect(heard.some((text) => /^(?:25|33|41|50|58|66|75|83|91|100) percent/u.test(text))).toBe(true);
  await expect(page.getByText(/Saved as sample-turntable\.mp4: 12 frames, 0:00/u).first()).toBeVisible();
  await expect(page.locator('usd-record-dialog')).toHaveCount(0);

  expect(mainThreadTasks(trace).length).toBeGreaterThan(10);
  expect(longTasks(trace, 50)).toEqual([]);
});

test('an animation is recorded frame by frame, in a hidden page too, and the stage stands where it stood', async ({ page }) => {
  await withoutFilePicker(page);
  await openText(page, MOVING);
  await page.evaluate(() => {
    const app = document.querySelector('usd-viewer-app') as unknown as App;
    app.setSettings({ lighting: 'none', toneMap: 'srgb', shadowIntensity: 0 });
    app.setCameraPose({ eye: [0, 0, 50], target: [0, 0, 0], up: [0, 1, 0], orthographicHeight: 10, near: 0.1 });
  });
  await settle(page);
  await page.getByRole('button', { name: 'Record a video' }).click();
  const dialog = page.getByRole('dialog', { name: 'Record', exact: true });
  await dialog.getByRole('radio', { name: 'Animation' }).check();
  await dialog.getByLabel('Size').selectOption('hd');
  await dialog.getByLabel('Format').selectOption('WebM, VP9');
  await expect(dialog.getByLabel('Frames per second')).toHaveValue('24');
  await expect(dialog).toContainText('8 frames, 0.33 s');
  const downloading = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Record', exact: true }).click();
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  const video = await read(await downloading);
  expect(video).toMatchObject({ width: 1280, height: 720, codec: 'vp9' });
  const columns = await redColumns(page, video);
  expect(columns).toHaveLength(8);
  // The picture is 10 · 16/9 units wide.
  for (const [index, column] of columns.entries()) {
    expect(Math.abs(column - (0.5 + (2 * index - 7) / (160 / 9))), `frame ${index} of ${columns.join()}`).toBeLessThan(0.004);
  }
  await expect
    .poll(() => page.evaluate(() => (document.querySelector('usd-viewer-app') as unknown as { viewState: object }).viewState))
    .not.toHaveProperty('time');
});

test('what is seen is recorded until it is stopped, while the page is used', async ({ page }) => {
  await withoutFilePicker(page);
  await openText(page, MOVING);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Command, setting, file or prim' }).fill('record what');
  await page.getByRole('option', { name: 'Record what is seen…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Record', exact: true });
  await expect(dialog.getByRole('radio', { name: 'What is seen' })).toBeChecked();
  await dialog.getByLabel('Size').selectOption('viewport');
  await dialog.getByRole('button', { name: 'Record', exact: true }).click();
  await expect(dialog).toBeHidden();
  const status = page.getByRole('region', { name: 'Recording' });
  await expect(status).toContainText(/[1-9]\d* frames/u, { timeout: 20_000 });
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('a');
  const downloading = page.waitForEvent('download');
  await page.keyboard.press('v');
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('scene.mp4');
  const { timestamps, seconds } = await read(download);
  expect(timestamps.length).toBeGreaterThan(0);
  expect(seconds).toBeGreaterThan(timestamps.at(-1)!);
  expect(timestamps.toSorted((a, b) => a - b)).toEqual(timestamps);
  await expect(status).toBeHidden();
  await expect(page.getByText(/Saved as scene\.mp4/u).first()).toBeVisible();
});

test('a video goes straight to the file that was chosen; cancelled, it leaves none', async ({ page }) => {
  // A file of the page's own storage stands for the one that a person chooses: it is written to the same way.
  await page.addInitScript(() =>
    Object.defineProperty(window, 'showSaveFilePicker', {
      value: async ({ suggestedName }: { readonly suggestedName: string }) =>
        (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true }),
    }),
  );
  const files = (): Promise<string[]> =>
    page.evaluate(async () => {
      const found: string[] = [];
      const folder = (await navigator.storage.getDirectory()) as unknown as { entries(): AsyncIterable<[string, FileSystemFileHandle]> };
      for await (const [name, handle] of folder.entries())
        if (handle.kind === 'file') found.push(`${name} ${(await handle.getFile()).size > 1000 ? 'whole' : 'empty'}`);
      return found;
    });
  await openText(page, MOVING);
  let dialog = await openDialog(page);
  await dialog.getByLabel('Size').selectOption('viewport');
  await dialog.getByLabel('A turn takes').fill('100');
  await dialog.getByRole('button', { name: 'Record', exact: true }).click();
  const recording = page.getByRole('dialog', { name: 'Recording a turntable' });
  await expect(recording).toContainText(/Frame [1-9]/u, { timeout: 20_000 });
  expect(await violations(page)).toEqual([]);
  // A slip of the hand ends nothing.
  await page.keyboard.press('Escape');
  await expect(recording.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await page.keyboard.press('Enter');
  dialog = page.getByRole('dialog', { name: 'Record', exact: true });
  await expect(dialog).toBeVisible();
  expect(await files()).toEqual([]);

  await dialog.getByLabel('A turn takes').fill('0.2');
  await dialog.getByRole('button', { name: 'Record', exact: true }).click();
  await expect(page.getByText(/Saved as scene-turntable\.mp4: 6 frames/u).first()).toBeVisible({ timeout: 20_000 });
  expect(await files()).toEqual(['scene-turntable.mp4 whole']);
});

test('a lost device and a closed scene end a recording with words', async ({ page }) => {
  await withoutFilePicker(page);
  await openText(page, MOVING);
  const dialog = await openDialog(page);
  await dialog.getByLabel('Size').selectOption('viewport');
  await dialog.getByLabel('A turn takes').fill('100');
  await dialog.getByRole('button', { name: 'Record', exact: true }).click();
  await expect(page.getByRole('dialog', { name: 'Recording a turntable' })).toContainText(/Frame [1-9]/u, { timeout: 20_000 });
  await page.evaluate(() => (document.querySelector('usd-viewer-app') as unknown as { loseDevice(): void }).loseDevice());
  await expect(dialog.getByRole('alert')).toContainText('The graphics device was lost', { timeout: 20_000 });

  await dialog.getByRole('radio', { name: 'What is seen' }).check();
  await dialog.getByRole('button', { name: 'Record', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Recording' })).toContainText(/[1-9]\d* frames/u, { timeout: 20_000 });
  await page.evaluate(() =>
    (document.querySelector('usd-viewer-app') as unknown as { openUrl(url: string): Promise<unknown> }).openUrl('samples/sample.usdz'),
  );
  await expect(page.getByText('The recording was given up: its scene was closed').first()).toBeVisible({ timeout: 20_000 });
});
