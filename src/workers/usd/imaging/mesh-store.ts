/** Geometry in the renderer, shared by key. What nobody uses is removed when a change is complete. */
import type { ErrorInfo } from '../../../share/protocol/error-info.ts';
import type { Aabb, MeshId } from '../../../share/protocol/scene.ts';
import type { MemoryBudget } from '../memory-budget.ts';
import type { SceneWriter } from '../scene-writer.ts';
import type { MadeMesh, MeshEntry } from './adapter.ts';
import type { MaterialEntry, MaterialStore } from './material-store.ts';

interface StoredMesh extends MeshEntry {
  key: string;
  bounds: Aabb;
  triangleCount: number;
  time: number;
  materials: readonly MaterialEntry[];
  uses: number;
  bytes: number;
}

export class MeshStore {
  #entries = new Map<string, StoredMesh>();
  #writer: SceneWriter;
  #materials: MaterialStore;
  #report: (problem: ErrorInfo) => void;
  #budget: MemoryBudget;
  /** What the budget leaves out is told once: most of a scene may follow. */
  #isOverBudget = false;

  constructor(writer: SceneWriter, materials: MaterialStore, report: (problem: ErrorInfo) => void, budget: MemoryBudget) {
    this.#writer = writer;
    this.#materials = materials;
    this.#report = report;
    this.#budget = budget;
  }

  get count(): number {
    return this.#entries.size;
  }

  /** See `ImagingContext.mesh`. Each call is one use, to be given back with `release`. */
  request(
    key: string,
    label: string,
    time: number,
    options: { readonly isAnimated?: boolean; readonly materials?: readonly MaterialEntry[] },
    make: () => MadeMesh | undefined,
  ): MeshEntry | undefined {
    const known = this.#entries.get(key);
    if (known !== undefined && (options.isAnimated !== true || known.time === time)) {
      known.uses++;
      return known;
    }
    const made = make();
    const bytes = made === undefined ? 0 : bytesOf(made);
    if (made === undefined || !this.#budget.take(bytes - (known?.bytes ?? 0))) {
      if (made !== undefined) this.#leaveOut(key);
      if (known !== undefined) this.#forget(known);
      return undefined;
    }
    const { materials = [] } = options;
    for (const material of materials) this.#materials.retain(material);
    const triangleCount = made.indices.length / 3;
    let entry = known;
    if (entry === undefined) {
      entry = { id: this.#writer.meshIds.allocate() as MeshId, key, bounds: made.bounds, triangleCount, time, materials, uses: 0, bytes };
      this.#entries.set(key, entry);
    } else {
      for (const material of entry.materials) this.#materials.release(material);
      entry.bounds = made.bounds;
      entry.triangleCount = triangleCount;
      entry.materials = materials;
      entry.time = time;
      entry.bytes = bytes;
    }
    entry.uses++;
    this.#writer.putMesh({ id: entry.id, label, ...made });
    return entry;
  }

  release(entry: MeshEntry): void {
    (entry as StoredMesh).uses--;
  }

  /** Makes sure that geometry read from changed prims is made again. Keys begin with the path of their prim and a newline. */
  forget(isChanged: (path: string) => boolean): void {
    // A list of its own: entries are put back under other keys on the way.
    for (const entry of Array.from(this.#entries.values())) {
      if (isChanged(entry.key.slice(0, Math.max(0, entry.key.indexOf('\n'))))) this.#forget(entry);
    }
  }

  sweep(): void {
    for (const entry of this.#entries.values()) {
      if (entry.uses > 0) continue;
      this.#entries.delete(entry.key);
      this.#budget.giveBack(entry.bytes);
      for (const material of entry.materials) this.#materials.release(material);
      this.#writer.removeMesh(entry.id);
    }
  }

  #leaveOut(key: string): void {
    if (this.#isOverBudget) return;
    this.#isOverBudget = true;
    const path = key.slice(0, Math.max(0, key.indexOf('\n')));
    this.#report({
      code: 'memory-budget',
      severity: 'error',
      message: `The geometry takes the whole memory budget of ${this.#budget.text}: this prim and others are left out. Raise the memory budget in the settings`,
      ...(path === '' ? {} : { path }),
    });
  }

  /** Whoever uses it keeps it; whoever asks for the key gets a new one. */
  #forget(entry: StoredMesh): void {
    this.#entries.delete(entry.key);
    entry.key = `gone\n${entry.id}`;
    this.#entries.set(entry.key, entry);
  }
}

function bytesOf({ positions, normals, tangents, uvs, colors, indices }: MadeMesh): number {
  const arrays = [positions, normals, tangents, colors, indices, ...uvs];
  return arrays.reduce((sum, array) => sum + (array?.byteLength ?? 0), 0);
}
