/** Entry of the USD worker: protocol messages in, replies and events out, nothing else. */
import kernelUrl from 'usd-wasm/kernel.wasm?url';
import { initKernel } from 'usd-wasm';
import type { EngineCancel, EngineMessage, EngineRequest } from '../../share/protocol/engine.ts';
import { Engine } from './engine.ts';

const scope = globalThis as unknown as { postMessage(message: EngineMessage): void; onmessage: ((event: MessageEvent) => void) | null };

// The module is fetched while the page is still busy with its own start. Without it the TypeScript forms serve.
const kernelReady = initKernel(fetch(kernelUrl)).catch((error: unknown) => {
  const reason = error instanceof Error ? error.message : String(error);
  scope.postMessage({
    kind: 'problems',
    problems: [
      {
        code: 'kernel-unavailable',
        severity: 'info',
        message: `The WebAssembly kernels cannot be used (${reason}); large scenes open more slowly`,
      },
    ],
  });
});

const engine = new Engine((message) => scope.postMessage(message), kernelReady);
scope.onmessage = (event) => engine.handle(event.data as EngineRequest | EngineCancel);
