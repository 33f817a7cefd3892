import type { Path } from '../sdf/path.ts';
import type { Dictionary, Spline, SplineExtrapolation, SplineKnot, SplineTangent } from '../vt/value.ts';
import type { Lexer } from './lexer.ts';
import type { ValueReader } from './values.ts';

const NO_TANGENT: SplineTangent = { width: 0, slope: 0, algorithm: 'none' };
const HELD: SplineExtrapolation = { mode: 'held' };

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Reads `.spline = { … }` (usda.md section 5.2). Knots come out sorted by time; of two at one time the later stays. */
export class SplineReader {
  readonly #lexer: Lexer;
  readonly #values: ValueReader;
  readonly #anchor: Path;

  constructor(lexer: Lexer, values: ValueReader, anchor: Path) {
    this.#lexer = lexer;
    this.#values = values;
    this.#anchor = anchor;
  }

  read(valueType: Spline['valueType']): Spline {
    const lexer = this.#lexer;
    const spline: Mutable<Spline> = { valueType, curve: 'bezier', preExtrapolation: HELD, postExtrapolation: HELD, knots: [] };
    const knots = new Map<number, SplineKnot>();
    lexer.expect(123, 'before the knots of a spline');
    lexer.skipLines();
    if (lexer.peek() !== 125) {
      do {
        if (lexer.takeWord('bezier')) spline.curve = 'bezier';
        else if (lexer.takeWord('hermite')) spline.curve = 'hermite';
        else if (lexer.takeWord('pre')) spline.preExtrapolation = this.#extrapolation();
        else if (lexer.takeWord('post')) spline.postExtrapolation = this.#extrapolation();
        else if (lexer.takeWord('loop')) spline.loop = this.#loop();
        else {
          const time = lexer.readNumber('the time of a knot');
          this.#colon('the time of a knot');
          knots.set(time, this.#knot(time));
        }
      } while (lexer.takeListSeparator(125, 'a spline'));
    }
    lexer.expect(125, 'after the knots of a spline');
    spline.knots = [...knots.values()].sort((a, b) => a.time - b.time);
    return spline;
  }

  #extrapolation(): SplineExtrapolation {
    const lexer = this.#lexer;
    this.#colon("'pre' or 'post'");
    const start = lexer.offset;
    const word = lexer.readIdentifier('a kind of extrapolation');
    lexer.skipBlanks();
    switch (word) {
      case 'none':
        return { mode: 'block' };
      case 'held':
      case 'linear':
        return { mode: word };
      case 'sloped': {
        lexer.expect(40, 'before the slope of an extrapolation');
        const [slope] = this.#numbers(1, 1);
        return { mode: 'sloped', slope: slope as number };
      }
      case 'loop': {
        const kind = lexer.readIdentifier('a kind of looping');
        if (kind === 'repeat') return { mode: 'loopRepeat' };
        if (kind === 'reset') return { mode: 'loopReset' };
        if (kind === 'oscillate') return { mode: 'loopOscillate' };
        return lexer.fail(`expected repeat, reset or oscillate, found '${kind}'`, start);
      }
      default:
        return lexer.fail(`expected none, held, linear, sloped or loop, found '${word}'`, start);
    }
  }

  #loop(): NonNullable<Spline['loop']> {
    this.#colon("'loop'");
    this.#lexer.expect(40, 'before the facts of a loop');
    const [start, end, preCount, postCount, valueOffset] = this.#numbers(5, 5) as [number, number, number, number, number];
    return { start, end, preCount, postCount, valueOffset };
  }

  #knot(time: number): SplineKnot {
    const lexer = this.#lexer;
    const knot: Mutable<SplineKnot> = {
      time,
      value: lexer.readNumber('the value of a knot'),
      preTangent: NO_TANGENT,
      postTangent: NO_TANGENT,
      nextSegment: 'held',
    };
    lexer.skipBlanks();
    if (lexer.take(38)) {
      lexer.skipBlanks();
      knot.preValue = knot.value;
      knot.value = lexer.readNumber('the value of a knot');
      lexer.skipBlanks();
    }
    while (lexer.take(59)) {
      lexer.skipLines();
      if (lexer.takeWord('pre')) {
        lexer.skipBlanks();
        knot.preTangent = this.#tangent();
      } else if (lexer.takeWord('post')) {
        lexer.skipBlanks();
        knot.nextSegment = this.#segment();
        lexer.skipBlanks();
        if (lexer.peek() === 40) knot.postTangent = this.#tangent();
      } else if (lexer.peek() === 123) knot.customData = this.#values.readDictionary(this.#anchor) as Dictionary;
      else lexer.fail(`expected 'pre', 'post' or a dictionary, found ${lexer.describeNext()}`);
      lexer.skipBlanks();
    }
    return knot;
  }

  #segment(): SplineKnot['nextSegment'] {
    const lexer = this.#lexer;
    const start = lexer.offset;
    const word = lexer.readIdentifier('a kind of segment');
    if (word === 'none') return 'block';
    if (word === 'held' || word === 'linear' || word === 'curve') return word;
    return lexer.fail(`expected none, held, linear or curve, found '${word}'`, start);
  }

  /** `(slope)`, `(width, slope)`, either with an algorithm behind. */
  #tangent(): SplineTangent {
    const lexer = this.#lexer;
    lexer.expect(40, 'before a tangent');
    const numbers: number[] = [];
    let algorithm: SplineTangent['algorithm'] = 'none';
    lexer.skipLines();
    do {
      if (lexer.takeWord('custom')) algorithm = 'custom';
      else if (lexer.takeWord('autoEase')) algorithm = 'autoEase';
      else numbers.push(lexer.readNumber('a number of a tangent'));
      if (numbers.length > 2) lexer.fail('a tangent has a width and a slope');
    } while (lexer.takeListSeparator(41, 'a tangent'));
    lexer.expect(41, 'after a tangent');
    if (numbers.length === 0) lexer.fail('a tangent has a slope');
    return { width: numbers.length === 2 ? (numbers[0] as number) : 0, slope: numbers.at(-1) as number, algorithm };
  }

  /** Numbers after `(`, up to and with `)`. */
  #numbers(fewest: number, most: number): number[] {
    const lexer = this.#lexer;
    const numbers: number[] = [];
    lexer.skipLines();
    do {
      if (numbers.length === most) lexer.fail(`expected no more than ${most} numbers`);
      numbers.push(lexer.readNumber('a number'));
    } while (lexer.takeListSeparator(41, 'a tuple'));
    lexer.expect(41, 'after a tuple');
    if (numbers.length < fewest) lexer.fail(`expected ${fewest} numbers, found ${numbers.length}`);
    return numbers;
  }

  #colon(after: string): void {
    this.#lexer.skipBlanks();
    this.#lexer.expect(58, `after ${after}`);
    this.#lexer.skipBlanks();
  }
}
