import { afterEach, describe, expect, test } from 'vitest';
import type { PrimDetails, VariantSetEntry } from '../../share/protocol/engine.ts';
import type { ErrorInfo } from '../../share/protocol/error-info.ts';
import { DEFAULT_RENDER_SETTINGS } from '../../share/protocol/renderer.ts';
import './usd-attributes.ts';
import './usd-problems.ts';
import './usd-render-settings.ts';
import './usd-timeline.ts';
import './usd-variants.ts';

type PanelTag = 'usd-attributes' | 'usd-problems' | 'usd-render-settings' | 'usd-timeline' | 'usd-variants';

async function make<K extends PanelTag>(tag: K, properties: Partial<HTMLElementTagNameMap[K]>): Promise<HTMLElementTagNameMap[K]> {
  const element = Object.assign(document.createElement(tag), properties);
  document.body.append(element);
  await element.updateComplete;
  return element;
}

/** Details of every event of a kind that reaches the document. */
function heard<K extends keyof HTMLElementEventMap>(type: K): unknown[] {
  const details: unknown[] = [];
  document.body.addEventListener(type, (event) => details.push((event as CustomEvent).detail));
  return details;
}

const textOf = (element: Element): string => (element.shadowRoot?.textContent ?? '').replace(/\s+/gu, ' ').trim();
const all = <E extends Element>(element: Element, selector: string): E[] => [...(element.shadowRoot?.querySelectorAll<E>(selector) ?? [])];

afterEach(() => document.body.replaceChildren());

describe('variants', () => {
  const entry: VariantSetEntry = { primPath: '/Chair', set: 'wood', variants: ['oak', 'ash', 'elm'], selection: 'ash' };

  test('few variants are buttons, the chosen one checked', async () => {
    const panel = await make('usd-variants', { sets: [entry] });
    expect(all(panel, '[role=radio]').map((button) => `${button.textContent.trim()} ${button.getAttribute('aria-checked')}`)).toEqual([
      'oak false',
      'ash true',
      'elm false',
    ]);
  });

  test('a click chooses, arrow keys go round', async () => {
    const panel = await make('usd-variants', { sets: [entry] });
    const choices = heard('usd-variant');
    const [oak, , elm] = all<HTMLElement>(panel, '[role=radio]');
    oak?.click();
    elm?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, composed: true, cancelable: true }));
    const choice = { primPath: '/Chair', set: 'wood', selection: 'oak' };
    expect(choices).toEqual([choice, choice]);
  });

  test('many variants are a list that can also choose none', async () => {
    const many = Array.from({ length: 30 }, (_, index) => `v${index}`);
    const panel = await make('usd-variants', { sets: [{ ...entry, variants: many, selection: 'v3' }] });
    const [select] = all<HTMLSelectElement>(panel, 'select');
    expect(select?.options).toHaveLength(31);
    expect(select?.value).toBe('v3');
  });

  test('no sets are said', async () => {
    expect(textOf(await make('usd-variants', { sets: [] }))).toBe('This stage has no variant sets');
  });
});

describe('problems', () => {
  const problem = (severity: ErrorInfo['severity'], message: string, more: Partial<ErrorInfo> = {}): ErrorInfo => ({
    code: 'some-code',
    severity,
    message,
    ...more,
  });

  test('the gravest come first, with prim, file and code', async () => {
    const panel = await make('usd-problems', {
      problems: [
        problem('info', 'C'),
        problem('warning', 'B'),
        problem('error', 'A', { path: '/World/Ball.primvars:st', asset: 'a.usda' }),
      ],
    });
    expect(all(panel, 'p').map((line) => line.textContent)).toEqual(['A', 'B', 'C']);
    expect(all(panel, 'li')[0]?.textContent.replace(/\s+/gu, ' ').trim()).toBe('Error: A /World/Ball.primvars:st a.usda some-code');
  });

  test('its path selects the prim, not the property', async () => {
    const panel = await make('usd-problems', { problems: [problem('error', 'A', { path: '/World/Ball.primvars:st' })] });
    const selected = heard('usd-select');
    all<HTMLElement>(panel, 'button.link')[0]?.click();
    expect(selected).toEqual([{ path: '/World/Ball', isRevealed: true }]);
  });

  test('a long list is shown in parts', async () => {
    const panel = await make('usd-problems', {
      problems: Array.from({ length: 500 }, (_, index) => problem('warning', `P${index}`)),
      dropped: 12,
    });
    expect(all(panel, 'li')).toHaveLength(200);
    expect(textOf(panel)).toContain('12 more were found and not kept');
    all<HTMLElement>(panel, '.more button')[0]?.click();
    await panel.updateComplete;
    expect(all(panel, 'li')).toHaveLength(500);
  });
});

describe('attributes', () => {
  const details: PrimDetails = {
    path: '/World/Ball',
    typeName: 'Sphere',
    variantSets: [],
    properties: [
      { name: 'radius', kind: 'attribute', typeName: 'double', value: '2', isAuthored: true, source: 'timeSamples', connections: [] },
      {
        name: 'points',
        kind: 'attribute',
        typeName: 'point3f[]',
        value: '[(0, 0, 0), …]',
        isAuthored: true,
        source: 'default',
        connections: [],
        elementCount: 1200,
      },
      {
        name: 'material:binding',
        kind: 'relationship',
        typeName: 'rel',
        value: '',
        isAuthored: true,
        source: 'none',
        connections: ['/World/Looks/Red'],
      },
    ],
  };

  test('values stand with their type, source and array length', async () => {
    const panel = await make('usd-attributes', { details, detailsState: 'ready' });
    const rows = all(panel, 'tr:not(.section)').map((row) => row.textContent.replace(/\s+/gu, ' ').trim());
    expect(rows).toEqual([
      'radius double, Time samples 2',
      'points point3f[1,200], Authored value [(0, 0, 0), …]',
      'material:binding rel, No value /World/Looks/Red',
    ]);
  });

  test('a target selects its prim', async () => {
    const panel = await make('usd-attributes', { details, detailsState: 'ready' });
    const selected = heard('usd-select');
    all<HTMLElement>(panel, 'td button.link')[0]?.click();
    expect(selected).toEqual([{ path: '/World/Looks/Red', isRevealed: true }]);
  });

  test.each([
    ['empty', 'Choose a prim to see its properties'],
    ['loading', 'Reading…'],
    ['failed', 'there is no prim at /Gone'],
  ] as const)('the state %s is drawn', async (detailsState, text) => {
    expect(textOf(await make('usd-attributes', { detailsState, error: 'there is no prim at /Gone' }))).toBe(text);
  });
});

describe('timeline', () => {
  test('the scrubber shows the time code in its range and says it with seconds', async () => {
    const panel = await make('usd-timeline', { start: 10, end: 58, timeCode: 34, timeCodesPerSecond: 24 });
    const [range] = all<HTMLInputElement>(panel, 'input[type=range]');
    expect([range?.min, range?.max, range?.value]).toEqual(['10', '58', '34']);
    expect(range?.getAttribute('aria-valuetext')).toBe('34 of 58, 1.00 seconds');
  });

  test('scrubbing and typing seek, arrow keys step by whole frames', async () => {
    const panel = await make('usd-timeline', { start: 0, end: 48 });
    const [seeks, steps] = [heard('usd-seek'), heard('usd-step')];
    const [range] = all<HTMLInputElement>(panel, 'input[type=range]');
    const [field] = all<HTMLInputElement>(panel, 'input[type=number]');
    range!.value = '12.5';
    range!.dispatchEvent(new Event('input'));
    field!.value = '30';
    field!.dispatchEvent(new Event('change'));
    range!.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', cancelable: true }));
    expect(seeks).toEqual([{ timeCode: 12.5 }, { timeCode: 30 }]);
    expect(steps).toEqual([{ count: 1 }]);
  });
});

describe('render settings', () => {
  test('each control changes its own setting', async () => {
    const panel = await make('usd-render-settings', { settings: DEFAULT_RENDER_SETTINGS });
    const changes = heard('usd-settings');
    all<HTMLInputElement>(panel, 'input[value=stage]')[0]?.click();
    const [tone] = all<HTMLSelectElement>(panel, '#tone');
    tone!.value = 'agx';
    tone!.dispatchEvent(new Event('change'));
    all<HTMLInputElement>(panel, '.checks input')[2]?.click();
    expect(changes).toEqual([
      { settings: { lighting: 'stage' } },
      { settings: { toneMap: 'agx' } },
      { settings: { purposes: ['default', 'render', 'proxy'] } },
    ]);
  });

  test('the background is the theme’s until a colour is chosen', async () => {
    const panel = await make('usd-render-settings', { background: 'theme' });
    const chosen = heard('usd-background');
    expect(all<HTMLInputElement>(panel, '.swatches input')[0]?.checked).toBe(true);
    const [color] = all<HTMLInputElement>(panel, 'input[type=color]');
    color!.value = '#ff0000';
    color!.dispatchEvent(new Event('input'));
    expect(chosen).toEqual([{ background: [1, 0, 0, 1] }]);
  });

  test('an environment image is chosen from a file, named, and taken away', async () => {
    const panel = await make('usd-render-settings', { settings: DEFAULT_RENDER_SETTINGS });
    const given = heard('usd-environment');
    expect(all(panel, 'input[value=image]')).toHaveLength(0);
    const file = new File(['#?RADIANCE'], 'sky.hdr');
    const [input] = all<HTMLInputElement>(panel, 'input[type=file]');
    const transfer = new DataTransfer();
    transfer.items.add(file);
    input!.files = transfer.files;
    input!.dispatchEvent(new Event('change'));
    Object.assign(panel, { environment: { name: 'sky.hdr', width: 64, height: 32 } });
    await panel.updateComplete;
    expect(textOf(panel)).toContain('sky.hdr');
    expect(all(panel, 'input[value=image]')).toHaveLength(1);
    all(panel, 'button[aria-label^=Remove]')[0]!.dispatchEvent(new MouseEvent('click'));
    expect(given).toEqual([{ file }, { file: undefined }]);
  });

  test('the environment turns in degrees, brightens, and can be the background', async () => {
    const panel = await make('usd-render-settings', { settings: DEFAULT_RENDER_SETTINGS });
    const changes = heard('usd-settings');
    const backgrounds = heard('usd-background');
    const slide = (name: string, value: string): void => {
      const [slider] = all<HTMLInputElement>(panel, `input[aria-label="${name}"]`);
      slider!.value = value;
      slider!.dispatchEvent(new Event('input'));
    };
    slide('Rotation', '180');
    slide('Intensity', '2');
    slide('Shadow blur', '1');
    slide('Ground shadow', '0');
    all<HTMLInputElement>(panel, 'input[aria-label=Environment]')[0]!.click();
    expect(changes).toEqual([
      { settings: { environmentRotation: Math.PI } },
      { settings: { environmentIntensity: 2 } },
      { settings: { shadowSoftness: 1 } },
      { settings: { shadowIntensity: 0 } },
    ]);
    expect(backgrounds).toEqual([{ background: 'environment' }]);
    Object.assign(panel, { settings: { ...DEFAULT_RENDER_SETTINGS, lighting: 'camera', shadowIntensity: 0 } });
    await panel.updateComplete;
    expect(all(panel, 'input[aria-label=Rotation], input[aria-label="Shadow blur"]')).toHaveLength(0);
  });
});
