/** How the system starts the installed app: with files, or with an address to open. */

/** The Launch Handler API, which TypeScript's library leaves out. */
interface LaunchParams {
  readonly files?: readonly FileSystemHandle[];
  /** Address that the launch would have gone to. */
  readonly targetURL?: string;
}
interface LaunchingWindow {
  readonly launchQueue?: { setConsumer(consumer: (params: LaunchParams) => void): void };
}

export interface LaunchHooks {
  files(handles: readonly FileSystemHandle[]): void;
  /** Query of an address of this page, e.g. `?src=URL`. */
  query(search: string): void;
}

/** Hands launches on, also those that come while the page is open. The address that the page was loaded with is not repeated. */
export function takeLaunches(loadedWith: string, hooks: LaunchHooks): void {
  let isFirst = true;
  (globalThis as LaunchingWindow).launchQueue?.setConsumer(({ files = [], targetURL }) => {
    const isOwnLoad = isFirst && targetURL === loadedWith;
    isFirst = false;
    if (files.length > 0) hooks.files(files);
    else if (targetURL !== undefined && !isOwnLoad && asksForSomething(new URL(targetURL).search)) hooks.query(new URL(targetURL).search);
  });
}

/** What the query of an address asks the page to open, or to leave open. */
export function asksForSomething(search: string): boolean {
  const query = new URLSearchParams(search);
  return ['src', 'empty', 'shared', 'file'].some((name) => query.has(name));
}
