/** Where a command prints. */
export interface Output {
  /** Results, as they are; resolves when they are written, or when whoever reads has seen enough. */
  readonly print: (result: string | Uint8Array) => Promise<void>;
  /** A line for people: warnings and what went wrong. */
  readonly warn: (line: string) => void;
}

/** Standard output and standard error. */
export const PROCESS_OUTPUT: Output = {
  print: (result) =>
    new Promise<void>((resolve, reject) => {
      // whoever reads may have seen enough, as `head` does
      const onError = (error: NodeJS.ErrnoException): void => (error.code === 'EPIPE' ? resolve() : reject(error));
      process.stdout.once('error', onError);
      process.stdout.write(result, (error) => {
        if (error != null) return;
        process.stdout.off('error', onError);
        resolve();
      });
    }),
  warn: (line) => {
    process.stderr.write(`${line}\n`);
  },
};
