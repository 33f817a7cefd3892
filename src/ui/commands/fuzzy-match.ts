/** Finds what somebody means by a few letters: all letters in their order, best where they begin words or follow each other. */

export interface FuzzyMatch {
  /** Higher is better; comparable for one query only. */
  readonly score: number;
  /** Positions of the letters in the text, ascending. */
  readonly positions: readonly number[];
}

const AT_START = 12;
const AT_WORD = 8;
const IN_ROW = 6;
const GAP = -1;
const MOST_GAP = -8;
/** Of two equal matches the shorter text is meant; never more than a letter's worth. */
const PER_LETTER = -0.02;
/** Longer texts are looked at up to here: the work is their length times the query's. */
const MAX_TEXT = 300;

/** Case, and spaces of the query, do not count. Undefined where a letter is missing; an empty query matches everything alike. */
export function fuzzyMatch(query: string, text: string): FuzzyMatch | undefined {
  const wanted = query.toLowerCase().replace(/\s+/gu, '');
  if (wanted === '') return { score: 0, positions: [] };
  const found = text.slice(0, MAX_TEXT);
  const letters = found.toLowerCase();
  // Lowercasing may change a text's length; positions would then be another's.
  if (letters.length !== found.length || wanted.length > letters.length) return undefined;
  /** Best score of the query up to each letter, the last one at each place of the text; and where the letter before was. */
  const scores: Float64Array[] = [];
  const befores: Int32Array[] = [];
  for (let i = 0; i < wanted.length; i++) {
    const row = new Float64Array(letters.length).fill(-Infinity);
    const before = new Int32Array(letters.length).fill(-1);
    const above = scores[i - 1];
    /** The letter before, two places back or more: best by what the gap costs so far, and best by what any long gap costs. */
    let near = -Infinity;
    let nearAt = -1;
    let far = -Infinity;
    let farAt = -1;
    for (let at = i; at < letters.length; at++) {
      const passed = above === undefined || at < 2 ? -Infinity : above[at - 2]!;
      near += GAP;
      if (passed + GAP > near) [near, nearAt] = [passed + GAP, at - 2];
      if (passed + MOST_GAP > far) [far, farAt] = [passed + MOST_GAP, at - 2];
      if (letters[at] !== wanted[i]) continue;
      const own = at === 0 ? AT_START : isWordStart(found, at) ? AT_WORD : 1;
      if (above === undefined) row[at] = own;
      else {
        const inRow = above[at - 1]! + IN_ROW;
        row[at] = own + Math.max(inRow, near, far);
        before[at] = inRow >= near && inRow >= far ? at - 1 : near >= far ? nearAt : farAt;
      }
    }
    scores.push(row);
    befores.push(before);
  }
  const last = scores.at(-1)!;
  let at = last.indexOf(Math.max(...last));
  const score = last[at]!;
  if (score === -Infinity) return undefined;
  const positions = Array.from({ length: wanted.length }, () => 0);
  for (let i = wanted.length - 1; i >= 0; i--) {
    positions[i] = at;
    at = befores[i]![at]!;
  }
  return { score: score + PER_LETTER * found.length, positions };
}

/** After a space or sign, or a capital after a small letter. */
function isWordStart(text: string, at: number): boolean {
  const [before, here] = [text[at - 1]!, text[at]!];
  if (!/[\p{L}\p{N}]/u.test(here)) return false;
  return !/[\p{L}\p{N}]/u.test(before) || (/\p{Lu}/u.test(here) && /\p{Ll}/u.test(before));
}
