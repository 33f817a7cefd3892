/** Writes `public/samples/sample.usdz`: the scene of `scripts/sample/`, as a crate in a package, with our own writers. Deterministic. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseUsda, writePackage, writeUsdc } from 'usd-wasm';
import { sceneText } from './sample/scene.mjs';
import { bands, hammeredNormal, hills, rings, woodAlbedo, woodNormal } from './sample/textures.mjs';

const problems = [];
const layer = parseUsda('theatre.usda', new TextEncoder().encode(sceneText()), { report: (problem) => problems.push(problem) });
if (problems.length > 0) throw new Error(`the sample scene has problems: ${JSON.stringify(problems)}`);
const bytes = writePackage([
  { name: 'theatre.usdc', bytes: writeUsdc(layer) },
  { name: 'textures/wood.png', bytes: woodAlbedo(256) },
  { name: 'textures/wood_normal.png', bytes: woodNormal(192) },
  { name: 'textures/hammered_normal.png', bytes: hammeredNormal(96) },
  { name: 'textures/hills.png', bytes: hills(512, 256) },
  { name: 'textures/bands.png', bytes: bands(128, 64) },
  { name: 'textures/rings.png', bytes: rings(128) },
]);
const folder = fileURLToPath(new URL('../public/samples/', import.meta.url));
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}sample.usdz`, bytes);
