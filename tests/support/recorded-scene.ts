/** A stand-in for the renderer: applies change sets to tables and refuses what the renderer would misread. */
import { expect } from 'vitest';
import {
  NONE_ID,
  transferOfSceneChanges,
  type LightSnapshot,
  type MaterialSnapshot,
  type MeshSnapshot,
  type SceneChanges,
  type SceneInfo,
  type TextureSnapshot,
} from '../../src/share/protocol/scene.ts';

export interface RecordedRow {
  readonly mesh: number;
  readonly material: number;
  readonly prim: number;
  flags: number;
  matrix: number[];
}

export class RecordedScene {
  info: SceneInfo | undefined;
  readonly meshes = new Map<number, MeshSnapshot>();
  readonly materials = new Map<number, MaterialSnapshot>();
  readonly textures = new Map<number, TextureSnapshot>();
  readonly lights = new Map<number, LightSnapshot>();
  readonly rows = new Map<number, RecordedRow>();
  readonly milestones: string[] = [];
  messages: SceneChanges[] = [];
  #nextSequence = 0;

  /** The port's side that the writer talks to. */
  postMessage(changes: SceneChanges, transfer: Transferable[]): void {
    expect(transfer).toEqual(transferOfSceneChanges(changes));
    expect(changes.sequence).toBe(this.#nextSequence++);
    if (changes.reset !== undefined) {
      this.info = changes.reset;
      for (const table of [this.meshes, this.materials, this.textures, this.lights, this.rows]) table.clear();
    }
    this.messages.push(changes);
    for (const id of changes.removedMeshes ?? []) expect(this.meshes.delete(id), `mesh ${id} to remove`).toBe(true);
    for (const id of changes.removedMaterials ?? []) expect(this.materials.delete(id), `material ${id} to remove`).toBe(true);
    for (const id of changes.removedTextures ?? []) this.textures.delete(id);
    for (const id of changes.removedLights ?? []) expect(this.lights.delete(id), `light ${id} to remove`).toBe(true);
    for (const id of changes.removedInstances ?? []) this.rows.delete(id);
    for (const texture of changes.textures ?? []) {
      expect(texture.data.length).toBe(texture.width * texture.height * 4);
      this.textures.set(texture.id, texture);
    }
    for (const material of changes.materials ?? []) this.materials.set(material.id, material);
    for (const mesh of changes.meshes ?? []) {
      checkMesh(mesh);
      this.meshes.set(mesh.id, mesh);
    }
    const { instances, transforms, flags } = changes;
    instances?.ids.forEach((id, i) => {
      this.rows.set(id, {
        mesh: instances.meshes[i]!,
        material: instances.materials[i]!,
        prim: instances.prims[i]!,
        flags: instances.flags[i]!,
        matrix: Array.from(instances.worldFromLocal.subarray(i * 16, i * 16 + 16)),
      });
    });
    transforms?.ids.forEach((id, i) => {
      const row = this.rows.get(id);
      expect(row, `row ${id} to move`).toBeDefined();
      row!.matrix = Array.from(transforms.worldFromLocal.subarray(i * 16, i * 16 + 16));
    });
    flags?.ids.forEach((id, i) => {
      const row = this.rows.get(id);
      expect(row, `row ${id} to flag`).toBeDefined();
      row!.flags = flags.flags[i]!;
    });
    for (const light of changes.lights ?? []) this.lights.set(light.id, light);
    if (changes.milestone !== undefined) this.milestones.push(changes.milestone);
  }

  /** Rows name meshes and materials that are there. Call when a change is complete. */
  check(): void {
    for (const [id, row] of this.rows) {
      const mesh = this.meshes.get(row.mesh);
      expect(mesh, `mesh ${row.mesh} of row ${id}`).toBeDefined();
      expect(this.materials.has(row.material), `material ${row.material} of row ${id}`).toBe(true);
      for (const subset of mesh!.subsets)
        expect(subset.material === NONE_ID || this.materials.has(subset.material), `material ${subset.material} of ${mesh!.label}`).toBe(
          true,
        );
      expect(row.matrix.every(Number.isFinite)).toBe(true);
    }
  }

  get visibleTriangles(): number {
    let count = 0;
    for (const row of this.rows.values()) if ((row.flags & 1) !== 0) count += this.meshes.get(row.mesh)!.indices.length / 3;
    return count;
  }
}

function checkMesh(mesh: MeshSnapshot): void {
  const vertexCount = mesh.positions.length / 3;
  expect(mesh.normals.length, mesh.label).toBe(vertexCount * 3);
  if (mesh.tangents !== undefined) expect(mesh.tangents.length, mesh.label).toBe(vertexCount * 4);
  if (mesh.colors !== undefined) expect(mesh.colors.length, mesh.label).toBe(vertexCount * 4);
  expect(mesh.uvs.length).toBeLessThanOrEqual(2);
  for (const uvs of mesh.uvs) expect(uvs.length, mesh.label).toBe(vertexCount * 2);
  expect(mesh.indices.length % 3).toBe(0);
  let max = 0;
  for (const index of mesh.indices) if (index > max) max = index;
  expect(max, mesh.label).toBeLessThan(vertexCount);
  expect(mesh.normals.every(Number.isFinite), mesh.label).toBe(true);
  let next = 0;
  for (const subset of mesh.subsets) {
    expect(subset.firstTriangle, mesh.label).toBe(next);
    next += subset.triangleCount;
  }
  expect(next, mesh.label).toBe(mesh.indices.length / 3);
}
