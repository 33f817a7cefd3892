/** The embed page's query: attributes of the element by their own names, and three names of the page itself. */

/** What a query asks for. */
export interface EmbedParameters {
  /** Attributes to set; an empty text for those that are on by being there. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Origins of pages that may talk to this one; `undefined` where the query does not restrict them. */
  readonly allowedOrigins: readonly string[] | undefined;
  /** Title of the document. */
  readonly title: string;
  /** Names in the query that mean nothing here. */
  readonly unknown: readonly string[];
}

/**
 * Reads a query. `false` leaves an attribute out, so that `auto-rotate=false` means what it says.
 *
 * @param known attributes that an address may set
 */
export function readParameters(search: string, known: readonly string[]): EmbedParameters {
  const attributes = new Map<string, string>();
  const unknown: string[] = [];
  const origins: string[] = [];
  let title = '';
  const query = new URLSearchParams(search);
  for (const [name, value] of query) {
    if (name === 'allow-origin') origins.push(...value.split(/[\s,]+/u).filter((origin) => origin !== ''));
    else if (name === 'title') title = value;
    else if (!known.includes(name)) unknown.push(name);
    else if (value !== 'false') attributes.set(name, value);
  }
  return {
    attributes,
    allowedOrigins: query.has('allow-origin') ? readOrigins(origins) : undefined,
    title: title || attributes.get('alt') || fileNameOf(attributes.get('src')) || 'Model',
    unknown,
  };
}

/** Origins as browsers write them; what is none is left out, so that a slip closes rather than opens. `*` stands for all. */
function readOrigins(texts: readonly string[]): readonly string[] | undefined {
  if (texts.includes('*')) return undefined;
  return texts.flatMap((text) => {
    if (text === 'null') return [text];
    const url = URL.canParse(text) ? new URL(text) : undefined;
    return url !== undefined && (url.protocol === 'https:' || url.protocol === 'http:') ? [url.origin] : [];
  });
}

function fileNameOf(src: string | undefined): string {
  const path = (src ?? '').split(/[?#]/u, 1)[0] ?? '';
  const name = path.slice(path.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
