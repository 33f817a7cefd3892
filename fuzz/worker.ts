/** One process of a run: makes inputs from their numbers and takes them all the way. Started by `runner.ts`. */
import { openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { initKernel, type FileFormat } from 'usd-wasm';
import { exercise, type Outcome } from './exercise.ts';
import { InputMaker, type FuzzFormat } from './make-input.ts';
import { MOST_BYTES, MOST_MS, type BatchResult, type Finding, type WorkerReply, type WorkerRequest } from './messages.ts';
import { minimise } from './minimise.ts';

const MINIMISE_TRIES = 600;

let maker: InputMaker;
let seed = 0;
let format: FuzzFormat = 'all';
let progress = -1;
const progressBytes = new Float64Array(1);

process.on('message', (request: WorkerRequest) => {
  handle(request).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  });
});

async function handle(request: WorkerRequest): Promise<void> {
  switch (request.kind) {
    case 'start':
      ({ seed, format } = request.settings);
      await initKernel(readFileSync(request.settings.kernel));
      maker = new InputMaker(request.settings.corpus);
      progress = openSync(request.settings.progress, 'w');
      return reply({ kind: 'ready', seedCount: maker.seedCount });
    case 'batch':
      return reply({ kind: 'batch', result: await runBatch(request.from, request.to) });
    case 'file': {
      const tally = new Tally(0);
      await runOne(0, new Uint8Array(readFileSync(request.path)), request.format, tally);
      return reply({ kind: 'batch', result: tally.result(1) });
    }
    case 'minimise': {
      const { path, signature } = request;
      const smallest = await minimise(
        new Uint8Array(readFileSync(path)),
        async (bytes) => {
          const outcome = await exercise(bytes, request.format);
          return outcome.kind === 'finding' && outcome.signature === signature;
        },
        MINIMISE_TRIES,
      );
      writeFileSync(path, smallest);
      return reply({ kind: 'minimised' });
    }
  }
}

function reply(message: WorkerReply): void {
  process.send?.(message);
}

async function runBatch(from: number, to: number): Promise<BatchResult> {
  const tally = new Tally(from);
  for (let index = from; index < to; index++) {
    progressBytes[0] = index;
    writeSync(progress, new Uint8Array(progressBytes.buffer), 0, 8, 0);
    const input = maker.make(format, seed, index);
    await runOne(index, input.bytes, input.format, tally);
    if (tally.peakBytes > MOST_BYTES) return tally.result(index + 1);
  }
  return tally.result(to);
}

async function runOne(index: number, bytes: Uint8Array, inputFormat: FileFormat, tally: Tally): Promise<void> {
  const [wall, processor] = [performance.now(), process.cpuUsage()];
  const outcome = await exercise(bytes, inputFormat);
  const used = process.cpuUsage(processor);
  // a machine that is busy with other things makes the clock run, threads beside this one the processor
  const ms = Math.min(performance.now() - wall, (used.user + used.system) / 1000);
  tally.add(index, inputFormat, outcome, ms, process.resourceUsage().maxRSS * 1024);
}

class Tally {
  readonly #from: number;
  readonly #counts: Record<string, Record<string, number>> = {};
  readonly #findings: Finding[] = [];
  #slowest = { ms: 0, index: 0 };
  peakBytes = 0;

  constructor(from: number) {
    this.#from = from;
  }

  add(index: number, inputFormat: FileFormat, outcome: Outcome, ms: number, peakBytes: number): void {
    const counts = (this.#counts[inputFormat] ??= {});
    const name = outcome.kind === 'refused' ? outcome.code : outcome.kind;
    counts[name] = (counts[name] ?? 0) + 1;
    const found = (signature: string, detail: string): void => void this.#findings.push({ index, format: inputFormat, signature, detail });
    if (outcome.kind === 'finding') found(outcome.signature, outcome.detail);
    if (ms > MOST_MS) found('slow', `${Math.round(ms)} ms, ${name}`);
    if (peakBytes > MOST_BYTES) found('memory', `${Math.round(peakBytes / 2 ** 20)} MiB, ${name}`);
    if (ms > this.#slowest.ms) this.#slowest = { ms, index };
    this.peakBytes = Math.max(this.peakBytes, peakBytes);
  }

  result(to: number): BatchResult {
    return { from: this.#from, to, counts: this.#counts, slowest: this.#slowest, peakBytes: this.peakBytes, findings: this.#findings };
  }
}
