import { MemoryResolver, Stage, type StageOptions } from 'usd-wasm';

/**
 * Opens stages written in tests: `root.usda` and what it refers to. The header is added, and statements may end at a
 * closing brace without a new line.
 */
export async function openText(files: string | Readonly<Record<string, string>>, options: Partial<StageOptions> = {}): Promise<Stage> {
  const texts = typeof files === 'string' ? { 'root.usda': files } : files;
  const encoder = new TextEncoder();
  const entries = Object.entries(texts).map(([path, text]): [string, Uint8Array] => [
    path,
    encoder.encode(`#usda 1.0\n${text.replaceAll(/"[^"]*"|\}/g, (part) => (part === '}' ? '\n}\n' : part))}`),
  ]);
  return Stage.open('root.usda', { resolver: new MemoryResolver(new Map(entries)), ...options });
}
