import { expect, test } from 'vitest';
import { controlOf, groupAttributes } from './builder-form.ts';
import { elementSnippet, embedAddress, frameSnippet, oEmbedSnippet, type EmbedChoice } from './builder-snippets.ts';

const CHOICE: EmbedChoice = {
  attributes: new Map([
    ['src', 'https://a.example/tea pot.usdz'],
    ['alt', 'A "tea" pot'],
    ['auto-rotate', ''],
    ['camera-orbit', '30deg 75deg 105%'],
  ]),
  width: 640,
  height: 480,
  sandboxed: false,
  base: 'https://host.example/view/',
};

test.each([
  ['boolean', { kind: 'switch' }],
  ['number', { kind: 'number' }],
  ['number | undefined', { kind: 'number' }],
  ["'auto' | 'lazy' | 'eager'", { kind: 'choice', values: ['auto', 'lazy', 'eager'] }],
  ['string', { kind: 'text' }],
  ['string | null', { kind: 'text' }],
  [undefined, { kind: 'text' }],
])('the type %s is asked for by %j', (text, control) => {
  expect(controlOf({ name: 'x', ...(text === undefined ? {} : { type: { text } }) })).toEqual(control);
});

test('every attribute is in one group', () => {
  const names = ['src', 'camera-orbit', 'camera', 'exposure', 'time', 'autoplay', 'loading', 'variants', 'something-new'];
  const groups = groupAttributes(names.map((name) => ({ name })));
  expect(groups.map(({ title, attributes }) => [title, ...attributes.map(({ name }) => name)])).toEqual([
    ['Model', 'src'],
    ['Camera', 'camera-orbit', 'camera'],
    ['Light and background', 'exposure'],
    ['Variants and time', 'time', 'autoplay', 'variants'],
    ['Loading and more', 'loading', 'something-new'],
  ]);
});

test('the element is written with its script, quoted, and with its place', () => {
  expect(elementSnippet(CHOICE)).toBe(`<script type="module" src="https://host.example/view/embed/usd-view.js"></script>
<usd-view src="https://a.example/tea pot.usdz"
  alt="A &quot;tea&quot; pot"
  auto-rotate
  camera-orbit="30deg 75deg 105%"
  style="display: block; width: 100%; max-width: 640px; aspect-ratio: 640 / 480"></usd-view>`);
});

test('the address of the embed page says the same', () => {
  expect(embedAddress(CHOICE)).toBe(
    'https://host.example/view/embed.html?src=https%3A%2F%2Fa.example%2Ftea%20pot.usdz&alt=A%20%22tea%22%20pot&auto-rotate&camera-orbit=30deg%2075deg%20105%25',
  );
});

test('the frame has a title, and a sandbox where one is wanted', () => {
  expect(frameSnippet(CHOICE)).toContain('title="A &quot;tea&quot; pot"');
  expect(frameSnippet(CHOICE)).not.toContain('sandbox');
  expect(frameSnippet({ ...CHOICE, sandboxed: true })).toContain('sandbox="allow-scripts"');
});

test('the oEmbed answer holds the frame', () => {
  const { json, link } = oEmbedSnippet(CHOICE);
  expect(JSON.parse(json)).toMatchObject({ type: 'rich', width: 640, height: 480, title: 'A "tea" pot' });
  expect(link).toContain('application/json+oembed');
});
