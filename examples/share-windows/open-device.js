/** A graphics device, or a plain message and an end. */
export async function openDevice(status) {
  const adapter = await navigator.gpu?.requestAdapter();
  const device = await adapter?.requestDevice();
  if (device === undefined) {
    status.textContent = 'This example draws with WebGPU, which this browser does not have here.';
    throw new Error('There is no WebGPU');
  }
  void device.lost.then(({ message }) => (status.textContent = `The graphics device is gone: reload the page. ${message}`));
  return device;
}
