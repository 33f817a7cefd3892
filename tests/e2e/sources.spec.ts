/** Every way a scene can come to the page: drops, folders, pickers, paste, addresses; and a load that is given up. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import {
  capturePixels,
  dropFiles,
  isReddish,
  opened,
  openEmptyApp,
  pngOf,
  readState,
  shareOf,
  usda,
  type HandedFile,
} from '../support/app-page.ts';

const RED: readonly [number, number, number] = [230, 20, 20];

/** A textured square that fills the picture, kept in a layer of its own, with its texture in a file of its own. */
function texturedScene({ part, texture }: { part: string; texture: string }): HandedFile[] {
  const fromPart = texture.startsWith('textures/') ? `../${texture}` : `./${texture}`;
  return [
    usda('root.usda', `(\n  defaultPrim = "World"\n  upAxis = "Y"\n)\ndef Xform "World"\n{\n  def "Part" (references = @./${part}@) {}\n}`),
    usda(
      part,
      `( defaultPrim = "Part" )
def Xform "Part"
{
  def Mesh "Square" (prepend apiSchemas = ["MaterialBindingAPI"])
  {
    int[] faceVertexCounts = [4]
    int[] faceVertexIndices = [0, 1, 2, 3]
    point3f[] points = [(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)]
    texCoord2f[] primvars:st = [(0, 0), (1, 0), (1, 1), (0, 1)] (interpolation = "vertex")
    rel material:binding = </Part/Look>
  }
  def Material "Look"
  {
    token outputs:surface.connect = </Part/Look/Surface.outputs:surface>
    def Shader "Surface"
    {
      uniform token info:id = "UsdPreviewSurface"
      color3f inputs:diffuseColor = (0, 0, 0)
      color3f inputs:emissiveColor.connect = </Part/Look/Texture.outputs:rgb>
      token outputs:surface
    }
    def Shader "Texture"
    {
      uniform token info:id = "UsdUVTexture"
      asset inputs:file = @${fromPart}@
      float2 inputs:st.connect = </Part/Look/Reader.outputs:result>
      float3 outputs:rgb
    }
    def Shader "Reader"
    {
      uniform token info:id = "UsdPrimvarReader_float2"
      string inputs:varname = "st"
      float2 outputs:result
    }
  }
}`,
    ),
    pngOf(RED, texture),
  ];
}

const FOLDER_SCENE = texturedScene({ part: 'parts/part.usda', texture: 'textures/red.png' });

/** The square is there, and as red as its texture. */
async function expectRedSquare(page: Page): Promise<void> {
  await opened(page, 'root.usda');
  const { problems, stats } = await readState(page);
  expect(problems).toEqual([]);
  expect(stats?.meshes).toBe(1);
  expect(stats?.textures).toBe(1);
  expect(shareOf((await capturePixels(page)).data, isReddish)).toBeGreaterThan(0.2);
}

/** Writes the files into a folder of the disk. */
function folderOf(base: string, files: readonly HandedFile[]): string {
  const folder = join(base, 'scene');
  for (const { path, bytes } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  return folder;
}

/** Serves files under an address of the page's own origin; requests for what is missing get 404. */
async function serve(page: Page, folder: string, files: readonly HandedFile[]): Promise<string[]> {
  const asked: string[] = [];
  await page.route(`**/${folder}/**`, async (route) => {
    const path = new URL(route.request().url()).pathname.replace(`/${folder}/`, '');
    asked.push(path);
    const file = files.find((candidate) => candidate.path === path);
    await route.fulfill(file === undefined ? { status: 404, body: 'not found' } : { body: Buffer.from(file.bytes) });
  });
  return asked;
}

/** A browser that chooses files by an input, which is all that some have, and all that a test can answer. */
async function withoutPickers(page: Page): Promise<void> {
  await page.addInitScript(() => {
    for (const name of ['showOpenFilePicker', 'showDirectoryPicker']) Reflect.deleteProperty(globalThis, name);
  });
}

test('files dropped together are one scene: root, referenced layer and texture', async ({ page }) => {
  await openEmptyApp(page);
  await dropFiles(page, texturedScene({ part: 'part.usda', texture: 'red.png' }));
  await expectRedSquare(page);
});

test('a dropped folder is walked through', async ({ page }, info) => {
  const folder = folderOf(info.outputPath(), FOLDER_SCENE);
  await openEmptyApp(page);
  const session = await page.context().newCDPSession(page);
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data: { items: [], files: [folder], dragOperationsMask: 1 } });
  }
  await expectRedSquare(page);
});

test('a folder chosen by the Folder button is opened whole', async ({ page }, info) => {
  const folder = folderOf(info.outputPath(), FOLDER_SCENE);
  await withoutPickers(page);
  await openEmptyApp(page);
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Folder…', exact: true }).click();
  await (await chooser).setFiles(folder);
  await expectRedSquare(page);
});

test('a file chosen by the Open button is opened', async ({ page }) => {
  await withoutPickers(page);
  await openEmptyApp(page);
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Open…', exact: true }).click();
  const { path, bytes } = usda('chosen.usda', 'def Cube "Box" {}');
  await (await chooser).setFiles({ name: path, mimeType: '', buffer: Buffer.from(bytes) });
  await opened(page, 'chosen.usda');
  expect((await readState(page)).stats?.meshes).toBe(1);
});

test('two roots that know nothing of each other raise the chooser, and the chosen one opens', async ({ page }) => {
  await openEmptyApp(page);
  await dropFiles(page, [usda('first.usda', 'def Cube "A" {}'), usda('second.usda', 'def Sphere "B" {}\ndef Sphere "C" {}')]);
  const dialog = page.getByRole('dialog', { name: 'Which file is the scene?' });
  await expect(dialog).toBeVisible();
  await dialog.getByRole('button', { name: 'second.usda' }).click();
  await opened(page, 'second.usda');
  await expect(dialog).toBeHidden();
  expect((await readState(page)).summary?.primCount).toBe(2);
});

test('the chooser closed with Escape leaves the page as it was', async ({ page }) => {
  await openEmptyApp(page);
  await dropFiles(page, [usda('first.usda', 'def Cube "A" {}'), usda('second.usda', 'def Sphere "B" {}')]);
  const dialog = page.getByRole('dialog', { name: 'Which file is the scene?' });
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('heading', { name: 'Drop a USD scene here' })).toBeVisible();
  expect(await readState(page)).toMatchObject({ summary: undefined, problems: [] });
});

test('a pasted file is opened', async ({ page }) => {
  await openEmptyApp(page);
  await page.evaluate(() => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File(['#usda 1.0\ndef Cone "Tip" {}\n'], 'pasted.usda'));
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
  await opened(page, 'pasted.usda');
  expect((await readState(page)).stats?.meshes).toBe(1);
});

test('relative references and textures of ?src are fetched relative to it', async ({ page }) => {
  const asked = await serve(page, 'scene', FOLDER_SCENE);
  await page.goto('./?src=scene/root.usda');
  await expectRedSquare(page);
  expect([...new Set(asked)].sort()).toEqual(['parts/part.usda', 'root.usda', 'textures/red.png']);
});

test('an address that is not there gives a message that names it', async ({ page }) => {
  await serve(page, 'scene', []);
  await page.goto('./?src=scene/nowhere.usda');
  const notice = page.getByRole('alert');
  await expect(notice.getByRole('heading', { name: 'nowhere.usda could not be opened' })).toBeVisible();
  await expect(notice).toContainText('404');
});

test('a referenced layer that is not there is a problem with prim and file, and the rest is drawn', async ({ page }) => {
  const root = usda('root.usda', 'def Cube "Box" {}\ndef "Lost" (references = @./lost.usda@</X>) {}');
  await serve(page, 'scene', [root]);
  await page.goto('./?src=scene/root.usda');
  await opened(page, 'root.usda');
  const { problems, stats } = await readState(page);
  expect(stats?.meshes).toBe(1);
  expect(problems.find(({ path }) => path === '/Lost')?.message).toContain('lost.usda');
});

test('an address of another kind than http is refused with a message', async ({ page }) => {
  await page.goto('./?src=file:///etc/passwd');
  await expect(page.getByRole('alert')).toContainText('is no http or https address');
});

test('content tells formats apart, not names', async ({ page }) => {
  await openEmptyApp(page);
  await page.evaluate(async () => {
    const bytes = await (await fetch('samples/sample.usdz')).arrayBuffer();
    const app = document.querySelector('usd-viewer-app') as unknown as { openFiles(files: object[]): Promise<unknown> };
    await app.openFiles([{ path: 'package.usda', file: new File([bytes], 'package.usda') }]);
  });
  await opened(page, 'package.usda');
  expect((await readState(page)).stats?.meshes).toBeGreaterThan(10);
  const { bytes } = usda('', 'def Cube "Box" {}');
  await dropFiles(page, [{ path: 'text.usdz', bytes }]);
  await opened(page, 'text.usdz');
  expect((await readState(page)).stats?.meshes).toBe(1);
});

test.describe('a load that is given up', () => {
  /** Opens an address whose referenced layer never comes. */
  async function openStalled(page: Page): Promise<void> {
    await page.route('**/slow/**', async (route) => {
      if (route.request().url().endsWith('root.usda')) {
        await route.fulfill({ body: Buffer.from(usda('', 'def "Part" (references = @./part.usda@</X>) {}').bytes) });
      }
    });
    const asked = page.waitForRequest('**/slow/part.usda');
    await page.goto('./?src=slow/root.usda');
    await asked;
  }

  async function expectUsable(page: Page): Promise<void> {
    await expect(page.getByRole('progressbar')).toHaveCount(0);
    await expect(page.getByRole('heading', { name: 'Drop a USD scene here' })).toBeVisible();
    await dropFiles(page, [usda('next.usda', 'def Cube "Box" {}')]);
    await opened(page, 'next.usda');
    expect((await readState(page)).stats?.meshes).toBe(1);
    expect((await readState(page)).problems).toEqual([]);
  }

  test('by its Cancel button leaves a usable page', async ({ page }) => {
    await openStalled(page);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expectUsable(page);
  });

  test('by Escape leaves a usable page', async ({ page }) => {
    await openStalled(page);
    await expect(page.getByRole('progressbar')).toBeVisible();
    await page.keyboard.press('Escape');
    await expectUsable(page);
  });

  test('keeps the scene that was open before', async ({ page }) => {
    await openStalled(page);
    await page.keyboard.press('Escape');
    await dropFiles(page, [usda('kept.usda', 'def Cube "Box" {}')]);
    await opened(page, 'kept.usda');
    await page.evaluate(() => {
      const app = document.querySelector('usd-viewer-app') as unknown as { openUrl(url: string): Promise<unknown> };
      void app.openUrl('slow/root.usda').catch(() => undefined);
    });
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect(page.getByRole('progressbar')).toHaveCount(0);
    expect((await readState(page)).summary?.name).toBe('kept.usda');
    expect((await readState(page)).stats?.meshes).toBe(1);
  });
});
