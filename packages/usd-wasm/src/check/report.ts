import { ARKIT_RULES, BASE_RULES } from './rules.ts';
import type { Violation } from './rule.ts';

const STARS = '*'.repeat(45);
const DASHES = '-'.repeat(30);

/** Violations as usdchecker prints them, one line each: warnings under a heading first, then errors, then failures. */
export function violationLines(violations: readonly Violation[]): string[] {
  const of = (severity: Violation['severity']): readonly Violation[] => violations.filter((violation) => violation.severity === severity);
  const warnings = of('warning').map(({ message, rule }) => (rule === '' ? message : `${message} (may violate '${rule}')`));
  const errors = of('error').map(({ message, rule }) => (rule === '' ? message : `Error checking rule '${rule}': ${message}`));
  const failures = of('failure').map(({ message, rule }) => `${message} (fails '${rule}')`);
  const heading = warnings.length === 0 ? [] : [STARS, 'Possible correctness problems to investigate:', STARS];
  return [...heading, ...warnings, ...errors, ...failures];
}

/** Whether usdchecker would say `Failed!`. */
export function isFailed(violations: readonly Violation[], isStrict = false): boolean {
  return violations.some(({ severity }) => isStrict || severity !== 'warning');
}

/** Every rule with its description, as usdchecker prints them. */
export function rulesText(isArkit: boolean): string {
  const rules = isArkit ? [...BASE_RULES, ...ARKIT_RULES] : BASE_RULES;
  return `Checking rules: \n${rules.map(({ name, description }) => `${DASHES}\n[${name}]:\n ${description}\n`).join('')}${DASHES}\n`;
}
