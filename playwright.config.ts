import { defineConfig } from '@playwright/test';
import { CHROMIUM_ARGS, findChromium } from './scripts/chromium.mjs';

const executablePath = findChromium();

/** End-to-end and golden tests over the built app, one worker: software rendering uses both cores already. */
export default defineConfig({
  testDir: 'tests',
  testMatch: ['e2e/**/*.spec.ts', 'golden/**/*.spec.ts'],
  timeout: 90_000,
  fullyParallel: false,
  workers: 1,
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  reporter: [['list']],
  snapshotPathTemplate: '{testDir}/golden/{arg}{ext}',
  use: {
    baseURL: 'http://127.0.0.1:4273/',
    viewport: { width: 960, height: 600 },
    launchOptions: { args: [...CHROMIUM_ARGS], ...(executablePath === undefined ? {} : { executablePath }) },
  },
  webServer: {
    command: 'npx vite preview --port 4273 --strictPort --logLevel error',
    url: 'http://127.0.0.1:4273/',
    reuseExistingServer: false,
  },
});
