/** Who hears of a device's loss. One listener for each device: its `lost` promise keeps what is attached to it for as long as the device lives. */
const listeners = new WeakMap<GPUDevice, Set<() => void>>();
const lostDevices = new WeakSet<GPUDevice>();

/** The device that one end draws with, and whether it is lost. */
export class DeviceWatch {
  #device: GPUDevice | undefined;
  #onLost: (() => void) | undefined;

  /** @param onLost called when the device in use is lost; without, nothing has to be closed */
  constructor(device: GPUDevice | undefined, onLost?: () => void) {
    this.#onLost = onLost;
    this.use(device);
  }

  get device(): GPUDevice | undefined {
    return this.#device;
  }

  get isLost(): boolean {
    return this.#device !== undefined && lostDevices.has(this.#device);
  }

  use(device: GPUDevice | undefined): void {
    this.close();
    this.#device = device;
    if (device === undefined) return;
    const heard = listenersOf(device);
    if (this.#onLost !== undefined) heard.add(this.#onLost);
  }

  /** Hears of nothing any more. Safe to call twice. */
  close(): void {
    if (this.#device !== undefined && this.#onLost !== undefined) listeners.get(this.#device)?.delete(this.#onLost);
  }
}

function listenersOf(device: GPUDevice): Set<() => void> {
  const known = listeners.get(device);
  if (known !== undefined) return known;
  const made = new Set<() => void>();
  listeners.set(device, made);
  void device.lost.then(() => {
    lostDevices.add(device);
    for (const listener of made) listener();
  });
  return made;
}
