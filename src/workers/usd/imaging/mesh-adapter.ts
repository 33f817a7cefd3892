/** UsdGeomMesh: triangles, primvars, subsets and what the bound materials ask for. Subdivision surfaces are shown as their control mesh, smoothly shaded. */
import { primvarOrAttribute, type Prim } from 'usd-wasm';
import type { Imaged, ImagingContext, PrimAdapter } from './adapter.ts';
import type { MaterialEntry } from './material-store.ts';
import { buildMesh, type Interpolation, type MeshSource, type PrimvarData } from './mesh-geometry.ts';
import { displayOpinions } from './display-color.ts';
import { readPrimvar, type ReadPrimvar } from './primvars.ts';
import { floatsOf, isAuthored, readBoolean, readFloats, readIntegers, readToken } from './read-attribute.ts';
import { readSkinning, reportSkinning, skinnedNormals, skinnedPoints, type Skinned } from './skinning.ts';

export const meshAdapter: PrimAdapter = {
  typeNames: ['Mesh'],

  image(prim: Prim, context: ImagingContext): Imaged | undefined {
    const { time } = context;
    const bound = context.boundMaterial(prim);
    const subsets = materialSubsets(prim, context);
    const display = displayOpinions(prim, context);
    const asking = [...(bound === undefined ? [] : [bound]), ...subsets.map((subset) => subset.material)];

    const uvNames: string[] = [];
    for (const material of asking)
      for (const name of material.uvNames) if (!uvNames.includes(name) && uvNames.length < 2) uvNames.push(name);
    const ordered = (material: MaterialEntry): MaterialEntry => context.withUvOrder(material, uvNames);
    const rowMaterial = bound === undefined ? display.material : ordered(bound);
    const subsetMaterials = subsets.map((subset) => ordered(subset.material));
    const tangentUvs = [rowMaterial, ...subsetMaterials].find((material) => material.tangentUvs !== undefined)?.tangentUvs;

    const colors = vertexColors(prim, [rowMaterial, ...subsetMaterials], display, context);
    const uvs = uvNames.map((name) => readPrimvar(prim, name, 2, time));
    const skinned = readSkinning(prim, context);
    const normals = readNormals(prim, time, skinned);
    const isAnimated =
      ['points', 'faceVertexCounts', 'faceVertexIndices', 'holeIndices'].some(
        (name) => isAuthored(prim, name) && prim.getAttribute(name)?.valueMightBeTimeVarying === true,
      ) ||
      normals?.isAnimated === true ||
      skinned?.isAnimated === true ||
      colors.isAnimated ||
      uvs.some((uv) => uv?.isAnimated === true);
    // Meshes of a prototype that skeletons move differently.
    const bones = skinned === undefined ? '' : (context.inherited?.key ?? '');
    const key = `${prim.path}\n${bones}\n${uvNames.join(' ')}\n${tangentUvs ?? ''}\n${colors.key}\n${subsetMaterials.map((material) => material.id).join(' ')}`;
    const mesh = context.mesh(key, prim.path, { isAnimated, materials: subsetMaterials }, () => {
      const points = readFloats(prim.getAttribute('points'), time);
      const faceVertexCounts = readIntegers(prim.getAttribute('faceVertexCounts'), time);
      const faceVertexIndices = readIntegers(prim.getAttribute('faceVertexIndices'), time);
      if (points === undefined || faceVertexCounts === undefined || faceVertexIndices === undefined) return undefined;
      const holeIndices = isAuthored(prim, 'holeIndices') ? readIntegers(prim.getAttribute('holeIndices'), time) : undefined;
      const scheme = readToken(prim, 'subdivisionScheme', time, 'catmullClark');
      const source: MeshSource = {
        points: skinned === undefined ? points : skinnedPoints(skinned, points, time),
        faceVertexCounts,
        faceVertexIndices,
        isLeftHanded: readToken(prim, 'orientation', time, 'rightHanded') === 'leftHanded',
        isSmooth: scheme === 'catmullClark' || scheme === 'loop',
        uvs: uvs.map((uv) => uv?.data),
        subsets: subsets.map((subset, i) => ({ faces: subset.faces, material: (subsetMaterials[i] as MaterialEntry).id })),
        ...(holeIndices === undefined || holeIndices.length === 0 ? {} : { holeIndices }),
        ...(normals === undefined ? {} : { normals: normals.data }),
        ...(colors.color === undefined ? {} : { color: colors.color }),
        ...(colors.opacity === undefined ? {} : { opacity: colors.opacity }),
        ...(tangentUvs === undefined ? {} : { tangentUvs }),
      };
      const arrays = buildMesh(source, (code, message) =>
        context.report({ code, severity: 'warning', message: `Mesh ${prim.path}: ${message}`, path: prim.path }),
      );
      return arrays === undefined ? undefined : { ...arrays, isDoubleSided: readBoolean(prim, 'doubleSided', time, false) };
    });
    if (skinned !== undefined) reportSkinning(skinned, prim, context);
    const matrix = skinned?.matrix;
    return {
      drawables: mesh === undefined ? [] : [{ mesh, material: rowMaterial.id, ...(matrix === undefined ? {} : { matrix }) }],
      isAnimated: isAnimated || display.isAnimated || skinned?.isMatrixAnimated === true,
    };
  },
};

/** Subsets of faces that have a material of their own. */
function materialSubsets(prim: Prim, context: ImagingContext): { readonly faces: Int32Array; readonly material: MaterialEntry }[] {
  const result: { faces: Int32Array; material: MaterialEntry }[] = [];
  for (const child of prim.allChildren) {
    if (
      child.typeName !== 'GeomSubset' ||
      !child.isActive ||
      child.specifier !== 'def' ||
      readToken(child, 'elementType', context.time, 'face') !== 'face'
    )
      continue;
    const family = readToken(child, 'familyName', context.time, '');
    // Other families group faces for other ends; an unnamed family that binds a material means it for drawing.
    if (family !== 'materialBind' && family !== '') continue;
    const faces = readIntegers(child.getAttribute('indices'), context.time);
    if (faces === undefined || faces.length === 0) continue;
    const material = context.ownMaterial(child);
    if (material !== undefined) result.push({ faces, material });
  }
  return result;
}

interface VertexColors {
  readonly color: PrimvarData | undefined;
  readonly opacity: PrimvarData | undefined;
  readonly isAnimated: boolean;
  readonly key: string;
}

/** Colours the materials read from the mesh. */
function vertexColors(
  prim: Prim,
  materials: readonly MaterialEntry[],
  display: { color: ReadPrimvar | undefined; opacity: ReadPrimvar | undefined },
  context: ImagingContext,
): VertexColors {
  const colorName = materials.find((material) => material.colorPrimvar !== undefined)?.colorPrimvar;
  const opacityName = materials.find((material) => material.opacityPrimvar !== undefined)?.opacityPrimvar;
  const color =
    colorName === undefined ? undefined : colorName === 'displayColor' ? display.color : readPrimvar(prim, colorName, 3, context.time);
  const opacity =
    opacityName === undefined
      ? undefined
      : opacityName === 'displayOpacity'
        ? display.opacity
        : readPrimvar(prim, opacityName, 1, context.time);
  // What an instance hands down is part of the geometry then.
  const inherited = colorName === 'displayColor' || opacityName === 'displayOpacity' ? (context.inherited?.key ?? '') : '';
  return {
    color: color?.data,
    opacity: opacity?.data,
    isAnimated: color?.isAnimated === true || opacity?.isAnimated === true,
    key: `${colorName ?? ''} ${opacityName ?? ''} ${inherited}`,
  };
}

function readNormals(prim: Prim, time: number, skinned: Skinned | undefined): ReadPrimvar | undefined {
  const primvar = primvarOrAttribute(prim, 'normals');
  const values = floatsOf(primvar?.attribute.getValue(time));
  if (primvar === undefined || values === undefined || values.length < 3) return undefined;
  const indices = primvar.indicesAttribute === undefined ? undefined : readIntegers(primvar.indicesAttribute, time);
  const own = { values, width: 3, interpolation: primvar.interpolation as Interpolation, ...(indices === undefined ? {} : { indices }) };
  return {
    data: (skinned === undefined ? undefined : skinnedNormals(skinned, primvar, time)) ?? own,
    isAnimated: primvar.attribute.valueMightBeTimeVarying || primvar.indicesAttribute?.valueMightBeTimeVarying === true,
  };
}
