import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { openEmptyApp, readState } from '../support/app-page.ts';

const CORPUS = process.env['USD_CORPUS'] ?? '../shared/corpus';
const LIMIT_MS = 20_000;

interface CorpusRecord {
  readonly file: string;
  readonly opened: boolean;
}

/** Every file of the corpus' working-group assets that OpenUSD opens as a root layer. */
function rootFiles(): string[] {
  if (!existsSync(`${CORPUS}/README.md`)) return [];
  const index = JSON.parse(readFileSync(`${CORPUS}/expected/index.json`, 'utf8')) as CorpusRecord[] | { files: CorpusRecord[] };
  const records = Array.isArray(index) ? index : index.files;
  return records.filter(({ file, opened }) => opened && file.startsWith('usdwg/')).map(({ file }) => file);
}

const files = rootFiles();

test('every root file of the corpus ends in a picture or in a listed problem', async ({ page }) => {
  test.skip(files.length === 0, `corpus not found at ${CORPUS}, skipped the corpus smoke test`);
  test.setTimeout(20 * 60_000);
  const failures: string[] = [];
  const crashes: string[] = [];
  page.on('crash', () => crashes.push('page'));
  page.on('pageerror', (error) => crashes.push(String(error)));
  await openEmptyApp(page);
  await page.evaluate(() => {
    const input = document.createElement('input');
    Object.assign(input, { type: 'file', multiple: true, id: 'handed', hidden: true });
    document.body.append(input);
  });
  let pictures = 0;
  for (const file of files) {
    const outcome = await openCorpusFile(page, file);
    if (outcome === 'picture') pictures++;
    else if (outcome !== 'problem') failures.push(`${file}: ${outcome}`);
  }
  console.log(
    `corpus: ${files.length} root files, ${pictures} pictures, ${files.length - pictures - failures.length} listed problems only, ${failures.length} failures`,
  );
  expect(crashes).toEqual([]);
  expect(failures).toEqual([]);
});

/** Hands a file and what lies around it to the app; says how it ended. */
async function openCorpusFile(page: Page, file: string): Promise<string> {
  const root = join(CORPUS, file);
  const isPackage = file.endsWith('.usdz');
  const folder = isPackage ? dirname(root) : join(CORPUS, ...assetFolder(file));
  const disk = isPackage ? [root] : listed(folder);
  await page.setInputFiles('#handed', disk);
  const paths = disk.map((path) => relative(folder, path));
  const outcome = await page.evaluate(
    async ({ paths: names, rootPath, limitMs }) => {
      const app = document.querySelector('usd-viewer-app') as unknown as {
        openFiles(entries: object[], options: object): Promise<unknown>;
        settled(): Promise<{ triangles: number }>;
      };
      const given = [...((document.querySelector('#handed') as HTMLInputElement).files ?? [])];
      const entries = given.map((item, index) => ({ path: names[index], file: item }));
      const timeout = new Promise<string>((resolve) => setTimeout(() => resolve(`not done after ${limitMs} ms`), limitMs));
      const opened = app
        .openFiles(entries, { root: rootPath })
        .then(() => app.settled())
        .then((stats) => (stats.triangles > 0 ? 'picture' : 'nothing drawn'))
        .catch((error: unknown) => `failed: ${String(error)}`);
      return Promise.race([opened, timeout]);
    },
    { paths, rootPath: relative(folder, root), limitMs: LIMIT_MS },
  );
  if (outcome === 'picture' || outcome.startsWith('not done')) return outcome;
  return (await readState(page)).problems.length > 0 ? 'problem' : outcome;
}

/** The asset's top folder: `usdwg/<kind>/<asset>`; references stay within it. */
function assetFolder(file: string): string[] {
  return file.split('/').slice(0, 2);
}

const listings = new Map<string, string[]>();

function listed(folder: string): string[] {
  let files = listings.get(folder);
  if (files === undefined) {
    files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/[/\\](?:screenshots?|thumbnails)[/\\]?/u.test(`${entry.parentPath}/`))
      .map((entry) => join(entry.parentPath, entry.name));
    listings.set(folder, files);
  }
  return files;
}
