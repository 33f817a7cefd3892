/** Hands inputs out to processes, watches over them, looks again at whatever they trip over, and reports. Started by `run.mjs`. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sniffFormat, type FileFormat } from 'usd-wasm';
import { InputMaker, type FuzzFormat } from './make-input.ts';
import { MOST_BYTES, type BatchResult, type Finding, type WorkerSettings } from './messages.ts';
import { minimise } from './minimise.ts';
import { addBatch, reportText, type RunState } from './run-report.ts';
import { WorkerProcess } from './worker-process.ts';

export interface RunOptions {
  readonly inputs: number;
  readonly seed: number;
  readonly format: FuzzFormat;
  readonly jobs: number;
  /** Folder whose small files are seeds too. */
  readonly corpus: string | undefined;
  readonly kernel: string;
  readonly workerScript: string;
  /** Where progress files lie. */
  readonly scratch: string;
  /** Where inputs are kept that something is wrong with. */
  readonly findings: string;
  /** Counts so far; a run that was stopped goes on from there. */
  readonly state: string | undefined;
  /** Ends the run early, in seconds. */
  readonly seconds: number | undefined;
  readonly log: (line: string) => void;
}

const BATCH = 250;
/** By the clock; how long an input really takes is looked at when it is alone. */
const HANG_MS = 15_000;
const ALONE_HANG_MS = 60_000;
const KEPT_PER_SIGNATURE = 3;
const MINIMISE_ALONE_TRIES = 24;

/** @returns the state, and the text of the report */
export async function runFuzzer(options: RunOptions): Promise<{ readonly state: RunState; readonly text: string }> {
  const run = new Run(options);
  await run.run();
  return { state: run.state, text: reportText(run.state, options.inputs, options.jobs, new Date().toISOString().slice(0, 10)) };
}

class Run {
  readonly #options: RunOptions;
  readonly state: RunState;
  readonly #started = performance.now();
  readonly #secondsBefore: number;
  readonly #kept = new Map<string, number>();
  readonly #done: Set<number>;
  readonly #maker: InputMaker;
  readonly #workers = new Set<WorkerProcess>();
  #next = 0;
  /** Inputs that are taken again, and whether the one taken last is one of them. */
  readonly #again: number[];
  #isAgain = false;
  #logged = 0;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#maker = new InputMaker(options.corpus);
    this.state = loadState(options, this.#maker.seedCount);
    this.#secondsBefore = this.state.seconds;
    this.#done = new Set(this.state.done);
    this.#again = this.#takeBack();
    mkdirSync(options.findings, { recursive: true });
    mkdirSync(options.scratch, { recursive: true });
  }

  async run(): Promise<void> {
    try {
      await Promise.all(Array.from({ length: this.#options.jobs }, (_, job) => this.#work(job)));
    } finally {
      for (const worker of this.#workers) worker.stop();
    }
    this.#save();
  }

  /** Faults may have been mended since: what failed is no longer counted, and taken again. */
  #takeBack(): number[] {
    const { failed, counts, findings } = this.state;
    // those of batches that were not done are taken again anyhow
    const counted = failed.filter(({ index }) => this.#done.has(index - (index % BATCH)));
    const indexes = [...new Set(counted.map(({ index }) => index))];
    for (const { format, countedAs } of counted) {
      const known = counts[format];
      if (known !== undefined && countedAs !== undefined) known[countedAs] = (known[countedAs] ?? 1) - 1;
    }
    this.state.inputs -= indexes.length;
    failed.length = 0;
    for (const signature of Object.keys(findings)) delete findings[signature];
    return indexes;
  }

  async #work(job: number): Promise<void> {
    const { inputs } = this.#options;
    let worker = this.#startWorker(`job-${job}`);
    for (let from = this.#take(); from !== undefined; from = this.#take()) {
      const isAgain = this.#isAgain;
      const end = isAgain ? from + 1 : Math.min(from + BATCH, inputs);
      // merged when all of it is done: a run that goes on counts nothing twice
      const results: BatchResult[] = [];
      for (let at = from; at < end;) {
        const ending = await worker.ask({ kind: 'batch', from: at, to: end }, HANG_MS);
        if (ending.kind === 'reply') {
          if (ending.reply.kind !== 'batch') throw new Error(`a worker answered ${ending.reply.kind}`);
          const { result } = ending.reply;
          results.push(result);
          at = result.to;
          const isFull = result.peakBytes > MOST_BYTES;
          if (isFull) {
            worker.stop();
            worker = this.#startWorker(`job-${job}`);
          }
          for (const finding of result.findings) await this.#examine(finding, job);
          if (isFull) this.state.peakBytes = Math.min(this.state.peakBytes, Math.max(this.#alonePeak, MOST_BYTES));
        } else {
          worker.stop();
          worker = this.#startWorker(`job-${job}`);
          const culprit = Math.min(Math.max(ending.index, at), end - 1);
          // what came before it is done again, to be counted
          if (culprit > at) results.push(...(await this.#recount(worker, at, culprit)));
          const { format } = this.#maker.make(this.#options.format, this.#options.seed, culprit);
          await this.#examine({ index: culprit, format, signature: ending.kind, detail: `the process was ${ending.kind}` }, job);
          results.push({
            from: culprit,
            to: culprit + 1,
            counts: { [format]: {} },
            slowest: { ms: 0, index: 0 },
            peakBytes: 0,
            findings: [],
          });
          at = culprit + 1;
        }
      }
      for (const result of results)
        addBatch(this.state, this.#excused.has(result.slowest.index) ? { ...result, slowest: { ms: 0, index: from } } : result);
      if (!isAgain) this.#done.add(from);
      this.#tell();
    }
    worker.stop();
  }

  async #recount(worker: WorkerProcess, from: number, to: number): Promise<BatchResult[]> {
    const ending = await worker.ask({ kind: 'batch', from, to }, HANG_MS);
    return ending.kind === 'reply' && ending.reply.kind === 'batch' ? [ending.reply.result] : [];
  }

  #take(): number | undefined {
    const { inputs, seconds } = this.#options;
    if (seconds !== undefined && (performance.now() - this.#started) / 1000 > seconds) return undefined;
    const again = this.#again.pop();
    this.#isAgain = again !== undefined;
    if (again !== undefined) return again;
    while (this.#done.has(this.#next)) this.#next += BATCH;
    const from = this.#next;
    this.#next += BATCH;
    return from < inputs ? from : undefined;
  }

  #startWorker(name: string): WorkerProcess {
    const { seed, format, corpus, kernel, workerScript, scratch } = this.#options;
    const progress = join(scratch, `${name}.progress`);
    writeFileSync(progress, new Uint8Array(new Float64Array([-1]).buffer));
    const settings: WorkerSettings = { seed, format, corpus, kernel, progress };
    const worker = new WorkerProcess(workerScript, settings, () => this.#workers.delete(worker));
    this.#workers.add(worker);
    return worker;
  }

  #alonePeak = 0;
  /** Inputs with which nothing is wrong when they are alone: the machine was busy. */
  readonly #excused = new Set<number>();

  /** Keeps an input that fails; what was slow, large or fatal must be so again in a process of its own. */
  async #examine(finding: Finding, job: number): Promise<void> {
    const { seed, format, findings } = this.#options;
    const isExact = !['slow', 'memory', 'dead', 'hung'].includes(finding.signature);
    const known = this.#kept.get(finding.signature) ?? 0;
    if (isExact && known >= KEPT_PER_SIGNATURE) return this.#count(finding);
    const { bytes } = this.#maker.make(format, seed, finding.index);
    const path = join(findings, `${seed}-${finding.index}.${finding.format}`);
    writeFileSync(path, bytes);
    let detail = finding.detail;
    if (!isExact) {
      const again = await this.#alone(path, finding.format, job);
      if (again === undefined) return void this.#excused.add(finding.index);
      detail = again;
    }
    this.#count({ ...finding, detail });
    this.#kept.set(finding.signature, known + 1);
    writeFileSync(`${path}.txt`, `seed ${seed}, input ${finding.index}\n${finding.signature}\n${detail}\n`);
    this.#options.log(`input ${finding.index} (${finding.format}): ${finding.signature}${isExact ? '' : `: ${detail}`}`);
    if (known > 0) return;
    copyFileSync(path, `${path}.small`);
    if (isExact) {
      const worker = this.#startWorker(`minimise-${job}`);
      await worker.ask({ kind: 'minimise', path: `${path}.small`, format: finding.format, signature: finding.signature }, ALONE_HANG_MS);
      worker.stop();
    } else {
      const smallest = await minimise(
        bytes,
        async (candidate) => {
          writeFileSync(`${path}.try`, candidate);
          return sniffFormat(candidate) !== undefined && (await this.#alone(`${path}.try`, finding.format, job)) !== undefined;
        },
        MINIMISE_ALONE_TRIES,
      );
      writeFileSync(`${path}.small`, smallest);
    }
  }

  /** What is wrong with an input when it has a process to itself; undefined where nothing is. */
  async #alone(path: string, format: FileFormat, job: number): Promise<string | undefined> {
    const worker = this.#startWorker(`alone-${job}`);
    const ending = await worker.ask({ kind: 'file', path, format }, ALONE_HANG_MS);
    worker.stop();
    if (ending.kind !== 'reply') return `the process was ${ending.kind}`;
    if (ending.reply.kind !== 'batch') return undefined;
    this.#alonePeak = Math.max(this.#alonePeak, ending.reply.result.peakBytes);
    return ending.reply.result.findings[0]?.detail;
  }

  #count({ signature, index, format, detail }: Finding): void {
    const known = (this.state.findings[signature] ??= { count: 0, first: index, format, detail });
    known.count++;
    this.state.failed.push({ index, format, countedAs: countedAs(signature, detail) });
  }

  #tell(): void {
    const seconds = (performance.now() - this.#started) / 1000;
    if (seconds - this.#logged < 10) return;
    this.#logged = seconds;
    this.#save();
    const { inputs, slowest, peakBytes } = this.state;
    this.#options.log(
      `${inputs} inputs, ${Math.round(inputs / this.state.seconds)}/s, slowest ${Math.round(slowest.ms)} ms, peak ${Math.round(peakBytes / 2 ** 20)} MiB, ${Object.keys(this.state.findings).length} kinds of faults`,
    );
  }

  #save(): void {
    this.state.seconds = this.#secondsBefore + (performance.now() - this.#started) / 1000;
    this.state.done.splice(0, this.state.done.length, ...this.#done);
    if (this.#options.state !== undefined) writeFileSync(this.#options.state, JSON.stringify(this.state));
  }
}

/** The outcome under which a fault was counted, if its process lived to count it. */
function countedAs(signature: string, detail: string): string | undefined {
  if (signature === 'dead' || signature === 'hung') return undefined;
  return signature === 'slow' || signature === 'memory' ? detail.split(', ').at(-1) : 'finding';
}

function loadState({ state: path, seed, format }: RunOptions, seedCount: number): RunState {
  const fresh: RunState = {
    seed,
    format,
    seedCount,
    counts: {},
    findings: {},
    slowest: { ms: 0, index: 0 },
    peakBytes: 0,
    inputs: 0,
    seconds: 0,
    failed: [],
    done: [],
  };
  if (path === undefined || !existsSync(path)) return fresh;
  const state = JSON.parse(readFileSync(path, 'utf8')) as RunState;
  if (state.seed !== seed || state.format !== format || state.seedCount !== seedCount)
    throw new Error(`${path} is of another run: remove it, or name another file`);
  return state;
}
