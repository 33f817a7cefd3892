import type { RecordingTrack } from '../protocol/recorder.ts';

/** What a recording asks of the browser's encoder: the same where it is asked whether it can, and where it does. */
export function encoderConfigOf({ codec, codecString, size, framesPerSecond, bitrate, isLive }: RecordingTrack): VideoEncoderConfig {
  return {
    codec: codecString,
    width: size.width,
    height: size.height,
    bitrate,
    framerate: framesPerSecond,
    // An encoder in a hurry drops frames of its own.
    latencyMode: isLive ? 'realtime' : 'quality',
    ...(codec === 'avc' ? { avc: { format: 'avc' } } : {}),
  };
}
