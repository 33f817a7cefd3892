/**
 * Both sides of the part "openusd", in one kind of page. `window.sides[name]` has `start()`, which fetches, compiles and starts the
 * engine, `put(files)`, which gives it files outside of the measured time, and `open(root, paths)`, which opens a stage and asks each
 * prim for its type and attributes; it returns the milliseconds of both and the types.
 */
const NO_FILES = new Map();
const OUR_ENGINE = '/ours/stage.js';

window.sides = {
  ours: {
    async start() {
      const engine = import(OUR_ENGINE); // both at once, as a page does that names them
      const kernel = WebAssembly.compileStreaming(fetch('/ours/kernel.wasm'));
      this.engine = await engine;
      if (!(await this.engine.initKernel(kernel))) throw new Error('the kernel did not start');
    },
    files: NO_FILES,
    put(files) {
      this.files = new Map(files);
    },
    async open(root) {
      const { MemoryResolver, Stage } = this.engine;
      const started = performance.now();
      const stage = await Stage.open(root, { resolver: new MemoryResolver(this.files) });
      const opened = performance.now();
      const types = [];
      let attributes = 0;
      for (const prim of stage.traverse()) {
        types.push(prim.typeName);
        attributes += prim.getAttributes().length;
      }
      const traversed = performance.now();
      return { openMs: opened - started, traverseMs: traversed - opened, types, attributes };
    },
  },
  openusd: {
    async start() {
      await new Promise((resolve, reject) => {
        const script = document.createElement('script');
        script.src = '/openusd/emHdBindings.js';
        script.addEventListener('load', resolve);
        script.addEventListener('error', reject);
        document.head.append(script);
      });
      this.engine = await window.getUsdModule(undefined, '/openusd');
    },
    folder: 0,
    /** Each time in a folder of its own: OpenUSD keeps layers by their names. */
    put(files) {
      const { FS } = this.engine;
      this.folder++;
      for (const [path, bytes] of files) {
        const parts = `/${this.folder}/${path}`.split('/').slice(1);
        const name = parts.pop();
        for (let i = 0; i < parts.length; i++) {
          const parent = `/${parts.slice(0, i).join('/')}`;
          if (!FS.analyzePath(`/${parts.slice(0, i + 1).join('/')}`).exists) FS.createPath(parent, parts[i], true, true);
        }
        FS.createDataFile(`/${parts.join('/')}`, name, bytes, true, true, true);
      }
    },
    open(root, paths) {
      const { UsdStage } = this.engine;
      const started = performance.now();
      const stage = UsdStage.Open(`/${this.folder}/${root}`);
      const opened = performance.now();
      const types = [];
      let attributes = 0;
      for (const path of paths) {
        const prim = stage.GetPrimAtPath(path);
        types.push(prim.GetTypeName());
        attributes += prim.GetAttributes().size();
      }
      const traversed = performance.now();
      return { openMs: opened - started, traverseMs: traversed - opened, types, attributes };
    },
  },
};

/** Fetches files from the site, by path below `base`. */
window.fetchFiles = (base, paths) =>
  Promise.all(
    paths.map(async (path) => {
      const response = await fetch(`${base}/${path.split('/').map(encodeURIComponent).join('/')}`);
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      return [path, new Uint8Array(await response.arrayBuffer())];
    }),
  );

/** Milliseconds from nothing to the first open stage and its prims: the engine's files come from the site, the stage's are in the page. */
window.measureStart = async (name, root, paths, primPaths, base) => {
  const files = await window.fetchFiles(base, paths);
  const side = window.sides[name];
  const started = performance.now();
  await side.start();
  const startMs = performance.now() - started;
  side.put(files);
  const { traverseMs } = await side.open(root, primPaths);
  const totalMs = performance.now() - started;
  return { startMs, openMs: totalMs - traverseMs, totalMs };
};

/** Figures of some rounds of one stage; the engine has been started. */
window.measureOpen = async (name, root, files, primPaths, base, rounds) => {
  const bytes = await window.fetchFiles(base, files);
  const side = window.sides[name];
  const results = [];
  for (let round = 0; round < rounds; round++) {
    side.put(bytes);
    results.push(await side.open(root, primPaths));
  }
  return results;
};

/** On a machine that only serves a folder (`start-site.mjs`): start-up of one side, once the browser has settled, posted to `/done`. */
async function postStart(side) {
  const response = await fetch('start.json');
  const { root, prims } = await response.json();
  await new Promise((resolve) => {
    setTimeout(resolve, 1500);
  });
  const figures = await window.measureStart(side, root, [root], prims, '/corpus');
  await fetch('/done', { method: 'POST', body: JSON.stringify({ side, ...figures }) });
}

const side = new URLSearchParams(window.location.search).get('start');
if (side !== null) window.addEventListener('load', () => void postStart(side));
