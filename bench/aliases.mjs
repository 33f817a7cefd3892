/** What `vite.config.ts` says of aliases and decorators, for scripts that build pages of their own. */
import { loadConfigFromFile } from 'vite';

const loaded = await loadConfigFromFile({ command: 'build', mode: 'production' }, new URL('../vite.config.ts', import.meta.url).pathname);
export const alias = loaded.config.resolve.alias;
export const oxc = loaded.config.oxc;
