import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { StageSummary } from '../../share/protocol/engine.ts';
import type { RenderStats } from '../../share/protocol/renderer.ts';
import type { Aabb } from '../../share/protocol/scene.ts';
import { formatBytes, formatCount } from '../elements/format.ts';
import { formatSize, type LengthUnit } from '../elements/format-length.ts';
import { base } from '../styles/shared.ts';

/** Counts of the stage and of the last picture, on one line. */
@customElement('usd-status-line')
export class UsdStatusLine extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: var(--space-4);
        min-width: 0;
        overflow: hidden;
        color: var(--text-3);
        font-size: var(--size-1);
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }

      dl {
        display: contents;
      }

      .item {
        display: flex;
        gap: 0.38em;
      }

      dt {
        order: 2;
      }

      dd {
        margin: 0;
        color: var(--text-2);
      }

      .rest {
        flex: 1;
        overflow: hidden;
        text-align: end;
        text-overflow: ellipsis;
      }

      @container bar (max-width: 48rem) {
        .minor {
          display: none;
        }
      }

      @container bar (max-width: 32rem) {
        :host {
          gap: var(--space-3);
        }

        .rest {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) summary: StageSummary | undefined;
  @property({ attribute: false }) stats: RenderStats | undefined;
  @property() adapter = '';
  /** Box around the selection, or the scene. */
  @property({ attribute: false }) bounds: Aabb | undefined;
  /** The box is the selection's. */
  @property({ type: Boolean }) isSelection = false;
  @property() units: LengthUnit = 'stage';

  protected override render(): TemplateResult {
    const { summary, stats, bounds } = this;
    const item = (count: string, name: string, isMinor = false): TemplateResult =>
      html`<div class="item ${isMinor ? 'minor' : ''}">
        <dt>${count === '1' ? singularOf(name) : name}</dt>
        <dd>${count}</dd>
      </div>`;
    return html`
      <dl aria-label="Counts">
        ${summary === undefined ? nothing : item(formatCount(summary.primCount), 'prims')}
        ${
          summary === undefined || bounds === undefined
            ? nothing
            : html`<div class="item size" title="Size along the stage's axes">
                <dt>${this.isSelection ? 'selection' : 'scene'}</dt>
                <dd>${formatSize(bounds, summary.metersPerUnit, this.units)}</dd>
              </div>`
        }
        ${
          summary === undefined || stats === undefined
            ? nothing
            : html`
                ${item(formatCount(stats.meshes), 'meshes')} ${item(formatCount(stats.triangles), 'triangles')}
                ${item(formatCount(stats.instances), 'instances', true)} ${item(formatCount(stats.draws), 'draws', true)}
                ${item(formatCount(stats.textures), 'textures', true)} ${item(formatBytes(stats.gpuBytes), 'on the GPU', true)}
              `
        }
      </dl>
      <span class="rest" title=${this.adapter}>${this.adapter}</span>
    `;
  }
}

/** `1 mesh`, `1 prim`; other names stay. */
function singularOf(name: string): string {
  return name === 'meshes' ? 'mesh' : name.replace(/s$/u, '');
}

declare global {
  interface HTMLElementTagNameMap {
    'usd-status-line': UsdStatusLine;
  }
}
