import { defineConfig } from '@playwright/test';
import { CHROMIUM_ARGS, findChromium } from './scripts/chromium.mjs';

const executablePath = findChromium();
/** `E2E_PORT` where the usual one is taken. */
const port = Number(process.env['E2E_PORT'] ?? 4273);
const baseURL = `http://127.0.0.1:${port}/`;

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
    baseURL,
    viewport: { width: 960, height: 600 },
    // The service worker would answer before the routes of a test; what it does is tested by itself.
    serviceWorkers: 'block',
    launchOptions: { args: [...CHROMIUM_ARGS], ...(executablePath === undefined ? {} : { executablePath }) },
  },
  webServer: {
    command: `npx vite preview --port ${port} --strictPort --logLevel error`,
    url: baseURL,
    reuseExistingServer: false,
  },
});
