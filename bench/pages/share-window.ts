/** A measured end in a popup or an iframe: calls come over a port from the window that opened it. */
import { answerCalls, MeasuredEnd } from './share-end.ts';

const host = window.opener === null ? window.parent : (window.opener as Window);
const end = new MeasuredEnd();
window.addEventListener('message', ({ ports: [port] }) => {
  if (port === undefined) return;
  const answer = answerCalls(end, (message, transfer) => port.postMessage(message, transfer));
  port.addEventListener('message', ({ data }) => answer(data));
  port.start();
});
host.postMessage({ kind: 'end-up' }, '*');
