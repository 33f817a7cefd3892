import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { compositionResults, FileResolver } from '../node.ts';
import { defineCommand, UsageError } from './command.ts';

export const compose = defineCommand({
  name: 'compose',
  summary: 'print what prims are composed of',
  usage: `usd compose ROOT... [options]

Prints the layer stack of a scene, and for every prim the specs that it is made of, strongest first: the format of OpenUSD's
composition tests.

      --session FILE             a session layer
      --payloads REGEX           include only payloads on prims whose path begins with a match
      --variantFallbacks JSON    variants where none is selected; by default {"standin": ["render"]}
      --errors FILE              write errors to this file, or with - after the results; otherwise they are warnings

Exit status: 0, or 1 if there were errors that --errors has not taken.
`,
  options: {
    session: { type: 'string' },
    payloads: { type: 'string' },
    variantFallbacks: { type: 'string' },
    errors: { type: 'string' },
    errorFile: { type: 'string' },
  },
  async run({ errors, errorFile, ...options }, names, output) {
    if (names.length === 0) throw new UsageError('compose needs a file');
    const { results, errors: text } = await composeText(names, options);
    const target = errors ?? errorFile;
    await output.print(target === '-' ? results + text : results);
    if (target === '-') return 0;
    if (target !== undefined) await writeFile(target, text);
    else if (text !== '') {
      output.warn(text);
      return 1;
    }
    return 0;
  },
});

/** The options of `usd compose`, as they are on the command line. */
export interface ComposeOptions {
  readonly session?: string | undefined;
  readonly payloads?: string | undefined;
  readonly variantFallbacks?: string | undefined;
}

/**
 * Composition results and errors of scenes, one after the other.
 *
 * @param roots root layers, as they are to be named in the results
 * @param environment variables as OpenUSD has them: `SDF_SCHEMA_PROHIBIT_INVALID_VARIANT_SELECTIONS=0` reads odd variant selections
 * @param folder what errors name layers from
 */
export async function composeText(
  roots: readonly string[],
  { session, payloads, variantFallbacks }: ComposeOptions = {},
  environment: Readonly<Record<string, string | undefined>> = process.env,
  folder: string = process.cwd(),
): Promise<{ readonly results: string; readonly errors: string }> {
  const pattern = payloads === undefined ? undefined : regularExpression(payloads);
  const prefix = `${folder.replaceAll('\\', '/')}/`;
  const absolute = (file: string): string => resolve(folder, file);
  let results = session === undefined ? '' : `Loading session @${session}@\n\n`;
  let errors = '';
  for (const root of roots) {
    const composed = await compositionResults(absolute(root), {
      resolver: new FileResolver(),
      ...(session === undefined ? {} : { session: absolute(session) }),
      ...(pattern === undefined ? {} : { includePayload: (path) => pattern.test(path) }),
      variantFallbacks: fallbacksOf(variantFallbacks ?? '{"standin": ["render"]}'),
      keepInvalidSelections: environment['SDF_SCHEMA_PROHIBIT_INVALID_VARIANT_SELECTIONS'] === '0',
      nameOf: (identifier) => identifier.replaceAll(prefix, ''),
    });
    results += `Loading @${root}@\n\n${composed.results}`;
    errors += composed.errors;
  }
  return { results, errors };
}

/** Matched from the start of a path. */
function regularExpression(text: string): RegExp {
  try {
    return new RegExp(`^(?:${text})`);
  } catch (cause) {
    throw new UsageError(`--payloads "${text}" is no regular expression`, { cause });
  }
}

/** A dictionary as Python or JSON writes it. */
function fallbacksOf(text: string): ReadonlyMap<string, readonly string[]> {
  const wrong = (cause?: unknown): UsageError =>
    new UsageError(`--variantFallbacks takes {"set": ["variant", ...]}, not ${text}`, { cause });
  let value: unknown;
  try {
    value = JSON.parse(text.replaceAll("'", '"'));
  } catch (error) {
    throw wrong(error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong();
  return new Map(
    Object.entries(value).map(([set, names]: [string, unknown]) => {
      if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) throw wrong();
      return [set, names];
    }),
  );
}
