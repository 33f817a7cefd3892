/** A small web server for tests of embedding: folders and pages under addresses, any headers, and a list of what was asked for. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';

export interface StaticSite {
  /** Address prefix, with slashes at both ends → folder of the disk; the longest prefix wins. */
  readonly folders?: Readonly<Record<string, string>>;
  /** Address → text of a page, or bytes. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Headers of a response, besides its type. */
  readonly headers?: (path: string) => Readonly<Record<string, string>>;
}

export interface StaticServer {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** Paths asked for so far, in order, without queries. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript',
  json: 'application/json',
  png: 'image/png',
  svg: 'image/svg+xml',
  usda: 'model/vnd.usda',
  usdz: 'model/vnd.usdz+zip',
  wasm: 'application/wasm',
};

/** Starts a server on a free port of this machine. */
export async function serveSite({ folders = {}, files = {}, headers = () => ({}) }: StaticSite): Promise<StaticServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname);
    requests.push(path);
    const body = files[path] ?? readFrom(folders, path);
    const type = TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': type, 'cache-control': 'no-store', ...headers(path) });
    response.end(request.method === 'HEAD' ? undefined : (body ?? 'not found'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function readFrom(folders: Readonly<Record<string, string>>, path: string): Uint8Array | undefined {
  const prefix = Object.keys(folders)
    .filter((candidate) => path.startsWith(candidate))
    .toSorted((a, b) => b.length - a.length)[0];
  if (prefix === undefined) return undefined;
  const file = join(folders[prefix] ?? '', normalize(`/${path.slice(prefix.length)}`));
  return existsSync(file) && statSync(file).isFile() ? readFileSync(file) : undefined;
}
