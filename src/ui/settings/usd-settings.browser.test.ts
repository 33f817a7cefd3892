import axe from 'axe-core';
import { afterEach, expect, test } from 'vitest';
import { DEFAULT_PREFERENCES, type Preferences } from '../app/preferences.ts';
import './usd-settings.ts';
import type { UsdSettings } from './usd-settings.ts';

afterEach(() => document.body.replaceChildren());

/** As the page does: what it hears becomes what it shows. */
async function makeSettings(more: Partial<Preferences> = {}): Promise<UsdSettings> {
  const settings = document.createElement('usd-settings');
  settings.preferences = { ...DEFAULT_PREFERENCES, ...more };
  settings.addEventListener('usd-preferences', (event) => {
    settings.preferences = { ...settings.preferences, ...event.detail.preferences };
  });
  settings.addEventListener('usd-reset-preferences', () => {
    settings.preferences = DEFAULT_PREFERENCES;
  });
  document.body.append(settings);
  await settings.updateComplete;
  return settings;
}

const control = <E extends HTMLElement>(settings: UsdSettings, id: string): E => settings.renderRoot.querySelector<E>(`#${id}`)!;
const button = (settings: UsdSettings, name: string): HTMLButtonElement =>
  [...settings.renderRoot.querySelectorAll('button')].find(
    (element) => (element.getAttribute('aria-label') ?? element.textContent.trim()) === name,
  )!;

function choose(select: HTMLSelectElement, name: string): void {
  select.selectedIndex = [...select.options].findIndex(({ text }) => text === name);
  select.dispatchEvent(new Event('change'));
}

test('each kind of setting tells its change at once, and can be reset alone', async () => {
  const settings = await makeSettings();
  choose(control(settings, 'toneMap'), 'AgX');
  choose(control(settings, 'background'), 'White');
  const speed = control<HTMLInputElement>(settings, 'panSensitivity');
  speed.value = '2';
  speed.dispatchEvent(new Event('input'));
  control(settings, 'isZoomInverted').click();
  await settings.updateComplete;
  expect(settings.preferences).toMatchObject({ toneMap: 'agx', background: [1, 1, 1, 1], panSensitivity: 2, isZoomInverted: true });
  expect(control<HTMLSelectElement>(settings, 'background').selectedOptions[0]?.text).toBe('White');
  expect(button(settings, 'Reset Exposure').disabled).toBe(true);
  button(settings, 'Reset Panning').click();
  await settings.updateComplete;
  expect(settings.preferences).toMatchObject({ toneMap: 'agx', panSensitivity: 1 });
  button(settings, 'Reset all settings').click();
  await settings.updateComplete;
  expect(settings.preferences).toEqual(DEFAULT_PREFERENCES);
  expect(button(settings, 'Reset all settings').disabled).toBe(true);
});

test('a value that the list does not have is shown, and stays until another is chosen', async () => {
  const settings = await makeSettings({ memoryBytes: 777 * 2 ** 20, background: [0.1, 0.2, 0.3, 1] });
  expect(control<HTMLSelectElement>(settings, 'memoryBytes').selectedOptions[0]?.text).toBe('777 MiB');
  expect(control<HTMLSelectElement>(settings, 'background').selectedOptions[0]?.text).toBe('Own colour');
});

test('everything is deleted on the second click only', async () => {
  const settings = await makeSettings();
  const cleared: string[] = [];
  settings.addEventListener('usd-clear', (event) => cleared.push(event.detail.what));
  button(settings, 'Clear all stored data…').click();
  await settings.updateComplete;
  button(settings, 'Keep it').click();
  await settings.updateComplete;
  expect(cleared).toEqual([]);
  button(settings, 'Clear all stored data…').click();
  await settings.updateComplete;
  button(settings, 'Delete it all').click();
  button(settings, 'Clear recent files').click();
  expect(cleared).toEqual(['everything', 'recents']);
});

test('it is a modal dialog that Esc closes, and accessible', async () => {
  const settings = await makeSettings();
  const dialog = settings.renderRoot.querySelector('dialog')!;
  expect(dialog.matches(':modal')).toBe(true);
  const found = await axe.run(settings, { rules: { region: { enabled: false }, 'color-contrast': { enabled: false } } });
  expect(found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  let closed = 0;
  settings.addEventListener('usd-close', () => closed++);
  dialog.close();
  await expect.poll(() => closed).toBe(1);
});
