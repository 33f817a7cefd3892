/** Decodes the instruction stream of an array edit. Source: usdc.md 14; OpenUSD vt/arrayEdit.h. */
import type { ArrayEditInstruction } from '../vt/value.ts';

const END = -(2n ** 63n);
/** Opcode → number of arguments per instruction. */
const ARITY = [2, 2, 2, 2, 1, 1, 2, 1, 2, 1] as const;

/** @returns undefined where the words are no instructions */
export function readArrayEditInstructions(words: BigInt64Array): ArrayEditInstruction[] | undefined {
  const instructions: ArrayEditInstruction[] = [];
  let at = 0;
  while (at < words.length) {
    const word = BigInt.asUintN(64, words[at++]!);
    const opcode = Number(word >> 56n);
    const count = Number(word & 0xffffffffffffffn);
    const arity = ARITY[opcode];
    if (arity === undefined || count * arity > words.length - at) return undefined;
    for (let i = 0; i < count; i++, at += arity) instructions.push(instruction(opcode, words[at]!, arity === 2 ? words[at + 1]! : 0n));
  }
  return instructions;
}

function instruction(opcode: number, first: bigint, second: bigint): ArrayEditInstruction {
  switch (opcode) {
    case 0:
    case 1:
    case 2:
    case 3:
      return {
        op: opcode < 2 ? 'write' : 'insert',
        source: opcode % 2 === 0 ? 'literal' : 'element',
        from: Number(first),
        to: second === END ? 'end' : Number(second),
      };
    case 4:
      return { op: 'erase', at: Number(first) };
    case 5:
      return { op: 'minSize', size: Number(first) };
    case 6:
      return { op: 'minSize', size: Number(first), fill: Number(second) };
    case 7:
      return { op: 'setSize', size: Number(first) };
    case 8:
      return { op: 'setSize', size: Number(first), fill: Number(second) };
    default:
      return { op: 'maxSize', size: Number(first) };
  }
}
