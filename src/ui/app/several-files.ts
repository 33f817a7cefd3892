/** Files that came together from outside: each scene becomes a document of its own. */
import type { FileEntry } from '../../share/protocol/engine.ts';
import { takeSharedFiles } from '../../share/protocol/shared-files.ts';
import { filesOfHandles } from '../recents/file-handles.ts';
import type { OpenJob } from './open-job.ts';

/** What the system handed over with a launch; folders are scenes of their own. */
export async function jobsOfHandles(handles: readonly FileSystemHandle[]): Promise<readonly OpenJob[]> {
  const scenes = handles.filter(({ kind, name }) => kind === 'directory' || isScene(name));
  if (scenes.length <= 1) return [{ kind: 'files', files: await filesOfHandles(handles), handles }];
  return Promise.all(
    scenes.map(async (handle): Promise<OpenJob> => ({ kind: 'files', files: await filesOfHandles([handle]), handles: [handle] })),
  );
}

/**
 * What another app shared.
 *
 * @throws SharedFilesError when it is not there
 */
export async function jobsOfShare(id: string): Promise<readonly OpenJob[]> {
  return jobsOfFiles(await takeSharedFiles(new URL('.', location.href).href, id));
}

/** One scene may bring its textures along; several are told apart. */
function jobsOfFiles(files: readonly File[]): readonly OpenJob[] {
  const entries: FileEntry[] = files.map((file) => ({ path: file.name, file }));
  const scenes = entries.filter(({ path }) => isScene(path));
  if (scenes.length <= 1) return [{ kind: 'files', files: entries, handles: [] }];
  return scenes.map((entry): OpenJob => ({ kind: 'files', files: [entry], handles: [] }));
}

function isScene(name: string): boolean {
  return /\.usd[zca]?$/iu.test(name);
}
