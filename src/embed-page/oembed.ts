/** oEmbed (https://oembed.com, version 1.0) for static hosts: the JSON of one model's embed, and the line that leads consumers to it. */

/** What is known of an embed besides its address. */
export interface OEmbedOptions {
  /** CSS pixels. */
  readonly width?: number;
  readonly height?: number;
  readonly title?: string;
  readonly authorName?: string;
  readonly authorUrl?: string;
  /** A picture of the model, with its size in pixels; consumers that draw no frames show it. */
  readonly thumbnail?: { readonly url: string; readonly width: number; readonly height: number };
  /** The site that publishes the model; by default the host of the embed's address. */
  readonly provider?: { readonly name: string; readonly url?: string };
  /** How long consumers may keep the answer. */
  readonly cacheAgeSeconds?: number;
}

/** A response of type `rich`, with oEmbed's names. */
export interface OEmbedResponse {
  readonly version: '1.0';
  readonly type: 'rich';
  readonly html: string;
  readonly width: number;
  readonly height: number;
  readonly title?: string;
  readonly author_name?: string;
  readonly author_url?: string;
  readonly provider_name: string;
  readonly provider_url: string;
  readonly cache_age?: number;
  readonly thumbnail_url?: string;
  readonly thumbnail_width?: number;
  readonly thumbnail_height?: number;
}

/** What an iframe says besides the address. */
export interface FrameOptions {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** Gives the frame an origin of its own, without storage; the host must then allow every origin to read its files. */
  readonly sandboxed?: boolean;
  /** Takes the width there is, at the proportions given, by an inline style. */
  readonly fluid?: boolean;
}

/**
 * The oEmbed response of an embed page's address.
 *
 * @throws TypeError where an address is no http(s) URL or a size no positive number
 */
export function makeOEmbed(embedUrl: string, options: OEmbedOptions = {}): OEmbedResponse {
  const url = httpUrl(embedUrl);
  const [width, height] = [sizeOf(options.width ?? 640), sizeOf(options.height ?? 480)];
  const title = options.title ?? url.searchParams.get('title') ?? url.searchParams.get('alt') ?? undefined;
  const { thumbnail, provider, authorName, authorUrl, cacheAgeSeconds } = options;
  return {
    version: '1.0',
    type: 'rich',
    html: frameMarkup(url.href, { width, height, title: title ?? '3D model' }),
    width,
    height,
    ...(title === undefined ? {} : { title }),
    ...(authorName === undefined ? {} : { author_name: authorName }),
    ...(authorUrl === undefined ? {} : { author_url: httpUrl(authorUrl).href }),
    provider_name: provider?.name ?? url.host,
    provider_url: provider?.url === undefined ? `${url.origin}/` : httpUrl(provider.url).href,
    ...(cacheAgeSeconds === undefined ? {} : { cache_age: cacheAgeSeconds }),
    ...(thumbnail === undefined
      ? {}
      : {
          thumbnail_url: httpUrl(thumbnail.url).href,
          thumbnail_width: sizeOf(thumbnail.width),
          thumbnail_height: sizeOf(thumbnail.height),
        }),
  };
}

/** The line for the `<head>` of the page that shows the model: where its JSON lies. */
export function oEmbedLink(jsonUrl: string, title?: string): string {
  const named = title === undefined || title === '' ? '' : ` title="${escapeMarkup(title)}"`;
  return `<link rel="alternate" type="application/json+oembed" href="${escapeMarkup(jsonUrl)}"${named}>`;
}

/** Markup of a frame with the embed page in it. */
export function frameMarkup(embedUrl: string, { width, height, title, sandboxed = false, fluid = false }: FrameOptions): string {
  const parts = [
    `src="${escapeMarkup(embedUrl)}"`,
    `title="${escapeMarkup(title)}"`,
    `width="${width}"`,
    `height="${height}"`,
    'loading="lazy"',
    'allow="fullscreen"',
    ...(sandboxed ? ['sandbox="allow-scripts"'] : []),
    fluid ? `style="border: 0; width: 100%; height: auto; aspect-ratio: ${width} / ${height}"` : 'style="border: 0"',
  ];
  return `<iframe ${parts.join(' ')}></iframe>`;
}

/** Text inside markup or a quoted attribute. */
export function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function httpUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new TypeError(`"${text}" is no absolute http or https address`);
  }
  return url;
}

function sizeOf(pixels: number): number {
  if (!Number.isInteger(pixels) || pixels <= 0) throw new TypeError(`${pixels} is no size in whole pixels`);
  return pixels;
}
