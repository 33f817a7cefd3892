/** Least time between two posts. */
const STATS_MS = 200;

/** Posts statistics now and then while pictures are drawn, and after the last one. */
export class StatsPost {
  #post: () => void;
  #last = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(post: () => void) {
    this.#post = post;
  }

  schedule(): void {
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.#last = performance.now();
        this.#post();
      },
      Math.max(0, this.#last + STATS_MS - performance.now()),
    );
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
