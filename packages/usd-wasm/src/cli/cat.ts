import { writeFile } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import {
  createNewUsdzPackage,
  FileResolver,
  flattenLayerStack,
  flattenStage,
  folderOf,
  Layer,
  makeValue,
  MemoryLayerData,
  PopulationMask,
  ROOT_PATH,
  writeUsda,
  writeUsdc,
  type AssetResolver,
} from '../node.ts';
import { defineCommand, UsageError } from './command.ts';
import { openFile, readFile } from './open-file.ts';
import { parseMask } from './parse-mask.ts';
import { writtenAssetPath } from './written-asset-path.ts';

export const cat = defineCommand({
  name: 'cat',
  summary: 'print or convert layers and composed scenes',
  usage: `usd cat FILE... [options]

Prints layers as text, or writes one to a file. The name of the file says the format: .usda is text, .usdc and .usd are
crates, .usdz is a package with all that the layer needs.

  -o, --out FILE              write one input to this file
      --usdFormat usda|usdc   format of an output named .usd
  -l, --loadOnly              only say OK or ERR for each input
  -f, --flatten               compose the scene, and write it as one layer
      --flattenLayerStack     merge the sublayers, but follow no references or other arcs
      --skipSourceFileComment with --flatten: do not say in the layer's documentation where it comes from
      --mask PATH[,PATH...]   only these prims, what is below them, and their ancestors; needs --flatten
      --layerMetadata         only the metadata of the layer

Exit status: 0, or 1 if any input could not be read or written.
`,
  options: {
    out: { type: 'string', short: 'o' },
    usdFormat: { type: 'string' },
    loadOnly: { type: 'boolean', short: 'l' },
    flatten: { type: 'boolean', short: 'f' },
    flattenLayerStack: { type: 'boolean' },
    skipSourceFileComment: { type: 'boolean' },
    mask: { type: 'string' },
    layerMetadata: { type: 'boolean' },
  },
  async run(options, files, output) {
    checkOptions(options, files);
    let status = 0;
    for (const file of files) {
      try {
        const layer = await catLayer(file, options);
        if (options.loadOnly === true) await output.print(`OK  ${file}\n`);
        else if (options.out === undefined) await output.print(writeUsda(layer.data));
        else await writeFile(options.out, await encode(layer, file, options.out, options));
      } catch (error) {
        status = 1;
        const message = error instanceof Error ? error.message : String(error);
        if (options.loadOnly === true) await output.print(`ERR ${file}\n\t${message}\n`);
        else output.warn(`usd: ${message.replaceAll(/\s*\n\s*/g, ' ')}`);
      }
    }
    return status;
  },
});

/** The options of `usd cat`, as they are on the command line. */
export interface CatOptions {
  readonly out?: string | undefined;
  readonly usdFormat?: string | undefined;
  readonly loadOnly?: boolean | undefined;
  readonly flatten?: boolean | undefined;
  readonly flattenLayerStack?: boolean | undefined;
  readonly skipSourceFileComment?: boolean | undefined;
  readonly mask?: string | undefined;
  readonly layerMetadata?: boolean | undefined;
}

function checkOptions(
  { out, usdFormat, flatten, flattenLayerStack: isStack, mask, layerMetadata }: CatOptions,
  files: readonly string[],
): void {
  if (files.length === 0) throw new UsageError('cat needs a file');
  if (usdFormat !== undefined && !/^usd[ac]$/i.test(usdFormat)) throw new UsageError(`--usdFormat is usda or usdc, not "${usdFormat}"`);
  if (out === undefined) {
    if (usdFormat !== undefined && usdFormat.toLowerCase() !== 'usda')
      throw new UsageError('only usda can be printed; other formats need -o FILE');
  } else {
    if (files.length !== 1) throw new UsageError(`--out takes one input, found ${files.length}`);
    if (!/\.usd[acz]?$/.test(out)) throw new UsageError(`"${extname(out)}" is no extension of a USD file`);
    if (usdFormat !== undefined && !out.endsWith('.usd')) throw new UsageError('--usdFormat requires an output named .usd');
  }
  if (mask !== undefined && flatten !== true) throw new UsageError('--mask requires --flatten');
  if (layerMetadata === true && (flatten === true || isStack === true))
    throw new UsageError(`--layerMetadata cannot be used together with ${flatten === true ? '--flatten' : '--flattenLayerStack'}`);
}

/** What `usd cat` writes of a file, as a layer. */
export async function catLayer(file: string, options: CatOptions = {}): Promise<Layer> {
  const { flatten, flattenLayerStack: isStack, mask, layerMetadata, skipSourceFileComment } = options;
  if (flatten === true) {
    const paths = parseMask(mask ?? '');
    const stage = await openFile(file, paths.length === 0 ? {} : { mask: new PopulationMask(paths) });
    const layer = flattenStage(stage, { assetPath: writtenAssetPath });
    if (skipSourceFileComment !== true) {
      const own = layer.fieldAs(ROOT_PATH, 'documentation', 'string') ?? '';
      const source = `Generated from Composed Stage of root layer ${stage.rootLayer.identifier}\n`;
      layer.setField(ROOT_PATH, 'documentation', makeValue('string', own === '' ? source : `${own}\n\n${source}`));
    }
    return layer;
  }
  if (isStack === true) return flattenLayerStack(await openFile(file, { load: 'none' }), { assetPath: writtenAssetPath });
  const layer = await readFile(file);
  return layerMetadata === true ? metadataOf(layer) : layer;
}

function metadataOf(layer: Layer): Layer {
  const data = new MemoryLayerData();
  for (const name of layer.data.fieldNames(ROOT_PATH))
    if (name !== 'primChildren') data.setField(ROOT_PATH, name, layer.field(ROOT_PATH, name));
  return new Layer(layer.identifier, data, 'memory');
}

async function encode(layer: Layer, file: string, out: string, { usdFormat }: CatOptions): Promise<string | Uint8Array> {
  if (out.endsWith('.usdz')) return packageOf(layer, file, `${basename(out, '.usdz')}.usdc`);
  const isText = out.endsWith('.usda') || usdFormat?.toLowerCase() === 'usda';
  return isText ? writeUsda(layer.data) : writeUsdc(layer.data);
}

/** A package with the layer and what it needs, seen from where the layer was read. */
async function packageOf(layer: Layer, file: string, name: string): Promise<Uint8Array> {
  const files = new FileResolver([folderOf(resolve(file))]);
  const identifier = `${resolve(file)}.packed.usdc`;
  const bytes = writeUsdc(layer.data);
  const resolver: AssetResolver = {
    identify: (assetPath, anchor) => files.identify(assetPath, anchor),
    read: async (asset, signal) => (asset === identifier ? bytes : files.read(asset, signal)),
    exists: async (asset) => asset === identifier || files.exists(asset),
    list: (folder) => files.list(folder),
  };
  return createNewUsdzPackage(identifier, { resolver, firstLayerName: name });
}
