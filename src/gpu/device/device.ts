import { DeviceError } from './device-error.ts';

/** A WebGPU device with the limits we lay out for. One adapter gives one device; a lost device needs a new adapter. */
export interface GraphicsDevice {
  readonly device: GPUDevice;
  /** For the about panel, e.g. `nvidia ampere`. */
  readonly adapterName: string;
  /** A CPU rasteriser (SwiftShader, lavapipe, WARP): work per pixel and triangle is what costs. */
  readonly isSoftware: boolean;
  /** Largest storage buffer that may be bound, bytes. */
  readonly maxBindingBytes: number;
  readonly maxTextureSize: number;
  readonly maxTextureLayers: number;
}

/** Bytes above which the default limits end; we ask for what the adapter has, up to this. */
const WANTED_BINDING_BYTES = 1 << 30;

/**
 * Asks for an adapter and a device.
 *
 * @throws DeviceError when there is no WebGPU, no adapter, or the device request fails
 */
export async function requestGraphicsDevice(): Promise<GraphicsDevice> {
  const gpu = (navigator as { readonly gpu?: GPU }).gpu;
  if (gpu === undefined) throw new DeviceError('webgpu-missing', 'This browser has no WebGPU');
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) throw new DeviceError('adapter-missing', 'WebGPU is here, but no graphics adapter can be used');
  const limits = adapter.limits;
  const maxBindingBytes = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize, WANTED_BINDING_BYTES);
  const device = await adapter
    .requestDevice({
      label: 'renderer',
      requiredLimits: {
        maxStorageBufferBindingSize: maxBindingBytes,
        maxBufferSize: Math.max(maxBindingBytes, Math.min(limits.maxBufferSize, WANTED_BINDING_BYTES)),
        maxTextureDimension2D: limits.maxTextureDimension2D,
        maxTextureArrayLayers: limits.maxTextureArrayLayers,
      },
    })
    .catch((cause: unknown) => {
      throw new DeviceError(
        'device-refused',
        `The graphics adapter gave no device: ${cause instanceof Error ? cause.message : String(cause)}`,
        { cause },
      );
    });
  const info = adapter.info;
  const described = [info.vendor, info.architecture, info.device, info.description].filter((part) => part !== '');
  const adapterName = [...new Set(described)].join(' ') || 'unknown adapter';
  return {
    device,
    adapterName,
    isSoftware: info.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|basic render/i.test(adapterName),
    maxBindingBytes,
    maxTextureSize: limits.maxTextureDimension2D,
    maxTextureLayers: limits.maxTextureArrayLayers,
  };
}
