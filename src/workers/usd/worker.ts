/** Entry of the USD worker: one engine per view, each behind its own port. */
import { initKernel } from 'usd-wasm';
import type { EngineCancel, EngineMessage, EngineRequest } from '../../share/protocol/engine.ts';
import type { ErrorInfo } from '../../share/protocol/error-info.ts';
import type { DisposeView, OpenView } from '../../share/protocol/views.ts';
import { Engine } from './engine.ts';
import { fetchKernel } from './kernel-source.ts';

const scope = globalThis as unknown as { onmessage: ((event: MessageEvent<OpenView>) => void) | null };

// The module is fetched while the page is still busy with its own start. Without it the TypeScript forms serve.
const kernelFailure: Promise<ErrorInfo | undefined> = initKernel(fetchKernel()).then(
  () => undefined,
  (error: unknown) => ({
    code: 'kernel-unavailable',
    severity: 'info',
    message: `The WebAssembly kernels cannot be used (${error instanceof Error ? error.message : String(error)}); large scenes open more slowly`,
  }),
);

scope.onmessage = ({ data: { port } }) => {
  const post = (message: EngineMessage): void => port.postMessage(message);
  const engine = new Engine(post, kernelFailure);
  void kernelFailure.then((problem) => {
    if (problem !== undefined) post({ kind: 'problems', problems: [problem] });
  });
  port.onmessage = ({ data }: MessageEvent<EngineRequest | EngineCancel | DisposeView>) => {
    engine.handle(data);
    if (data.kind === 'dispose') port.close();
  };
};
