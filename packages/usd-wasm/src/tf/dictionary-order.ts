/**
 * Compares names as OpenUSD sorts properties and dictionary keys: letters regardless of case, runs of digits by their
 * number, `_` before letters. Ties: fewer leading zeros first, then upper case first.
 * Source: OpenUSD base/tf/stringUtils.cpp, TfDictionaryLessThan.
 */
export function compareDictionaryOrder(a: string, b: string): number {
  let i = 0;
  let j = 0;
  let tie = 0;
  while (i < a.length && j < b.length) {
    const ca = a.charCodeAt(i);
    const cb = b.charCodeAt(j);
    if (ca === cb && (ca > 57 || ca < 48)) {
      i++;
      j++;
      continue;
    }
    if (ca <= 57 && cb <= 57 && ca >= 48 && cb >= 48) {
      const startA = skipZeros(a, i);
      const startB = skipZeros(b, j);
      const zeros = startA - i - (startB - j);
      i = endOfDigits(a, startA);
      j = endOfDigits(b, startB);
      const lengths = i - startA - (j - startB);
      if (lengths !== 0) return lengths;
      for (let k = 0; k < i - startA; k++) {
        const difference = a.charCodeAt(startA + k) - b.charCodeAt(startB + k);
        if (difference !== 0) return difference;
      }
      if (tie === 0) tie = zeros;
      continue;
    }
    const difference = lower(ca) - lower(cb);
    if (difference !== 0) return difference;
    if (tie === 0) tie = ca - cb;
    i++;
    j++;
  }
  const rest = a.length - i - (b.length - j);
  return rest !== 0 ? rest : tie;
}

function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

function skipZeros(text: string, from: number): number {
  let i = from;
  while (text.charCodeAt(i) === 48 && isDigit(text.charCodeAt(i + 1))) i++;
  return i;
}

function endOfDigits(text: string, from: number): number {
  let i = from;
  while (i < text.length && isDigit(text.charCodeAt(i))) i++;
  return i;
}

function lower(c: number): number {
  return c >= 65 && c <= 90 ? c + 32 : c;
}
