import type { CullView } from '../../compute/cull/cull-pass.ts';
import type { EnvironmentBindings } from '../../compute/environment/environment.ts';
import type { SortPass } from '../../compute/sort/sort-pass.ts';
import type { RenderScene } from '../../scene/render-scene.ts';
import type { MeshPass } from './mesh-pass.ts';

/** Uniform buffers of the picture being drawn. */
export interface ViewBuffers {
  readonly view: GPUBuffer;
  readonly shading: GPUBuffer;
}

/** What the mesh pass binds for one view: its uniforms, its environment, its scene and textures, and the lists of the device. */
export class MeshBindings {
  #pass: MeshPass;
  #views: ViewBuffers;
  #environment: EnvironmentBindings | undefined;
  #frameGroup: GPUBindGroup | undefined;
  #sceneGroup: GPUBindGroup | undefined;
  #textureGroup: GPUBindGroup | undefined;
  #pageGroups: GPUBindGroup[] = [];
  #sortedGroups: GPUBindGroup[] = [];
  #bindVersion = '';
  #textureVersion = -1;

  constructor(pass: MeshPass, views: ViewBuffers) {
    this.#pass = pass;
    this.#views = views;
  }

  /** @param sort holds the blended triangles in order, when there are any */
  prepare(scene: RenderScene, cull: CullView, environment: EnvironmentBindings, sort: SortPass | undefined): void {
    const { device, layouts } = this.#pass;
    if (environment !== this.#environment) {
      this.#environment = environment;
      this.#frameGroup = device.createBindGroup({
        label: 'mesh/frame',
        layout: layouts.frame,
        entries: [
          { binding: 0, resource: { buffer: this.#views.view } },
          { binding: 1, resource: { buffer: this.#views.shading } },
          { binding: 2, resource: { buffer: environment.harmonics } },
          { binding: 3, resource: environment.cube },
          { binding: 4, resource: environment.table },
          { binding: 5, resource: this.#pass.linearSampler },
        ],
      });
    }
    if (scene.textures.version !== this.#textureVersion) {
      this.#textureVersion = scene.textures.version;
      this.#textureGroup = device.createBindGroup({
        label: 'mesh/textures',
        layout: layouts.textures,
        entries: [{ binding: 0, resource: this.#pass.textureSampler }, ...scene.textures.bindGroupEntries()],
      });
    }
    const version = `${scene.bufferVersion}/${cull.lists.version}/${sort?.version}`;
    if (version === this.#bindVersion) return;
    this.#bindVersion = version;
    const group = (label: string, layout: GPUBindGroupLayout, buffers: readonly GPUBuffer[]): GPUBindGroup =>
      device.createBindGroup({
        label: `mesh/${label}`,
        layout,
        entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
      });
    const { instances, meshes, materials } = scene;
    this.#sceneGroup = group('scene', layouts.scene, [
      instances.table.buffer!,
      meshes.clusterTable.buffer!,
      materials.table.buffer!,
      materials.textureTable.buffer!,
    ]);
    const { entries, triangles } = cull.lists;
    this.#pageGroups = [];
    this.#sortedGroups = [];
    for (let page = 0; page < meshes.pages.pageCount; page++) {
      const geometry = meshes.pages.buffer(page)!;
      this.#pageGroups.push(group(`page ${page}`, layouts.page, [entries, triangles, geometry]));
      if (sort !== undefined) this.#sortedGroups.push(group(`page ${page} sorted`, layouts.page, [entries, sort.triangles, geometry]));
    }
  }

  /** Binds what is the same for all bins of a picture. */
  set(pass: GPURenderPassEncoder): void {
    pass.setBindGroup(0, this.#frameGroup!);
    pass.setBindGroup(1, this.#sceneGroup!);
    pass.setBindGroup(3, this.#textureGroup!);
  }

  pageGroup(page: number, isSorted: boolean): GPUBindGroup {
    const groups = isSorted && this.#sortedGroups.length > 0 ? this.#sortedGroups : this.#pageGroups;
    return groups[page]!;
  }
}
