import { describe, it } from 'vitest';
import { requestGraphicsDevice } from '../device/device.ts';
import { SHARE_SHADERS } from '../share/share-shaders.ts';
import { checkShaderModule, createShaderModule } from './compose.ts';
import { SHADERS } from './library.ts';

describe('every shader compiles', async () => {
  const { device } = await requestGraphicsDevice();
  for (const shader of Object.values({ ...SHADERS, ...SHARE_SHADERS })) {
    it(shader.label, async () => checkShaderModule(createShaderModule(device, shader), shader));
  }
});
