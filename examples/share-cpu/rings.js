/** The module of rings.wat, 205 bytes, and what makes it a program like the others. */
const MODULE = `
  0061736d01000000010e0260037f7f7f0060037f7f7f017f03030200010503010004071102066d656d6f7279
  0200046472617700000a9501026601057f034041002103200420014101766b21070340200320004102766b21
  062005418080807c2006200720021001200620004101766b2007200210014108747272360200200541046a21
  05200341016a22032000490d000b200441016a22042001490d000b0b2c01017f200020006c200120016c6a20
  024102746b41037521032003410020034108764101716b7341ff01710b
`;

/** @returns (pixels, width, height, milliseconds) writes rows of RGBA, top first */
export async function loadRings({ width, height }) {
  const bytes = Uint8Array.from(MODULE.match(/[\da-f]{2}/g), (digits) => Number.parseInt(digits, 16));
  const { instance } = await WebAssembly.instantiate(bytes);
  const { memory, draw } = instance.exports;
  if (width * height * 4 > memory.buffer.byteLength)
    throw new RangeError(`${width} x ${height} pixels do not fit into the module's memory`);
  return (pixels, frameWidth, frameHeight, milliseconds) => {
    draw(frameWidth, frameHeight, milliseconds);
    // A module writes into its own memory only: this copy is the price.
    pixels.set(new Uint8Array(memory.buffer, 0, pixels.length));
  };
}
