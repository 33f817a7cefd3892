/** Something remembered cannot be opened again; the message says why in words for the user. */
export class RecentsError extends Error {
  override readonly name = 'RecentsError';
  readonly reason: 'file-gone' | 'permission-denied' | 'copy-gone' | 'not-kept';

  constructor(message: string, reason: RecentsError['reason'], options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
