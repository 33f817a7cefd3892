/** What a run found, as numbers and as text. */
import { cpus, totalmem } from 'node:os';
import type { BatchResult } from './messages.ts';

export interface RunState {
  readonly seed: number;
  readonly format: string;
  readonly seedCount: number;
  readonly counts: Record<string, Record<string, number>>;
  readonly findings: Record<string, { count: number; first: number; format: string; detail: string }>;
  slowest: { ms: number; index: number };
  peakBytes: number;
  inputs: number;
  seconds: number;
  /** Inputs that something was wrong with; a run that goes on takes them again. */
  readonly failed: { readonly index: number; readonly format: string; readonly countedAs: string | undefined }[];
  /** Batches that are done, by where they begin. */
  readonly done: number[];
}

export function addBatch(state: RunState, result: BatchResult): void {
  for (const [format, counts] of Object.entries(result.counts)) {
    const into = (state.counts[format] ??= {});
    for (const [name, count] of Object.entries(counts)) into[name] = (into[name] ?? 0) + count;
  }
  state.inputs += result.to - result.from;
  if (result.slowest.ms > state.slowest.ms) state.slowest = result.slowest;
  state.peakBytes = Math.max(state.peakBytes, result.peakBytes);
}

export function describeMachine(jobs: number): string {
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${jobs} processes on ${processors.length} cores (${processors[0]?.model.trim() || 'unknown processor'}), ${memory} GiB, Node ${process.versions.node}, ${process.platform} ${process.arch}`;
}

/** The whole of `docs/fuzzing.md`, or the same for a terminal. */
export function reportText(state: RunState, wanted: number, jobs: number, date: string): string {
  const outcomes = new Set(Object.values(state.counts).flatMap((counts) => Object.keys(counts)));
  const isPlain = (name: string): boolean => name === 'stage' || name === 'problems' || name === 'finding';
  const names = ['stage', 'problems', ...[...outcomes].filter((name) => !isPlain(name)).sort(), 'finding'];
  const formats = Object.keys(state.counts).sort();
  const titles: Readonly<Record<string, string>> = { stage: 'a stage', problems: 'a stage with problems', finding: '**neither: a fault**' };
  const row = (name: string): string => {
    const cells = formats.map((format) => state.counts[format]?.[name] ?? 0);
    const total = cells.reduce((sum, count) => sum + count, 0);
    return `| ${titles[name] ?? `\`${name}\``} | ${[...cells, total].map((count) => count.toLocaleString('en')).join(' | ')} |`;
  };
  const findings = Object.entries(state.findings);
  const lines = [
    `- ${date}, seed ${state.seed}, format \`${state.format}\`: ${state.inputs.toLocaleString('en')} of ${wanted.toLocaleString('en')} inputs, made from ${state.seedCount.toLocaleString('en')} seed files`,
    `- ${describeMachine(jobs)}; ${Math.round(state.seconds).toLocaleString('en')} s, ${Math.round(state.inputs / Math.max(1, state.seconds))} inputs per second`,
    `- slowest input: ${Math.round(state.slowest.ms)} ms (number ${state.slowest.index}); most memory of a process: ${Math.round(state.peakBytes / 2 ** 20)} MiB`,
    `- faults: ${findings.length === 0 ? 'none' : findings.reduce((sum, [, { count }]) => sum + count, 0)}`,
    '',
    `| Outcome | ${formats.join(' | ')} | all |`,
    `|---|${formats.map(() => '---:|').join('')}---:|`,
    ...names.map(row),
  ];
  if (findings.length > 0) {
    lines.push('', '| Fault | Inputs | First |', '|---|---:|---:|');
    for (const [signature, { count, first, format }] of findings)
      lines.push(`| ${format} ${signature.replaceAll('|', '\\|')} | ${count} | ${first} |`);
  }
  return lines.join('\n');
}
