/** Pages of other people, for tests of embedding: a site with `dist/embed` in it, small models, and what a reader sees of a view. */
import { expect, type Frame, type Locator, type Page } from '@playwright/test';
import { decode } from 'fast-png';
import { shareOf } from './app-page.ts';

/** A cube of one colour that fills the view. */
export function cube(color: readonly [number, number, number]): string {
  return `#usda 1.0
(
    defaultPrim = "Box"
    upAxis = "Y"
    metersPerUnit = 1
)
def Cube "Box"
{
    color3f[] primvars:displayColor = [(${color.join(', ')})]
}
`;
}

export const RED = [0.8, 0.05, 0.03] as const;
export const GREEN = [0.04, 0.6, 0.05] as const;

/** A box that is red or green by a variant, turns over one second, and has a size of 2 x 2 x 2. */
export const PAINTED_BOX = `#usda 1.0
(
    defaultPrim = "Box"
    upAxis = "Y"
    metersPerUnit = 1
    startTimeCode = 0
    endTimeCode = 24
    timeCodesPerSecond = 24
)
def Cube "Box" (
    prepend variantSets = "paint"
    variants = {
        string paint = "red"
    }
)
{
    float xformOp:rotateY.timeSamples = { 0: 0, 24: 90 }
    uniform token[] xformOpOrder = ["xformOp:rotateY"]
    variantSet "paint" = {
        "red" {
            color3f[] primvars:displayColor = [(${RED.join(', ')})]
        }
        "green" {
            color3f[] primvars:displayColor = [(${GREEN.join(', ')})]
        }
    }
}
`;

export interface PageOptions {
  readonly body: string;
  readonly head?: string;
  /** Address of the element's module; empty for none. */
  readonly module?: string;
}

/** A small page with views of 160 x 120 pixels. */
export function pageOf({ body, head = '', module = './embed/usd-view.js' }: PageOptions): string {
  const script = module === '' ? '' : `<script type="module" src="${module}"></script>`;
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>A page</title><link rel="stylesheet" href="./site.css"><link rel="icon" href="./icon.svg">${head}${script}</head>
<body><main><h1>A page</h1>${body}</main></body>
</html>`;
}

/** What every site of the tests has besides its pages. */
export const SITE_FILES: Readonly<Record<string, string>> = {
  '/site.css': 'usd-view, iframe { display: block; width: 160px; height: 120px; border: 0; } body { margin: 8px; }',
  '/icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  '/models/red.usda': cube(RED),
  '/models/green.usda': cube(GREEN),
  '/models/painted.usda': PAINTED_BOX,
};

/** RGBA pixels of what a reader sees of an element. */
export async function seenPixels(element: Locator): Promise<Uint8Array> {
  const { width, height, channels, data } = decode(await element.screenshot());
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) for (let c = 0; c < 3; c++) rgba[i * 4 + c] = Number(data[i * channels + c]);
  return rgba;
}

/** Waits until the colour takes a good part of the view, and not all of it. */
export async function expectSeen(
  element: Locator,
  isMeant: (r: number, g: number, b: number) => boolean,
  timeout = 45_000,
  leastShare = 0.1,
): Promise<void> {
  const share = async (): Promise<number> => shareOf(await seenPixels(element), isMeant);
  await expect.poll(share, { timeout }).toBeGreaterThan(leastShare);
  expect(await share()).toBeLessThan(0.95);
}

/** Errors that scripts and policies of a page and its frames leave in the console. */
export function collectErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  return errors;
}

/** The frame of the page's iframe, once it has loaded. */
export async function frameOf(page: Page): Promise<Frame> {
  const frame = await (await page.waitForSelector('iframe')).contentFrame();
  if (frame === null) throw new Error('the iframe has no frame');
  return frame;
}
