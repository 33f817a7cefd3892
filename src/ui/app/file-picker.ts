/** Lets the user choose files or a folder: with handles where the browser gives them, else by an `<input type=file>`. */
import { filesOfInput, withoutNoise, type HandedFiles } from './handed-files.ts';

/** Pickers of the File System Access API, which TypeScript's library leaves out. */
interface Pickers {
  showOpenFilePicker?(options: { multiple: boolean; id: string }): Promise<FileSystemFileHandle[]>;
  showDirectoryPicker?(options: { id: string; mode: 'read' }): Promise<FileSystemDirectoryHandle>;
}

/** @returns undefined when nothing was chosen; an input that is cancelled never answers in some browsers */
export async function pickFiles(isFolder: boolean): Promise<HandedFiles | undefined> {
  const pickers = globalThis as Pickers;
  let handles: readonly FileSystemHandle[];
  try {
    if (isFolder && pickers.showDirectoryPicker !== undefined) {
      handles = [await pickers.showDirectoryPicker({ id: 'scene', mode: 'read' })];
    } else if (!isFolder && pickers.showOpenFilePicker !== undefined) {
      handles = await pickers.showOpenFilePicker({ multiple: true, id: 'scene' });
    } else return await pickByInput(isFolder);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    if (error.name === 'AbortError') return undefined;
    // Frames of other origins have no picker of this kind.
    if (error.name === 'SecurityError') return pickByInput(isFolder);
    throw error;
  }
  const { filesOfHandles } = await import('../recents/file-handles.ts');
  return { files: withoutNoise(await filesOfHandles(handles)), handles };
}

function pickByInput(isFolder: boolean): Promise<HandedFiles | undefined> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.webkitdirectory = isFolder;
    input.addEventListener('change', () => resolve({ files: filesOfInput(input.files ?? []), handles: [] }));
    input.addEventListener('cancel', () => resolve(undefined));
    input.click();
  });
}
