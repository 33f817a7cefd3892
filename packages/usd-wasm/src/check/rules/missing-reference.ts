import type { Rule } from '../rule.ts';

export const missingReference: Rule = {
  name: 'MissingReferenceChecker',
  description:
    'The composed USD stage should not contain any unresolvable asset dependencies (in every possible variation of the asset), when using the default asset resolver. ',
  *checkStage({ compositionProblems, dependencies }) {
    for (const { message, path, asset } of compositionProblems)
      yield { message, ...(path === undefined ? {} : { path: path as never }), ...(asset === undefined ? {} : { asset }) };
    const seen = new Set<string>();
    for (const node of dependencies.nodes.values()) {
      for (const { kind, files, identifier, specPath } of node.dependencies) {
        if (files.length > 0 || kind === 'clipTemplate' || seen.has(identifier)) continue;
        seen.add(identifier);
        yield { message: `Found unresolvable external dependency '${identifier}'.`, path: specPath, asset: node.identifier };
      }
    }
  },
};
