/** The embed builder's form, from what the element's manifest says of its attributes. */

/** One attribute in `custom-elements.json`. */
export interface ManifestAttribute {
  readonly name: string;
  readonly description?: string;
  readonly type?: { readonly text: string };
  readonly default?: string;
}

/** How an attribute is asked for. */
export type Control =
  | { readonly kind: 'switch' }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'number' }
  | { readonly kind: 'text' };

/** A part of the form. */
export interface FormGroup {
  readonly title: string;
  readonly attributes: readonly ManifestAttribute[];
}

/** What belongs together, by the beginnings of names. Attributes that no group claims go to the last. */
const GROUPS: readonly (readonly [title: string, pattern: RegExp])[] = [
  ['Model', /^(?:src|alt|poster|root|payloads|purposes|complexity|ios-src)$/u],
  ['Camera', /^(?:camera|field-of-view|min-|max-|auto-rotate|rotation-|orbit-|zoom-|pan-|disable-|interaction-|touch-)/u],
  ['Light and background', /^(?:environment-|skybox-|exposure|tone-mapping|shadow-)/u],
  ['Variants and time', /^(?:variant|time$|start$|end$|autoplay|loop)/u],
];
const REST = 'Loading and more';

/** The attributes in groups, in the manifest's order. */
export function groupAttributes(attributes: readonly ManifestAttribute[]): FormGroup[] {
  const titles = [...GROUPS.map(([title]) => title), REST];
  const titleOf = ({ name }: ManifestAttribute): string => GROUPS.find(([, pattern]) => pattern.test(name))?.[0] ?? REST;
  return titles
    .map((title) => ({ title, attributes: attributes.filter((attribute) => titleOf(attribute) === title) }))
    .filter((group) => group.attributes.length > 0);
}

/** A control that can say what the attribute's type allows. */
export function controlOf({ type }: ManifestAttribute): Control {
  const text = type?.text ?? 'string';
  const members = text
    .split('|')
    .map((member) => member.trim())
    .filter((member) => member !== 'undefined' && member !== 'null');
  const values = members.map((member) => /^['"](?<value>[^'"]*)['"]$/u.exec(member)?.groups?.['value']);
  if (values.every((value) => value !== undefined)) return { kind: 'choice', values: values.filter((value) => value !== '') };
  if (members.length === 1 && members[0] === 'boolean') return { kind: 'switch' };
  if (members.length === 1 && members[0] === 'number') return { kind: 'number' };
  return { kind: 'text' };
}
