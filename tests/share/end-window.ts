/** An end in an iframe or a popup (calls come over a port that its opener sends) or in a tab without an opener (over the BroadcastChannel of its address). */
import { ShareEnd } from './end.ts';
import { RealmLedger } from './realm-ledger.ts';
import { serveEnd } from './serve-end.ts';

const channelName = new URLSearchParams(location.search).get('channel');
const channel = channelName === null ? undefined : new BroadcastChannel(channelName);
const host = window.opener === null ? window.parent : (window.opener as Window);
const end = new ShareEnd(new RealmLedger());
if (channel !== undefined) {
  const post = channel.postMessage.bind(channel);
  const listen = serveEnd(end, { postMessage: post });
  channel.addEventListener('message', ({ data }) => listen(data));
  post({ kind: 'end-up' });
} else {
  window.addEventListener('message', ({ data, ports: [port] }) => {
    if ((data as { kind?: unknown } | null)?.kind !== 'end-port' || port === undefined) return;
    const listen = serveEnd(end, port);
    port.addEventListener('message', (event) => listen(event.data));
    port.start();
  });
  host.postMessage({ kind: 'end-up' }, '*');
}
