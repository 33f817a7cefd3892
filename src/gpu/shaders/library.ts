import argumentsWgsl from '../compute/cull/arguments.wgsl?raw';
import cullWgsl from '../compute/cull/cull.wgsl?raw';
import expandWgsl from '../compute/cull/expand.wgsl?raw';
import domeWgsl from '../compute/environment/dome.wgsl?raw';
import prefilterWgsl from '../compute/environment/prefilter.wgsl?raw';
import studioWgsl from '../compute/environment/studio.wgsl?raw';
import sortWgsl from '../compute/sort/sort.wgsl?raw';
import mipsWgsl from '../compute/mips/mips.wgsl?raw';
import meshWgsl from '../passes/mesh/mesh.wgsl?raw';
import groundWgsl from '../passes/ground/ground.wgsl?raw';
import skyboxWgsl from '../passes/skybox/skybox.wgsl?raw';
import toneMapWgsl from '../passes/tone-map/tone-map.wgsl?raw';
import type { ComposedShader, ShaderPart } from './compose.ts';
import { composeShader } from './compose.ts';
import cubeWgsl from './cube.wgsl?raw';
import environmentLightWgsl from './environment-light.wgsl?raw';
import fullscreenWgsl from './fullscreen.wgsl?raw';
import lightsWgsl from './lights.wgsl?raw';
import listsWgsl from './lists.wgsl?raw';
import packingWgsl from './packing.wgsl?raw';
import pbrWgsl from './pbr.wgsl?raw';
import sceneWgsl from './scene.wgsl?raw';
import shadingWgsl from './shading.wgsl?raw';
import studioLightWgsl from './studio-light.wgsl?raw';
import surfaceWgsl from './surface.wgsl?raw';
import texturesWgsl from './textures.wgsl?raw';
import viewWgsl from './view.wgsl?raw';

const part = (name: string, text: string): ShaderPart => ({ name, text });
const view = part('shaders/view.wgsl', viewWgsl);
const scene = part('shaders/scene.wgsl', sceneWgsl);
const lists = part('shaders/lists.wgsl', listsWgsl);
const shading = part('shaders/shading.wgsl', shadingWgsl);
const packing = part('shaders/packing.wgsl', packingWgsl);
const cube = part('shaders/cube.wgsl', cubeWgsl);
const studioLight = part('shaders/studio-light.wgsl', studioLightWgsl);
const fullscreen = part('shaders/fullscreen.wgsl', fullscreenWgsl);

/** Every shader of the renderer, joined. A test compiles them all. */
export const SHADERS = {
  cull: composeShader('cull', [view, scene, lists, part('compute/cull/cull.wgsl', cullWgsl)]),
  expand: composeShader('expand', [view, scene, lists, part('compute/cull/expand.wgsl', expandWgsl)]),
  arguments: composeShader('arguments', [lists, part('compute/cull/arguments.wgsl', argumentsWgsl)]),
  sort: composeShader('sort', [lists, part('compute/sort/sort.wgsl', sortWgsl)]),
  studio: composeShader('studio', [cube, studioLight, part('compute/environment/studio.wgsl', studioWgsl)]),
  dome: composeShader('dome', [cube, part('compute/environment/dome.wgsl', domeWgsl)]),
  prefilter: composeShader('prefilter', [cube, part('compute/environment/prefilter.wgsl', prefilterWgsl)]),
  mesh: composeShader('mesh', [
    view,
    scene,
    shading,
    packing,
    cube,
    part('shaders/textures.wgsl', texturesWgsl),
    part('shaders/pbr.wgsl', pbrWgsl),
    part('shaders/environment-light.wgsl', environmentLightWgsl),
    part('shaders/lights.wgsl', lightsWgsl),
    part('shaders/surface.wgsl', surfaceWgsl),
    part('passes/mesh/mesh.wgsl', meshWgsl),
  ]),
  mips: composeShader('mips', [part('compute/mips/mips.wgsl', mipsWgsl)]),
  ground: composeShader('ground', [view, part('passes/ground/ground.wgsl', groundWgsl)]),
  skybox: composeShader('skybox', [view, studioLight, part('passes/skybox/skybox.wgsl', skyboxWgsl)]),
  toneMap: composeShader('tone-map', [fullscreen, part('passes/tone-map/tone-map.wgsl', toneMapWgsl)]),
} as const satisfies Record<string, ComposedShader>;
