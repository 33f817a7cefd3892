/**
 * Where the bytes of a video go: into a file on the disk, or into parts that the browser keeps and that become one Blob. Only what is
 * being filled is in this worker's memory. Muxers go back to write lengths and indexes into what they wrote before.
 */
import { fileErrorOf, RecordingError } from './recording-error.ts';

/** Bytes that are written at once. */
export const CHUNK_BYTES = 4 * 1024 * 1024;
/** Of a video that is not streamed to the disk: browsers keep Blobs of more, but few can hand them out. */
const MAX_BLOB_BYTES = 2 * 1024 ** 3;

export interface VideoWrite {
  readonly data: Uint8Array<ArrayBuffer>;
  /** Byte offset in the file. */
  readonly position: number;
}

export interface VideoSink {
  /** Length of the file so far. */
  readonly bytes: number;
  /** @throws RecordingError when the place is full, gone or too small */
  write(chunk: VideoWrite): Promise<void>;
  /** The file is whole. A Blob where it is in no file. */
  close(): Promise<Blob | undefined>;
  /** Leaves nothing. */
  discard(): Promise<void>;
}

/** @param mimeType of the Blob */
export async function openSink(
  file: FileSystemFileHandle | undefined,
  mimeType: string,
  maxBlobBytes = MAX_BLOB_BYTES,
): Promise<VideoSink> {
  return file === undefined ? new BlobSink(mimeType, maxBlobBytes) : FileSink.open(file);
}

class FileSink implements VideoSink {
  bytes = 0;
  #file: FileSystemFileHandle;
  #stream: FileSystemWritableFileStream;
  /** It was made for this recording, by the dialog in which it was chosen. */
  #isNew: boolean;

  private constructor(file: FileSystemFileHandle, stream: FileSystemWritableFileStream, isNew: boolean) {
    this.#file = file;
    this.#stream = stream;
    this.#isNew = isNew;
  }

  static async open(file: FileSystemFileHandle): Promise<FileSink> {
    try {
      const isNew = (await file.getFile()).size === 0;
      return new FileSink(file, await file.createWritable(), isNew);
    } catch (error) {
      throw fileErrorOf(error);
    }
  }

  async write({ data, position }: VideoWrite): Promise<void> {
    try {
      await this.#stream.write({ type: 'write', data, position });
    } catch (error) {
      throw fileErrorOf(error);
    }
    this.bytes = Math.max(this.bytes, position + data.byteLength);
  }

  async close(): Promise<undefined> {
    try {
      await this.#stream.close();
    } catch (error) {
      throw fileErrorOf(error);
    }
  }

  async discard(): Promise<void> {
    // What was written is beside the file until it is closed: one that was there before stays as it was.
    await this.#stream.abort().catch(() => undefined);
    const { remove } = this.#file as { readonly remove?: () => Promise<void> };
    if (this.#isNew) await remove?.call(this.#file).catch(() => undefined);
  }
}

class BlobSink implements VideoSink {
  bytes = 0;
  #mimeType: string;
  #maxBytes: number;
  #parts: Blob[] = [];
  /** What was written over parts that are sealed already. */
  #patches: VideoWrite[] = [];

  constructor(mimeType: string, maxBytes: number) {
    this.#mimeType = mimeType;
    this.#maxBytes = maxBytes;
  }

  async write({ data, position }: VideoWrite): Promise<void> {
    const end = position + data.byteLength;
    if (end > this.#maxBytes) {
      throw new RecordingError(
        'record-too-large',
        `The video is larger than ${Math.round(this.#maxBytes / 1024 ** 2)} MB, the most that this browser can hold before it is saved: record a smaller or shorter one, at a lower quality, or use a browser that saves straight to a file`,
      );
    }
    const kept = Math.max(0, Math.min(data.byteLength, this.bytes - position));
    if (kept > 0) this.#patches.push({ data: data.slice(0, kept), position });
    if (position > this.bytes) this.#parts.push(new Blob([new Uint8Array(position - this.bytes)]));
    if (end > this.bytes) this.#parts.push(new Blob([data.subarray(kept)]));
    this.bytes = Math.max(this.bytes, end);
  }

  async close(): Promise<Blob> {
    let whole = new Blob(this.#parts, { type: this.#mimeType });
    for (const { data, position } of this.#patches) {
      whole = new Blob([whole.slice(0, position), data, whole.slice(position + data.byteLength)], { type: this.#mimeType });
    }
    return whole;
  }

  async discard(): Promise<void> {
    this.#parts = [];
    this.#patches = [];
  }
}
