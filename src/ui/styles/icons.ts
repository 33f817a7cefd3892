/** Our own line icons on a grid of 20, stroked in the text's colour. Decorative: the control carries the name. */
import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';

const PATHS = {
  open: svg`<path d="M2.8 15.2V5.4c0-.7.5-1.2 1.2-1.2h3.6l1.8 2h6.2c.7 0 1.2.5 1.2 1.2v1.2" /><path d="M2.9 15.6 5.1 9.4c.2-.5.6-.8 1.1-.8h10.6c.6 0 1 .6.8 1.1l-1.9 5.6c-.1.4-.5.6-.9.6H3.2" />`,
  play: svg`<path d="M6.5 4.3v11.4l9-5.7z" fill="currentcolor" />`,
  pause: svg`<path d="M7 4.5v11M13 4.5v11" stroke-width="2.4" />`,
  'step-back': svg`<path d="M14.5 4.8v10.4L7.2 10zM5 4.8v10.4" />`,
  'step-forward': svg`<path d="M5.5 4.8v10.4l7.3-5.2zM15 4.8v10.4" />`,
  loop: svg`<path d="M4 9.5V8.6c0-1.7 1.3-3 3-3h8.5M13.2 3.2l2.5 2.4-2.5 2.4M16 10.5v.9c0 1.7-1.3 3-3 3H4.5M6.8 16.8l-2.5-2.4 2.5-2.4" />`,
  frame: svg`<path d="M3.5 7V4.7c0-.7.5-1.2 1.2-1.2H7M13 3.5h2.3c.7 0 1.2.5 1.2 1.2V7M16.5 13v2.3c0 .7-.5 1.2-1.2 1.2H13M7 16.5H4.7c-.7 0-1.2-.5-1.2-1.2V13" /><circle cx="10" cy="10" r="2.6" />`,
  camera: svg`<path d="M3.2 6.2h8.6c.7 0 1.2.5 1.2 1.2v5.2c0 .7-.5 1.2-1.2 1.2H3.2c-.7 0-1.2-.5-1.2-1.2V7.4c0-.7.5-1.2 1.2-1.2zM13 9l5-2.6v7.2L13 11" />`,
  picture: svg`<path d="M10 3v8.5M6.8 8.5 10 11.7l3.2-3.2M3.5 13v2.5c0 .6.4 1 1 1h11c.6 0 1-.4 1-1V13" />`,
  record: svg`<circle cx="10" cy="10" r="6.8" /><circle cx="10" cy="10" r="3" fill="currentcolor" />`,
  'pop-out': svg`<path d="M9 4.5H4.7c-.7 0-1.2.5-1.2 1.2v9.6c0 .7.5 1.2 1.2 1.2h9.6c.7 0 1.2-.5 1.2-1.2V11" /><rect x="9.5" y="3.2" width="7.3" height="5.3" rx="1.2" fill="currentcolor" />`,
  fullscreen: svg`<path d="M11.8 3.5h4.7v4.7M16.2 3.8l-5 5M8.2 16.5H3.5v-4.7M3.8 16.2l5-5" />`,
  sun: svg`<circle cx="10" cy="10" r="3.3" /><path d="M10 2v1.8M10 16.2V18M2 10h1.8M16.2 10H18M4.3 4.3l1.3 1.3M14.4 14.4l1.3 1.3M4.3 15.7l1.3-1.3M14.4 5.6l1.3-1.3" />`,
  moon: svg`<path d="M16.5 12.2A7 7 0 0 1 7.8 3.5a7 7 0 1 0 8.7 8.7z" />`,
  auto: svg`<circle cx="10" cy="10" r="6.8" /><path d="M10 3.2v13.6a6.8 6.8 0 0 0 0-13.6z" fill="currentcolor" stroke="none" />`,
  help: svg`<path d="M7.3 7.4C7.5 5.9 8.6 5 10 5c1.6 0 2.8 1 2.8 2.5 0 2-2.7 2.2-2.7 4.3" /><path d="M10 14.9v.1" stroke-width="2.2" />`,
  'panel-left': svg`<rect x="2.8" y="3.8" width="14.4" height="12.4" rx="2" /><path d="M7.8 3.8v12.4" /><path d="M5.3 7v.1M5.3 9.5v.1" stroke-width="1.8" />`,
  'panel-right': svg`<rect x="2.8" y="3.8" width="14.4" height="12.4" rx="2" /><path d="M12.2 3.8v12.4" /><path d="M14.7 7v.1M14.7 9.5v.1" stroke-width="1.8" />`,
  eye: svg`<path d="M2 10s2.9-5 8-5 8 5 8 5-2.9 5-8 5-8-5-8-5z" /><circle cx="10" cy="10" r="2.3" />`,
  'eye-off': svg`<path d="M3.5 3.5l13 13M8.2 5.2A8 8 0 0 1 10 5c5.1 0 8 5 8 5a13 13 0 0 1-2.3 2.8M12.5 14.6c-.8.3-1.6.4-2.5.4-5.1 0-8-5-8-5a13 13 0 0 1 3.3-3.5" />`,
  chevron: svg`<path d="M7.5 5l5 5-5 5" />`,
  search: svg`<circle cx="8.7" cy="8.7" r="5.2" /><path d="M12.6 12.6l4 4" />`,
  close: svg`<path d="M5 5l10 10M15 5L5 15" />`,
  error: svg`<circle cx="10" cy="10" r="7" /><path d="M10 6v4.8" stroke-width="1.8" /><path d="M10 13.8v.1" stroke-width="2.2" />`,
  warning: svg`<path d="M10 3.2l7.5 13.2h-15z" /><path d="M10 8v4" stroke-width="1.8" /><path d="M10 14.2v.1" stroke-width="2.2" />`,
  info: svg`<circle cx="10" cy="10" r="7" /><path d="M10 9.4V14" stroke-width="1.8" /><path d="M10 6.3v.1" stroke-width="2.2" />`,
  check: svg`<path d="M4.5 10.5l3.8 3.8 7.2-8.3" />`,
  tree: svg`<path d="M4.5 3.5v10.3c0 .7.5 1.2 1.2 1.2h3.3M4.5 8h4.5" /><rect x="9" y="5.7" width="7.5" height="4.5" rx="1.2" /><rect x="9" y="12.7" width="7.5" height="4.5" rx="1.2" />`,
  list: svg`<path d="M3.5 5.5h5M3.5 10h5M3.5 14.5h5M11.5 5.5h5M11.5 10h5M11.5 14.5h3" />`,
  layers: svg`<path d="M10 3l7 3.7-7 3.7-7-3.7zM3 10.3l7 3.7 7-3.7M3 13.7l7 3.7 7-3.7" />`,
  look: svg`<path d="M3 6h7.5M14.5 6H17M3 14h2.5M9.5 14H17" /><circle cx="12.5" cy="6" r="2" /><circle cx="7.5" cy="14" r="2" />`,
  copy: svg`<rect x="7" y="7" width="9.5" height="9.5" rx="1.8" /><path d="M4.5 13c-.6 0-1-.4-1-1V5.3c0-1 .8-1.8 1.8-1.8H12c.6 0 1 .4 1 1" />`,
  reset: svg`<path d="M4.2 8.2h7.3a4.1 4.1 0 1 1 0 8.2H7M7.2 5.2l-3 3 3 3" />`,
  settings: svg`<circle cx="10" cy="10" r="2.5" /><path d="M10 2.8v2.4M10 14.8v2.4M2.8 10h2.4M14.8 10h2.4M4.9 4.9l1.7 1.7M13.4 13.4l1.7 1.7M4.9 15.1l1.7-1.7M13.4 6.6l1.7-1.7" /><circle cx="10" cy="10" r="4.9" />`,
  recent: svg`<path d="M3.4 10a6.7 6.7 0 1 0 2-4.8L3.4 7.2M3.4 3.6v3.6H7" /><path d="M10 6.3V10l2.6 1.8" />`,
  link: svg`<path d="M8.4 11.6a3 3 0 0 0 4.3 0l2.8-2.8a3 3 0 0 0-4.3-4.3l-.9.9M11.6 8.4a3 3 0 0 0-4.3 0l-2.8 2.8a3 3 0 0 0 4.3 4.3l.9-.9" />`,
  plus: svg`<path d="M10 4v12M4 10h12" />`,
  install: svg`<path d="M10 2.8v7M7 7.2 10 10l3-2.8M6 4.5H4c-.7 0-1.2.5-1.2 1.2v7c0 .6.5 1.1 1.2 1.1h12c.7 0 1.2-.5 1.2-1.1v-7c0-.7-.5-1.2-1.2-1.2h-2M7 16.7h6" />`,
  'new-tab': svg`<path d="M8.5 4.5H4.7c-.7 0-1.2.5-1.2 1.2v9.6c0 .7.5 1.2 1.2 1.2h9.6c.7 0 1.2-.5 1.2-1.2v-3.8M11.5 3.5h5v5M16.2 3.8 9.5 10.5" />`,
  // Prim types.
  scope: svg`<path d="M3 15V5.7c0-.6.4-1 1-1h3.4l1.7 1.8H16c.6 0 1 .4 1 1V15c0 .6-.4 1-1 1H4c-.6 0-1-.4-1-1z" />`,
  xform: svg`<path d="M8 12V3.5M8 12h8.5M8 12l-4.7 4.5M5.8 5.5 8 3.3l2.2 2.2M14.3 9.8l2.2 2.2-2.2 2.2" />`,
  mesh: svg`<path d="M10 2.8l6.3 3.6v7.2L10 17.2l-6.3-3.6V6.4zM3.9 6.5 10 10l6.1-3.5M10 10v7" />`,
  sphere: svg`<circle cx="10" cy="10" r="6.8" /><path d="M3.3 10.6c2 2.3 11.4 2.3 13.4 0" />`,
  light: svg`<path d="M7.3 13.8c0-1.6-2.3-2.6-2.3-5.5a5 5 0 0 1 10 0c0 2.9-2.3 3.9-2.3 5.5zM7.8 17h4.4" />`,
  material: svg`<circle cx="10" cy="10" r="6.8" /><path d="M6.5 8.7c.5-1.4 1.5-2.3 2.9-2.7" />`,
  shader: svg`<rect x="2.8" y="3.8" width="6" height="5.4" rx="1.2" /><rect x="11.2" y="10.8" width="6" height="5.4" rx="1.2" /><path d="M8.8 6.5h2c1 0 1.7.8 1.7 1.8v2.5" />`,
  instancer: svg`<rect x="3.2" y="3.2" width="5" height="5" rx="1" /><rect x="11.8" y="3.2" width="5" height="5" rx="1" /><rect x="3.2" y="11.8" width="5" height="5" rx="1" /><rect x="11.8" y="11.8" width="5" height="5" rx="1" />`,
  curves: svg`<path d="M3 15.5c3.5 0 3-11 7-11s3.5 8 7 8M3 11c2 0 2.5-3 3.5-5" />`,
  points: svg`<path d="M5 6v.1M11 4.5v.1M15.5 8.5v.1M8 10.5v.1M4.5 14.5v.1M12 14v.1M16 15.5v.1" stroke-width="2.4" />`,
  skeleton: svg`<circle cx="5" cy="5" r="2" /><circle cx="15" cy="15" r="2" /><path d="M6.5 6.5l7 7" /><circle cx="14.5" cy="5.5" r="1.5" /><path d="M9.5 9.5l3.8-3" />`,
  subset: svg`<path d="M10 3.2V10l5.9 3.4A6.8 6.8 0 1 1 10 3.2z" /><path d="M12.5 2.9a6.8 6.8 0 0 1 4.3 8.6L12.5 9z" fill="currentcolor" />`,
  prim: svg`<circle cx="10" cy="10" r="2.6" />`,
} satisfies Record<string, SVGTemplateResult>;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true">${PATHS[name]}</svg>`;
}

/** The theatre's mark: arch, curtains, stage. Colours come from the tokens. */
export function logo(): TemplateResult {
  return html`<svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
    <path class="curtain" d="M8 26V14.8C8 10 11.4 6.8 16 6.8c-.4 7-2.6 12.5-4.2 19.2z" />
    <path class="curtain" d="M24 26V14.8c0-4.8-3.4-8-8-8 .4 7 2.6 12.5 4.2 19.2z" />
    <path class="arch" d="M4.5 26.5V14.3C4.5 8 9.7 3.5 16 3.5s11.5 4.5 11.5 10.8v12.2M3 27.5h26" />
  </svg>`;
}
