/** Drives the app's page in end-to-end tests: real files dropped on it, its public element read back. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { decode, encode } from 'fast-png';

export interface HandedFile {
  /** Path within the dropped folder. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Opens the page without a scene and waits for its element. */
export async function openEmptyApp(page: Page): Promise<Locator> {
  await page.goto('./?empty');
  const app = page.locator('usd-viewer-app');
  await app.waitFor();
  return app;
}

/** A text layer; `#usda 1.0` is put in front. */
export function usda(path: string, text: string): HandedFile {
  return { path, bytes: new TextEncoder().encode(`#usda 1.0\n${text}\n`) };
}

/** A PNG of one colour. */
export function pngOf(color: readonly [r: number, g: number, b: number], path: string, size = 4): HandedFile {
  const data = new Uint8Array(size * size * 3);
  for (let i = 0; i < data.length; i++) data[i] = color[i % 3] ?? 0;
  return { path, bytes: encode({ width: size, height: size, channels: 3, depth: 8, data }) };
}

/** Waits until the scene of this name is open and drawn whole. */
export async function opened(page: Page, name: string): Promise<void> {
  await expect.poll(async () => (await readState(page)).summary?.name ?? '', { timeout: 30_000 }).toContain(name);
  await settle(page);
}

/** Drops one text layer on an empty page and waits for its picture. */
export async function openText(page: Page, text: string, name = 'scene.usda'): Promise<void> {
  await openEmptyApp(page);
  await dropFiles(page, [usda(name, text)]);
  await opened(page, name);
}

/** A file of the disk, named as it is there. */
export function diskFile(path: string): HandedFile {
  return { path: basename(path), bytes: readFileSync(path) };
}

/** Drops files on the page as a person does: dragenter, dragover, drop with a DataTransfer that holds File objects. */
export async function dropFiles(page: Page, files: readonly HandedFile[], keys: { readonly altKey?: boolean } = {}): Promise<void> {
  const transfer = await page.evaluateHandle(
    (handed) => {
      const dataTransfer = new DataTransfer();
      for (const { path, base64 } of handed) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        dataTransfer.items.add(new File([bytes], path));
      }
      return dataTransfer;
    },
    files.map(({ path, bytes }) => ({ path, base64: Buffer.from(bytes).toString('base64') })),
  );
  for (const type of ['dragenter', 'dragover', 'drop'])
    await page.dispatchEvent('usd-viewer-app', type, { dataTransfer: transfer, ...keys });
}

/** What the app's element says of itself. */
export interface AppState {
  readonly summary:
    | {
        readonly primCount: number;
        readonly name: string;
        readonly variantSets: readonly { primPath: string; set: string; selection: string }[];
      }
    | undefined;
  readonly problems: readonly {
    readonly code: string;
    readonly severity: string;
    readonly message: string;
    readonly path?: string;
    readonly asset?: string;
  }[];
  readonly stats:
    | { readonly meshes: number; readonly triangles: number; readonly draws: number; readonly textures: number; readonly frames: number }
    | undefined;
}

export async function readState(page: Page): Promise<AppState> {
  return page.evaluate(() => {
    const { summary, problems, stats } = document.querySelector('usd-viewer-app') as unknown as AppState;
    return { summary, problems, stats };
  });
}

/** Waits until everything sent so far is drawn. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(() => (document.querySelector('usd-viewer-app') as unknown as { settled(): Promise<unknown> }).settled());
}

/** RGBA pixels of a picture of the scene at a small size, drawn by the page's renderer. */
export async function capturePixels(page: Page, width = 160, height = 90): Promise<{ width: number; height: number; data: Uint8Array }> {
  const bytes = await page.evaluate(
    async ([w, h]) => {
      const app = document.querySelector('usd-viewer-app') as unknown as { capture(request: object): Promise<Blob> };
      const bitmap = await createImageBitmap(await app.capture({ size: { width: w, height: h } }));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
      context.drawImage(bitmap, 0, 0);
      return [...context.getImageData(0, 0, bitmap.width, bitmap.height).data];
    },
    [width, height] as const,
  );
  return { width, height, data: Uint8Array.from(bytes) };
}

/** RGBA pixels of what a person sees of the viewport, not of a picture drawn apart. */
export async function shownPixels(page: Page): Promise<{ width: number; height: number; data: Uint8Array }> {
  const { width, height, channels, data } = decode(await page.locator('usd-viewport').screenshot());
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) for (let c = 0; c < 3; c++) rgba[i * 4 + c] = Number(data[i * channels + c]);
  return { width, height, data: rgba };
}

/** Mean absolute difference per channel of two pictures of one size, 0..255. */
export function meanDifference(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) throw new RangeError(`pictures differ in size: ${a.length} and ${b.length} bytes`);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs((a[i] ?? 0) - (b[i] ?? 0));
  return sum / a.length;
}

/** Share of the pixels, 0..1, whose colour is meant. */
export function shareOf(data: Uint8Array, isMeant: (r: number, g: number, b: number) => boolean): number {
  let count = 0;
  for (let i = 0; i < data.length; i += 4) if (isMeant(data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0)) count++;
  return (count * 4) / data.length;
}

export const isReddish = (r: number, g: number, b: number): boolean => r > 90 && r > 2 * g && r > 2 * b;
export const isGreenish = (r: number, g: number, b: number): boolean => g > 90 && g > 2 * r && g > 2 * b;

/** Number of different colours, coarsely: a blank canvas has very few. */
export function colorCount(data: Uint8Array): number {
  const colors = new Set<number>();
  for (let i = 0; i < data.length; i += 4)
    colors.add((((data[i] ?? 0) >> 4) << 8) | (((data[i + 1] ?? 0) >> 4) << 4) | ((data[i + 2] ?? 0) >> 4));
  return colors.size;
}
