/** A picture of the user's own around the scene: dropped, chosen, turned, seen, taken away. Over the built app. */
import { expect, test, type Page } from '@playwright/test';
import {
  capturePixels,
  colorCount,
  diskFile,
  dropFiles,
  isGreenish,
  isReddish,
  meanDifference,
  opened,
  openEmptyApp,
  openText,
  pngOf,
  readState,
  settle,
  shareOf,
  shownPixels,
  usda,
  type HandedFile,
} from '../support/app-page.ts';

/** A white square of 2 units that faces the camera, and nothing of light but its surroundings. */
const SQUARE = `(upAxis = "Y")
def Mesh "Square" {
  int[] faceVertexCounts = [4]
  int[] faceVertexIndices = [0, 1, 2, 3]
  point3f[] points = [(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)]
  uniform token subdivisionScheme = "none"
  color3f[] primvars:displayColor = [(1, 1, 1)]
}`;

/** Radiance pixels of one colour: mantissas over 128 are the light. */
function hdr(path: string, [red, green, blue]: readonly [number, number, number], width = 16, height = 8): HandedFile {
  const header = new TextEncoder().encode(`#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y ${height} +X ${width}\n`);
  const pixels = Array.from({ length: width * height }, () => [red, green, blue, 129]).flat();
  return { path, bytes: Uint8Array.from([...header, ...pixels]) };
}

const RED = hdr('red.hdr', [128, 4, 4]);
const GREEN = hdr('green.hdr', [4, 128, 4]);
const exr = (name: string): HandedFile => diskFile(`tests/fixtures/images/${name}.exr`);

async function shares(page: Page): Promise<{ red: number; green: number }> {
  await settle(page);
  const { data } = await capturePixels(page);
  return { red: shareOf(data, isReddish), green: shareOf(data, isGreenish) };
}

async function codes(page: Page): Promise<string[]> {
  return (await readState(page)).problems.map(({ code }) => code);
}

test.beforeEach(async ({ page }) => {
  await page.setViewportSize({ width: 1200, height: 400 });
});

test('a dropped .hdr lights what is open, is named in the Look panel, seen as the background, and taken away', async ({ page }) => {
  await openText(page, SQUARE, 'square.usda');
  expect((await shares(page)).red).toBe(0);
  await dropFiles(page, [RED]);
  await expect.poll(async () => (await shares(page)).red).toBeGreaterThan(0.1);
  expect((await readState(page)).summary?.name).toBe('square.usda');
  await page.getByRole('tab', { name: 'Look' }).click();
  const panel = page.locator('usd-render-settings');
  await expect(panel.getByText('red.hdr')).toBeVisible();
  await expect(panel.getByRole('radio', { name: 'Image' })).toBeChecked();
  // Nothing is left of the theme's background.
  await panel.getByRole('radio', { name: 'Environment' }).check({ force: true });
  await expect.poll(async () => (await shares(page)).red).toBeGreaterThan(0.99);
  await settle(page);
  expect(shareOf((await shownPixels(page)).data, isReddish)).toBeGreaterThan(0.8);
  await panel.getByRole('button', { name: 'Remove the environment image' }).click();
  await expect.poll(async () => (await shares(page)).red).toBe(0);
  await expect(panel.getByRole('radio', { name: 'Studio' })).toBeChecked();
  expect(await codes(page)).toEqual([]);
});

test('a picture that comes first lights what is opened next', async ({ page }) => {
  await openEmptyApp(page);
  await dropFiles(page, [RED]);
  await expect(page.getByText('red.hdr will light what is opened next')).toBeVisible();
  await dropFiles(page, [usda('square.usda', SQUARE)]);
  await opened(page, 'square.usda');
  expect((await shares(page)).red).toBeGreaterThan(0.1);
});

test('a picture stays when another scene is opened, until another picture comes', async ({ page }) => {
  await openText(page, SQUARE, 'square.usda');
  await dropFiles(page, [RED]);
  await expect.poll(async () => (await shares(page)).red).toBeGreaterThan(0.1);
  await dropFiles(page, [usda('other.usda', SQUARE)]);
  await opened(page, 'other.usda');
  expect((await shares(page)).red).toBeGreaterThan(0.1);
  await dropFiles(page, [GREEN]);
  await expect.poll(async () => (await shares(page)).green).toBeGreaterThan(0.1);
});

test('an .exr and a .png can be chosen; turning and brightening change the picture', async ({ page }) => {
  await openText(page, SQUARE, 'square.usda');
  await page.getByRole('tab', { name: 'Look' }).click();
  const panel = page.locator('usd-render-settings');
  const give = async ({ path, bytes }: HandedFile): Promise<void> => {
    await panel.locator('input[type=file]').setInputFiles({ name: path, mimeType: 'image/x-any', buffer: Buffer.from(bytes) });
    await expect(panel.getByText(path, { exact: true })).toBeVisible();
    await settle(page);
  };
  await give(pngOf([0, 255, 0], 'green.png', 16));
  expect((await shares(page)).green).toBeGreaterThan(0.1);
  await give(exr('piz-half'));
  const { data: before } = await capturePixels(page);
  await panel.getByRole('slider', { name: 'Rotation' }).fill('180');
  await settle(page);
  const { data: turned } = await capturePixels(page);
  expect(meanDifference(before, turned)).toBeGreaterThan(1);
  await panel.getByRole('slider', { name: 'Intensity' }).fill('0');
  await settle(page);
  const { data: dark } = await capturePixels(page);
  expect(meanDifference(turned, dark)).toBeGreaterThan(1);
  expect(await codes(page)).toEqual([]);
});

test('what cannot be read is said, and the picture before it stays', async ({ page }) => {
  await openText(page, SQUARE, 'square.usda');
  await dropFiles(page, [RED]);
  await expect.poll(async () => (await shares(page)).red).toBeGreaterThan(0.1);
  const { path, bytes } = exr('zip-half');
  await dropFiles(page, [{ path, bytes: bytes.slice(0, 200) }]);
  await expect(page.locator('usd-viewer-app').getByText(/zip-half\.exr: OpenEXR: /u)).toBeVisible();
  expect(await codes(page)).toEqual(['environment-unsupported']);
  expect((await shares(page)).red).toBeGreaterThan(0.1);
  expect((await readState(page)).summary?.name).toBe('square.usda');
});

test('an .exr is a texture like any other', async ({ page }) => {
  const textured = `def Mesh "Square" (prepend apiSchemas = ["MaterialBindingAPI"]) {
  int[] faceVertexCounts = [4]
  int[] faceVertexIndices = [0, 1, 2, 3]
  point3f[] points = [(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)]
  uniform token subdivisionScheme = "none"
  texCoord2f[] primvars:st = [(0, 0), (1, 0), (1, 1), (0, 1)] (interpolation = "vertex")
  rel material:binding = </M>
}
def Material "M" {
  token outputs:surface.connect = </M/S.outputs:surface>
  def Shader "S" {
    uniform token info:id = "UsdPreviewSurface"
    color3f inputs:emissiveColor.connect = </M/T.outputs:rgb>
    token outputs:surface
  }
  def Shader "T" {
    uniform token info:id = "UsdUVTexture"
    asset inputs:file = @piz-half.exr@
    float2 inputs:st.connect = </M/P.outputs:result>
    float3 outputs:rgb
  }
  def Shader "P" {
    uniform token info:id = "UsdPrimvarReader_float2"
    string inputs:varname = "st"
    float2 outputs:result
  }
}`;
  await openEmptyApp(page);
  await dropFiles(page, [usda('textured.usda', textured), exr('piz-half')]);
  await opened(page, 'textured.usda');
  const { problems, stats } = await readState(page);
  expect(problems).toEqual([]);
  expect(stats?.textures).toBe(1);
  expect(colorCount((await capturePixels(page)).data)).toBeGreaterThan(20);
});
