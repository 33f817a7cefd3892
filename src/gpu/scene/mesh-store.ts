import type { MeshId, MeshSnapshot } from '../../share/protocol/scene.ts';
import {
  CLUSTER_COUNTS_WORD,
  CLUSTER_FIRST_QUAD_WORD,
  CLUSTER_MATERIAL_WORD,
  CLUSTER_PAGE_WORD,
  CLUSTER_TRANSLUCENT,
  CLUSTER_WORDS,
  MESH_CLUSTER_COUNT_WORD,
  MESH_FIRST_CLUSTER_WORD,
  MESH_WORDS,
} from '../layout/cluster-record.ts';
import type { GeometryRange } from '../resources/geometry-pages.ts';
import { GeometryPages } from '../resources/geometry-pages.ts';
import { RangeAllocator } from '../resources/range-allocator.ts';
import { TableBuffer } from '../resources/table-buffer.ts';
import { ClusterBuilder } from './cluster-builder.ts';
import { newVersion } from '../resources/version.ts';

/** Clusters of a mesh that fall into one draw bin together: what sizes the lists of the cull kernels. */
export interface ClusterGroup {
  readonly page: number;
  /** Row of the material table, or `INHERITED_MATERIAL`. */
  readonly material: number;
  readonly isTranslucent: boolean;
  clusters: number;
  slots: number;
  triangles: number;
}

export interface StoredMesh {
  readonly firstCluster: number;
  readonly clusterCount: number;
  readonly triangleCount: number;
  readonly groups: readonly ClusterGroup[];
  readonly ranges: readonly GeometryRange[];
}

/** Builders that no scene works with: they hold megabytes, and few scenes load at one time. */
const IDLE_BUILDERS: ClusterBuilder[] = [];
const MAX_IDLE_BUILDERS = 2;
/** Triangles that one thread of the expansion looks at; twin of SLOT_TRIANGLES in lists.wgsl. */
const SLOT_TRIANGLES = 16;
/** Rows of the cluster table: 2^24 clusters are 2 G triangles. */
const MAX_CLUSTERS = 1 << 24;

/** All meshes: geometry pages, cluster table, mesh table. Meshes are packed in steps so that frames can come between. */
export class MeshStore {
  readonly pages = new GeometryPages();
  readonly meshTable = new TableBuffer('meshes', MESH_WORDS, 16);
  readonly clusterTable = new TableBuffer('clusters', CLUSTER_WORDS, 64);
  /** Raised whenever sizes of lists may change. */
  version = newVersion();
  triangleCount = 0;
  #meshes: (StoredMesh | undefined)[] = [];
  #meshCount = 0;
  #clusterRows = new RangeAllocator(MAX_CLUSTERS);
  #records = new Uint32Array(1024);

  constructor() {
    this.#clusterRows.addBlock();
  }

  get meshCount(): number {
    return this.#meshCount;
  }

  get(id: number): StoredMesh | undefined {
    return this.#meshes[id];
  }

  /**
   * Packs a mesh in steps; it replaces the one of the same id at the last step. Yields after each step.
   *
   * @param report called with a sentence when something had to be left out
   */
  *add(mesh: MeshSnapshot, report: (code: string, message: string) => void): Generator<void, void> {
    const builder = IDLE_BUILDERS.pop() ?? new ClusterBuilder();
    const ranges: GeometryRange[] = [];
    let isStored = false;
    try {
      isStored = yield* this.#add(builder, ranges, mesh, report);
    } finally {
      // Also when the rest is not wanted any more.
      if (!isStored) for (const range of ranges) this.pages.free(range);
      if (IDLE_BUILDERS.length < MAX_IDLE_BUILDERS) IDLE_BUILDERS.push(builder);
    }
  }

  /** @returns whether the mesh is there now */
  *#add(
    builder: ClusterBuilder,
    ranges: GeometryRange[],
    mesh: MeshSnapshot,
    report: (code: string, message: string) => void,
  ): Generator<void, boolean> {
    builder.begin(mesh);
    const groups: ClusterGroup[] = [];
    let clusterCount = 0;
    let triangleCount = 0;
    for (let run = builder.step(); run !== undefined; run = builder.step()) {
      const range = this.pages.store(run.words, run.wordCount);
      if (range === undefined) {
        report('geometry-full', `Mesh ${mesh.label} is left out: the graphics memory for geometry is full`);
        return false;
      }
      ranges.push(range);
      this.#ensureRecords((clusterCount + run.clusterCount) * CLUSTER_WORDS);
      for (let i = 0; i < run.clusterCount; i++) {
        const at = i * CLUSTER_WORDS;
        run.records[at + CLUSTER_FIRST_QUAD_WORD] = run.records[at + CLUSTER_FIRST_QUAD_WORD]! + range.firstQuad;
        run.records[at + CLUSTER_PAGE_WORD] = range.page;
        const counts = run.records[at + CLUSTER_COUNTS_WORD]!;
        const triangles = counts & 0xff;
        addToGroup(groups, range.page, run.records[at + CLUSTER_MATERIAL_WORD]!, (counts & CLUSTER_TRANSLUCENT) !== 0, triangles);
        triangleCount += triangles;
      }
      this.#records.set(run.records.subarray(0, run.clusterCount * CLUSTER_WORDS), clusterCount * CLUSTER_WORDS);
      clusterCount += run.clusterCount;
      yield;
    }
    if (builder.droppedTriangles > 0) {
      report(
        'mesh-index-outside',
        `Mesh ${mesh.label}: ${builder.droppedTriangles} triangles with indices outside its points are left out`,
      );
    }
    this.remove(mesh.id);
    const firstCluster = clusterCount === 0 ? 0 : this.#clusterRows.allocate(clusterCount);
    if (firstCluster === undefined) {
      report('geometry-full', `Mesh ${mesh.label} is left out: the cluster table is full`);
      return false;
    }
    this.clusterTable.ensureRows(firstCluster + clusterCount);
    this.clusterTable.words.set(this.#records.subarray(0, clusterCount * CLUSTER_WORDS), firstCluster * CLUSTER_WORDS);
    this.clusterTable.markRows(firstCluster, clusterCount);

    this.meshTable.ensureRows(mesh.id + 1);
    const word = mesh.id * MESH_WORDS;
    const floats = this.meshTable.floats;
    const [minX, minY, minZ, maxX, maxY, maxZ] = mesh.bounds;
    floats[word] = 0.5 * (minX + maxX);
    floats[word + 1] = 0.5 * (minY + maxY);
    floats[word + 2] = 0.5 * (minZ + maxZ);
    floats[word + 3] = 0.5 * Math.hypot(maxX - minX, maxY - minY, maxZ - minZ);
    this.meshTable.words[word + MESH_FIRST_CLUSTER_WORD] = firstCluster;
    this.meshTable.words[word + MESH_CLUSTER_COUNT_WORD] = clusterCount;
    this.meshTable.markRows(mesh.id, 1);

    while (this.#meshes.length <= mesh.id) this.#meshes.push(undefined);
    this.#meshes[mesh.id] = { firstCluster, clusterCount, triangleCount, groups, ranges };
    this.#meshCount++;
    this.triangleCount += triangleCount;
    this.version = newVersion();
    return true;
  }

  remove(id: MeshId): void {
    const mesh = this.#meshes[id];
    if (mesh === undefined) return;
    for (const range of mesh.ranges) this.pages.free(range);
    if (mesh.clusterCount > 0) this.#clusterRows.free(mesh.firstCluster, mesh.clusterCount);
    this.meshTable.words[id * MESH_WORDS + MESH_CLUSTER_COUNT_WORD] = 0;
    this.meshTable.markRows(id, 1);
    this.#meshes[id] = undefined;
    this.#meshCount--;
    this.triangleCount -= mesh.triangleCount;
    this.version = newVersion();
  }

  /** Removes every mesh; memory is kept for the next stage. */
  clear(): void {
    for (let id = 0; id < this.#meshes.length; id++) this.remove(id as MeshId);
  }

  /** Makes mesh rows that instances name before their mesh arrives readable as empty meshes. */
  ensureMeshRows(rows: number): void {
    this.meshTable.ensureRows(rows);
  }

  #ensureRecords(words: number): void {
    if (this.#records.length >= words) return;
    const grown = new Uint32Array(Math.max(words, this.#records.length * 2));
    grown.set(this.#records);
    this.#records = grown;
  }
}

function addToGroup(groups: ClusterGroup[], page: number, material: number, isTranslucent: boolean, triangles: number): void {
  let group = groups.find(
    (candidate) => candidate.page === page && candidate.material === material && candidate.isTranslucent === isTranslucent,
  );
  if (group === undefined) {
    group = { page, material, isTranslucent, clusters: 0, slots: 0, triangles: 0 };
    groups.push(group);
  }
  group.clusters++;
  group.slots += Math.ceil(triangles / SLOT_TRIANGLES);
  group.triangles += triangles;
}
