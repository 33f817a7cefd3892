/** A name that nobody else has or guesses: 128 random bits after a prefix. `crypto.randomUUID` is missing outside of secure contexts. */
export function randomName(prefix: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `${prefix}${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
