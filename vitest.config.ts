import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { CHROMIUM_ARGS, findChromium } from './scripts/chromium.mjs';
import { alias, oxc } from './vite.config.ts';

const source = { resolve: { alias }, oxc };
const executablePath = findChromium();

/** `unit` runs in Node, `browser` in headless Chromium with software WebGPU, `build` looks at `dist/`. */
export default defineConfig({
  test: {
    projects: [
      {
        ...source,
        test: {
          name: 'unit',
          environment: 'node',
          include: [
            'src/**/*.test.ts',
            'packages/*/src/**/*.test.ts',
            'tests/{conformance,property,corpus}/**/*.test.ts',
            'fuzz/*.test.ts',
          ],
          exclude: ['**/*.browser.test.ts', '**/node_modules/**'],
          globalSetup: ['tests/support/build-kernel-once.ts'],
          testTimeout: 30_000,
        },
      },
      {
        ...source,
        // Found late, they would reload the page in the middle of a test.
        optimizeDeps: {
          include: [
            'lit',
            'lit/decorators.js',
            'lit/directive.js',
            'lit/directives/repeat.js',
            'gl-matrix',
            'idb-keyval',
            'axe-core',
            'mediabunny',
            'workbox-precaching/PrecacheController.js',
          ],
        },
        test: {
          name: 'browser',
          include: ['src/**/*.browser.test.ts', 'packages/*/src/**/*.browser.test.ts'],
          globalSetup: ['tests/support/build-kernel-once.ts'],
          testTimeout: 60_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { args: [...CHROMIUM_ARGS], ...(executablePath === undefined ? {} : { executablePath }) },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      { test: { name: 'build', environment: 'node', include: ['tests/build/**/*.test.ts'] } },
    ],
  },
});
