/** Files behind file system handles: asked for, read and walked. Handles exist in Chromium; everything here is met elsewhere only by absence. */
import type { FileEntry } from '../../share/protocol/engine.ts';
import { MAX_FILES, TooManyFilesError } from '../app/handed-files.ts';
import { RecentsError } from './recents-error.ts';

/** The permission part of the File System Access API, which TypeScript's library leaves out. */
interface PermissionedHandle {
  queryPermission?(descriptor: { mode: 'read' }): Promise<PermissionState>;
  requestPermission?(descriptor: { mode: 'read' }): Promise<PermissionState>;
}

/** Whether all of them can be read without asking. */
export async function arePermitted(handles: readonly FileSystemHandle[]): Promise<boolean> {
  const states = await Promise.all(
    handles.map(async (handle) => (handle as PermissionedHandle).queryPermission?.({ mode: 'read' }) ?? 'granted'),
  );
  return states.every((state) => state === 'granted');
}

/**
 * Asks for permission where it is needed. Only a user's gesture may lead here.
 *
 * @throws RecentsError `permission-denied`
 */
export async function permit(handles: readonly FileSystemHandle[]): Promise<void> {
  for (const handle of handles) {
    if (await arePermitted([handle])) continue;
    const state = await (handle as PermissionedHandle).requestPermission?.({ mode: 'read' }).catch(() => 'denied' as const);
    if (state === 'granted') continue;
    throw new RecentsError(`The browser was not allowed to read ${handle.name}. Open it again and allow it`, 'permission-denied');
  }
}

/**
 * Every file of the handles, folders walked through; paths begin with a folder's name, as those of a drop do.
 *
 * @throws RecentsError `file-gone`, `permission-denied`
 * @throws TooManyFilesError
 */
export async function filesOfHandles(handles: readonly FileSystemHandle[]): Promise<readonly FileEntry[]> {
  const files: FileEntry[] = [];
  const waiting = handles.map((handle) => ({ handle, path: handle.name }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (files.length + waiting.length > MAX_FILES) throw new TooManyFilesError();
    const { handle, path } = next;
    try {
      if (isFolder(handle)) for await (const child of handle.values()) waiting.push({ handle: child, path: `${path}/${child.name}` });
      else if (isFile(handle)) files.push({ path, file: await handle.getFile() });
    } catch (error) {
      throw failureOf(error, path);
    }
  }
  return files.toReversed();
}

/** Whether both lists stand for the same things on the disk, in any order. */
export async function areSameHandles(a: readonly FileSystemHandle[], b: readonly FileSystemHandle[]): Promise<boolean> {
  if (a.length !== b.length) return false;
  for (const one of a) {
    const matches = await Promise.all(b.map((other) => one.isSameEntry(other)));
    if (!matches.includes(true)) return false;
  }
  return true;
}

function failureOf(error: unknown, path: string): unknown {
  if (!(error instanceof DOMException)) return error;
  if (error.name === 'NotFoundError') {
    const message = `${path} is no longer where it was: it may have been moved, renamed or deleted`;
    return new RecentsError(message, 'file-gone', { cause: error });
  }
  if (error.name === 'NotAllowedError' || error.name === 'NotReadableError') {
    return new RecentsError(`The browser was not allowed to read ${path}`, 'permission-denied', { cause: error });
  }
  return error;
}

function isFile(handle: FileSystemHandle): handle is FileSystemFileHandle {
  return handle.kind === 'file';
}

function isFolder(handle: FileSystemHandle): handle is FileSystemDirectoryHandle {
  return handle.kind === 'directory';
}
