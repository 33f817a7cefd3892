import { resolveInput, resolvePort, shaderId } from '../../schemas/shade/connectable.ts';
import type { Prim } from '../../usd/prim.ts';
import { readText, readTuple } from '../../schemas/value-readers.ts';
import { extensionOf } from '../extension.ts';
import type { CheckContext, Finding, Rule } from '../rule.ts';
import { earliestValue, isConnectable } from '../shading.ts';
import type { Value } from '../../vt/value.ts';

const EIGHT_BIT: ReadonlySet<string> = new Set(['bmp', 'tga', 'jpg', 'jpeg', 'png', 'tif']);

export const normalMapTexture: Rule = {
  name: 'NormalMapTextureChecker',
  description: `UsdUVTexture nodes that feed the _inputs:normals_ of a
UsdPreviewSurface must ensure that the data is encoded and scaled properly.
Specifically:
   - Since normals are expected to be in the range [(-1,-1,-1), (1,1,1)],
     the Texture node must transform 8-bit textures from their [0..1] range by
     setting its _inputs:scale_ to (2, 2, 2, 1) and 
     _inputs:bias_ to (-1, -1, -1, 0)
   - Normal map data is commonly expected to be linearly encoded.  However, many
     image-writing tools automatically set the profile of three-channel, 8-bit
     images to SRGB.  To prevent an unwanted transformation, the UsdUVTexture's
     _inputs:sourceColorSpace_ must be set to "raw".
`,
  *checkPrim(prim, context) {
    if (!prim.isA('Shader') || shaderId(prim) !== 'UsdPreviewSurface') return;
    const normal = prim.getAttribute('inputs:normal');
    const source = normal === undefined ? undefined : resolvePort(normal);
    if (source?.kind !== 'output') return;
    const { shader } = source;
    if (!shader.isA('Shader')) {
      if (!isConnectable(shader))
        yield { message: `UsdPreviewSurface.normal on prim <${prim.path}> is connected to a non-Shader prim.`, path: prim.path };
      return;
    }
    if (shaderId(shader) === 'UsdUVTexture') yield* checkTexture(shader, context);
  },
};

function* checkTexture(shader: Prim, context: CheckContext): Generator<Finding> {
  const { path } = shader;
  const file = earliestInput(shader, 'file');
  const asset = file?.type === 'asset' ? file.value : undefined;
  const resolved = asset?.resolvedPath ?? '';
  if (asset === undefined || resolved === '' || context.isMissing(resolved)) {
    yield { message: `UsdUVTexture prim <${path}> has invalid or unresolvable inputs:file of @${asset?.path ?? ''}@`, path };
    return;
  }
  if (!EIGHT_BIT.has(extensionOf(resolved))) return;
  if (readText(earliestInput(shader, 'sourceColorSpace')) !== 'raw')
    yield {
      severity: 'error',
      message: `UsdUVTexture prim <${path}> that reads Normal Map @${asset.path}@ should set inputs:sourceColorSpace to 'raw'.`,
      path,
    };
  const bias = readTuple(earliestInput(shader, 'bias'), 4);
  const scale = readTuple(earliestInput(shader, 'scale'), 4);
  if (bias === undefined || scale === undefined) {
    yield {
      severity: 'error',
      message: `UsdUVTexture prim <${path}> reads 8 bit Normal Map @${asset.path}@, which requires that inputs:scale be set to (2, 2, 2, 1) and inputs:bias be set to (-1, -1, -1, 0) for proper interpretation as per the UsdPreviewSurface and UsdUVTexture docs.`,
      path,
    };
    return;
  }
  // The fourth components do not matter. Some tools scale the effect of the map by inputs:scale, so that is no error.
  if (scale.slice(0, 3).some((component) => component !== 2))
    yield {
      severity: 'warning',
      message: `UsdUVTexture prim <${path}> reads an 8 bit Normal Map, but has non-standard inputs:scale value of (${scale.join(', ')}). inputs:scale must be set to (2, 2, 2, 1) so as fullfill the requirements of the normals to be in tangent space of [(-1,-1,-1), (1,1,1)] as documented in the UsdPreviewSurface and UsdUVTexture docs.`,
      path,
    };
  else if (bias.slice(0, 3).some((component) => component !== -1))
    yield {
      severity: 'error',
      message: `UsdUVTexture prim <${path}> reads an 8 bit Normal Map, but has non-standard inputs:bias value of (${bias.join(', ')}). inputs:bias must be set to [-1,-1,-1,0] so as to fullfill the requirements of the normals to be in tangent space of [(-1,-1,-1), (1,1,1)] as documented in the UsdPreviewSurface and UsdUVTexture docs.`,
      path,
    };
}

/** Value at the end of an input's connections, as long as no shader computes it. */
function earliestInput(shader: Prim, name: string): Value | undefined {
  const source = resolveInput(shader, name);
  return source?.kind === 'value' ? earliestValue(source.attribute) : undefined;
}
