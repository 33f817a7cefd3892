/** The work behind `bin/usdrecord.mjs`: options in, a PNG and its figures out. */
import { readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { FileResolver, PackageResolver, Stage } from 'usd-wasm/node';
import { launchBrowser, openApp, serveDist } from './browser.mjs';

const LIGHTS = ['studio', 'image', 'camera', 'stage', 'none'];
const PURPOSES = ['default', 'render', 'proxy', 'guide'];
/** Files beside a layer that are handed to the page with it, so that relative references resolve. */
const MAX_FILES = 4000;
const MAX_BYTES = 1 << 30;
const DEFAULT_FOV_DEGREES = 40;

/** A wrong option. */
export class UsageError extends Error {}

/** Records one picture: starts a server and a browser for it. */
export async function usdrecord(input, output, options) {
  const request = parseOptions(options);
  await stat(input).catch(() => {
    throw new Error(`cannot read ${input}: there is no such file`);
  });
  const server = await serveDist();
  const browser = await launchBrowser();
  try {
    const { page, errors } = await openApp(browser, server.url, request.size);
    const { png, ...figures } = await record(page, input, request);
    if (png === undefined) throw new Error(figures.error ?? errors[0] ?? 'no picture was made');
    await writeFile(output, png);
    return figures;
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Records with an app page that is already open. Returns the PNG bytes and the figures, or `error`. */
export async function record(page, input, request) {
  const handle = await handFiles(page, input);
  if (request.environment !== undefined) await handEnvironment(page, request.environment);
  const result = await page.evaluate(recordInPage, { root: handle.root, request });
  await page.evaluate(() => document.querySelectorAll('#handed-files, #handed-environment').forEach((element) => element.remove()));
  if (result.error !== undefined) return { error: result.error };
  const { png, ...figures } = result;
  return { ...figures, png: Buffer.from(png, 'base64') };
}

/** Checks and translates the command line's strings. */
export function parseOptions(options) {
  const size = (options.size ?? '960x540').split('x').map(Number);
  if (size.length !== 2 || size.some((value) => !Number.isInteger(value) || value < 1 || value > 8192))
    throw new UsageError(`--size wants WxH, got "${options.size}"`);
  const numbers = (name, count) => {
    if (options[name] === undefined) return undefined;
    const values = options[name].split(',').map(Number);
    if (values.length !== count || values.some((value) => !Number.isFinite(value)))
      throw new UsageError(`--${name} wants ${count} numbers, got "${options[name]}"`);
    return values;
  };
  const scalar = (name) => numbers(name, 1)?.[0];
  const light = options.light ?? (options.environment === undefined ? 'studio' : 'image');
  if (!LIGHTS.includes(light)) throw new UsageError(`--light wants one of ${LIGHTS.join(', ')}, got "${light}"`);
  const purposes = (options.purposes ?? 'default,render').split(',');
  const unknown = purposes.find((purpose) => !PURPOSES.includes(purpose));
  if (unknown !== undefined) throw new UsageError(`--purposes wants some of ${PURPOSES.join(',')}, got "${unknown}"`);
  const [eye, target] = [numbers('eye', 3), numbers('target', 3)];
  if ((eye === undefined) !== (target === undefined)) throw new UsageError('--eye and --target go together');
  const variants = (options.variant ?? []).map((text) => {
    const match = /^(?<primPath>\/[^:]*):(?<set>[^=]+)=(?<selection>.*)$/u.exec(text);
    if (match?.groups === undefined) throw new UsageError(`--variant wants PRIM:SET=NAME, got "${text}"`);
    return { ...match.groups };
  });
  return {
    size: { width: size[0], height: size[1] },
    camera: options.camera,
    eye,
    target,
    up: numbers('up', 3),
    fovDegrees: scalar('fov') ?? DEFAULT_FOV_DEGREES,
    timeCode: scalar('time'),
    variants,
    background: options.background === 'environment' ? undefined : numbers('background', 4),
    showsEnvironment: options.background === 'environment',
    environment: options.environment,
    light,
    purposes,
  };
}

/** Puts the picture that lights the scene into a file input of its own. */
async function handEnvironment(page, file) {
  await page.evaluate(() => {
    const element = document.createElement('input');
    element.type = 'file';
    element.id = 'handed-environment';
    element.hidden = true;
    document.body.append(element);
  });
  await page.setInputFiles('#handed-environment', resolve(file));
}

/** Puts the input, and what lies beside it when it is not a package, into a file input of the page. */
async function handFiles(page, input) {
  const root = resolve(input);
  const isPackage = root.toLowerCase().endsWith('.usdz');
  const folder = isPackage ? dirname(root) : await commonFolder(root).catch(() => dirname(root));
  const files = isPackage ? [root] : await listFiles(folder, root);
  await page.evaluate(() => {
    const element = document.createElement('input');
    element.type = 'file';
    element.multiple = true;
    element.id = 'handed-files';
    element.hidden = true;
    document.body.append(element);
  });
  await page.setInputFiles('#handed-files', files);
  const paths = files.map((file) => relative(folder, file).split(sep).join('/'));
  await page.evaluate((names) => {
    globalThis.handedPaths = names;
  }, paths);
  return { root: relative(folder, root).split(sep).join('/') };
}

/** The folder to hand over: the nearest that holds the layer and every layer it is composed of. */
async function commonFolder(file) {
  const stage = await Stage.open(file, { resolver: new PackageResolver(new FileResolver()) });
  const folders = [file, ...stage.usedLayers.map(({ identifier }) => resolve(identifier.replace(/\[.*$/u, '')))].map((path) =>
    dirname(path).split(sep),
  );
  const [first] = folders;
  let depth = 0;
  while (depth < first.length && folders.every((folder) => folder[depth] === first[depth])) depth++;
  // Textures often lie in a folder beside the layers' own, but never is half a disk handed over.
  return depth > 2 ? first.slice(0, depth).join(sep) : dirname(file);
}

async function listFiles(folder, first) {
  const files = [first];
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (!entry.isFile() || path === first || entry.name.startsWith('.')) continue;
    bytes += (await stat(path)).size;
    if (files.length >= MAX_FILES || bytes > MAX_BYTES) break;
    files.push(path);
  }
  return files;
}

/** Runs in the page: the same calls a user's clicks end in. */
async function recordInPage({ root, request }) {
  const app = document.querySelector('usd-viewer-app');
  const element = document.querySelector('#handed-files');
  const entries = [...element.files].map((file, index) => ({ path: globalThis.handedPaths[index], file }));
  const [primaryRed, primaryGreen, primaryBlue, alpha] = request.background ?? [];
  const settings = {
    lighting: request.light,
    purposes: request.purposes,
    showsEnvironment: request.showsEnvironment ?? false,
    shadowIntensity: request.shadowIntensity ?? 0,
    ...(request.background === undefined ? {} : { background: [primaryRed, primaryGreen, primaryBlue, alpha] }),
  };
  try {
    const environment = document.querySelector('#handed-environment')?.files?.[0];
    if (environment !== undefined) await app.setEnvironment(environment);
    const summary = await app.openFiles(entries, {
      root,
      ...(request.timeCode === undefined ? {} : { timeCode: request.timeCode }),
      ...(request.variants.length === 0 ? {} : { variants: request.variants }),
    });
    const stats = await app.settled();
    let camera;
    if (request.eye !== undefined) {
      const up = request.up ?? (summary.upAxis === 'Z' ? [0, 0, 1] : [0, 1, 0]);
      const distance = Math.hypot(...request.eye.map((value, axis) => value - request.target[axis]));
      camera = { eye: request.eye, target: request.target, up, fovYRadians: (request.fovDegrees * Math.PI) / 180, near: distance / 1000 };
    } else if (request.view !== undefined && summary.bounds !== undefined) {
      camera = cameraAlong(request.view, summary);
    } else if (request.camera !== undefined) {
      await app.useCamera(request.camera);
    }
    const blob = await app.capture({ size: request.size, settings, ...(camera === undefined ? {} : { camera }) });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let binary = '';
    for (let i = 0; i < bytes.length; i += 32_768) binary += String.fromCharCode(...bytes.subarray(i, i + 32_768));
    const { milestones } = app;
    const since = (time) => (time === undefined || milestones.bytes === undefined ? null : Math.round((time - milestones.bytes) * 10) / 10);
    return {
      prims: summary.primCount,
      meshes: stats.meshes,
      triangles: stats.triangles,
      draws: stats.draws,
      textures: stats.textures,
      problems: app.problems,
      stageMs: since(milestones.stage),
      firstPictureMs: since(milestones.first),
      completePictureMs: since(milestones.complete),
      png: btoa(binary),
    };
  } catch (error) {
    return { error: error.info?.message ?? String(error.message ?? error) };
  }

  /** A camera that looks at the bounds' centre from a direction; `zoom` 1 fits the bounding sphere into the picture's height. */
  function cameraAlong({ direction, zoom = 1, offset = [0, 0, 0] }, { bounds, upAxis }) {
    const center = [0, 1, 2].map((axis) => (bounds[axis] + bounds[axis + 3]) / 2 + offset[axis]);
    const radius = Math.hypot(...[0, 1, 2].map((axis) => bounds[axis + 3] - bounds[axis])) / 2;
    const fovYRadians = (request.fovDegrees * Math.PI) / 180;
    const distance = radius / Math.sin(fovYRadians / 2) / zoom;
    const length = Math.hypot(...direction);
    return {
      eye: center.map((value, axis) => value + (direction[axis] / length) * distance),
      target: center,
      up: upAxis === 'Z' ? [0, 0, 1] : [0, 1, 0],
      fovYRadians,
      near: distance / 1000,
    };
  }
}
