/** A picture in linear light that is filled piece by piece, scaled down while it comes where it is too large. */
import { floatToHalf } from 'usd-wasm';

export interface HalfImage {
  readonly width: number;
  readonly height: number;
  /** Linear RGBA, half bits, top row first, shape [height·width·4]. */
  readonly data: Uint16Array;
  readonly isDownscaled: boolean;
}

/** Largest finite half, so that the sun in a sky stays a number. */
const LARGEST = 65504;

export class LinearPicture {
  readonly width: number;
  readonly height: number;
  /** Side of the square of source pixels that one pixel is the mean of. */
  readonly #step: number;
  /** Half bits; or sums, while pixels are gathered. */
  readonly #data: Uint16Array | Float32Array;

  /** @param maxSize longest side of the result */
  constructor(sourceWidth: number, sourceHeight: number, maxSize: number) {
    let step = 1;
    while (Math.max(sourceWidth, sourceHeight) > maxSize * step) step *= 2;
    this.#step = step;
    this.width = Math.max(1, Math.floor(sourceWidth / step));
    this.height = Math.max(1, Math.floor(sourceHeight / step));
    const length = this.width * this.height * 4;
    this.#data = step === 1 ? new Uint16Array(length) : new Float32Array(length);
  }

  /**
   * Takes some pixels of a source row; what lies outside is left out. Each pixel comes once.
   *
   * @param values linear RGBA, shape [4·N]; changed by this call
   */
  addSpan(x: number, y: number, values: Float32Array): void {
    const step = this.#step;
    const row = Math.floor(y / step);
    if (row < 0 || row >= this.height) return;
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (value > LARGEST) values[i] = LARGEST;
      else if (value < -LARGEST) values[i] = -LARGEST;
      else if (Number.isNaN(value)) values[i] = 0;
    }
    const first = Math.max(0, -x);
    const end = Math.min(values.length / 4, this.width * step - x);
    if (first >= end) return;
    if (step === 1) {
      this.#data.set(floatToHalf(values.subarray(4 * first, 4 * end)), 4 * (row * this.width + x + first));
      return;
    }
    const part = 1 / (step * step);
    for (let i = first; i < end; i++) {
      const to = 4 * (row * this.width + Math.floor((x + i) / step));
      for (let k = 0; k < 4; k++) this.#data[to + k] = this.#data[to + k]! + values[4 * i + k]! * part;
    }
  }

  finish(): HalfImage {
    const { width, height } = this;
    const data = this.#data instanceof Uint16Array ? this.#data : floatToHalf(this.#data);
    return { width, height, data, isDownscaled: this.#step > 1 };
  }
}
