/** An end in a worker: calls come over the worker's own channel. */
import { ShareEnd } from './end.ts';
import { RealmLedger } from './realm-ledger.ts';
import { serveEnd } from './serve-end.ts';

const ledger = new RealmLedger();
const post = globalThis.postMessage.bind(globalThis) as unknown as (message: unknown, transfer: Transferable[]) => void;
const listen = serveEnd(new ShareEnd(ledger), { postMessage: post });
globalThis.addEventListener('message', ({ data }) => listen(data));
post({ kind: 'end-up' }, []);
