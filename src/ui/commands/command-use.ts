/** Which commands were used last, kept in this browser. */
import { del, get, set } from 'idb-keyval';

const KEY = 'proscenium-commands';
const MAX_KEPT = 8;

let used: readonly string[] | undefined;

/** Ids, the newest first. */
export async function usedCommands(): Promise<readonly string[]> {
  used ??= await stored();
  return used;
}

export async function rememberUse(id: string): Promise<void> {
  used = [id, ...(await usedCommands()).filter((other) => other !== id)].slice(0, MAX_KEPT);
  try {
    await set(KEY, used);
  } catch {
    // They last as long as the page.
  }
}

/** @throws DOMException where storage is closed */
export async function forgetUse(): Promise<void> {
  used = [];
  await del(KEY);
}

async function stored(): Promise<readonly string[]> {
  try {
    const value = await get<unknown>(KEY);
    return Array.isArray(value) ? value.filter((id) => typeof id === 'string').slice(0, MAX_KEPT) : [];
  } catch {
    return [];
  }
}
