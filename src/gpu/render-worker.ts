/** Entry of the render worker: one renderer per view, each behind its own port. */
import type { ErrorInfo } from '../share/protocol/error-info.ts';
import type { RendererCommand, RendererMessage, RendererRequest } from '../share/protocol/renderer.ts';
import type { SceneMessage } from '../share/protocol/scene.ts';
import { PROTOCOL_VERSION } from '../share/protocol/version.ts';
import type { DisposeView, OpenView } from '../share/protocol/views.ts';
import { DeviceError } from './device/device-error.ts';
import { GraphicsHost } from './graphics-host.ts';
import { Renderer } from './renderer.ts';

declare const self: DedicatedWorkerGlobalScope;

const host = new GraphicsHost();
// The device starts before the first view asks. Views ask again, and tell what is wrong.
host.start().catch(() => undefined);

self.onmessage = ({ data: { port } }: MessageEvent<OpenView>) => serveView(port);

function serveView(port: MessagePort): void {
  const post = (message: RendererMessage): void => port.postMessage(message);
  const renderer = new Renderer(host, post);
  let scene: MessagePort | undefined;
  port.onmessage = ({ data: message }: MessageEvent<RendererRequest | RendererCommand | DisposeView | { readonly kind: 'cancel' }>) => {
    switch (message.kind) {
      case 'attach':
        if (message.scene !== undefined) {
          const feed = message.scene;
          scene = feed;
          feed.onmessage = ({ data: changes }: MessageEvent<SceneMessage>) => {
            if (changes.kind === 'environmentChange') renderer.setEnvironment(changes);
            else renderer.feed(changes, (ack) => feed.postMessage(ack));
          };
        }
        answer(renderer, message, post);
        break;
      case 'capture':
      case 'settle':
      case 'pick':
        answer(renderer, message, post);
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
        host.loseDevice();
        break;
      case 'cancel':
        break;
      case 'dispose':
        renderer.dispose();
        scene?.close();
        port.close();
        break;
    }
  };
}

function answer(renderer: Renderer, request: RendererRequest, post: (message: RendererMessage) => void): void {
  replyTo(renderer, request).then(post, (error: unknown) => post({ kind: 'failed', call: request.call, error: infoOf(error) }));
}

async function replyTo(renderer: Renderer, request: RendererRequest): Promise<RendererMessage> {
  const { call } = request;
  switch (request.kind) {
    case 'attach': {
      if (request.protocol !== PROTOCOL_VERSION) {
        throw new DeviceError(
          'protocol-mismatch',
          `The page speaks renderer protocol ${request.protocol}, this worker ${PROTOCOL_VERSION}: reload the page`,
        );
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
