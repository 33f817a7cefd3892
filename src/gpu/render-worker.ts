/** Entry of the render worker: protocol messages in, replies and events out, nothing else. */
import type { ErrorInfo } from '../share/protocol/error-info.ts';
import type { RendererCommand, RendererMessage, RendererRequest } from '../share/protocol/renderer.ts';
import type { SceneChanges } from '../share/protocol/scene.ts';
import { PROTOCOL_VERSION } from '../share/protocol/version.ts';
import { DeviceError } from './device/device-error.ts';
import { Renderer } from './renderer.ts';

declare const self: DedicatedWorkerGlobalScope;

const post = (message: RendererMessage): void => self.postMessage(message);
const renderer = new Renderer(post);

self.onmessage = (event: MessageEvent<RendererRequest | RendererCommand | { readonly kind: 'cancel' }>) => {
  const message = event.data;
  switch (message.kind) {
    case 'attach':
    case 'capture':
    case 'settle':
    case 'pick':
      answer(message).then(post, (error: unknown) => post({ kind: 'failed', call: message.call, error: infoOf(error) }));
      break;
    case 'setCamera':
      renderer.setCamera(message.camera);
      break;
    case 'setSettings':
      renderer.setSettings(message.settings);
      break;
    case 'resize':
      renderer.resize(message.size);
      break;
    case 'setVisible':
      renderer.setVisible(message.isVisible);
      break;
    case 'loseDevice':
      renderer.loseDevice();
      break;
    case 'cancel':
      break;
  }
};

async function answer(request: RendererRequest): Promise<RendererMessage> {
  const { call } = request;
  switch (request.kind) {
    case 'attach': {
      if (request.protocol !== PROTOCOL_VERSION) {
        throw new DeviceError(
          'protocol-mismatch',
          `The page speaks renderer protocol ${request.protocol}, this worker ${PROTOCOL_VERSION}: reload the page`,
        );
      }
      const port = request.scene;
      if (port !== undefined) {
        port.onmessage = (event: MessageEvent<SceneChanges>) => renderer.feed(event.data, (ack) => port.postMessage(ack));
      }
      const adapter = await renderer.attach(request.canvas, request.size);
      return { kind: 'reply', call, reply: { protocol: PROTOCOL_VERSION, adapter } };
    }
    case 'capture':
      return { kind: 'reply', call, reply: { blob: await renderer.capture(request) } };
    case 'settle':
      return { kind: 'reply', call, reply: await renderer.settle() };
    case 'pick':
      return { kind: 'reply', call, reply: await renderer.pick(request.x, request.y) };
  }
}

function infoOf(error: unknown): ErrorInfo {
  if (error instanceof DeviceError) return error.toInfo();
  return { code: 'renderer-failed', severity: 'error', message: error instanceof Error ? error.message : String(error) };
}
