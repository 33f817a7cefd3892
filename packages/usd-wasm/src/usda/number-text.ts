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

/** Powers of ten that a double holds exactly, as far as `roundedFloat` needs them. */
const POWERS = Float64Array.from({ length: 17 }, (_, i) => 10 ** i);
/** Where one digit more or less of a scaled number could decide a rounding; its error is below 1e-6. */
const MIDDLE_MARGIN = 1e-4;

/** Shortest text that reads back as the same single-precision value. */
export function floatText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return doubleText(value);
  if (!Number.isFinite(value)) return doubleText(value);
  return doubleText(roundedFloat(value) ?? shortestFloat(value));
}

/**
 * What `shortestFloat` gives, for numbers of ordinary size, by arithmetic instead of text: a million floats take 0.5 s instead
 * of 2 s. A whole number below 2^53 through an exact power of ten is the double nearest to that decimal.
 *
 * @returns undefined where the number is too large or small, or a rounding is too close to tell
 */
function roundedFloat(value: number): number | undefined {
  const magnitude = Math.abs(value);
  if (!(magnitude >= 1e-7 && magnitude < 1e6)) return undefined;
  // How far the point moves for six digits: 5 for numbers from 1 to 10.
  let shift = 0;
  while (magnitude * POWERS[shift]! < 99_999.5) shift++;
  if (magnitude * POWERS[shift]! < 100_000) return undefined;
  for (const last = shift + 3; shift <= last; shift++) {
    const scaled = magnitude * POWERS[shift]!;
    const whole = Math.floor(scaled);
    const rest = scaled - whole;
    if (Math.abs(rest - 0.5) < MIDDLE_MARGIN) return undefined;
    const candidate = (rest < 0.5 ? whole : whole + 1) / POWERS[shift]!;
    if (Math.fround(candidate) === magnitude) return value < 0 ? -candidate : candidate;
  }
  return undefined;
}

/** The decimal of fewest digits that is read as this single-precision number. The clear form of `roundedFloat`. */
export function shortestFloat(value: number): number {
  // Six digits always survive in single precision, so nothing shorter can differ; nine always suffice.
  for (let digits = Math.abs(value) < SMALLEST_NORMAL ? 1 : 6; digits < 9; digits++) {
    const candidate = Number(roundDigits(value, digits));
    if (Math.fround(candidate) === value) return candidate;
  }
  return Number(value.toPrecision(9));
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
