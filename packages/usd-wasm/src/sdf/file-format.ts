import { joinPackagePath } from '../ar/asset-path.ts';
import { isLate, needParts } from '../tf/late-code.ts';
import { DEFAULT_LIMITS, LimitError, type ReadLimits } from '../tf/read-limits.ts';
import type { Reporter } from '../tf/reporter.ts';
import { parseUsda } from '../usda/parser.ts';
import { writeUsda } from '../usda/writer.ts';
import { CrateLayerData } from '../usdc/reader.ts';
import { writeUsdc } from '../usdc/writer.ts';
import { openArchive } from '../usdz/archive.ts';
import { Layer } from './layer.ts';

/** What bytes are: a package, a crate or text. */
export type FileFormat = 'usdz' | 'usdc' | 'usda';

/** Tells formats apart by content, whatever the file is called. */
export function sniffFormat(bytes: Uint8Array): FileFormat | undefined {
  if (startsWith(bytes, 'PXR-USDC')) return 'usdc';
  if (startsWith(bytes, '#usda') || startsWith(bytes, '#sdf')) return 'usda';
  if (startsWith(bytes, 'PK\u0003\u0004') || startsWith(bytes, 'PK\u0005\u0006')) return 'usdz';
  return undefined;
}

/** Bytes that are no layer. */
export class UnknownFormatError extends Error {
  /** Explained in `docs/errors.md`. */
  readonly code = 'unknown-format';
  /** Identifier of what was read. */
  readonly asset: string;

  constructor(asset: string, bytes: Uint8Array) {
    const start = [...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    super(
      `@${asset}@ is no USD layer: ${bytes.length === 0 ? 'the file is empty' : `it begins with bytes ${start}`}, expected "#usda 1.0", "PXR-USDC" or a zip package`,
    );
    this.name = 'UnknownFormatError';
    this.asset = asset;
  }
}

/**
 * Reads one layer. A package gives its root layer, whose identifier is then `package[root]`, so that paths in it
 * anchor inside the package.
 *
 * @param bytes kept by crate layers: arrays are views on them
 * @throws UsdaParseError, UsdcReadError, UsdzError, UnknownFormatError or LimitError
 */
export function readLayer(identifier: string, bytes: Uint8Array, reporter: Reporter, limits: ReadLimits = DEFAULT_LIMITS): Layer {
  return layerOf(unpack(identifier, bytes, reporter, limits), reporter, limits);
}

/** As `readLayer`, once the code is there that reading and composing the layer takes. */
export async function loadLayer(identifier: string, bytes: Uint8Array, reporter: Reporter, limits: ReadLimits): Promise<Layer> {
  const file = unpack(identifier, bytes, reporter, limits);
  // Text nearly always has arcs: what follows them is fetched along with what reads it.
  if (file.format === 'usda' && (isLate('usda') || isLate('arcs'))) await needParts('usda', 'arcs');
  const layer = layerOf(file, reporter, limits);
  if (isLate('usda') && layer.data.hasTextValues?.() === true) await needParts('usda');
  if (isLate('arcs') && layer.data.hasArcs?.() !== false) await needParts('arcs');
  return layer;
}

interface LayerFile {
  readonly identifier: string;
  readonly bytes: Uint8Array;
  readonly format: 'usda' | 'usdc';
}

/** The layer's own bytes, out of the packages that they are in. */
function unpack(identifier: string, bytes: Uint8Array, reporter: Reporter, limits: ReadLimits): LayerFile {
  const { fileBytes, packageNesting } = limits;
  if (bytes.length > fileBytes) throw new LimitError('fileBytes', fileBytes, bytes.length, identifier, 'the file is larger');
  for (let nesting = 0; nesting <= packageNesting; nesting++) {
    const format = sniffFormat(bytes);
    if (format === undefined) throw new UnknownFormatError(identifier, bytes);
    if (format !== 'usdz') return { identifier, bytes, format };
    const root = openArchive(identifier, bytes, reporter, limits).readRootLayer();
    identifier = joinPackagePath(identifier, root.name);
    bytes = root.bytes;
  }
  throw new LimitError('packageNesting', packageNesting, packageNesting + 1, identifier, 'packages are nested deeper');
}

function layerOf({ identifier, bytes, format }: LayerFile, reporter: Reporter, limits: ReadLimits): Layer {
  const data =
    format === 'usda' ? parseUsda(identifier, bytes, reporter, { limits }) : new CrateLayerData(identifier, bytes, reporter, limits);
  return new Layer(identifier, data, format);
}

/**
 * A layer as it is now, in the format of a file: text, or the bytes of a crate.
 *
 * A reporter is told of fields that the format cannot hold, which are left out; without it a crate throws.
 *
 * @throws TypeError on such values where there is no reporter, RangeError on text with NUL
 */
export function exportLayer(layer: Layer, format: 'usda'): string;
export function exportLayer(layer: Layer, format: 'usdc', reporter?: Reporter): Uint8Array;
export function exportLayer(layer: Layer, format: 'usda' | 'usdc', reporter?: Reporter): string | Uint8Array {
  return format === 'usda' ? writeUsda(layer.data) : writeUsdc(layer.data, reporter);
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[i] !== text.charCodeAt(i)) return false;
  return true;
}
