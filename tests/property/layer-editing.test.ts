/**
 * Layers after random edits: what listeners are told is what differs, undo and redo restore, crates edit as memory does, and what
 * is written is read again. Edits repeat for the seed that a failure names.
 */
import { describe, expect, test } from 'vitest';
import { changeBlock } from '../../packages/usd-wasm/src/sdf/change-block.ts';
import type { ChangeList } from '../../packages/usd-wasm/src/sdf/change-list.ts';
import { exportLayer } from '../../packages/usd-wasm/src/sdf/file-format.ts';
import { MemoryLayerData, type LayerData } from '../../packages/usd-wasm/src/sdf/layer-data.ts';
import { Layer } from '../../packages/usd-wasm/src/sdf/layer.ts';
import { ROOT_PATH, type Path } from '../../packages/usd-wasm/src/sdf/path.ts';
import { childPlaceOf } from '../../packages/usd-wasm/src/sdf/spec-tree.ts';
import { UndoStack } from '../../packages/usd-wasm/src/sdf/undo-stack.ts';
import { ProblemList } from '../../packages/usd-wasm/src/tf/reporter.ts';
import { parseUsda } from '../../packages/usd-wasm/src/usda/parser.ts';
import { UsdaParseError } from '../../packages/usd-wasm/src/usda/usda-error.ts';
import { CrateLayerData } from '../../packages/usd-wasm/src/usdc/reader.ts';
import { writeUsdc } from '../../packages/usd-wasm/src/usdc/writer.ts';
import { valueAs, type Value } from '../../packages/usd-wasm/src/vt/value.ts';
import { differences, valuesEqual } from '../support/compare-layer-data.ts';
import { CORPUS_NOTE, corpusBytes, expectedFiles, hasCorpus } from '../support/corpus.ts';
import { RandomEditor } from '../support/random-edits.ts';
import { makeRandom } from '../support/random.ts';
import { sameInAnyOrder } from '../support/text-layers.ts';

interface SpecFacts {
  readonly type: string;
  readonly fields: ReadonlyMap<string, Value>;
}
type Snapshot = ReadonlyMap<Path, SpecFacts>;

const CHILDREN: ReadonlySet<string> = new Set(['primChildren', 'properties', 'variantSetChildren', 'variantChildren']);
const ROUNDS = 24;
const BLOCKS = 25;
const firstSeed = Math.floor(Math.random() * 2 ** 31);

function snapshotOf(data: LayerData): Snapshot {
  const specs = new Map<Path, SpecFacts>();
  for (const path of data.paths()) {
    if (path.includes('[')) continue;
    const fields = new Map<string, Value>();
    for (const name of data.fieldNames(path)) {
      const value = data.field(path, name);
      if (value !== undefined) fields.set(name, value);
    }
    specs.set(path, { type: data.specType(path) as string, fields });
  }
  return specs;
}

/** The same specs in memory. */
function memoryCopy(data: LayerData): MemoryLayerData {
  const copy = new MemoryLayerData();
  for (const [path, { type, fields }] of snapshotOf(data)) {
    copy.createSpec(path, type as 'prim');
    for (const [name, value] of fields) copy.setField(path, name, value);
  }
  return copy;
}

/** What is wrong with a change list as an account of what differs between two snapshots. */
function errorsOf(changes: ChangeList, before: Snapshot, after: Snapshot): string[] {
  const errors: string[] = [];
  const isCovered = (path: Path): boolean => {
    for (let at = path; ; at = childPlaceOf(at).parent) {
      const entry = changes.get(at);
      if (entry !== undefined && (entry.isAdded || entry.isRemoved)) return true;
      if (at === ROOT_PATH) return false;
    }
  };
  for (const [path, entry] of changes) {
    if (path !== ROOT_PATH && isCovered(childPlaceOf(path).parent)) errors.push(`${path}: below a spec that came or went`);
    if (entry.isAdded && !after.has(path)) errors.push(`${path}: came, but is not there`);
    if (entry.isRemoved && !before.has(path)) errors.push(`${path}: went, but was not there`);
    if (entry.isAdded && !entry.isRemoved && before.has(path)) errors.push(`${path}: came, but was there`);
    if (entry.isRemoved && !entry.isAdded && after.has(path)) errors.push(`${path}: went, but is there`);
    if (entry.oldPath !== undefined && (!before.has(entry.oldPath) || !isCovered(entry.oldPath)))
      errors.push(`${path}: comes from ${entry.oldPath}, which did not go`);
    if ((entry.isAdded || entry.isRemoved) && (entry.fields.size > 0 || entry.areChildrenReordered || entry.arePropertiesReordered))
      errors.push(`${path}: came or went and changed`);
  }
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    if (isCovered(path)) continue;
    const [old, now] = [before.get(path), after.get(path)];
    if (old?.type !== now?.type || old === undefined || now === undefined) {
      errors.push(`${path}: was ${old?.type}, is ${now?.type}, without an entry`);
      continue;
    }
    const entry = changes.get(path);
    let areChildrenReordered = false;
    let arePropertiesReordered = false;
    for (const name of new Set([...old.fields.keys(), ...now.fields.keys()])) {
      const [a, b] = [old.fields.get(name), now.fields.get(name)];
      if (CHILDREN.has(name)) {
        if (!keepsOrder(valueAs(a, 'tokenVector') ?? [], valueAs(b, 'tokenVector') ?? [])) {
          if (name === 'properties') arePropertiesReordered = true;
          else areChildrenReordered = true;
        }
        continue;
      }
      const change = entry?.fields.get(name);
      if (valuesEqual(a, b)) {
        if (change !== undefined) errors.push(`${path} ${name}: listed, but the same`);
      } else if (change === undefined) errors.push(`${path} ${name}: differs, but is not listed`);
      else if (!valuesEqual(change.before, a) || !valuesEqual(change.after, b)) errors.push(`${path} ${name}: listed with other values`);
    }
    for (const name of entry?.fields.keys() ?? [])
      if (!old.fields.has(name) && !now.fields.has(name)) errors.push(`${path} ${name}: listed, but never there`);
    if ((entry?.areChildrenReordered ?? false) !== areChildrenReordered) errors.push(`${path}: order of children`);
    if ((entry?.arePropertiesReordered ?? false) !== arePropertiesReordered) errors.push(`${path}: order of properties`);
    if (entry !== undefined && entry.fields.size === 0 && !areChildrenReordered && !arePropertiesReordered)
      errors.push(`${path}: an entry that says nothing`);
  }
  return errors;
}

function keepsOrder(a: readonly string[], b: readonly string[]): boolean {
  const inA = a.filter((name) => b.includes(name));
  return inA.join('\n') === b.filter((name) => a.includes(name)).join('\n');
}

/** Edits a layer, checks each change list, undoes and redoes all. Gives the texts of the edits. */
function exercise(layer: Layer, seed: number): string[] {
  const random = makeRandom(seed);
  const editor = new RandomEditor(layer, random);
  const undo = new UndoStack();
  undo.add(layer);
  const heard: ChangeList[] = [];
  layer.addChangeListener((changes) => heard.push(changes.get(layer) as ChangeList));
  const log: string[] = [];
  const original = memoryCopy(layer.data);
  let before = snapshotOf(layer.data);
  const check = (what: string): void => {
    const after = snapshotOf(layer.data);
    expect(heard.length, what).toBeLessThanOrEqual(1);
    expect(errorsOf(heard.pop() ?? new Map(), before, after), what).toEqual([]);
    before = after;
  };
  let steps = 0;
  for (let block = 0; block < BLOCKS; block++) {
    const edits: string[] = [];
    changeBlock(() => {
      for (let count = random() < 0.5 ? 1 : Math.floor(random() * 8); count > 0; count--) edits.push(editor.edit());
    });
    log.push(edits.join(', '));
    if (heard.length > 0) steps++;
    check(`seed ${seed}, block ${block}: ${edits.join(', ')}`);
  }
  const edited = memoryCopy(layer.data);
  for (let i = 0; i < steps; i++) {
    expect(undo.undo()).toBe(true);
    check(`seed ${seed}, undo ${i}`);
  }
  expect(undo.canUndo).toBe(false);
  expect(differences(original, memoryCopy(layer.data)), `seed ${seed}, all undone`).toEqual([]);
  for (let i = 0; i < steps; i++) {
    expect(undo.redo()).toBe(true);
    check(`seed ${seed}, redo ${i}`);
  }
  expect(undo.canRedo).toBe(false);
  expect(differences(edited, memoryCopy(layer.data)), `seed ${seed}, all redone`).toEqual([]);
  return log;
}

/** Text has no statement for a variant set without variants, and makes some that lists of their names name. */
function removeEmptySets(layer: Layer): void {
  const sets = [...layer.data.paths()].filter((path) => layer.specType(path) === 'variantSet');
  for (const path of sets) if (layer.childNames(path, 'variantChildren').length === 0) layer.removeSpec(path);
}

const SCENE = `#usda 1.0
(
    subLayers = [@a.usda@]
)
def Xform "A" (
    prepend variantSets = "v"
    prepend references = </Geom>
)
{
    int x = 1
    float3 xformOp:translate.timeSamples = { 0: (0, 0, 0), 1: (1, 0, 0) }
    rel rel = [</A/B>, </Geom>]
    def "B"
    {
        double[] y = [1, 2]
    }
    variantSet "v" = {
        "one" {
            over "B"
            {
                int x.connect = </A.x>
            }
        }
    }
}
class "Geom"
{
}
`;

function parse(file: string, bytes: Uint8Array): LayerData | undefined {
  try {
    return parseUsda(file, bytes, new ProblemList());
  } catch (error) {
    if (error instanceof UsdaParseError) return undefined; // wrong on purpose
    throw error;
  }
}

/** Names and makers of layer data; each call makes it anew. */
function scenes(): [string, () => LayerData][] {
  const list: [string, () => LayerData][] = [
    ['nothing', () => new MemoryLayerData()],
    ['a scene', () => parseUsda('scene.usda', new TextEncoder().encode(SCENE), new ProblemList())],
  ];
  if (!hasCorpus) return list;
  const random = makeRandom(firstSeed);
  const files = expectedFiles().filter(({ file }) => /\.usda?$/.test(file));
  for (let tries = 0; list.length < 12 && tries < 200; tries++) {
    const { file } = files[Math.floor(random() * files.length)]!;
    const bytes = corpusBytes(file);
    if (bytes.length > 30_000 || bytes[0] !== 35 || parse(file, bytes) === undefined) continue;
    list.push([file, () => parse(file, bytes) as LayerData]);
  }
  return list;
}

describe(`layers after random edits (seed ${firstSeed})${CORPUS_NOTE}`, () => {
  const all = scenes();
  const seedsOf = function* (): Generator<[seed: number, name: string, make: () => LayerData]> {
    for (let i = 0; i < ROUNDS; i++) {
      const [name, make] = all[i % all.length] as [string, () => LayerData];
      yield [firstSeed + i, name, make];
    }
  };

  test('tell what differs, undo and redo, in memory and as crates alike', () => {
    for (const [seed, name, make] of seedsOf()) {
      const crate = new CrateLayerData(name, writeUsdc(make(), new ProblemList()));
      const inMemory = new Layer(name, memoryCopy(crate), 'memory');
      const asCrate = new Layer(name, crate, 'usdc');
      const log = exercise(inMemory, seed);
      expect(exercise(asCrate, seed), `seed ${seed}, ${name}`).toEqual(log);
      expect(differences(inMemory.data, memoryCopy(asCrate.data)), `seed ${seed}, ${name}`).toEqual([]);
    }
  }, 120_000);

  test('are the same when written and read again', () => {
    for (const [seed, name, make] of seedsOf()) {
      const layer = new Layer(name, make(), 'usda');
      const editor = new RandomEditor(layer, makeRandom(seed));
      for (let i = 0; i < 100; i++) editor.edit();
      const problems = new ProblemList();
      const crate = new CrateLayerData(name, exportLayer(layer, 'usdc', problems));
      // Single paths, of legacy relationship defaults, are no values of crates; these are reported.
      const isReported = (path: Path): boolean => problems.problems.some((problem) => problem.path === path);
      expect(differences(layer.data, crate, { equivalent: isReported }), `seed ${seed}, ${name} as crate`).toEqual([]);
      const text = exportLayer(layer, 'usda');
      const again = new Layer(name, parseUsda(name, new TextEncoder().encode(text), new ProblemList()), 'usda');
      for (const either of [layer, again]) removeEmptySets(either);
      expect(differences(layer.data, again.data, { equivalent: sameInAnyOrder }), `seed ${seed}, ${name} as text`).toEqual([]);
    }
  }, 120_000);

  test('become another layer by transfer, and no more than that', () => {
    for (const [seed, name, make] of seedsOf()) {
      const layer = new Layer(name, make(), 'usda');
      const target = new Layer(name, make(), 'usda');
      const editor = new RandomEditor(layer, makeRandom(seed));
      for (let i = 0; i < 60; i++) editor.edit();
      const before = snapshotOf(target.data);
      let changes: ChangeList = new Map();
      target.addChangeListener((all) => (changes = all.get(target) as ChangeList));
      target.transferContent(layer.data);
      expect(differences(layer.data, target.data), `seed ${seed}, ${name}`).toEqual([]);
      expect(errorsOf(changes, before, snapshotOf(target.data)), `seed ${seed}, ${name}`).toEqual([]);
      for (const [path, entry] of changes)
        if (entry.isAdded && entry.isRemoved) expect(before.get(path)?.type, `seed ${seed}, ${path}`).not.toBe(layer.specType(path));
    }
  }, 120_000);
});
