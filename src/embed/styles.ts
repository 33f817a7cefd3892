/** Styles of the shadow tree. The page's own rules for `usd-view` count over those of `:host`. */
export const STYLES = `
:host {
  position: relative;
  display: block;
  box-sizing: border-box;
  width: 100%;
  max-width: 100%;
  aspect-ratio: var(--usd-view-aspect-ratio, 4 / 3);
  overflow: hidden;
  contain: content;
  font: 400 0.875rem/1.4 system-ui, sans-serif;
  color: var(--usd-view-text-color, #fff);
  -webkit-text-size-adjust: 100%;
  text-size-adjust: 100%;
}
:host([hidden]), [hidden] { display: none !important; }
:host(:fullscreen) { background: Canvas; }
* { box-sizing: border-box; }
.fill { position: absolute; inset: 0; }
.surface { outline: none; user-select: none; -webkit-user-select: none; -webkit-touch-callout: none; }
.surface.live { cursor: grab; }
.surface.live:active { cursor: grabbing; }
.focus { pointer-events: none; }
.surface:focus-visible ~ .focus { box-shadow: inset 0 0 0 3px var(--usd-view-focus-color, #1263c4), inset 0 0 0 5px #fff; }
canvas { position: absolute; inset: 0; display: block; width: 100%; height: 100%; pointer-events: none; }
.layer { pointer-events: none; }
.layer ::slotted(*) { pointer-events: auto; }
.spot { position: absolute; left: 0; top: 0; will-change: transform; }
.spot > * { pointer-events: auto; }
.spot.unseen { opacity: var(--min-hotspot-opacity, 0.25); }
.spot.out { visibility: hidden; }
.poster { background: var(--poster-color, transparent); transition: opacity 0.3s; display: grid; place-items: center; overflow: hidden; }
.poster.gone { opacity: 0; visibility: hidden; pointer-events: none; transition: opacity 0.3s, visibility 0s 0.3s; }
.poster.clickable { cursor: pointer; }
.poster img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; }
.poster ::slotted(*) { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; }
button, .link {
  position: relative;
  display: inline-flex;
  align-items: center;
  gap: 0.5em;
  min-height: 2.5rem;
  padding: 0.4em 1em;
  border: 1px solid rgb(255 255 255 / 0.55);
  border-radius: 1.5rem;
  background: var(--usd-view-button-color, rgb(24 27 32 / 0.88));
  color: inherit;
  font: inherit;
  font-weight: 600;
  text-decoration: none;
  cursor: pointer;
}
button:hover, .link:hover { background: var(--usd-view-button-hover-color, rgb(48 54 64 / 0.95)); }
button:focus-visible, .link:focus-visible { outline: 3px solid var(--usd-view-focus-color, #1263c4); outline-offset: 1px; box-shadow: 0 0 0 1px #fff; }
svg { width: 1.1em; height: 1.1em; fill: currentColor; flex: none; }
.progress { inset: auto 0 0; transition: opacity 0.3s 0.2s; }
.bar { height: var(--progress-bar-height, 4px); background: var(--progress-mask, rgb(0 0 0 / 0.25)); }
.bar > div { height: 100%; background: var(--progress-bar-color, #1263c4); transform-origin: 0 50%; transform: scaleX(0); transition: transform 0.15s; }
.progress.gone { opacity: 0; }
.message { container-type: inline-size; display: grid; align-content: safe center; justify-items: center; gap: 0.75rem; padding: 1rem; text-align: center; overflow: auto; background: var(--usd-view-message-color, rgb(24 27 32 / 0.92)); }
.message.strip { inset: auto 0 0; max-height: 100%; gap: 0.5rem; }
.message p { margin: 0; max-width: 34rem; overflow-wrap: anywhere; }
.message strong { font-size: 1.05em; }
@container (max-width: 15rem) { .message > * { font-size: 0.75rem; line-height: 1.25; } }
.actions { display: flex; flex-wrap: wrap; justify-content: center; gap: 0.5rem; }
.note { inset: auto 0 0; display: grid; place-items: center; padding: 0 1rem 1.25rem; opacity: 0; visibility: hidden; transition: opacity 0.25s, visibility 0s 0.25s; }
:host([controls]) .note { padding-bottom: 4.25rem; }
.note.hint { padding: 1rem; inset: 0; }
.note.shown { opacity: 1; visibility: visible; transition: opacity 0.25s; }
.note span { display: inline-flex; align-items: center; gap: 0.5em; padding: 0.45em 0.9em; border-radius: 1.5rem; background: rgb(24 27 32 / 0.88); }
.corner { position: absolute; right: 0.75rem; bottom: 0.75rem; display: flex; gap: 0.5rem; align-items: center; }
:host([controls]) .corner { bottom: 4rem; }
.controls { position: absolute; inset: auto 0 0; padding: 0.5rem 0.75rem; pointer-events: none; }
.controls ::slotted(*), .row > :not(.gap) { pointer-events: auto; }
.row { display: flex; gap: 0.5rem; align-items: center; }
.row button { padding: 0; width: 2.5rem; justify-content: center; }
.row input { flex: 1; min-width: 2rem; accent-color: var(--progress-bar-color, #1263c4); }
.row input:focus-visible { outline: 3px solid var(--usd-view-focus-color, #1263c4); outline-offset: 2px; box-shadow: 0 0 0 2px #fff; border-radius: 4px; }
.row .gap { flex: 1; }
.status { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
@media (forced-colors: active) {
  .surface:focus-visible ~ .focus { outline: 3px solid Highlight; outline-offset: -3px; }
  .message, .note span { background: Canvas; color: CanvasText; border: 1px solid CanvasText; }
}
`;
