/**
 * Differences of texts, line by line: the shortest edit after Myers ("An O(ND) difference algorithm and its variations",
 * 1986), in linear space by splitting at the middle of the path.
 */

/** Lines `from` to before `to` of both texts that take each other's place; either range may be empty. */
export interface LineChange {
  readonly oldFrom: number;
  readonly oldTo: number;
  readonly newFrom: number;
  readonly newTo: number;
}

/** Beyond so many edits in one stretch the path that got furthest is taken, so that time stays linear in the lines. */
const MAX_EDITS = 500;

/** Where two lists of lines differ, in order; nothing between two changes differs. */
export function diffLines(oldLines: readonly string[], newLines: readonly string[]): LineChange[] {
  const numbers = new Map<string, number>();
  const intern = (line: string): number => {
    let number = numbers.get(line);
    if (number === undefined) numbers.set(line, (number = numbers.size));
    return number;
  };
  const a = Int32Array.from(oldLines, intern);
  const b = Int32Array.from(newLines, intern);
  const isRemoved = new Uint8Array(a.length);
  const isAdded = new Uint8Array(b.length);
  const stretches: (readonly [number, number, number, number])[] = [[0, a.length, 0, b.length]];
  for (let stretch = stretches.pop(); stretch !== undefined; stretch = stretches.pop()) {
    let [oldFrom, oldTo, newFrom, newTo] = stretch;
    while (oldFrom < oldTo && newFrom < newTo && a[oldFrom] === b[newFrom]) {
      oldFrom++;
      newFrom++;
    }
    while (oldFrom < oldTo && newFrom < newTo && a[oldTo - 1] === b[newTo - 1]) {
      oldTo--;
      newTo--;
    }
    const middle = oldFrom === oldTo || newFrom === newTo ? undefined : middleOf(a.subarray(oldFrom, oldTo), b.subarray(newFrom, newTo));
    if (middle === undefined) {
      isRemoved.fill(1, oldFrom, oldTo);
      isAdded.fill(1, newFrom, newTo);
    } else {
      const [x, y] = middle;
      stretches.push([oldFrom + x, oldTo, newFrom + y, newTo], [oldFrom, oldFrom + x, newFrom, newFrom + y]);
    }
  }
  return changesOf(isRemoved, isAdded);
}

/**
 * A point that the shortest path passes: searched from both ends until the two meet. Undefined where nothing is common.
 * Point (x, y) lies on diagonal x - y; `forward` and `backward` hold the x reached on each, counted from their end.
 */
function middleOf(a: Int32Array, b: Int32Array): readonly [number, number] | undefined {
  const [n, m] = [a.length, b.length];
  const most = Math.min(Math.ceil((n + m) / 2), MAX_EDITS);
  const origin = most + 1;
  const forward = new Int32Array(2 * most + 3).fill(-1);
  const backward = new Int32Array(2 * most + 3).fill(-1);
  forward[origin + 1] = 0;
  backward[origin + 1] = 0;
  const delta = n - m;
  const isOdd = delta % 2 !== 0;
  // diagonals that ran off the grid are left out
  const skip = { forwardLow: 0, forwardHigh: 0, backwardLow: 0, backwardHigh: 0 };
  for (let d = 0; d < most; d++) {
    for (let k = -d + skip.forwardLow; k <= d - skip.forwardHigh; k += 2) {
      const at = origin + k;
      let x = k === -d || (k !== d && forward[at - 1]! < forward[at + 1]!) ? forward[at + 1]! : forward[at - 1]! + 1;
      let y = x - k;
      while (x < n && y < m && a[x] === b[y]) {
        x++;
        y++;
      }
      forward[at] = x;
      if (x > n) skip.forwardHigh += 2;
      else if (y > m) skip.forwardLow += 2;
      else if (isOdd) {
        const other = backward[origin + delta - k] ?? -1;
        if (other >= 0 && x >= n - other) return [x, y];
      }
    }
    for (let k = -d + skip.backwardLow; k <= d - skip.backwardHigh; k += 2) {
      const at = origin + k;
      let x = k === -d || (k !== d && backward[at - 1]! < backward[at + 1]!) ? backward[at + 1]! : backward[at - 1]! + 1;
      let y = x - k;
      while (x < n && y < m && a[n - 1 - x] === b[m - 1 - y]) {
        x++;
        y++;
      }
      backward[at] = x;
      if (x > n) skip.backwardHigh += 2;
      else if (y > m) skip.backwardLow += 2;
      else if (!isOdd) {
        const other = forward[origin + delta - k] ?? -1;
        if (other >= 0 && other >= n - x) return [other, other - (delta - k)];
      }
    }
  }
  return most < MAX_EDITS ? undefined : furthest(forward, origin, n, m);
}

function furthest(forward: Int32Array, origin: number, n: number, m: number): readonly [number, number] | undefined {
  let best: readonly [number, number] | undefined;
  for (let at = 0; at < forward.length; at++) {
    const x = forward[at]!;
    const y = x - (at - origin);
    if (x < 0 || y < 0 || x > n || y > m || x + y === 0 || x + y === n + m) continue;
    if (best === undefined || x + y > best[0] + best[1]) best = [x, y];
  }
  return best;
}

function changesOf(isRemoved: Uint8Array, isAdded: Uint8Array): LineChange[] {
  const changes: LineChange[] = [];
  for (let x = 0, y = 0; x < isRemoved.length || y < isAdded.length;) {
    const [oldFrom, newFrom] = [x, y];
    while (isRemoved[x] === 1) x++;
    while (isAdded[y] === 1) y++;
    if (x > oldFrom || y > newFrom) changes.push({ oldFrom, oldTo: x, newFrom, newTo: y });
    else {
      x++;
      y++;
    }
  }
  return changes;
}
