/**
 * Late binding, a build step for an entry that must start fast: it holds only the modules that every stage runs, and fetches parts of the rest
 * when a stage needs them. In the sources all of it is imported as usual.
 *
 * A module named here is left out: where others import it they get variables of its exports, which are filled when its part is imported
 * dynamically; until then, and where nothing imports the part, they throw. Such names must not be used while modules are evaluated, nor with
 * `instanceof`.
 */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const EXPORTED = /^export (?:async )?(?:abstract )?(?:function\*?|class|const|let) (\w+)/gmu;
const SLOTS = '\0slots:';
const PART = '\0part:';
const MISSING = '\0missing';

/**
 * @param {string} sources folder of the sources
 * @param {Record<string, { inside?: RegExp, modules: readonly string[] }>} parts by name: modules that are left out, and the importers, by path
 *   below `sources`, that belong to the part themselves
 * @param {string} message of the error where a part is not there
 * @returns {import('vite').Plugin}
 */
export function lateModules(sources, parts, message) {
  const partOf = new Map(Object.entries(parts).flatMap(([name, { modules }]) => modules.map((path) => [resolve(sources, path), name])));
  const isInside = (importer, part) => partOf.get(importer) === part || parts[part].inside?.test(importer.slice(sources.length)) === true;
  return {
    name: 'late-modules',
    enforce: 'pre',
    resolveId(source, importer, { kind }) {
      if (source === MISSING || source.startsWith(SLOTS) || source.startsWith(PART)) return source;
      if (importer === undefined || !source.startsWith('.')) return null;
      const path = resolve(dirname(importer), source);
      const part = partOf.get(path);
      if (part === undefined || isInside(importer, part)) return null;
      return kind === 'dynamic-import' ? PART + part : SLOTS + path;
    },
    load(id) {
      if (id === MISSING) return `export function missing() { throw new Error(${JSON.stringify(message)}); }`;
      if (id.startsWith(SLOTS)) return slotsOf(namesIn(id.slice(SLOTS.length)));
      return id.startsWith(PART) ? fillerOf(parts[id.slice(PART.length)].modules.map((path) => resolve(sources, path))) : null;
    },
  };
}

function namesIn(path) {
  return Array.from(readFileSync(path, 'utf8').matchAll(EXPORTED), ([, name]) => name);
}

function slotsOf(names) {
  return `
import { missing } from ${JSON.stringify(MISSING)};
export let ${names.map((name) => `${name} = missing`).join(', ')};
export function fill(${names.map((_, i) => `v${i}`).join(', ')}) { ${names.map((name, i) => `${name} = v${i};`).join(' ')} }`;
}

/** Name by name, for namespaces as objects would be larger. */
function fillerOf(paths) {
  const lines = paths.map((path, at) => {
    const names = namesIn(path).map((name, i) => ({ name, local: `v${at}_${i}` }));
    return `
import { ${names.map(({ name, local }) => `${name} as ${local}`).join(', ')} } from ${JSON.stringify(path)};
import { fill as fill${at} } from ${JSON.stringify(SLOTS + path)};
fill${at}(${names.map(({ local }) => local).join(', ')});`;
  });
  return lines.join('');
}
