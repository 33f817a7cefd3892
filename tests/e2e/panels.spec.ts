/** The panels, the timeline and the keys, used as a person uses them: by roles, names, clicks and keys. */
import { expect, test, type Locator, type Page } from '@playwright/test';
import { capturePixels, isGreenish, isReddish, meanDifference, openText, readState, settle, shareOf } from '../support/app-page.ts';

test.use({ viewport: { width: 1280, height: 640 } });

const SCENE = `(
  defaultPrim = "World"
  upAxis = "Y"
  startTimeCode = 0
  endTimeCode = 20
  timeCodesPerSecond = 10
)
def Xform "World" (
  variants = { string color = "red" }
  prepend variantSets = "color"
)
{
  variantSet "color" = {
    "red" {
      over "Group"
      {
        over "Box"
        {
          color3f[] primvars:displayColor = [(0.9, 0.02, 0.02)]
        }
      }
    }
    "green" {
      over "Group"
      {
        over "Box"
        {
          color3f[] primvars:displayColor = [(0.02, 0.9, 0.02)]
        }
      }
    }
  }
  def Xform "Group"
  {
    def Cube "Box"
    {
      double size = 2
      custom double sway.timeSamples = { 0: 0, 20: 40 }
    }
  }
  def Sphere "Ball"
  {
    color3f[] primvars:displayColor = [(0.1, 0.1, 0.8)]
    double3 xformOp:translate.timeSamples = { 0: (3, 0, 0), 20: (3, 3, 0) }
    uniform token[] xformOpOrder = ["xformOp:translate"]
  }
  def Camera "Above"
  {
    float focalLength = 30
    double3 xformOp:translate = (0, 12, 0)
    float xformOp:rotateX = -90
    uniform token[] xformOpOrder = ["xformOp:translate", "xformOp:rotateX"]
  }
}`;

const row = (page: Page, name: string): Locator => page.getByRole('treeitem', { name, exact: true });
const propertyRow = (page: Page, name: string): Locator => page.getByRole('row', { name: new RegExp(`^${name}\\b`, 'u') });

async function showTab(page: Page, name: string): Promise<void> {
  await page.getByRole('tab', { name }).click();
  await expect(page.getByRole('tabpanel', { name })).toBeVisible();
}

async function share(page: Page, isMeant: (r: number, g: number, b: number) => boolean): Promise<number> {
  await settle(page);
  return shareOf((await capturePixels(page)).data, isMeant);
}

/** Time for a few pictures, so that what should not happen had its chance. */
async function nextFrames(page: Page, count: number): Promise<void> {
  await page.evaluate(async (frames) => {
    for (let i = 0; i < frames; i++) await new Promise(requestAnimationFrame);
  }, count);
}

test.describe('the prim tree', () => {
  test('closes and opens by arrow keys', async ({ page }) => {
    await openText(page, SCENE);
    await row(page, 'Group, Xform').click();
    await page.getByRole('tree', { name: 'Prims' }).focus();
    if ((await row(page, 'Group, Xform').getAttribute('aria-expanded')) === 'true') await page.keyboard.press('ArrowLeft');
    await expect(row(page, 'Group, Xform')).toHaveAttribute('aria-expanded', 'false');
    await expect(row(page, 'Box, Cube')).toHaveCount(0);
    await page.keyboard.press('ArrowRight');
    await expect(row(page, 'Group, Xform')).toHaveAttribute('aria-expanded', 'true');
    await expect(row(page, 'Box, Cube')).toBeVisible();
    await page.keyboard.press('ArrowRight');
    await expect(row(page, 'Box, Cube')).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('ArrowLeft');
    await expect(row(page, 'Group, Xform')).toHaveAttribute('aria-selected', 'true');
  });

  test('is narrowed by the search, and whole again without it', async ({ page }) => {
    await openText(page, SCENE);
    const search = page.getByRole('searchbox', { name: 'Search prims' });
    await search.fill('ball');
    await expect(row(page, 'Above, Camera')).toHaveCount(0);
    await expect(row(page, 'Ball, Sphere')).toBeVisible();
    await expect(row(page, 'World, Xform')).toBeVisible();
    await search.fill('no such prim');
    await expect(page.getByText('No prim matches')).toBeVisible();
    await search.fill('');
    await expect(row(page, 'Above, Camera')).toBeVisible();
  });

  test('hides a prim from the picture and shows it again', async ({ page }) => {
    await openText(page, SCENE);
    expect(await share(page, isReddish)).toBeGreaterThan(0.02);
    await page.getByRole('tree').focus();
    await page.keyboard.press('*');
    await row(page, 'Box, Cube').hover();
    await page.getByRole('button', { name: 'Hide Box' }).click();
    await expect(row(page, 'Box, Cube, hidden')).toBeVisible();
    expect(await share(page, isReddish)).toBe(0);
    await page.getByRole('button', { name: 'Show Box' }).click();
    await expect(row(page, 'Box, Cube')).toBeVisible();
    expect(await share(page, isReddish)).toBeGreaterThan(0.02);
  });

  test('hides what lies below a hidden prim', async ({ page }) => {
    await openText(page, SCENE);
    await row(page, 'World, Xform').hover();
    await page.getByRole('button', { name: 'Hide World' }).click();
    await expect(row(page, 'Ball, Sphere, hidden by an ancestor')).toBeVisible();
    expect(await share(page, isReddish)).toBe(0);
  });
});

test('a selected prim shows its properties with their values', async ({ page }) => {
  await openText(page, SCENE);
  await showTab(page, 'Properties');
  await expect(page.getByText('Choose a prim to see its properties')).toBeVisible();
  await row(page, 'Above, Camera').click();
  await expect(page.getByRole('heading', { name: 'Above · Camera' })).toBeVisible();
  await expect(propertyRow(page, 'focalLength').getByRole('cell')).toHaveText('30');
  await expect(propertyRow(page, 'focalLength')).toHaveAccessibleName(/Authored value/u);
  await expect(propertyRow(page, 'horizontalAperture')).toHaveAccessibleName(/Fallback of the schema/u);
});

test('a value over time follows the time code', async ({ page }) => {
  await openText(page, SCENE);
  await showTab(page, 'Properties');
  await page.getByRole('tree').focus();
  await page.keyboard.press('*');
  await row(page, 'Box, Cube').click();
  await expect(propertyRow(page, 'sway').getByRole('cell')).toHaveText('0');
  const time = page.getByRole('spinbutton', { name: 'Current time code' });
  await time.fill('5');
  await time.press('Enter');
  await expect(propertyRow(page, 'sway').getByRole('cell')).toHaveText('10');
});

test('a variant chosen by click recomposes the picture', async ({ page }) => {
  await openText(page, SCENE);
  await showTab(page, 'Variants');
  const set = page.getByRole('radiogroup', { name: 'color of /World' });
  await expect(set.getByRole('radio', { name: 'red' })).toBeChecked();
  expect(await share(page, isGreenish)).toBe(0);
  await set.getByRole('radio', { name: 'green' }).click();
  await expect(set.getByRole('radio', { name: 'green' })).toBeChecked();
  await expect.poll(() => share(page, isGreenish)).toBeGreaterThan(0.02);
  expect(await share(page, isReddish)).toBe(0);
});

test('a missing texture is listed with prim and file, and a click selects the prim', async ({ page }) => {
  await openText(
    page,
    `def Xform "World"
{
  def Mesh "Square" (prepend apiSchemas = ["MaterialBindingAPI"])
  {
    int[] faceVertexCounts = [3]
    int[] faceVertexIndices = [0, 1, 2]
    point3f[] points = [(-1, -1, 0), (1, -1, 0), (1, 1, 0)]
    rel material:binding = </World/Look>
  }
  def Material "Look"
  {
    token outputs:surface.connect = </World/Look/Surface.outputs:surface>
    def Shader "Surface"
    {
      uniform token info:id = "UsdPreviewSurface"
      color3f inputs:diffuseColor.connect = </World/Look/Picture.outputs:rgb>
      token outputs:surface
    }
    def Shader "Picture"
    {
      uniform token info:id = "UsdUVTexture"
      asset inputs:file = @./textures/nowhere.png@
      float3 outputs:rgb
    }
  }
}`,
  );
  await showTab(page, 'Problems');
  const item = page.getByRole('tabpanel', { name: 'Problems' }).getByRole('listitem').filter({ hasText: 'nowhere.png' });
  await expect(item).toHaveCount(1);
  const prim = item.getByRole('button', { name: /\/World\/Look/u });
  const path = (await prim.textContent()) ?? '';
  await prim.click();
  const name = path.replace(/\..*$/u, '').split('/').at(-1) ?? '';
  await expect(page.getByRole('treeitem', { name: new RegExp(`^${name}, `, 'u') })).toHaveAttribute('aria-selected', 'true');
  await showTab(page, 'Properties');
  await expect(page.getByRole('heading', { name: new RegExp(`^${name} · `, 'u') })).toBeVisible();
});

test('play draws frames as time advances, and pause stops both', async ({ page }) => {
  await openText(page, SCENE);
  const time = page.getByRole('spinbutton', { name: 'Current time code' });
  const framesBefore = (await readState(page)).stats?.frames ?? 0;
  await page.getByRole('button', { name: 'Play' }).click();
  await expect.poll(async () => Number(await time.inputValue())).toBeGreaterThan(0);
  await expect.poll(async () => (await readState(page)).stats?.frames ?? 0).toBeGreaterThan(framesBefore + 3);
  await page.getByRole('button', { name: 'Pause' }).click();
  await settle(page);
  const stopped = [await time.inputValue(), (await readState(page)).stats?.frames];
  await nextFrames(page, 20);
  await settle(page);
  expect(Math.abs(((await readState(page)).stats?.frames ?? 0) - (stopped[1] as number))).toBeLessThanOrEqual(1);
  expect(await time.inputValue()).toBe(stopped[0]);
});

test('the Space key plays, and full stop steps by one frame', async ({ page }) => {
  await openText(page, SCENE);
  const time = page.getByRole('spinbutton', { name: 'Current time code' });
  await page.keyboard.press('.');
  await expect(time).not.toHaveValue('0');
  await page.keyboard.press('Home');
  await expect(time).toHaveValue('0');
  await page.keyboard.press(' ');
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await page.keyboard.press(' ');
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
});

test('a camera of the stage gives its view, and the free camera stays there', async ({ page }) => {
  await openText(page, SCENE);
  const free = await capturePixels(page);
  const select = page.getByRole('combobox', { name: 'Camera' });
  await select.selectOption({ label: 'Above' });
  await settle(page);
  const above = await capturePixels(page);
  expect(meanDifference(free.data, above.data)).toBeGreaterThan(2);
  await page.keyboard.press('Escape');
  await select.selectOption({ label: 'Free camera' });
  await settle(page);
  await expect(select).toHaveValue('');
  expect(meanDifference(above.data, (await capturePixels(page)).data)).toBeLessThan(3);
});

test('turning away from a camera of the stage frees it', async ({ page }) => {
  await openText(page, SCENE);
  const select = page.getByRole('combobox', { name: 'Camera' });
  await select.selectOption({ label: 'Above' });
  await settle(page);
  await page.locator('usd-viewport').focus();
  await page.keyboard.press('ArrowLeft');
  await expect(select).toHaveValue('');
});

test('F frames the selected prim', async ({ page }) => {
  await openText(page, SCENE);
  const all = await share(page, isReddish);
  await page.getByRole('tree').focus();
  await page.keyboard.press('*');
  await row(page, 'Box, Cube').click();
  await page.keyboard.press('f');
  await expect.poll(() => share(page, isReddish)).toBeGreaterThan(all * 1.5);
});

test('A frames everything again', async ({ page }) => {
  await openText(page, SCENE);
  const before = await capturePixels(page);
  await page.locator('usd-viewport').focus();
  for (let i = 0; i < 6; i++) await page.keyboard.press('+');
  await settle(page);
  expect(meanDifference(before.data, (await capturePixels(page)).data)).toBeGreaterThan(1);
  await page.keyboard.press('a');
  await settle(page);
  expect((await share(page, isReddish)) / shareOf(before.data, isReddish)).toBeGreaterThan(0.5);
});

test('the question mark shows the keys, and Escape closes them', async ({ page }) => {
  await openText(page, SCENE);
  await page.keyboard.press('?');
  const dialog = page.getByRole('dialog', { name: 'Keys and gestures' });
  await expect(dialog).toContainText('Frame everything');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('the slash moves to the search, where keys are letters', async ({ page }) => {
  await openText(page, SCENE);
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox', { name: 'Search prims' })).toBeFocused();
  await page.keyboard.type('sit');
  await expect(page.getByRole('searchbox', { name: 'Search prims' })).toHaveValue('sit');
  await expect(page.getByText('No prim matches')).toBeVisible();
  await expect(page.getByRole('complementary', { name: 'Scene' })).toBeVisible();
});

test.describe('the theme', () => {
  /** Brightness of the page behind everything, 0..255. */
  const brightness = (page: Page): Promise<number> =>
    page.evaluate(() => {
      const color = getComputedStyle(document.body).backgroundColor;
      const [r = 0, g = 0, b = 0] = (color.match(/[\d.]+/gu) ?? []).map(Number);
      return (r + g + b) / 3;
    });

  test('follows the system', async ({ page }) => {
    await page.emulateMedia({ colorScheme: 'light' });
    await openText(page, SCENE);
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
    expect(await brightness(page)).toBeGreaterThan(180);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    expect(await brightness(page)).toBeLessThan(60);
  });

  test('is chosen by its button and remembered', async ({ page }) => {
    await openText(page, SCENE);
    await page.getByRole('button', { name: 'Theme: system. Change' }).click();
    await page.getByRole('button', { name: 'Theme: dark. Change' }).click();
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
    await expect.poll(() => storedTheme(page)).toBe('light');
    await page.reload();
    await expect(page.getByRole('button', { name: 'Theme: light. Change' })).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  });
});

/** The theme as this browser remembers it; a page that is left at once may not have written it yet. */
function storedTheme(page: Page): Promise<string | undefined> {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const opening = indexedDB.open('keyval-store');
        opening.onsuccess = () => {
          const reading = opening.result.transaction('keyval').objectStore('keyval').get('proscenium-preferences');
          reading.onsuccess = () => {
            opening.result.close();
            resolve((reading.result as { theme?: string } | undefined)?.theme);
          };
        };
      }),
  );
}

test.describe('at 320 pixels', () => {
  test.use({ viewport: { width: 320, height: 640 } });

  test('nothing is wider than the window, and every panel is reached', async ({ page }) => {
    await openText(page, SCENE);
    const width = (): Promise<number> => page.evaluate(() => document.scrollingElement?.scrollWidth ?? Number.NaN);
    expect(await width()).toBeLessThanOrEqual(320);
    for (const name of ['Scene', 'Properties', 'Variants', 'Look', 'Problems']) {
      const tab = page.getByRole('tab', { name });
      await tab.click();
      const pane = page.getByRole('tabpanel', { name });
      await expect(pane).toBeVisible();
      const [tabBox, paneBox] = [await tab.boundingBox(), await pane.boundingBox()];
      expect((tabBox?.x ?? -1) >= 0 && (tabBox?.x ?? 0) + (tabBox?.width ?? 999) <= 320, `${name} is within the window`).toBe(true);
      expect(paneBox?.height).toBeGreaterThan(100);
      expect(await overflowing(page), name).toEqual([]);
      expect(await width()).toBeLessThanOrEqual(320);
    }
    expect((await page.locator('usd-viewport').boundingBox())?.height).toBeGreaterThan(150);
  });

  test('a prim is found, chosen and read', async ({ page }) => {
    await openText(page, SCENE);
    await page.getByRole('tab', { name: 'Scene' }).click();
    await page.getByRole('searchbox', { name: 'Search prims' }).fill('box');
    await row(page, 'Box, Cube').click();
    await page.getByRole('tab', { name: 'Properties' }).click();
    await expect(propertyRow(page, 'size').getByRole('cell')).toHaveText('2');
  });
});

/** Controls that reach over the window's right or left edge. */
function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const visit = (root: Document | ShadowRoot): void => {
      for (const element of root.querySelectorAll('*')) {
        if (element.shadowRoot !== null) visit(element.shadowRoot);
        if (!element.matches('button, input, select')) continue;
        const box = element.getBoundingClientRect();
        if (box.width > 0 && (box.left < -0.5 || box.right > window.innerWidth + 0.5)) found.push(element.outerHTML.slice(0, 120));
      }
    };
    visit(document);
    return found;
  });
}

const NAMED_ROLES = new Set([
  'button',
  'textbox',
  'searchbox',
  'spinbutton',
  'slider',
  'combobox',
  'tab',
  'radio',
  'checkbox',
  'treeitem',
  'tree',
  'application',
  'dialog',
  'img',
  'image',
]);

/** What the browser tells assistive technology, without a name. */
async function namelessControls(page: Page, least = 10): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  const named = nodes.filter(({ ignored, role }) => !ignored && NAMED_ROLES.has(String(role?.value)));
  expect(named.length).toBeGreaterThanOrEqual(least);
  return named
    .filter(({ name }) => String(name?.value ?? '').trim() === '')
    .map(({ role, backendDOMNodeId }) => `${role?.value} ${backendDOMNodeId}`);
}

test('every control of every panel has a name', async ({ page }) => {
  await openText(page, SCENE);
  await row(page, 'Above, Camera').click();
  for (const name of ['Properties', 'Variants', 'Look', 'Problems']) {
    await showTab(page, name);
    expect(await namelessControls(page), name).toEqual([]);
  }
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  // The rest of the page is inert below the dialog.
  expect(await namelessControls(page, 2), 'keys and gestures').toEqual([]);
});

test('the Tab key walks the page, and shows where it is', async ({ page }) => {
  await openText(page, SCENE);
  const seen: string[] = [];
  const unmarked: string[] = [];
  for (let step = 0; step < 80; step++) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate(() => {
      let active = document.activeElement;
      while (active?.shadowRoot?.activeElement != null) active = active.shadowRoot.activeElement;
      if (active === null || active === document.body) return undefined;
      const marked = (element: Element): boolean => {
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0;
      };
      const label = active.getAttribute('aria-label') ?? active.textContent?.trim().slice(0, 40) ?? '';
      return { label: `${active.localName} ${label}`, isMarked: marked(active) || [...active.querySelectorAll('.active')].some(marked) };
    });
    if (focus === undefined || (focus.label === seen[0] && seen.length > 5)) break;
    seen.push(focus.label);
    if (!focus.isMarked) unmarked.push(focus.label);
  }
  expect(unmarked).toEqual([]);
  for (const name of ['Open…', 'Prims', 'Search prims', '3D view of scene.usda', 'Play', 'Camera', 'Frame everything', 'Theme']) {
    expect(
      seen.some((label) => label.includes(name)),
      `${name} in ${seen.join(' | ')}`,
    ).toBe(true);
  }
});
