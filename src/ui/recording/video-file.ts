/** Where a video goes: into a file that the user chooses before it begins, or to the downloads when it is whole. */
import type { VideoContainer } from '../../share/protocol/recorder.ts';

interface SaveFilePicker {
  (options: {
    readonly suggestedName: string;
    readonly types: readonly { readonly description: string; readonly accept: Readonly<Record<string, readonly string[]>> }[];
  }): Promise<FileSystemFileHandle>;
}

/**
 * Asks for a file to write to, within the user's gesture.
 *
 * @returns `no` when the user wants none after all; undefined where the browser writes to no files
 */
export async function chooseVideoFile(name: string, container: VideoContainer): Promise<FileSystemFileHandle | 'no' | undefined> {
  const { showSaveFilePicker } = globalThis as { readonly showSaveFilePicker?: SaveFilePicker };
  if (showSaveFilePicker === undefined) return undefined;
  try {
    return await showSaveFilePicker({
      suggestedName: `${name}.${container}`,
      types: [{ description: container === 'mp4' ? 'MP4 video' : 'WebM video', accept: { [`video/${container}`]: [`.${container}`] } }],
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return 'no';
    // A frame of another origin, or a browser whose rules forbid it.
    return undefined;
  }
}

/** @returns the name of the file */
export function downloadVideo(blob: Blob | undefined, name: string): string {
  if (blob === undefined) throw new Error('the recorder gave neither a file nor a Blob');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `${name}.${blob.type === 'video/mp4' ? 'mp4' : 'webm'}`;
  link.click();
  // The browser reads a large one for a while.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return link.download;
}
