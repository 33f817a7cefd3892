import { shaderId } from '../../schemas/shade/connectable.ts';
import { readText } from '../../schemas/value-readers.ts';
import type { Rule } from '../rule.ts';
import { shaderInputTypes } from '../shader-definitions.ts';
import { inputsOf } from '../shading.ts';

const IMPLEMENTATION_SOURCES: readonly string[] = ['id', 'sourceAsset', 'sourceCode'];

export const shaderPropertyTypeConformance: Rule = {
  name: 'ShaderPropertyTypeConformanceChecker',
  description: "Shader prim's input types must be conforming to their appropriate Sdf types in the respective sdr shader.",
  *checkPrim(prim) {
    if (!prim.isA('Shader')) return;
    const { path } = prim;
    const source = readText(prim.getAttribute('info:implementationSource')?.getValue()) ?? 'id';
    if (!IMPLEMENTATION_SOURCES.includes(source)) {
      yield { message: `Shader <${path}> has invalid implementation source '${source}'.`, path };
      return;
    }
    const hasSourceType = prim.getAuthoredPropertyNames().some((name) => /^info:.+:(sourceAsset|sourceCode)$/.test(name));
    if (source !== 'id') {
      // The source itself is in a language of its own, and not looked into.
      if (!hasSourceType) yield { message: `Shader <${path}> has no sourceType. `, path };
      return;
    }
    const id = shaderId(prim);
    if (hasSourceType || id === undefined || id === '') return;
    const types = shaderInputTypes(id);
    if (types === undefined) {
      yield { message: `Shader <${path}> has invalid shader node. `, path };
      return;
    }
    for (const input of inputsOf(prim)) {
      const expected = types.get(input.name.slice('inputs:'.length));
      if (expected !== undefined && expected !== input.typeName)
        yield { message: `Incorrect type for ${input.path}. Expected '${expected}'; got '${input.typeName}'.`, path: input.path };
    }
  },
};
