/** What the process that hands out work and those that do it say to each other. */
import type { FileFormat } from 'usd-wasm';
import type { FuzzFormat } from './make-input.ts';

/** No input may take longer, in milliseconds of processor time, or more memory. */
export const MOST_MS = 2000;
export const MOST_BYTES = 512 * 2 ** 20;

export interface WorkerSettings {
  readonly seed: number;
  readonly format: FuzzFormat;
  readonly corpus: string | undefined;
  /** File of the kernel's module. */
  readonly kernel: string;
  /** File that always holds the number of the input at hand, so that it is known when the process is gone. */
  readonly progress: string;
}

export type WorkerRequest =
  | { readonly kind: 'start'; readonly settings: WorkerSettings }
  | { readonly kind: 'batch'; readonly from: number; readonly to: number }
  /** One input, from a file. */
  | { readonly kind: 'file'; readonly path: string; readonly format: FileFormat }
  /** Writes a smaller input with the same signature over a file. */
  | { readonly kind: 'minimise'; readonly path: string; readonly format: FileFormat; readonly signature: string };

export interface Finding {
  readonly index: number;
  readonly format: FileFormat;
  readonly signature: string;
  readonly detail: string;
}

export interface BatchResult {
  readonly from: number;
  /** Ends early where memory is used up: the process must then make way for a fresh one. */
  readonly to: number;
  /** By format, then by outcome. */
  readonly counts: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly slowest: { readonly ms: number; readonly index: number };
  /** Most bytes that the process has held. */
  readonly peakBytes: number;
  readonly findings: readonly Finding[];
}

export type WorkerReply =
  | { readonly kind: 'ready'; readonly seedCount: number }
  | { readonly kind: 'batch'; readonly result: BatchResult }
  | { readonly kind: 'minimised' };
