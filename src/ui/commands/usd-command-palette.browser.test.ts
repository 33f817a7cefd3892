import axe from 'axe-core';
import { clear } from 'idb-keyval';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Command } from './command-list.ts';
import { forgetUse } from './command-use.ts';
import './usd-command-palette.ts';
import type { UsdCommandPalette } from './usd-command-palette.ts';

const ran: string[] = [];

beforeEach(async () => {
  ran.length = 0;
  await clear();
  await forgetUse();
});
afterEach(() => document.body.replaceChildren());

const command = (label: string, group = 'View', more: Partial<Command> = {}): Command => ({
  id: label,
  label,
  group,
  run: (isForNewTab) => void ran.push(isForNewTab ? `${label}, new tab` : label),
  ...more,
});
const COMMANDS = [
  command('Frame everything', 'View', { keys: ['a'] }),
  command('Next camera'),
  command('Tone mapping: ACES', 'Settings', { isChosen: true }),
  command('Open chair.usdz', 'Recent files'),
];

async function makePalette(): Promise<UsdCommandPalette> {
  const palette = document.createElement('usd-command-palette');
  palette.commands = COMMANDS;
  document.body.append(palette);
  await palette.updateComplete;
  await new Promise((resolve) => void setTimeout(resolve, 50));
  await palette.updateComplete;
  return palette;
}

const input = (palette: UsdCommandPalette): HTMLInputElement => palette.renderRoot.querySelector('input')!;
const labels = (palette: UsdCommandPalette): (string | null)[] =>
  [...palette.renderRoot.querySelectorAll('.label')].map(({ textContent }) => textContent);
const selected = (palette: UsdCommandPalette): string | undefined =>
  palette.renderRoot.querySelector('[aria-selected=true] .label')?.textContent ?? undefined;

async function type(palette: UsdCommandPalette, text: string): Promise<void> {
  input(palette).value = text;
  input(palette).dispatchEvent(new Event('input'));
  await palette.updateComplete;
}

async function press(palette: UsdCommandPalette, key: string, more: KeyboardEventInit = {}): Promise<void> {
  input(palette).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
  await palette.updateComplete;
}

test('letters find commands, the best first, and Enter runs it and closes', async () => {
  const palette = await makePalette();
  expect(labels(palette)).toEqual(COMMANDS.map(({ label }) => label));
  await type(palette, 'aces');
  expect(labels(palette)).toEqual(['Tone mapping: ACES']);
  expect([...palette.renderRoot.querySelectorAll('.label b')].map(({ textContent }) => textContent)).toEqual(['ACES']);
  let closed = 0;
  palette.addEventListener('usd-close', () => closed++);
  await press(palette, 'Enter');
  expect(ran).toEqual(['Tone mapping: ACES']);
  await expect.poll(() => closed).toBe(1);
});

test('arrows go round the options, and the combobox names the active one', async () => {
  const palette = await makePalette();
  expect(selected(palette)).toBe('Frame everything');
  await press(palette, 'ArrowUp');
  expect(selected(palette)).toBe('Open chair.usdz');
  await press(palette, 'ArrowDown');
  await press(palette, 'ArrowDown');
  expect(selected(palette)).toBe('Next camera');
  const active = input(palette).getAttribute('aria-activedescendant');
  expect(palette.renderRoot.querySelector(`#${active}`)?.textContent.trim()).toBe('Next camera');
});

test('what was used lately comes first the next time', async () => {
  const first = await makePalette();
  await type(first, 'chair');
  await press(first, 'Enter', { ctrlKey: true });
  expect(ran).toEqual(['Open chair.usdz, new tab']);
  first.remove();
  const second = await makePalette();
  await expect.poll(() => labels(second)[0]).toBe('Open chair.usdz');
  expect(second.renderRoot.querySelector('.heading')?.textContent).toBe('Used lately');
});

test('prims of the scene are found by name and shown', async () => {
  const palette = await makePalette();
  const shown: string[] = [];
  palette.findPrims = (text, limit) =>
    Promise.resolve(limit > 0 && text === 'wheel' ? [{ path: '/Car/Wheel', name: 'Wheel', typeName: 'Mesh' }] : []);
  palette.showPrim = (path) => shown.push(path);
  await type(palette, 'wheel');
  await expect.poll(() => labels(palette)).toEqual(['Wheel']);
  await press(palette, 'Enter');
  expect(shown).toEqual(['/Car/Wheel']);
});

test('where nothing is found it is said', async () => {
  const palette = await makePalette();
  await type(palette, 'qqq');
  expect(palette.renderRoot.querySelector('.none')?.textContent).toContain('Nothing');
  await press(palette, 'Enter');
  expect(ran).toEqual([]);
});

test('it is a modal dialog, and accessible', async () => {
  const palette = await makePalette();
  expect(palette.renderRoot.querySelector('dialog')!.matches(':modal')).toBe(true);
  expect((palette.renderRoot as ShadowRoot).activeElement).toBe(input(palette));
  const found = await axe.run(palette, { rules: { region: { enabled: false }, 'color-contrast': { enabled: false } } });
  expect(found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});
