/** Where the kernels are: beside the worker. The build for other pages has them inside it instead, see `vite.embed.config.ts`. */
import kernelUrl from 'usd-wasm/kernel.wasm?url';

export function fetchKernel(): Promise<Response> {
  return fetch(kernelUrl);
}
