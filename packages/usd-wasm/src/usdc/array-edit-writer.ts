import type { ArrayEditInstruction } from '../vt/value.ts';

const END = -(2n ** 63n);

/** Encodes instructions as words, runs of one opcode together. Source: usdc.md 14. */
export function encodeArrayEdit(instructions: readonly ArrayEditInstruction[]): BigInt64Array {
  const words: bigint[] = [];
  let head = -1;
  let runOpcode = -1;
  for (const instruction of instructions) {
    const [opcode, ...args] = encodeInstruction(instruction);
    if (opcode !== runOpcode) {
      head = words.push(BigInt(opcode) << 56n) - 1;
      runOpcode = opcode;
    }
    words[head] = (words[head] as bigint) + 1n;
    words.push(...args);
  }
  return BigInt64Array.from(words);
}

function encodeInstruction(instruction: ArrayEditInstruction): [opcode: number, ...args: bigint[]] {
  switch (instruction.op) {
    case 'write':
    case 'insert': {
      const opcode = (instruction.op === 'write' ? 0 : 2) + (instruction.source === 'literal' ? 0 : 1);
      return [opcode, BigInt(instruction.from), instruction.to === 'end' ? END : BigInt(instruction.to)];
    }
    case 'erase':
      return [4, BigInt(instruction.at)];
    case 'minSize':
      return instruction.fill === undefined ? [5, BigInt(instruction.size)] : [6, BigInt(instruction.size), BigInt(instruction.fill)];
    case 'setSize':
      return instruction.fill === undefined ? [7, BigInt(instruction.size)] : [8, BigInt(instruction.size), BigInt(instruction.fill)];
    case 'maxSize':
      return [9, BigInt(instruction.size)];
  }
}
