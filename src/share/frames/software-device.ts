/** Whether a device draws on the CPU; there, memory moves faster than images. False where the browser does not tell. */
export function isSoftwareDevice(device: GPUDevice | undefined): boolean {
  // `adapterInfo` came later than the rest (Chromium 131).
  const info = device?.adapterInfo as (GPUAdapterInfo & { readonly isFallbackAdapter?: boolean }) | undefined;
  return (
    info !== undefined &&
    (info.isFallbackAdapter === true || /swiftshader|llvmpipe|basic render/iu.test(`${info.architecture} ${info.description}`))
  );
}
