/** Tables and verdicts of `bench:usd`, and the generated part of `docs/benchmarks.md` that they go to. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const page = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));

/** A Markdown table; columns after the first are set to the right. */
export function table(head, rows) {
  const rule = head.map((_, i) => (i === 0 ? '---' : '--:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** One bar: what was asked for, what was measured, and whether that is met. */
export function bar(text, measured, isMet) {
  return `- ${text}: ${measured}. **${isMet ? 'Met' : 'Missed'}.**`;
}

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
export const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
/** Milliseconds with as many places as mean something. */
export const ms = (value) => (value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0));
export const times = (ratio) => `${ratio < 10 ? ratio.toFixed(1) : ratio.toFixed(0)}x`;

/** Writes one part of the section, between its markers; the rest of the page stays as it is. */
export function writePart(name, body) {
  const [begin, end] = [`<!-- bench:usd ${name} begin -->`, `<!-- bench:usd ${name} end -->`];
  const text = readFileSync(page, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/benchmarks.md has no markers for ${name}: ${begin} … ${end}`);
  writeFileSync(page, `${text.slice(0, from + begin.length)}\n\n${body.trim()}\n\n${text.slice(to)}`);
}
