/** Names by which two ends find out that they are in one realm, and that they draw with one device. Made when first asked for. */
import { randomName } from './link/random-name.ts';

let realm: string | undefined;
const devices = new WeakMap<GPUDevice, string>();

/** Of this module in this window or worker: nobody else has or guesses it. */
export function realmName(): string {
  return (realm ??= randomName('realm-'));
}

export function deviceName(device: GPUDevice | undefined): string | undefined {
  if (device === undefined) return undefined;
  let name = devices.get(device);
  if (name === undefined) {
    name = randomName('device-');
    devices.set(device, name);
  }
  return name;
}
