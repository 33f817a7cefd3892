/**
 * One recording: frames are encoded by WebCodecs as they come and muxed into a file by mediabunny.
 *
 * Memory is bounded: `take` resolves only when the encoder and the muxer have room, so that few frames and packets wait, and the file's
 * bytes leave the worker in chunks (`video-sink.ts`). Timestamps are the frames' own, put on the grid of the frame rate by the muxer.
 */
import { EncodedPacket, EncodedVideoPacketSource, Mp4OutputFormat, Output, StreamTarget, WebMOutputFormat } from 'mediabunny';
import type { RecordedVideo, RecordingTrack } from '../../share/protocol/recorder.ts';
import { encoderConfigOf } from '../../share/recording/encoder-config.ts';
import { splitAlpha } from './alpha-frames.ts';
import { fileErrorOf, RecordingError } from './recording-error.ts';
import { CHUNK_BYTES, openSink, type VideoSink } from './video-sink.ts';

/** Frames that wait for the encoder. */
const MAX_WAITING_FRAMES = 4;
/** Packets that wait for the muxer. */
const MAX_WAITING_PACKETS = 16;
/** Players begin at key frames when somebody seeks. */
const KEY_FRAME_MICROS = 2_000_000;

interface ColorPacket {
  readonly chunk: EncodedVideoChunk;
  readonly metadata: EncodedVideoChunkMetadata | undefined;
}

export class VideoRecording {
  /** Rejects when the recording cannot go on. */
  readonly broken: Promise<never>;

  #track: RecordingTrack;
  #sink: VideoSink;
  #output: Output;
  #source: EncodedVideoPacketSource;
  #color: VideoEncoder;
  #alpha: VideoEncoder | undefined;
  #colorPackets: ColorPacket[] = [];
  #alphaChunks: EncodedVideoChunk[] = [];
  #muxing: Promise<void> = Promise.resolve();
  #waitingPackets = 0;
  #taken = 0;
  #frames = 0;
  #endMicros = 0;
  #lastKeyMicros = -Infinity;
  #failure: unknown;
  #break: (error: unknown) => void = () => undefined;

  private constructor(track: RecordingTrack, sink: VideoSink) {
    this.#track = track;
    this.#sink = sink;
    this.broken = new Promise((_resolve, reject) => {
      this.#break = reject;
    });
    // Nobody may be waiting when it breaks.
    this.broken.catch(() => undefined);
    this.#color = this.#encoder((chunk, metadata) => this.#colorPackets.push({ chunk, metadata }));
    if (track.isTransparent) this.#alpha = this.#encoder((chunk) => this.#alphaChunks.push(chunk));
    this.#source = new EncodedVideoPacketSource(track.codec);
    const writable = new WritableStream({ write: (chunk: { data: Uint8Array<ArrayBuffer>; position: number }) => this.#write(chunk) });
    const hasCount = track.frameCount !== undefined;
    this.#output = new Output({
      format: track.container === 'mp4' ? new Mp4OutputFormat({ fastStart: hasCount ? 'reserve' : false }) : new WebMOutputFormat(),
      target: new StreamTarget(writable, { chunked: true, chunkSize: CHUNK_BYTES }),
    });
    this.#output.addVideoTrack(this.#source, {
      frameRate: track.framesPerSecond,
      canBeTransparent: track.isTransparent,
      ...(hasCount ? { maximumPacketCount: track.frameCount } : {}),
    });
  }

  /** @throws RecordingError when the browser has no such encoder, or the file cannot be written */
  static async open(track: RecordingTrack, file?: FileSystemFileHandle, maxBlobBytes?: number): Promise<VideoRecording> {
    const isSupported =
      typeof VideoEncoder === 'function' &&
      (await VideoEncoder.isConfigSupported(encoderConfigOf(track)).catch(() => undefined))?.supported;
    if (isSupported !== true) {
      throw new RecordingError(
        'record-no-encoder',
        `This browser cannot encode ${track.codecString} at ${track.size.width} × ${track.size.height}: choose another format or size`,
      );
    }
    const recording = new VideoRecording(track, await openSink(file, `video/${track.container}`, maxBlobBytes));
    try {
      await recording.#output.start();
    } catch (error) {
      await recording.cancel();
      throw error;
    }
    return recording;
  }

  get frames(): number {
    return this.#frames;
  }

  get bytes(): number {
    return this.#sink.bytes;
  }

  /**
   * Encodes a frame and closes it. Resolves when there is room for another.
   *
   * @throws what broke the recording
   */
  async take(frame: VideoFrame): Promise<void> {
    try {
      this.#check();
      const { codedWidth, codedHeight, timestamp } = frame;
      const { width, height } = this.#track.size;
      if (codedWidth !== width || codedHeight !== height) {
        throw new RecordingError('record-failed', `A frame has ${codedWidth} × ${codedHeight} pixels instead of ${width} × ${height}`);
      }
      const keyFrame = timestamp - this.#lastKeyMicros >= KEY_FRAME_MICROS;
      if (keyFrame) this.#lastKeyMicros = timestamp;
      this.#taken++;
      if (this.#alpha === undefined) this.#color.encode(frame, { keyFrame });
      else {
        const { color, alpha } = await splitAlpha(frame);
        try {
          this.#check();
          this.#color.encode(color, { keyFrame });
          this.#alpha.encode(alpha, { keyFrame });
        } finally {
          color.close();
          alpha.close();
        }
      }
    } catch (error) {
      this.#fail(error);
      throw this.#failure;
    } finally {
      frame.close();
    }
    await Promise.race([this.broken, this.#room()]);
  }

  /** @throws what broke the recording */
  async finish(): Promise<RecordedVideo> {
    try {
      this.#check();
      await Promise.race([this.broken, Promise.all([this.#color.flush(), this.#alpha?.flush()])]);
      await Promise.race([this.broken, this.#muxing]);
      this.#check();
      if (this.#frames === 0) throw new RecordingError('record-empty', 'Nothing was recorded: no frame was drawn');
      if (!this.#track.isLive && this.#frames !== this.#taken) {
        throw new RecordingError(
          'record-encoder-failed',
          `The encoder gave ${this.#frames} of ${this.#taken} frames back: choose another format`,
        );
      }
      await this.#output.finalize();
      const blob = await this.#sink.close();
      this.#closeEncoders();
      return { bytes: this.bytes, frames: this.#frames, durationMicros: this.#endMicros, ...(blob === undefined ? {} : { blob }) };
    } catch (error) {
      this.#fail(error);
      await this.cancel();
      throw this.#failure;
    }
  }

  /** Leaves nothing behind. Safe to call twice. */
  async cancel(): Promise<void> {
    this.#fail(new RecordingError('cancelled', 'The recording was cancelled'));
    this.#closeEncoders();
    if (this.#output.state === 'started') await this.#output.cancel().catch(() => undefined);
    await this.#sink.discard();
  }

  #encoder(keep: (chunk: EncodedVideoChunk, metadata?: EncodedVideoChunkMetadata) => void): VideoEncoder {
    const encoder = new VideoEncoder({
      output: (chunk, metadata) => {
        keep(chunk, metadata);
        this.#mux();
      },
      error: (error) =>
        this.#fail(
          new RecordingError(
            'record-encoder-failed',
            `The video encoder failed (${error.message}): choose another format or a smaller size`,
            {
              cause: error,
            },
          ),
        ),
    });
    encoder.configure(encoderConfigOf(this.#track));
    return encoder;
  }

  /** Sends on every packet of which all parts are there, in order. */
  #mux(): void {
    while (this.#colorPackets.length > 0 && (this.#alpha === undefined || this.#alphaChunks.length > 0)) {
      const { chunk, metadata } = this.#colorPackets.shift()!;
      const sideData = this.#alpha === undefined ? {} : alphaData(this.#alphaChunks.shift()!);
      const packet = EncodedPacket.fromEncodedChunk(chunk, sideData);
      this.#frames++;
      this.#endMicros = Math.max(this.#endMicros, chunk.timestamp + (chunk.duration ?? 1e6 / this.#track.framesPerSecond));
      this.#waitingPackets++;
      this.#muxing = this.#muxing
        .then(() => (this.#failure === undefined ? this.#source.add(packet, metadata) : undefined))
        .catch((error: unknown) => this.#fail(error))
        .finally(() => this.#waitingPackets--);
    }
  }

  async #write(chunk: { data: Uint8Array<ArrayBuffer>; position: number }): Promise<void> {
    try {
      await this.#sink.write(chunk);
    } catch (error) {
      this.#fail(fileErrorOf(error));
      throw error;
    }
  }

  async #room(): Promise<void> {
    for (const encoder of [this.#color, this.#alpha]) {
      while (encoder !== undefined && encoder.encodeQueueSize >= MAX_WAITING_FRAMES) {
        await new Promise((resolve) => encoder.addEventListener('dequeue', resolve, { once: true }));
      }
    }
    if (this.#waitingPackets >= MAX_WAITING_PACKETS) await this.#muxing;
  }

  #check(): void {
    // oxlint-disable-next-line typescript/only-throw-error -- what broke it was thrown already
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** The first failure counts. */
  #fail(error: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#break(error);
  }

  #closeEncoders(): void {
    for (const encoder of [this.#color, this.#alpha]) if (encoder !== undefined && encoder.state !== 'closed') encoder.close();
  }
}

function alphaData(chunk: EncodedVideoChunk): { readonly alpha: Uint8Array<ArrayBuffer>; readonly alphaByteLength: number } {
  const alpha = new Uint8Array(chunk.byteLength);
  chunk.copyTo(alpha);
  return { alpha, alphaByteLength: alpha.byteLength };
}
