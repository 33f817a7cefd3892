/** The device that one end draws with, and whether it is lost. */
export class DeviceWatch {
  #device: GPUDevice | undefined;
  #isLost = false;
  #onLost: () => void;

  constructor(device: GPUDevice | undefined, onLost: () => void) {
    this.#onLost = onLost;
    this.use(device);
  }

  get device(): GPUDevice | undefined {
    return this.#device;
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  use(device: GPUDevice | undefined): void {
    this.#device = device;
    this.#isLost = false;
    void device?.lost.then(() => {
      if (this.#device !== device) return;
      this.#isLost = true;
      this.#onLost();
    });
  }
}
