/** TypeDoc plugin: sorts what the package exports into one page for each library (folder) that declares it. */
import { Comment, Converter, DeclarationReflection, ReflectionKind, Renderer } from 'typedoc';

/** Folder under `src` → what its page says first, in the order in which a reader is likely to need them. */
const LIBRARIES = {
  usd: 'Stages: opening, traversal, values, edits, notices.',
  schemas: 'What prims mean: transforms, bounds, primvars, materials, lights, cameras, skinning.',
  sdf: 'Layers: paths, specs, list ops, change lists, undo.',
  vt: 'Values and their types.',
  ar: 'Resolvers: from asset paths to bytes.',
  pcp: 'Composition, as it stands: sites, nodes, mappings.',
  usda: 'Text layers.',
  usdc: 'Crates: binary layers.',
  usdz: 'Packages as archives.',
  package: 'Packages of scenes: dependencies, and putting them in one file.',
  check: 'Compliance: the rules of usdchecker.',
  gf: 'Matrices and ranges.',
  tf: 'Problems and limits.',
  kernel: 'Whole-array jobs, in WebAssembly or TypeScript.',
};

export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => sortByLibrary(project));

  // The comment on a member of a type speaks for the members of object types inside it. Validation is told so; pages are not.
  const spokenFor = new Set();
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    for (const reflection of project.getReflectionsByKind(ReflectionKind.Property)) {
      if (reflection.hasComment() || !reflection.getFullName().includes('.__type.')) continue;
      reflection.comment = new Comment([{ kind: 'text', text: ' ' }]);
      spokenFor.add(reflection);
    }
  });
  app.renderer.on(Renderer.EVENT_BEGIN, () => {
    for (const reflection of spokenFor) delete reflection.comment;
  });
}

function sortByLibrary(project) {
  const pages = new Map();
  for (const [name, summary] of Object.entries(LIBRARIES)) {
    const page = new DeclarationReflection(name, ReflectionKind.Module, project);
    page.comment = new Comment([{ kind: 'text', text: summary }]);
    pages.set(name, page);
  }
  // A copy: children leave the project as they are moved.
  for (const child of Array.from(project.children ?? [])) {
    const declared = child.isReference() ? child.getTargetReflectionDeep() : child;
    const source = declared.kindOf(ReflectionKind.Namespace)
      ? `src/gf/${child.name}.ts`
      : project.getSymbolIdFromReflection(declared)?.packagePath;
    const page = pages.get(/(?:^|\/)src\/([a-z]+)\//.exec(source ?? '')?.[1]);
    if (page === undefined) throw new Error(`${child.name} (${source}) is declared in no library that has a page`);
    project.removeChild(child);
    child.parent = page;
    page.addChild(child);
  }
  for (const page of pages.values()) {
    if (page.children === undefined) throw new Error(`${page.name} exports nothing`);
    project.registerReflection(page, undefined, undefined);
    project.addChild(page);
  }
}
