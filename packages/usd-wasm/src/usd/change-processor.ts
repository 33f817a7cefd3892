/**
 * Brings the prims of a stage in line with what edits changed in its layers: only what depends on an edit is composed anew.
 * Source: OpenUSD usd/stage.cpp (change processing); values.md section 9.
 */
import type { Cache } from '../pcp/cache.ts';
import { withoutDescendants, type IndexChanges } from '../pcp/changes.ts';
import type { CompositionError } from '../pcp/composition-error.ts';
import { appendProperty, nameOf, parentPath, primPathOf, ROOT_PATH, type Path } from '../sdf/path.ts';
import type { Population } from './population.ts';
import { PRIM_EXPIRED, PRIM_PROTOTYPE, type PrimRecord } from './prim-record.ts';
import { usedFiles, type StageProblems } from './stage-problems.ts';

/** What became of the prims, in paths of the stage. */
export interface ProcessedChanges {
  readonly resynced: Set<Path>;
  /** Path → fields that layers changed there. */
  readonly infos: Map<Path, Set<string>>;
  /** Fields behind resyncs. */
  readonly resyncFields: Map<Path, Set<string>>;
}

export class ChangeProcessor {
  readonly #cache: Cache;
  readonly #population: Population;
  readonly #problems: StageProblems;
  /** Of the root layer stack, as they were reported. */
  #rootErrors: readonly CompositionError[];

  constructor(cache: Cache, population: Population, problems: StageProblems) {
    this.#cache = cache;
    this.#population = population;
    this.#problems = problems;
    this.#rootErrors = cache.layerStack.errors;
  }

  /** Composes anew what the changes concern, with the layers that are there. */
  apply(changes: IndexChanges): ProcessedChanges {
    const processed: ProcessedChanges = { resynced: new Set(), infos: new Map(), resyncFields: new Map() };
    const { significant } = changes;
    for (const path of changes.specs) if (!this.#cache.refreshSpecs(path)) significant.add(path);
    const recomposes = changes.isEverything || significant.size > 0 || changes.prims.size > 0 || changes.children.size > 0;
    const filesBefore = recomposes && this.#problems.hasFileProblems ? this.#usedFiles() : undefined;
    if (changes.isEverything || significant.has(ROOT_PATH)) {
      this.#cache.invalidateAll();
      processed.resynced.add(ROOT_PATH);
      this.#population.populateNow([this.#population.reset()]);
      this.#settlePrototypes(processed);
    } else {
      if (recomposes) this.#recompose(changes, processed);
      for (const path of changes.types) for (const record of this.#recordsOf(path)) processed.resynced.add(record.path);
      this.#markProperties(changes, processed);
      this.#markInfos(changes, processed);
    }
    const { errors } = this.#cache.layerStack;
    if (recomposes || errors !== this.#rootErrors) {
      this.#rootErrors = errors;
      this.#problems.setRootErrors(errors);
      if (recomposes && this.#problems.hasFileProblems) this.#problems.setUsedFiles(filesBefore ?? new Set(), this.#usedFiles());
      this.#problems.settle();
    }
    return processed;
  }

  #recompose(changes: IndexChanges, { resynced, resyncFields }: ProcessedChanges): void {
    const { children, prims, significant, infos } = changes;
    const population = this.#population;
    for (const path of withoutDescendants(significant)) this.#cache.forget(path);
    const remade = new Set([...significant, ...prims]);
    const roots: PrimRecord[] = [];
    // Ancestors first: what is below a record that is made again is gone with it. Not so the prototype of an instance.
    for (const path of [...remade].sort()) {
      const records = this.#recordsOf(path);
      // named by its parent, but not there until now
      if (records.length === 0) children.add(parentPath(path));
      for (const record of records) {
        resynced.add(record.path);
        const fields = infos.get(path);
        if (fields !== undefined) resyncFields.set(record.path, fields);
        roots.push(population.replace(record));
      }
    }
    for (const path of children) {
      // also where prims above are made again: these may keep their indexes
      this.#cache.knownIndex(path)?.forgetChildNames();
      for (const record of population.recordsOf(path)) {
        // made again already, or its prototype is made again below
        if (record.index !== this.#cache.knownIndex(path)) continue;
        const { added, removed, isReordered } = population.updateChildren(record);
        for (const child of added) resynced.add(child.path);
        for (const child of removed) resynced.add(child);
        if (isReordered) resynced.add(record.path);
        roots.push(...added);
      }
    }
    population.populateNow(roots.filter((record) => (record.flags & PRIM_EXPIRED) === 0));
    this.#settlePrototypes({ resynced });
  }

  /** Prototypes without instances go; those whose source went, or has another index now, are made again. */
  #settlePrototypes({ resynced }: Pick<ProcessedChanges, 'resynced'>): void {
    const population = this.#population;
    const { touchedPrototypes } = population;
    while (touchedPrototypes.size > 0) {
      const touched = [...touchedPrototypes];
      touchedPrototypes.clear();
      const roots: PrimRecord[] = [];
      for (const prototype of touched) {
        if (population.prototypes.get(prototype.key) !== prototype) continue;
        const sources = [...prototype.instances];
        if (sources.length === 0) {
          population.drop(prototype);
          resynced.add(prototype.path);
          continue;
        }
        const source = sources.find((record) => record.indexPath === prototype.root.indexPath);
        if (source === undefined || this.#cache.primIndex(source.indexPath) !== prototype.root.index) {
          roots.push(population.restart(prototype, source ?? (sources[0] as PrimRecord)));
          resynced.add(prototype.path);
        }
      }
      if (roots.length > 0) population.populateNow(roots);
    }
  }

  #markProperties({ properties, infos }: IndexChanges, { resynced, resyncFields }: ProcessedChanges): void {
    for (const path of properties) {
      const prim = primPathOf(path);
      const name = nameOf(path);
      this.#cache.knownIndex(prim)?.forgetPropertyNames();
      for (const record of this.#recordsOf(prim)) {
        const property = appendProperty(record.path, name);
        this.#problems.forgetTargets(record.path, name);
        resynced.add(property);
        const fields = infos.get(path);
        if (fields !== undefined) resyncFields.set(property, fields);
      }
    }
  }

  #markInfos({ infos }: IndexChanges, processed: ProcessedChanges): void {
    for (const [path, fields] of infos) {
      if (path === ROOT_PATH) {
        addFields(processed.infos, path, fields);
        continue;
      }
      const prim = primPathOf(path);
      for (const record of this.#recordsOf(prim)) {
        if (prim !== path && (fields.has('targetPaths') || fields.has('connectionPaths')))
          this.#problems.forgetTargets(record.path, nameOf(path));
        addFields(processed.infos, prim === path ? record.path : appendProperty(record.path, nameOf(path)), fields);
      }
    }
  }

  /** Records of an index that opinions of the prim itself count for: not the roots of prototypes, which have none. */
  #recordsOf(path: Path): PrimRecord[] {
    return this.#population.recordsOf(path).filter((record) => (record.flags & PRIM_PROTOTYPE) === 0);
  }

  #usedFiles(): Set<string> {
    return usedFiles(
      this.#cache,
      [...this.#population.records.values()].map((record) => record.index),
    );
  }
}

function addFields(into: Map<Path, Set<string>>, path: Path, fields: ReadonlySet<string>): void {
  const known = into.get(path);
  if (known === undefined) into.set(path, new Set(fields));
  else for (const field of fields) known.add(field);
}
