/**
 * Liveness by Web Locks: an end holds a lock with a random name and tells the other, which queues for the same lock. The browser frees it when the
 * realm of the holder is gone, whatever the reason, and keeps it while the realm is only busy, hidden or throttled. Needs a secure context, an origin
 * and both ends under one storage key; where one is missing the watcher finds out, and heartbeats do the work.
 */
import { randomName } from './random-name.ts';

const PREFIX = 'proscenium-link-';

/** @param onHeld called with the lock's name once it is held, which it is until `release` aborts or the realm ends; never where there are no locks */
export function holdLivenessLock(onHeld: (name: string) => void, release: AbortSignal): void {
  const name = randomName(PREFIX);
  request(name, { signal: release }, async () => {
    if (release.aborted) return;
    const released = new Promise((resolve) => release.addEventListener('abort', resolve, { once: true }));
    onHeld(name);
    await released;
  });
}

/**
 * @param onWatching called when the lock is seen to be held by somebody, so that `onFreed` can be relied upon
 * @param onFreed called when its holder is gone
 */
export function watchLivenessLock(name: string, onWatching: () => void, onFreed: () => void, stop: AbortSignal): void {
  if (!name.startsWith(PREFIX)) return;
  // A lock that is free belongs to another storage key (or to the dead): there is nothing to watch.
  request(name, { ifAvailable: true }, (lock) => {
    if (lock !== null || stop.aborted) return;
    onWatching();
    request(name, { signal: stop }, () => {
      if (!stop.aborted) onFreed();
    });
  });
}

function request(name: string, options: LockOptions, granted: (lock: Lock | null) => Promise<void> | void): void {
  const { navigator } = globalThis as { navigator?: { locks?: LockManager } };
  // Rejects in opaque origins and when the signal aborts; both mean that `granted` is not called, which is all that callers ask.
  navigator?.locks?.request(name, options, granted).catch(() => undefined);
}
