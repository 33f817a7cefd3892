/**
 * `npm run docs:elements`: `packages/proscenium/custom-elements.json`, the manifest of the element (Custom Elements Manifest 2.1.0), from the
 * sources' types and comments. With `--check` nothing is written: fails where the manifest is not what the sources say, or where something
 * public has no comment.
 *
 * Events, slots, parts, CSS properties and states are tags in the comment of the class, as the analyzer of custom-elements-manifest reads
 * them: `@fires {type} name - text`, `@slot name - text`, `@csspart`, `@cssprop {syntax} [--name=default] - text`, `@cssState`. Fields and
 * methods are the class's public members; a field with `@attr name` reflects an attribute, whose default is in the table `REFLECTED`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const TARGET = at('packages/proscenium/custom-elements.json');
const SOURCE = at('src/embed/usd-view.ts');
const EVENTS_SOURCE = at('src/embed/events.ts');
/** The interface there that has a property for each event. */
const EVENTS = 'UsdViewEvents';
const TAG_NAME = 'usd-view';
/** The table of reflected properties: name → attribute, kind, and what the property says while the attribute is absent. */
const DEFAULTS = 'REFLECTED';
/** What the platform calls is no part of what pages use. */
const PLATFORM = new Set([
  'connectedCallback',
  'disconnectedCallback',
  'connectedMoveCallback',
  'attributeChangedCallback',
  'adoptedCallback',
  'formAssociated',
  'observedAttributes',
  'addEventListener',
  'removeEventListener',
]);

const problems = [];
try {
  const text = `${JSON.stringify(makeManifest(), null, 2)}\n`;
  if (problems.length > 0) throw new Error(problems.join('\n'));
  if (!process.argv.includes('--check')) writeFileSync(TARGET, text);
  else if (readFileSync(TARGET, 'utf8') !== text) {
    throw new Error('custom-elements.json is not what the sources say: run "npm run docs:elements"');
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function makeManifest() {
  const config = ts.getParsedCommandLineOfConfigFile(at('tsconfig.ui.json'), {}, { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail });
  const program = ts.createProgram([SOURCE, ...config.fileNames.filter((name) => name.endsWith('.d.ts'))], {
    ...config.options,
    noEmit: true,
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(SOURCE);
  const moduleSymbol = checker.getSymbolAtLocation(source);
  const exported = checker.getExportsOfModule(moduleSymbol).map((symbol) => resolveAlias(checker, symbol));
  const found = exported.find((symbol) => symbol.flags & ts.SymbolFlags.Class);
  if (found === undefined) throw new Error(`${relative(at('.'), SOURCE)} exports no class`);
  const eventTypes = readEventTypes(program.getSourceFile(EVENTS_SOURCE));
  const declaration = describeClass(checker, found, eventTypes);
  return {
    schemaVersion: '2.1.0',
    readme: 'README.md',
    modules: [
      {
        kind: 'javascript-module',
        path: 'dist/usd-view.js',
        declarations: [declaration],
        exports: [
          { kind: 'js', name: declaration.name, declaration: { name: declaration.name } },
          { kind: 'custom-element-definition', name: TAG_NAME, declaration: { name: declaration.name } },
        ],
      },
    ],
  };
}

function describeClass(checker, symbol, eventTypes) {
  const node = symbol.valueDeclaration;
  const tags = new Map();
  for (const tag of ts.getJSDocTags(node)) {
    const name = tag.tagName.text.toLowerCase();
    tags.set(name, [...(tags.get(name) ?? []), readTag(ts.getTextOfJSDocComment(tag.comment) ?? '', tag)]);
  }
  const all = (...names) => names.flatMap((name) => tags.get(name) ?? []);
  const members = describeMembers(checker, symbol, node);
  const attributes = members
    .filter(({ attribute }) => attribute !== undefined)
    .map(({ name, attribute, type, description, default: fallback }) =>
      withoutEmpty({ name: attribute, type: asType(type.text.replace(/ \| null$/, '')), default: fallback, description, fieldName: name }),
    );
  const listed = {
    attributes,
    events: all('fires', 'event').map(({ name, type, description }) =>
      withoutEmpty({ name, type: asType(type ?? eventTypes.get(name) ?? 'Event'), description }),
    ),
    slots: all('slot').map(({ name, description }) => ({ name, description })),
    cssParts: all('csspart').map(({ name, description }) => ({ name, description })),
    cssProperties: all('cssprop', 'cssproperty').map(({ name, type, fallback, description }) =>
      withoutEmpty({ name, syntax: type, default: fallback, description }),
    ),
    cssStates: all('cssstate').map(({ name, description }) => ({ name, description })),
  };
  for (const [kind, entries] of Object.entries(listed)) {
    for (const { name, description } of entries) if (!description) problems.push(`${kind}: "${name}" has no description`);
  }
  return withoutEmpty({
    kind: 'class',
    customElement: true,
    tagName: TAG_NAME,
    name: symbol.name,
    description: commentOf(checker, symbol),
    superclass: { name: 'HTMLElement' },
    ...listed,
    members,
  });
}

/** Event → its type, without the words that only the compiler needs. */
function readEventTypes(source) {
  const events = source.statements.find((statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === EVENTS);
  if (events === undefined) throw new Error(`${EVENTS_SOURCE} has no interface ${EVENTS}`);
  return new Map(events.members.map(({ name, type }) => [name.text, oneLine(type.getText()).replaceAll('readonly ', '')]));
}

/** Public members of the class and of the classes of ours that it extends, in the order of the sources. */
function describeMembers(checker, symbol, node) {
  const isOurs = (member) =>
    (member.declarations ?? []).some(({ parent }) => ts.isClassLike(parent) && parent.getSourceFile().fileName.startsWith(at('src/')));
  const own = [
    ...checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol)),
    ...checker.getPropertiesOfType(checker.getTypeOfSymbolAtLocation(symbol, node)).filter(({ name }) => name !== 'prototype'),
  ];
  return own
    .filter((member) => isOurs(member) && isPublic(member))
    .map((member) => describeMember(checker, member, node))
    .filter((member) => member !== undefined);
}

function isPublic(member) {
  if (PLATFORM.has(member.name) || member.name.startsWith('#') || member.name.startsWith('__')) return false;
  return (member.declarations ?? []).every((declaration) => {
    const flags = ts.getCombinedModifierFlags(declaration);
    if (flags & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) return false;
    if (ts.isPrivateIdentifierClassElementDeclaration(declaration)) return false;
    return !ts.getJSDocTags(declaration).some(({ tagName }) => tagName.text === 'internal');
  });
}

function describeMember(checker, member, node) {
  const description = commentOf(checker, member);
  if (!description) problems.push(`members: "${member.name}" has no comment`);
  const declarations = member.declarations ?? [];
  const isStatic = declarations.some((declaration) => ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Static);
  const type = checker.getTypeOfSymbolAtLocation(member, node);
  if (member.flags & ts.SymbolFlags.Method) {
    const [signature] = type.getCallSignatures();
    const parameters = signature.getParameters().map((parameter) => {
      const { valueDeclaration } = parameter;
      return withoutEmpty({
        name: parameter.name,
        type: asType(textOf(checker, checker.getTypeOfSymbolAtLocation(parameter, node), valueDeclaration?.type)),
        optional: valueDeclaration?.questionToken !== undefined || valueDeclaration?.initializer !== undefined || undefined,
        default: valueDeclaration?.initializer?.getText(),
        description: oneLine(ts.displayPartsToString(parameter.getDocumentationComment(checker))),
      });
    });
    const returns = textOf(checker, signature.getReturnType(), signature.declaration?.type);
    const returned = member.getJsDocTags(checker).find(({ name }) => name === 'returns');
    return withoutEmpty({
      kind: 'method',
      name: member.name,
      static: isStatic || undefined,
      description,
      parameters,
      return: withoutEmpty({ type: asType(returns), description: oneLine(ts.displayPartsToString(returned?.text)) }),
    });
  }
  const isAccessor = Boolean(member.flags & ts.SymbolFlags.Accessor);
  const isReadonly = isAccessor
    ? !declarations.some((declaration) => ts.isSetAccessor(declaration))
    : declarations.some((declaration) => ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Readonly);
  const written = declarations.find((declaration) => declaration.type !== undefined)?.type;
  const attribute = declarations.flatMap((declaration) => ts.getJSDocTags(declaration)).find(({ tagName }) => tagName.text === 'attr');
  return withoutEmpty({
    kind: 'field',
    name: member.name,
    static: isStatic || undefined,
    type: asType(textOf(checker, type, written)),
    readonly: isReadonly || undefined,
    description,
    ...(attribute === undefined
      ? {}
      : {
          attribute: (ts.getTextOfJSDocComment(attribute.comment) ?? '').trim() || member.name,
          reflects: true,
          default: defaultOf(attribute.getSourceFile(), member.name),
        }),
  });
}

/** Third entry of the property's row; switches have none, and those that may be absent have null. */
function defaultOf(source, name) {
  const statement = source.statements.find(
    (one) => ts.isVariableStatement(one) && one.declarationList.declarations[0].name.getText() === DEFAULTS,
  );
  const table = statement?.declarationList.declarations[0].initializer;
  const row = table?.properties.find((property) => property.name.getText() === name);
  if (row === undefined) throw new Error(`${DEFAULTS} has no row for "${name}"`);
  const [, kind, fallback] = row.initializer.elements;
  if (kind.getText() === "'flag'") return 'false';
  return fallback.getText() === 'null' || fallback.getText() === "''" ? undefined : fallback.getText();
}

/** `{type} [name=default] - text`; a slot without a name is written `- text`. */
function readTag(text, tag) {
  const typed = tag.typeExpression?.getText() ?? '';
  const match =
    /^(?:\{(?<type>(?:[^{}]|\{[^{}]*\})*)\}\s*)?(?:\[(?<optional>[^\]=]+)(?:=(?<fallback>[^\]]*))?\]|(?<name>[^\s]+(?<!-)))?\s*(?:-\s+)?(?<description>[\s\S]*)$/u.exec(
      `${typed} ${text}`.trim(),
    );
  const { type, optional, fallback, name, description = '' } = match?.groups ?? {};
  return { name: (optional ?? name ?? '').trim(), type, fallback, description: oneLine(description) };
}

/** The type as the source writes it, else as the compiler sees it. */
function textOf(checker, type, written) {
  const text =
    written?.getText() ??
    checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseSingleQuotesForStringLiteralType);
  // A name for a few words says less than the words.
  const isUnionOfTexts =
    type.isUnion?.() && type.types.every((member) => member.isStringLiteral() || member.flags & ts.TypeFlags.Undefined);
  return isUnionOfTexts && !text.startsWith("'")
    ? type.types.map((member) => (member.isStringLiteral() ? `'${member.value}'` : 'undefined')).join(' | ')
    : oneLine(text);
}

function commentOf(checker, symbol) {
  return oneLine(ts.displayPartsToString(symbol.getDocumentationComment(checker)));
}

function asType(text) {
  return text === undefined ? undefined : { text };
}

function oneLine(text) {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function resolveAlias(checker, symbol) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** Without what says nothing: undefined, empty texts and empty lists. */
function withoutEmpty(record) {
  return Object.fromEntries(
    Object.entries(record).filter(([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0)),
  );
}

function fail(diagnostic) {
  throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
}
