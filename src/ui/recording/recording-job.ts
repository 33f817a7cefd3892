/** What makes a video, whichever way: it runs until all is drawn or somebody stops it, and tells how far it is. */
import { RemoteError } from '../../share/protocol/channel.ts';
import type { RecordedVideo } from '../../share/protocol/recorder.ts';
import type { RecordingProgress } from './recording-plan.ts';

export interface RecordingJob {
  readonly progress: RecordingProgress;
  /**
   * Resolves with the video.
   *
   * @throws RemoteError when it cannot be made; code `cancelled` after `cancel`. Nothing is left of it then.
   */
  run(): Promise<RecordedVideo>;
  /** Enough is seen: what there is becomes the video. */
  stop(): void;
  /** @param error why, where it was not the user */
  cancel(error?: RemoteError): void;
}

export function cancelled(): RemoteError {
  return new RemoteError({ code: 'cancelled', severity: 'info', message: 'The recording was cancelled' });
}
