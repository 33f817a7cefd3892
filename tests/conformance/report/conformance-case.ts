import type { CaseResult } from '../cases/case-result.ts';
import { KNOWN_GAPS } from './known-gaps.ts';

/** One case of the corpus, ready to run. */
export interface ConformanceCase {
  /** Unique in its kind: the corpus' own name of the case, or a file of it. */
  readonly id: string;
  readonly kind: string;
  /** @returns undefined where it turns out that the file is no case of this kind */
  readonly run: () => Promise<CaseResult | undefined>;
  /** Reasons of cases that pass name what is left out of the comparison. */
  readonly hasExceptions?: true;
  /** Why it is not run. */
  readonly skipped?: string;
}

/**
 * `passed`: as expected. `partly`: as expected but for what the reason names. `gap`: not as expected, which is known and explained.
 * `failed`: not as expected. `skipped`: not run.
 */
export type Outcome = 'passed' | 'partly' | 'gap' | 'failed' | 'skipped';

export interface ConformanceRecord {
  readonly id: string;
  readonly kind: string;
  readonly passed: boolean;
  readonly outcome: Outcome;
  readonly reason?: string;
}

/** @returns undefined where the file is no case of this kind */
export async function runCase(conformanceCase: ConformanceCase): Promise<ConformanceRecord | undefined> {
  const { id, kind, run, hasExceptions, skipped } = conformanceCase;
  if (skipped !== undefined) return { id, kind, passed: false, outcome: 'skipped', reason: skipped };
  const result = await run().catch((error: unknown): CaseResult => ({ passed: false, reason: String(error) }));
  if (result === undefined) return undefined;
  const gap = KNOWN_GAPS[`${kind} ${id}`];
  if (gap !== undefined) {
    return result.passed
      ? { id, kind, passed: false, outcome: 'failed', reason: `passes now, and is said not to: ${gap}` }
      : { id, kind, passed: false, outcome: 'gap', reason: gap };
  }
  if (!result.passed) return { id, kind, passed: false, outcome: 'failed', reason: result.reason };
  if (hasExceptions === true && result.reason !== '') return { id, kind, passed: true, outcome: 'partly', reason: result.reason };
  return { id, kind, passed: true, outcome: 'passed' };
}
