/** Another version of the built app, as a deployment brings it: every asset has another name, and those of before are gone. */
import { createHash } from 'node:crypto';
import type { HostedApp } from './hosted-app.ts';

interface PrecacheEntry {
  readonly url: string;
  readonly revision: string | null;
  readonly integrity?: string;
}

export interface NextVersion {
  /** Address of the entry script, from the app's folder. */
  readonly entry: string;
}

/**
 * Puts the next version on a host. Its entry script begins with `start`.
 *
 * @throws RangeError when the build is not as expected
 */
export function deployNextVersion(host: HostedApp, start: string): NextVersion {
  const assets = host.list('assets');
  const names = new Map(
    assets.map((path) => [path.slice('assets/'.length), path.slice('assets/'.length).replace(/\.(\w+)$/u, '-next.$1')]),
  );
  const rename = (text: string): string => text.replace(/[\w-]+\.(?:js|css|wasm)/gu, (name) => names.get(name) ?? name);
  const textOf = (path: string): string => new TextDecoder().decode(host.read(path));

  const page = rename(textOf('index.html'));
  const entry = /<script type="module"[^>]* src="\.\/(?<entry>assets\/[^"]+)"/u.exec(page)?.groups?.['entry'];
  if (entry === undefined) throw new RangeError('index.html names no entry script');
  const contents = new Map<string, string | Uint8Array>();
  for (const path of assets) {
    const isText = !path.endsWith('.wasm');
    const next = rename(path);
    contents.set(next, isText ? `${next === entry ? start : ''}${rename(textOf(path))}` : host.read(path));
    host.changed.set(`/${path}`, undefined);
  }
  contents.set('index.html', page);
  contents.set('service-worker.js', nextWorker(textOf('service-worker.js'), rename, contents));
  for (const [path, content] of contents) host.changed.set(`/${path}`, content);
  return { entry };
}

/** The service worker with its list of files brought up to date. */
function nextWorker(text: string, rename: (text: string) => string, contents: ReadonlyMap<string, string | Uint8Array>): string {
  const list = /\[\{"(?:integrity|revision|url)".*?\}\]/u.exec(text)?.[0];
  if (list === undefined) throw new RangeError('service-worker.js has no list of files');
  const entries = (JSON.parse(list) as PrecacheEntry[]).map((entry) => {
    const url = rename(entry.url);
    const content = contents.get(url);
    if (content === undefined) return entry;
    if (entry.integrity === undefined) return { ...entry, revision: createHash('md5').update(content).digest('hex') };
    return { ...entry, url, integrity: `sha256-${createHash('sha256').update(content).digest('base64')}` };
  });
  return text.replace(list, JSON.stringify(entries));
}
