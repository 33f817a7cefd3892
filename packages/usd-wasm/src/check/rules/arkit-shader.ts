import { primPathOf } from '../../sdf/path.ts';
import { readText } from '../../schemas/value-readers.ts';
import type { Rule } from '../rule.ts';
import { inputsOf } from '../shading.ts';

const IDS: ReadonlySet<string> = new Set(['UsdPreviewSurface', 'UsdUVTexture', 'UsdTransform2d']);

export const arkitShader: Rule = {
  name: 'ARKitShaderChecker',
  description:
    'Shader nodes must have "id" as the implementationSource, with id values that begin with "Usd*|ND_*". Also, shader inputs with connections must each have a single, valid connection source.',
  *checkPrim(prim) {
    if (!prim.isA('Shader')) return;
    const { path, stage } = prim;
    const source = readText(prim.getAttribute('info:implementationSource')?.getValue()) ?? 'id';
    if (source !== 'id') yield { message: `Shader <${path}> has non-id implementation source '${source}'.`, path };
    const id = source === 'id' ? (readText(prim.getAttribute('info:id')?.getValue()) ?? '') : '';
    if (!IDS.has(id) && !id.startsWith('UsdPrimvarReader') && !id.startsWith('ND_'))
      yield { message: `Shader <${path}> has unsupported info:id '${id}'.`, path };
    for (const input of inputsOf(prim)) {
      const connections = input.getConnections();
      const [first] = connections;
      if (first === undefined) continue;
      if (connections.length > 1)
        yield {
          message: `Shader input <${input.path}> has ${connections.length} connection sources, but only one is allowed.`,
          path: input.path,
        };
      const connected = stage.getPrimAtPath(primPathOf(first));
      if (connected === undefined)
        yield { message: `Connection source <${first}> for shader input <${input.path}> is missing.`, path: input.path };
      else if (!connected.isA('Shader') && !connected.isA('Material'))
        yield {
          message: `Shader input <${input.path}> has an invalid connection source prim of type '${connected.typeName}'.`,
          path: input.path,
        };
    }
  },
};
