import { floatToHalf, halfToFloat } from 'usd-wasm';

/** Half bits of a function by half bits of its argument; what is not finite becomes 0. */
export function tableOfHalfs(value: (x: number) => number): Uint16Array {
  const floats = halfToFloat(Uint16Array.from({ length: 65536 }, (_, bits) => bits));
  for (let bits = 0; bits < 65536; bits++) floats[bits] = Number.isFinite(floats[bits]) ? value(floats[bits]!) : 0;
  return floatToHalf(floats);
}
