/** `_headers` as Netlify and Cloudflare Pages read it: addresses, `*` for any rest, with indented headers below them. */

export interface HeadersRule {
  /** An address, whole or up to a `*`. */
  readonly address: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** @throws RangeError with the line that is none of the format */
export function parseHeadersFile(text: string): readonly HeadersRule[] {
  const rules: { address: string; headers: [string, string][] }[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const header = /^\s+(?<name>[\w-]+): (?<value>.+)$/u.exec(line)?.groups;
    if (line.startsWith('/')) rules.push({ address: line.trim(), headers: [] });
    else if (header !== undefined && rules.length > 0) rules.at(-1)?.headers.push([header['name'] ?? '', header['value'] ?? '']);
    else throw new RangeError(`no line of a _headers file: "${line}"`);
  }
  return rules;
}

/**
 * Headers of a response, by lower-case name. A header of several rules counts as one with all their values, as those hosts send it.
 */
export function headersFor(rules: readonly HeadersRule[], path: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { address, headers } of rules) {
    if (address.endsWith('*') ? !path.startsWith(address.slice(0, -1)) : path !== address) continue;
    for (const [name, value] of headers) {
      const before = found[name.toLowerCase()];
      found[name.toLowerCase()] = before === undefined ? value : `${before}, ${value}`;
    }
  }
  return found;
}
