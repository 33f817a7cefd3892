/** What the embed builder writes: markup for a page, and the oEmbed answer. */
import { escapeMarkup, frameMarkup, makeOEmbed, oEmbedLink } from './oembed.ts';

/** What was filled in. */
export interface EmbedChoice {
  /** Attributes that are set; an empty text for switches. */
  readonly attributes: ReadonlyMap<string, string>;
  /** CSS pixels; the proportions count where the page has another width. */
  readonly width: number;
  readonly height: number;
  readonly sandboxed: boolean;
  /** Absolute address of the folder that holds embed.html and embed/. */
  readonly base: string;
}

/** A script tag and the element. The size is inline so that the page keeps its place before the script has come. */
export function elementSnippet({ attributes, width, height, base }: EmbedChoice): string {
  const written = [...attributes].map(([name, value]) => (value === '' ? name : `${name}="${escapeMarkup(value)}"`));
  const size = `style="display: block; width: 100%; max-width: ${width}px; aspect-ratio: ${width} / ${height}"`;
  return [
    `<script type="module" src="${escapeMarkup(new URL('embed/usd-view.js', base).href)}"></script>`,
    `<usd-view ${[...written, size].join('\n  ')}></usd-view>`,
  ].join('\n');
}

/** The address of the embed page, with the attributes as its query. */
export function embedAddress({ attributes, base }: EmbedChoice): string {
  const url = new URL('embed.html', base);
  // Switches are written without a sign of equality; spaces as %20, which every reader of addresses understands.
  const query = [...attributes].map(([name, value]) => (value === '' ? name : `${name}=${encodeURIComponent(value)}`));
  url.search = query.join('&');
  return url.href;
}

export function frameSnippet(choice: EmbedChoice): string {
  const { attributes, width, height, sandboxed } = choice;
  return frameMarkup(embedAddress(choice), { width, height, title: attributes.get('alt') ?? '3D model', sandboxed, fluid: true });
}

/** The JSON to publish, and the line for the page's head. */
export function oEmbedSnippet(choice: EmbedChoice): { readonly json: string; readonly link: string } {
  const { attributes, width, height } = choice;
  const title = attributes.get('alt');
  const response = makeOEmbed(embedAddress(choice), { width, height, ...(title === undefined ? {} : { title }) });
  return { json: JSON.stringify(response, null, 2), link: oEmbedLink('https://your-host.example/oembed.json', response.title) };
}
