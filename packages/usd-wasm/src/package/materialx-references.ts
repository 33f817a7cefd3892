/**
 * Files that a MaterialX document names: included documents, and values of type `filename` with the prefix of the
 * nearest element around them. Source: MaterialX specification 1.38, "XInclude" and "Filename prefixes".
 */

const ELEMENT = /<(\/?)([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/g;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Paths as written, prefixes joined, each once. What is no XML has none. */
export function materialxReferences(bytes: Uint8Array): string[] {
  const found = new Set<string>();
  const prefixes: string[] = [];
  for (const match of withoutComments(new TextDecoder().decode(bytes)).matchAll(ELEMENT)) {
    const [, closing, name = '', attributeText = '', selfClosing] = match;
    if (closing === '/') {
      prefixes.pop();
      continue;
    }
    const attributes = new Map<string, string>();
    for (const [, key, double, single] of attributeText.matchAll(ATTRIBUTE))
      attributes.set(key as string, decodeEntities(double ?? single ?? ''));
    const prefix = attributes.get('fileprefix') ?? prefixes.at(-1) ?? '';
    const value = attributes.get('value') ?? '';
    const href = attributes.get('href') ?? '';
    if (/(^|:)include$/.test(name)) {
      if (href !== '') found.add(href);
    } else if (attributes.get('type') === 'filename' && value !== '') found.add(`${prefix}${value}`);
    if (selfClosing !== '/') prefixes.push(prefix);
  }
  return [...found];
}

function withoutComments(text: string): string {
  let result = '';
  let at = 0;
  for (;;) {
    const open = text.indexOf('<!--', at);
    if (open < 0) return result + text.slice(at);
    result += text.slice(at, open);
    const close = text.indexOf('-->', open);
    if (close < 0) return result;
    at = close + 3;
  }
}

function decodeEntities(text: string): string {
  return text.replace(/&(\w+);/g, (entity, name: string) => (Object.hasOwn(ENTITIES, name) ? (ENTITIES[name] as string) : entity));
}
