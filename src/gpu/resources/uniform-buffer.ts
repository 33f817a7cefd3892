/** A uniform buffer that is sent only when its words differ from what was sent last: a call to the device costs more. */
export class UniformBuffer {
  readonly buffer: GPUBuffer;
  readonly words: Uint32Array<ArrayBuffer>;
  /** The same memory as `words`. */
  readonly floats: Float32Array<ArrayBuffer>;
  #device: GPUDevice;
  #sent: Uint32Array<ArrayBuffer>;

  constructor(device: GPUDevice, label: string, bytes: number) {
    this.#device = device;
    this.buffer = device.createBuffer({ label, size: bytes, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
    this.words = new Uint32Array(bytes / 4);
    this.floats = new Float32Array(this.words.buffer);
    // New buffers are zero.
    this.#sent = new Uint32Array(bytes / 4);
  }

  send(): void {
    const { words } = this;
    const sent = this.#sent;
    let first = 0;
    while (first < words.length && words[first] === sent[first]) first++;
    if (first === words.length) return;
    sent.set(words);
    this.#device.queue.writeBuffer(this.buffer, 0, words);
  }

  dispose(): void {
    this.buffer.destroy();
  }
}
