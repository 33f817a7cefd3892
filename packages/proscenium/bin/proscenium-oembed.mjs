#!/usr/bin/env node
/** Writes the oEmbed JSON of a model's embed, and prints the line for the page's head. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { makeOEmbed, oEmbedLink } from '../dist/oembed.js';

const USAGE = `proscenium-oembed EMBED_URL [options]

Prints the oEmbed JSON of an embed page's address, for consumers that find it by a link in your page.

  --out FILE             writes the JSON there instead
  --json-url URL         with --out: where the JSON will lie; prints the <link> line that leads to it
  --title TEXT           title of the model (default: "title" or "alt" of the address)
  --width N --height N   size in CSS pixels (default: 640 x 480)
  --author TEXT --author-url URL
  --thumbnail URL --thumbnail-width N --thumbnail-height N
  --provider TEXT --provider-url URL   the site (default: host of the address)
  --cache-age SECONDS
  --help
`;

const TEXT = { type: 'string' };
const OPTIONS = {
  help: { type: 'boolean' },
  out: TEXT,
  'json-url': TEXT,
  title: TEXT,
  width: TEXT,
  height: TEXT,
  author: TEXT,
  'author-url': TEXT,
  thumbnail: TEXT,
  'thumbnail-width': TEXT,
  'thumbnail-height': TEXT,
  provider: TEXT,
  'provider-url': TEXT,
  'cache-age': TEXT,
};

try {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  if (values.help) process.stdout.write(USAGE);
  else if (positionals.length !== 1) throw new TypeError(`one address of an embed page is needed, not ${positionals.length}`);
  else main(positionals[0], values);
} catch (error) {
  process.stderr.write(`proscenium-oembed: ${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}

function main(embedUrl, values) {
  if (values['json-url'] !== undefined && values.out === undefined) throw new TypeError('--json-url needs --out: one goes to the output');
  const response = makeOEmbed(embedUrl, optionsOf(values));
  const json = `${JSON.stringify(response, null, 2)}\n`;
  if (values.out === undefined) process.stdout.write(json);
  else writeFileSync(values.out, json);
  if (values['json-url'] !== undefined) process.stdout.write(`${oEmbedLink(values['json-url'], response.title)}\n`);
}

function optionsOf(values) {
  const number = (name, fallback) => (values[name] === undefined ? fallback : Number(values[name]));
  const { title, author, thumbnail, provider } = values;
  return {
    ...(title === undefined ? {} : { title }),
    width: number('width', 640),
    height: number('height', 480),
    ...(author === undefined ? {} : { authorName: author }),
    ...(values['author-url'] === undefined ? {} : { authorUrl: values['author-url'] }),
    ...(thumbnail === undefined
      ? {}
      : { thumbnail: { url: thumbnail, width: number('thumbnail-width', 640), height: number('thumbnail-height', 480) } }),
    ...(provider === undefined
      ? {}
      : { provider: { name: provider, ...(values['provider-url'] === undefined ? {} : { url: values['provider-url'] }) } }),
    ...(values['cache-age'] === undefined ? {} : { cacheAgeSeconds: number('cache-age', 0) }),
  };
}
