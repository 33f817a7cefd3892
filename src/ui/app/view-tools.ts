/** Over the picture's top: whose eyes it is seen through, and what can be done with it. */
import { html, nothing, type TemplateResult } from 'lit';
import type { CameraEntry } from '../../share/protocol/engine.ts';
import { icon, type IconName } from '../styles/icons.ts';

/** What can be done with the picture. */
export interface ViewActions {
  useCamera(path: string): void;
  frameAll(): void;
  savePicture(): void;
  showPicture(): void;
  record(): void;
  copyLink(): void;
  toggleFullscreen(): void;
  popOut(): void;
  openSecondCamera(): void;
}

export interface ViewTools extends ViewActions {
  readonly cameras: readonly CameraEntry[];
  /** Path of the camera looked through, '' for the free one. */
  readonly activeCamera: string;
}

export function renderViewTools(view: ViewTools): TemplateResult {
  return html`
    <div class="over top">
      ${view.cameras.length === 0 ? nothing : renderCameras(view)}
      <div class="glass tools" role="toolbar" aria-label="View">
        ${renderTool('frame', 'Frame everything', ' (A)', () => view.frameAll())}
        ${renderTool('picture', 'Save a picture', ' (P), with Alt of another size or kind', (event) => (event.altKey ? view.showPicture() : view.savePicture()))}
        ${renderTool('record', 'Record a video', ' (V)', () => view.record())}
        ${renderTool('link', 'Copy a link to this view', ' (L)', () => view.copyLink())}
        ${renderTool('pop-out', 'A window for the picture', ' (W), with Alt for a second camera', (event) => (event.altKey ? view.openSecondCamera() : view.popOut()))}
        ${document.fullscreenEnabled ? renderTool('fullscreen', 'Full screen', '', view.toggleFullscreen) : nothing}
      </div>
    </div>
  `;
}

function renderCameras({ cameras, activeCamera, useCamera }: ViewTools): TemplateResult {
  return html`
    <div class="glass cameras">
      <select aria-label="Camera" title="Camera (C)" @change=${(event: Event) => useCamera((event.target as HTMLSelectElement).value)}>
        <option value="" .selected=${activeCamera === ''}>Free camera</option>
        ${cameras.map(({ path, name }) => html`<option value=${path} .selected=${activeCamera === path} title=${path}>${name}</option>`)}
      </select>
    </div>
  `;
}

function renderTool(name: IconName, label: string, key: string, run: (event: MouseEvent) => void): TemplateResult {
  return html`<button class="quiet icon-only" title="${label}${key}" aria-label=${label} @click=${run}>${icon(name)}</button>`;
}
