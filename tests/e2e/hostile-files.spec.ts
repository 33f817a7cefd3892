import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { dropFiles, openEmptyApp, readState, settle, type HandedFile } from '../support/app-page.ts';

const SAMPLE = new Uint8Array(readFileSync('dist/samples/sample.usdz'));
const TRUNCATIONS = 20;

/** Drops a broken file and expects a message that names it. */
async function expectMessage(page: Page, file: HandedFile): Promise<void> {
  await dropFiles(page, [file]);
  // Messages of the file before may still be listed: only those that name this one count.
  await expect
    .poll(
      async () => (await readState(page)).problems.filter(({ message, asset }) => `${message} ${asset ?? ''}`.includes(file.path)).length,
      { message: file.path, timeout: 20_000 },
    )
    .toBeGreaterThan(0);
}

async function expectUsable(page: Page): Promise<void> {
  await dropFiles(page, [{ path: 'good.usda', bytes: new TextEncoder().encode('#usda 1.0\ndef Cube "Box"\n{\n}\n') }]);
  await expect.poll(async () => (await readState(page)).summary?.name ?? '', { timeout: 20_000 }).toContain('good');
  await settle(page);
  expect((await readState(page)).stats?.meshes).toBe(1);
}

test('a package truncated at twenty places gives a message each time', async ({ page }) => {
  await openEmptyApp(page);
  for (let cut = 0; cut < TRUNCATIONS; cut++) {
    const length = Math.floor((SAMPLE.length * cut) / TRUNCATIONS);
    await expectMessage(page, { path: `cut-${cut}.usdz`, bytes: SAMPLE.subarray(0, length) });
  }
  await expectUsable(page);
});

test('a crate with each of its sections overwritten gives a message', async ({ page }) => {
  await openEmptyApp(page);
  for (const { name, bytes } of cratesWithBrokenSections()) await expectMessage(page, { path: `${name}.usdc`, bytes });
  await expectUsable(page);
});

const strangers: readonly { readonly title: string; readonly file: HandedFile }[] = [
  { title: 'a zip with a bad directory', file: { path: 'directory.usdz', bytes: zipWithBadDirectory() } },
  { title: 'an empty file', file: { path: 'empty.usdz', bytes: new Uint8Array(0) } },
  {
    title: 'a JPEG',
    file: {
      path: 'photo.usdz',
      bytes: Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0xff, 0xd9),
    },
  },
];
for (const { title, file } of strangers) {
  test(`${title} gives a message and leaves the page usable`, async ({ page }) => {
    await openEmptyApp(page);
    await expectMessage(page, file);
    await expectUsable(page);
  });
}

test('200 MB of zeros give a message and leave the page usable', async ({ page }) => {
  await openEmptyApp(page);
  await page.evaluate(async () => {
    const app = document.querySelector('usd-viewer-app') as unknown as { openFiles(files: object[]): Promise<unknown> };
    const zeros = new Uint8Array(50_000_000);
    await app.openFiles([{ path: 'zeros.usdc', file: new File([zeros, zeros, zeros, zeros], 'zeros.usdc') }]).catch(() => undefined);
  });
  const errors = (await readState(page)).problems.filter(({ severity }) => severity === 'error');
  expect(errors.length).toBeGreaterThan(0);
  await expectUsable(page);
});

/** The sample's crate, once per section of its table of contents, that section's bytes replaced. */
function cratesWithBrokenSections(): { name: string; bytes: Uint8Array }[] {
  const crate = firstEntry(SAMPLE);
  const view = new DataView(crate.buffer, crate.byteOffset, crate.byteLength);
  const toc = Number(view.getBigInt64(16, true));
  const count = Number(view.getBigUint64(toc, true));
  const broken: { name: string; bytes: Uint8Array }[] = [];
  for (let section = 0; section < count; section++) {
    const entry = toc + 8 + section * 32;
    const name = new TextDecoder().decode(crate.subarray(entry, entry + 16)).replaceAll('\0', '');
    const [start, size] = [Number(view.getBigInt64(entry + 16, true)), Number(view.getBigInt64(entry + 24, true))];
    const bytes = crate.slice();
    bytes.fill(0xff, start, start + size);
    broken.push({ name, bytes });
  }
  if (broken.length < 6) throw new Error(`expected six sections, found ${broken.length}`);
  return broken;
}

/** Bytes of the first file of a stored zip. */
function firstEntry(zip: Uint8Array): Uint8Array {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const start = 30 + view.getUint16(26, true) + view.getUint16(28, true);
  return zip.slice(start, start + view.getUint32(22, true));
}

/** A package whose central directory points nowhere and whose local headers are unreadable too. */
function zipWithBadDirectory(): Uint8Array {
  const bytes = SAMPLE.slice();
  bytes.fill(0xee, 0, 64);
  bytes[0] = 0x50;
  bytes[1] = 0x4b;
  bytes[2] = 3;
  bytes[3] = 4;
  bytes.fill(0xee, bytes.length - 300, bytes.length - 22);
  return bytes;
}
