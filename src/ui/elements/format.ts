/** Numbers as people read them. */

/** Exact below 10,000, then rounded to three figures: `12.4k`, `3.1M`. */
export function formatCount(count: number): string {
  if (count < 10_000) return groupThousands(count);
  if (count < 1_000_000) return `${threeFigures(count / 1000)}k`;
  if (count < 1_000_000_000) return `${threeFigures(count / 1_000_000)}M`;
  return `${threeFigures(count / 1_000_000_000)}G`;
}

/** `1,234.5`. By hand: the first use of `Intl` takes 20 ms and more of the main thread, just when a scene opens. */
export function groupThousands(value: number): string {
  const text = String(value);
  const end = text.search(/[.e]|$/u);
  return text.slice(0, end).replaceAll(/\B(?=(?:\d{3})+$)/gu, ',') + text.slice(end);
}

/** Decimal bytes: `512 B`, `3.2 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_500) return `${threeFigures(bytes / 1000)} kB`;
  if (bytes < 999_500_000) return `${threeFigures(bytes / 1_000_000)} MB`;
  return `${threeFigures(bytes / 1_000_000_000)} GB`;
}

function threeFigures(value: number): string {
  return value < 100 ? String(Math.floor(value * 10 + 1e-9) / 10) : String(Math.floor(value));
}
