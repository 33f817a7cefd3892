/** Shortest text that reads back as the same double, laid out as OpenUSD does: `1e15`, `1e-7`, no `+`. */
export function doubleText(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude < 1e15) return value === 0 && Object.is(value, -0) ? '-0' : String(value);
  if (value !== value) return 'nan';
  if (magnitude === Infinity) return value > 0 ? 'inf' : '-inf';
  const text = String(magnitude);
  const sign = value < 0 ? '-' : '';
  if (text.includes('e')) return sign + text.replace('e+', 'e');
  const digits = text.replace(/0+$/, '');
  return `${sign}${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ''}e${text.length - 1}`;
}

/** Smallest normal single-precision number. */
const SMALLEST_NORMAL = 2 ** -126;

/** Shortest text that reads back as the same single-precision value. */
export function floatText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return doubleText(value);
  if (!Number.isFinite(value)) return doubleText(value);
  // Six digits always survive in single precision, so nothing shorter can differ; nine always suffice.
  for (let digits = Math.abs(value) < SMALLEST_NORMAL ? 1 : 6; digits < 9; digits++) {
    const candidate = Number(roundDigits(value, digits));
    if (Math.fround(candidate) === value) return doubleText(candidate);
  }
  return doubleText(Number(value.toPrecision(9)));
}

/** The value to so many digits; where it lies in the middle, to the even last digit. */
function roundDigits(value: number, digits: number): string {
  const longer = value.toPrecision(digits + 1);
  const middle = /^(.*[02468]\.?)5(e.*)?$/.exec(longer);
  if (middle !== null && Number(longer) === value) return `${middle[1]}0${middle[2] ?? ''}`;
  return value.toPrecision(digits);
}

/** A half with six digits, as C++ streams write it: more than the five that tell all halfs apart. */
export function halfText(value: number): string {
  if (!Number.isFinite(value) || value === 0) return doubleText(value);
  const [digits, exponent] = value.toExponential(5).split('e') as [string, string];
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(Number(value.toPrecision(6)));
  return `${String(Number(digits))}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
