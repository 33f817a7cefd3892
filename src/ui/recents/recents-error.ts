/** Something remembered cannot be opened again; the message says why in words for the user. */
export class RecentsError extends Error {
  override readonly name = 'RecentsError';
  readonly code: 'file-gone' | 'permission-denied' | 'copy-gone' | 'not-kept';

  constructor(code: RecentsError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
