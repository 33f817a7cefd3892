/**
 * A canvas as live video: for `<video>` elements, WebRTC and MediaRecorder. Works for canvases that a worker draws into too. Video is for watching: frames may
 * be skipped, and are converted to what the consumer's encoder wants.
 */
import { ShareError } from '../share-error.ts';

/** MediaStream, of which the types of workers know nothing. */
interface Stream<Track> {
  getVideoTracks(): Track[];
}

interface Track {
  stop(): void;
  /** CanvasCaptureMediaStreamTrack (Media Capture from DOM Elements 4.2). */
  requestFrame?(): void;
}

/** A canvas's stream and its video track. */
export interface CapturedCanvas<CanvasStream, CanvasTrack> {
  readonly stream: CanvasStream;
  readonly track: CanvasTrack;
  /** Takes what the canvas shows at the end of this task; for a rate of 0, which takes nothing else. */
  requestFrame(): void;
  /** Safe to call twice. */
  stop(): void;
}

/**
 * @param canvas an HTMLCanvasElement; OffscreenCanvas has no streams
 * @param framesPerSecond at most; undefined: every frame that is drawn; 0: only those asked for
 * @throws ShareError `share-unsupported-transport` where canvases have no streams
 */
export function captureCanvasStream<
  CanvasStream extends Stream<CanvasTrack>,
  CanvasTrack extends Track = ReturnType<CanvasStream['getVideoTracks']>[number],
>(canvas: { captureStream?(framesPerSecond?: number): CanvasStream }, framesPerSecond?: number): CapturedCanvas<CanvasStream, CanvasTrack> {
  const stream = canvas.captureStream?.(...(framesPerSecond === undefined ? [] : [framesPerSecond]));
  const track = stream?.getVideoTracks()[0];
  if (stream === undefined || track === undefined) throw new ShareError('share-unsupported-transport', 'Canvases give no streams here.');
  return {
    stream,
    track,
    requestFrame: () => track.requestFrame?.(),
    stop: () => track.stop(),
  };
}
