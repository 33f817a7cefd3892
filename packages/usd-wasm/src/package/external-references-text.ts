import type { ExternalReferences } from './dependencies.ts';

/** One line per asset path, numbered from 001, or a line that says that there are none: `a.usda references[001]: ./b.usda`. */
export function externalReferencesText(name: string, { subLayers, references, payloads }: ExternalReferences): string {
  const lines = (kind: string, paths: readonly string[]): string[] =>
    paths.length === 0 ? [`${name} no ${kind}`] : paths.map((path, i) => `${name} ${kind}[${String(i + 1).padStart(3, '0')}]: ${path}`);
  return `${[...lines('sublayers', subLayers), ...lines('references', references), ...lines('payloads', payloads)].join('\n')}\n`;
}
