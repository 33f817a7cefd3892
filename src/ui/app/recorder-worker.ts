/** Starts the worker that makes videos, one for each recording. Beside `workers.ts` the only file that names a worker's entry file. */
import recorderUrl from '../../workers/record/later-record-worker.ts?worker&url';
import { startWorker } from './start-worker.ts';

export function startRecorder(): Worker {
  return startWorker(new URL(recorderUrl, import.meta.url).href, 'record');
}
