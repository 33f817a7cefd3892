import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';

const kernel = 'packages/usd-wasm/src/kernel';

/** Builds the WebAssembly kernel before a test run when it is missing or older than its sources. */
export default function buildKernelOnce(): void {
  if (!existsSync('packages/usd-wasm/scripts/build-kernel.mjs')) return;
  const built = `${kernel}/kernel.wasm`;
  const newest = Math.max(...readdirSync(`${kernel}/assembly`).map((file) => statSync(`${kernel}/assembly/${file}`).mtimeMs));
  if (existsSync(built) && statSync(built).mtimeMs >= newest) return;
  execFileSync(process.execPath, ['packages/usd-wasm/scripts/build-kernel.mjs'], { stdio: 'inherit' });
}
