/** Files of the conformance corpus, which is no part of the project. `USD_CORPUS` overrides the place. */
import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs';

export const CORPUS = process.env.USD_CORPUS ?? '../shared/corpus';
export const hasCorpus = existsSync(`${CORPUS}/README.md`);
export const CORPUS_NOTE = `corpus not found at ${CORPUS}: left out`;

/** Layers and packages below a folder of the corpus whose bytes begin so, by path. */
export function corpusFiles(folder, beginnings) {
  if (!hasCorpus) return [];
  return readdirSync(`${CORPUS}/${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(usd[acz]?|sdf)$/u.test(file))
    .map((file) => `${CORPUS}/${folder}/${file}`)
    .filter((file) => beginnings.some((beginning) => startOf(file).startsWith(beginning)))
    .toSorted();
}

function startOf(file) {
  const bytes = Buffer.alloc(8);
  const descriptor = openSync(file, 'r');
  readSync(descriptor, bytes);
  closeSync(descriptor);
  return bytes.toString('latin1');
}
