/**
 * `npm run docs:api`: the API references of usd-wasm, `docs/api`, and of frame sharing, `docs/share/api`, by TypeDoc. With `--check` nothing is
 * written: fails where an exported thing has no comment, or where a reference is not what the sources say now.
 */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application, TSConfigReader, TypeDocReader } from 'typedoc';

/** Options of TypeDoc → folder of what they make. */
const REFERENCES = { './typedoc.json': 'docs/api', './typedoc.share.json': 'docs/share/api' };

const isCheck = process.argv.includes('--check');
process.chdir(fileURLToPath(new URL('.', import.meta.url)));
for (const [options, folder] of Object.entries(REFERENCES)) await build(options, folder);

async function build(options, folder) {
  const committed = fileURLToPath(new URL(`../../${folder}`, import.meta.url));
  const built = mkdtempSync(join(tmpdir(), 'usd-api-'));
  try {
    const app = await Application.bootstrapWithPlugins({ options, out: built }, [new TypeDocReader(), new TSConfigReader()]);
    const project = await app.convert();
    if (project === undefined) throw new Error('TypeDoc could not read the sources');
    app.validate(project);
    if (app.logger.hasErrors() || app.logger.hasWarnings())
      throw new Error('every exported thing needs a comment, and every link a target');
    await app.generateOutputs(project);
    if (isCheck) {
      const stale = existsSync(committed) ? differingFiles(built, committed) : [folder];
      if (stale.length > 0) throw new Error(`${folder} is not what the sources say (${stale.join(', ')}): run "npm run docs:api"`);
    } else {
      rmSync(committed, { recursive: true, force: true });
      cpSync(built, committed, { recursive: true });
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  } finally {
    rmSync(built, { recursive: true });
  }
}

function differingFiles(a, b) {
  const [inA, inB] = [filesIn(a), filesIn(b)];
  return [...new Set([...inA.keys(), ...inB.keys()])]
    .filter((name) => inA.get(name) !== inB.get(name))
    .toSorted((x, y) => x.localeCompare(y));
}

function filesIn(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map(({ parentPath, name }) => [join(parentPath, name).slice(folder.length + 1), readFileSync(join(parentPath, name), 'utf8')]),
  );
}
