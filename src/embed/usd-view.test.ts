import { expect, test } from 'vitest';

test('without a DOM the module can be imported, and defines nothing', async () => {
  expect(globalThis.HTMLElement).toBeUndefined();
  const { UsdView } = await import('./usd-view.ts');
  expect(UsdView.observedAttributes).toContain('camera-orbit');
  expect(globalThis.customElements).toBeUndefined();
});

test('attributes are named once each, in kebab case', async () => {
  const { ATTRIBUTES } = await import('./reflected-element.ts');
  expect(new Set(ATTRIBUTES).size).toBe(ATTRIBUTES.length);
  for (const name of ATTRIBUTES) expect(name).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
});
