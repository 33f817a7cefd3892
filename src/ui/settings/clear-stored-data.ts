/** Deletes everything that the page keeps in this browser, but the parts of the page itself, which make it work without a network. */
import { sharedPreferences } from '../app/preferences.ts';
import { writeSession } from '../app/session.ts';
import { forgetUse } from '../commands/command-use.ts';
import { loadRecents } from '../recents/load-recents.ts';
import { storeEnvironment } from './stored-environment.ts';

/** @returns whether all of it is gone; a browser that stores nothing has nothing to delete */
export async function clearStoredData(): Promise<boolean> {
  const done = await Promise.allSettled([
    loadRecents().then(async (recents) => {
      await recents.forgetAll();
      await recents.sweep();
    }),
    storeEnvironment(undefined),
    forgetUse(),
    sharedPreferences.forget(),
  ]);
  writeSession({ tabs: [], active: 0 });
  return done.every(({ status }) => status === 'fulfilled');
}
