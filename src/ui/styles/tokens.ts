/**
 * Design tokens: every colour, distance and type size of the page, as custom properties of the document root. They inherit
 * through shadow roots. Text colours keep a contrast of 4.5:1 or more against bar, panel and raised grounds of their theme;
 * `tokens.test.ts` computes it.
 */
import { css, unsafeCSS } from 'lit';

export type Theme = 'dark' | 'light';

/** Colours by theme, sRGB. */
export const COLORS: Readonly<Record<Theme, Readonly<Record<string, string>>>> = {
  dark: {
    bar: '#14161a',
    panel: '#181b20',
    raised: '#21252c',
    field: '#0f1114',
    line: '#2a2f37',
    'line-strong': '#5a6372',
    hover: '#262b33',
    selected: '#1f3a5a',
    text: '#e7eaee',
    'text-2': '#a8b0bc',
    'text-3': '#8d96a4',
    accent: '#74b6ff',
    'accent-fill': '#2a72cc',
    'on-accent': '#ffffff',
    error: '#ff8a80',
    warning: '#ebb850',
    info: '#74b6ff',
    good: '#63cf9a',
    violet: '#c3a6ff',
    gold: '#e3b565',
    curtain: '#d0584c',
    stage: '#2b2e34',
    'stage-glow': '#3d4149',
    'stage-edge': '#1b1d21',
  },
  light: {
    bar: '#f1f2f5',
    panel: '#fafbfc',
    raised: '#ffffff',
    field: '#ffffff',
    line: '#d9dde3',
    'line-strong': '#868f9c',
    hover: '#e8ebf0',
    selected: '#d4e5fa',
    text: '#15181c',
    'text-2': '#47515e',
    'text-3': '#5c6674',
    accent: '#0f5cb8',
    'accent-fill': '#1263c4',
    'on-accent': '#ffffff',
    error: '#b3261e',
    warning: '#805300',
    info: '#0f5cb8',
    good: '#106c41',
    violet: '#6941c6',
    gold: '#a87417',
    curtain: '#b5453f',
    stage: '#eceef1',
    'stage-glow': '#ffffff',
    'stage-edge': '#cfd4da',
  },
};

function colorRules(theme: Theme): string {
  return Object.entries(COLORS[theme])
    .map(([name, value]) => `--${name}: ${value};`)
    .join(' ');
}

/** For `document.adoptedStyleSheets`. `data-theme` is set by the theme controller. */
export const tokens = css`
  :root {
    color-scheme: dark;
    ${unsafeCSS(colorRules('dark'))}
    --shadow: 0 1px 2px rgb(0 0 0 / 35%), 0 8px 28px rgb(0 0 0 / 38%);
    --glass: rgb(24 27 32 / 84%);
    --scrim: rgb(8 9 11 / 62%);

    --space-1: 0.31rem;
    --space-2: 0.62rem;
    --space-3: 0.92rem;
    --space-4: 1.23rem;
    --space-6: 1.85rem;
    --radius-1: 5px;
    --radius-2: 8px;
    --radius-3: 14px;
    --control: 2.3rem;
    --row: 1.85rem;

    --font:
      'Inter', 'Segoe UI Variable Text', 'Segoe UI', system-ui, -apple-system, 'Roboto', 'Noto Sans', 'Liberation Sans', Arial, sans-serif;
    --mono: ui-monospace, 'SF Mono', 'Cascadia Code', 'JetBrains Mono', 'Noto Sans Mono', 'DejaVu Sans Mono', monospace;
    --size-1: 0.846rem;
    --size-2: 0.923rem;
    --size-3: 1rem;
    --size-4: 1.154rem;
    --size-5: 1.615rem;
    --ease: cubic-bezier(0.2, 0.7, 0.2, 1);
    --quick: 140ms;
  }

  :root[data-theme='light'] {
    color-scheme: light;
    ${unsafeCSS(colorRules('light'))}
    --shadow: 0 1px 2px rgb(20 30 45 / 10%), 0 8px 28px rgb(20 30 45 / 16%);
    --glass: rgb(255 255 255 / 86%);
    --scrim: rgb(30 38 50 / 38%);
  }

  :root,
  body {
    background: var(--bar);
    color: var(--text);
  }

  @media (pointer: coarse) {
    :root {
      --control: 2.9rem;
      --row: 2.6rem;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    :root {
      --quick: 0ms;
    }
  }
`;
