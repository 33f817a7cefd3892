/** A measured end in a worker. */
import { answerCalls, MeasuredEnd } from './share-end.ts';

const post = globalThis.postMessage.bind(globalThis) as unknown as (message: unknown, transfer: Transferable[]) => void;
const answer = answerCalls(new MeasuredEnd(), post);
globalThis.addEventListener('message', ({ data }) => answer(data));
