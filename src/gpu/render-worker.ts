/** Entry of the render worker: any number of views, each behind its own port. */
import type { OpenView } from '../share/protocol/views.ts';
import { GraphicsHost } from './graphics-host.ts';
import { serveView } from './view-port.ts';

declare const self: DedicatedWorkerGlobalScope;

const host = new GraphicsHost();
// The device starts before the first view asks. Views ask again, and tell what is wrong.
host.start().catch(() => undefined);

self.onmessage = ({ data: { port } }: MessageEvent<OpenView>) => void serveView(host, port);
