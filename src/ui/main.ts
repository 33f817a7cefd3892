/** The page's entry: workers first, then the window around their views. */
import { isFurtherWindow } from './app/start-early.ts';
import { pause } from './app/pause.ts';
import { pageWorkers } from './app/workers.ts';
import { UsdShell } from './app/usd-shell.ts';

/** Network and processor are the first picture's. A page with nothing on it waits this long, and one whose picture never comes, that long. */
const EMPTY_MS = 2000;
const UNSEEN_MS = 15_000;
if (isFurtherWindow) void import('./windows/later-window.ts');
else openShell();

function openShell(): void {
  const shell = new UsdShell(() => pageWorkers().openView(), location.search);
  document.body.append(shell);

  const timers = [
    setTimeout(() => {
      if (shell.active.app?.documentName === '') keepOffline();
    }, EMPTY_MS),
    setTimeout(keepOffline, UNSEEN_MS),
  ];
  // Heard on its way down: it does not bubble.
  document.addEventListener('usd-pictured', keepOffline, { capture: true, once: true });

  function keepOffline(): void {
    for (const timer of timers) clearTimeout(timer);
    document.removeEventListener('usd-pictured', keepOffline, { capture: true });
    const start = async (): Promise<void> => (await import('./app/offline.ts')).startOffline(import.meta.url);
    // Where even that part is gone, the listener below says so.
    pause()
      .then(start)
      .catch(() => undefined);
  }

  // A part of the page that is fetched late is gone: its host has a newer version, or there is no network.
  window.addEventListener('vite:preloadError', () => {
    shell.active.app?.say({
      text: 'A part of Proscenium could not be fetched',
      actions: [{ label: 'Reload', run: () => location.reload() }],
    });
  });
}
