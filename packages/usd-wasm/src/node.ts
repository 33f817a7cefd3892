/** What only Node has: files on disk. Entry `usd-wasm/node`. */
export { FileResolver } from './ar/file-resolver.ts';
