/** Compiles the AssemblyScript kernels to src/kernel/kernel.wasm: SIMD, no garbage collector, no imports. */
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const kernel = fileURLToPath(new URL('../src/kernel/', import.meta.url));

const { error } = await asc.main(
  [
    'assembly/index.ts',
    '--baseDir', kernel,
    '--outFile', 'kernel.wasm',
    '--optimizeLevel', '3',
    '--shrinkLevel', '1',
    '--converge',
    '--noAssert',
    '--runtime', 'stub',
    '--enable', 'simd',
    '--use', 'abort=',
    '--memoryBase', '1024',
    '--maximumMemory', '16384',
  ],
  { stdout: process.stdout, stderr: process.stderr },
); // prettier-ignore
if (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
process.stdout.write(`kernel.wasm: ${statSync(`${kernel}kernel.wasm`).size} bytes\n`);
