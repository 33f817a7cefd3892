/** The bytes are no picture that can be read. */
export class ImageDecodeError extends Error {
  readonly code: 'image-decode-error' | 'image-too-large' = 'image-decode-error';

  constructor(format: string, reason: string, options?: ErrorOptions) {
    super(`${format}: ${reason}`, options);
    this.name = 'ImageDecodeError';
  }
}

/** The picture has more pixels than are read here. */
export class ImageTooLargeError extends ImageDecodeError {
  override readonly code = 'image-too-large';

  constructor(format: string, width: number, height: number) {
    super(format, `${width} x ${height} pixels are more than can be read here`);
    this.name = 'ImageTooLargeError';
  }
}
