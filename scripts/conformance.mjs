/** `npm run conformance`: runs every case of the conformance corpus, and its other tests, and writes `docs/conformance.md`. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { run } from './install.mjs';

const corpus = process.env.USD_CORPUS ?? fileURLToPath(new URL('../../shared/corpus', import.meta.url));
if (!existsSync(`${corpus}/README.md`)) throw new Error(`corpus not found at ${corpus}: set USD_CORPUS to the folder that holds it`);
run('npx', ['vitest', 'run', '--project', 'unit', 'tests/conformance'], { CONFORMANCE_WRITE: '1', USD_CORPUS: corpus });
