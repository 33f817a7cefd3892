import { transferablesOf } from '../share/frames/texture-handle.ts';
import type { RendererCommand, RendererMessage, RendererRequest } from '../share/protocol/renderer.ts';
import type { SceneMessage } from '../share/protocol/scene.ts';
import { PROTOCOL_VERSION } from '../share/protocol/version.ts';
import type { DisposeView } from '../share/protocol/views.ts';
import { DeviceError, infoOf } from './device/device-error.ts';
import type { GraphicsHost } from './graphics-host.ts';
import { SceneFeed, shareProblem } from './scene-feed.ts';
import { SceneView } from './scene-view.ts';

type ShareRequest = Extract<RendererRequest, { kind: 'shareFrames' }>;
type AnsweredRequest = Exclude<RendererRequest, ShareRequest>;
type ViewMessage = RendererRequest | RendererCommand | DisposeView | { readonly kind: 'cancel' };

/** Serves one view behind a port: of a scene of its own, or, as another camera, of one that there is. Returns what ends it. */
export function serveView(host: GraphicsHost, port: MessagePort, shared?: SceneFeed): () => void {
  const post = (message: RendererMessage, transfer: Transferable[] = []): void => port.postMessage(message, transfer);
  const feed = shared ?? new SceneFeed(host);
  const view = new SceneView(host, feed, post);
  const cameras = new Map<string, () => void>();
  let scene: MessagePort | undefined;
  const end = (): void => {
    view.dispose();
    scene?.close();
    port.close();
  };
  port.onmessage = ({ data: message }: MessageEvent<ViewMessage>) => {
    switch (message.kind) {
      case 'attach':
        // A camera shows the scene that there is.
        if (message.scene !== undefined && shared === undefined) {
          scene = message.scene;
          feedFrom(message.scene, feed);
        }
        answer(view, message, post);
        break;
      case 'capture':
      case 'settle':
      case 'pick':
      case 'recordFrame':
        answer(view, message, post);
        break;
      case 'shareFrames':
        shareFrames(view, message, post);
        break;
      case 'setLiveTexture':
        void feed.setLiveTexture(message.texture, message.handle, message.stage);
        break;
      case 'setOverlay':
        void view.sharing.setOverlay(message.id, message.handle, message.place);
        break;
      case 'endRecording':
        view.pictures.endRecording();
        break;
      case 'setCamera':
        view.setCamera(message.camera);
        break;
      case 'setSettings':
        view.setSettings(message.settings);
        break;
      case 'resize':
        view.resize(message.size);
        break;
      case 'setVisible':
        view.setVisible(message.isVisible);
        break;
      case 'animationFrame':
        view.animationFrame();
        break;
      case 'openCamera':
        cameras.set(message.id, serveView(host, message.port, feed));
        break;
      case 'closeCamera':
        cameras.get(message.id)?.();
        cameras.delete(message.id);
        break;
      case 'loseDevice':
        host.loseDevice();
        break;
      case 'cancel':
        break;
      case 'dispose':
        end();
        break;
    }
  };
  return end;
}

function feedFrom(port: MessagePort, feed: SceneFeed): void {
  port.onmessage = ({ data: message }: MessageEvent<SceneMessage>) => {
    if (message.kind === 'environmentChange') feed.setEnvironment(message);
    else feed.feed(message, (ack) => port.postMessage(ack));
  };
}

function shareFrames(view: SceneView, request: ShareRequest, post: (message: RendererMessage, transfer?: Transferable[]) => void): void {
  const { call } = request;
  view.sharing.shareFrames(request).then(
    (handle) => post({ kind: 'reply', call, reply: { handle } }, transferablesOf(handle)),
    (error: unknown) => post({ kind: 'failed', call, error: { ...shareProblem(error), severity: 'error' } }),
  );
}

function answer(view: SceneView, request: AnsweredRequest, post: (message: RendererMessage) => void): void {
  replyTo(view, request).then(post, (error: unknown) => post({ kind: 'failed', call: request.call, error: infoOf(error) }));
}

async function replyTo(view: SceneView, request: AnsweredRequest): Promise<RendererMessage> {
  const { call } = request;
  switch (request.kind) {
    case 'attach': {
      if (request.protocol !== PROTOCOL_VERSION) {
        throw new DeviceError(
          'protocol-mismatch',
          `The page speaks renderer protocol ${request.protocol}, this worker ${PROTOCOL_VERSION}: reload the page`,
        );
      }
      const adapter = await view.attach(request.canvas, request.size);
      return { kind: 'reply', call, reply: { protocol: PROTOCOL_VERSION, adapter } };
    }
    case 'capture':
      return { kind: 'reply', call, reply: { blob: await view.pictures.capture(request) } };
    case 'settle':
      return { kind: 'reply', call, reply: await view.settle() };
    case 'pick':
      return { kind: 'reply', call, reply: await view.pick(request.x, request.y) };
    case 'recordFrame':
      await view.pictures.record(request);
      return { kind: 'reply', call, reply: {} };
  }
}
