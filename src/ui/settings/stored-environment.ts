/** The environment picture that scenes begin with, kept in this browser. */
import { del, get, set } from 'idb-keyval';

const KEY = 'proscenium-environment';

/** Undefined without one, or where storage is closed. */
export async function storedEnvironment(): Promise<File | undefined> {
  try {
    const stored = await get<unknown>(KEY);
    return stored instanceof File ? stored : undefined;
  } catch {
    return undefined;
  }
}

/** @throws DOMException where the browser has no room for it, or stores nothing */
export async function storeEnvironment(file: File | undefined): Promise<void> {
  await (file === undefined ? del(KEY) : set(KEY, file));
}
