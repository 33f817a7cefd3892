import { expect, test } from 'vitest';
import { frameMarkup, makeOEmbed, oEmbedLink } from './oembed.ts';

const EMBED = 'https://models.example/view/embed.html?src=teapot.usdz&alt=A+teapot&auto-rotate';

test('an embed address becomes a rich response with its frame', () => {
  expect(makeOEmbed(EMBED, { width: 800, height: 600 })).toEqual({
    version: '1.0',
    type: 'rich',
    html:
      '<iframe src="https://models.example/view/embed.html?src=teapot.usdz&amp;alt=A+teapot&amp;auto-rotate" title="A teapot" width="800" height="600" ' +
      'loading="lazy" allow="fullscreen" style="border: 0"></iframe>',
    width: 800,
    height: 600,
    title: 'A teapot',
    provider_name: 'models.example',
    provider_url: 'https://models.example/',
  });
});

test('thumbnail, author and provider are told by the names of the specification', () => {
  const response = makeOEmbed(EMBED, {
    title: 'Teapot',
    authorName: 'Newell',
    authorUrl: 'https://models.example/newell',
    thumbnail: { url: 'https://models.example/teapot.png', width: 320, height: 240 },
    provider: { name: 'Models' },
    cacheAgeSeconds: 3600,
  });
  expect(response).toMatchObject({
    title: 'Teapot',
    author_name: 'Newell',
    author_url: 'https://models.example/newell',
    thumbnail_url: 'https://models.example/teapot.png',
    thumbnail_width: 320,
    thumbnail_height: 240,
    provider_name: 'Models',
    provider_url: 'https://models.example/',
    cache_age: 3600,
  });
});

test.each(['embed.html?src=a.usdz', 'javascript:alert(1)', 'data:text/html,x'])('%s is refused', (address) => {
  expect(() => makeOEmbed(address)).toThrow(/no absolute http or https address/u);
});

test.each([0, -1, 1.5, Number.NaN])('a width of %s is refused', (width) => {
  expect(() => makeOEmbed(EMBED, { width })).toThrow(/no size in whole pixels/u);
});

test('titles cannot leave their quotes', () => {
  expect(oEmbedLink('https://a.example/a.json?x=1&y=2', 'A "cup" <b>')).toBe(
    '<link rel="alternate" type="application/json+oembed" href="https://a.example/a.json?x=1&amp;y=2" title="A &quot;cup&quot; &lt;b&gt;">',
  );
  expect(makeOEmbed(EMBED, { title: '"><script>' }).html).not.toContain('<script>');
});

test('a fluid frame keeps its proportions, a sandboxed one only runs scripts', () => {
  const markup = frameMarkup(EMBED, { width: 4, height: 3, title: 'x', fluid: true, sandboxed: true });
  expect(markup).toContain('aspect-ratio: 4 / 3');
  expect(markup).toContain('sandbox="allow-scripts"');
});
