/** What lies over the picture: tools, progress, messages, time, and where there is no picture a card in its middle. */
import { html, nothing, type TemplateResult } from 'lit';
import type { EngineController } from '../controllers/engine-controller.ts';
import type { LayoutController } from '../controllers/layout-controller.ts';
import type { PlaybackController } from '../controllers/playback-controller.ts';
import type { RendererController } from '../controllers/renderer-controller.ts';
import { cssProps } from '../elements/css-props.ts';
import '../elements/usd-load-status.ts';
import '../elements/usd-notice.ts';
import '../elements/usd-welcome.ts';
import type { OpenRequest } from '../elements/usd-welcome.ts';
import '../panels/usd-timeline.ts';
import type { RecentsStore } from '../recents/recents-store.ts';
import { icon } from '../styles/icons.ts';
import { renderDrawingNotice } from './drawing-notice.ts';
import { renderMessage, type Message } from './message.ts';
import { renderViewTools, type ViewActions } from './view-tools.ts';

export interface OverlaysState extends ViewActions {
  readonly engine: EngineController;
  readonly renderer: RendererController;
  readonly playback: PlaybackController;
  readonly layout: LayoutController;
  /** Path of the camera looked through, '' for the free one. */
  readonly camera: string;
  /** Object URL of the package's thumbnail, where nothing can be drawn. */
  readonly thumbnailUrl: string;
  readonly message: Message | undefined;
  /** While the picture is recorded. */
  readonly recordingStatus: TemplateResult | typeof nothing | undefined;
  /** Something is about to be opened: nothing invites to open anything. */
  readonly isExpecting: boolean;
  /** A file that a link speaks of, '' for none. */
  readonly awaitedName: string;
  readonly recents: RecentsStore | undefined;
  /** Height at the bottom that the timeline covers, CSS pixels. */
  readonly coveredBottom: number;
  /** The viewport is in a window of its own. */
  readonly isPoppedOut: boolean;
  bringBack(): void;
  cancel(): void;
  dismissMessage(): void;
  pick(isFolder: boolean): void;
  openSample(): void;
  openRecent(event: HTMLElementEventMap['usd-recent']): void;
  wantRecents(): void;
}

export function renderOverlays(state: OverlaysState): TemplateResult {
  const { load, summary } = state.engine;
  const hasPicture = summary !== undefined && state.renderer.state.kind !== 'unavailable';
  // On a phone the open sheet leaves the picture little room.
  const hasTools = hasPicture && !(state.layout.isNarrow && state.layout.isSheetOpen);
  return html`
    ${
      hasTools
        ? renderViewTools({
            cameras: summary.cameras,
            activeCamera: state.camera,
            useCamera: (path) => state.useCamera(path),
            frameAll: () => state.frameAll(),
            savePicture: () => state.savePicture(),
            showPicture: () => state.showPicture(),
            record: () => state.record(),
            copyLink: () => state.copyLink(),
            toggleFullscreen: () => state.toggleFullscreen(),
            popOut: () => state.popOut(),
            openSecondCamera: () => state.openSecondCamera(),
          })
        : nothing
    }
    <div class="over middle">${renderMiddle(state)}</div>
    ${
      load.kind === 'loading'
        ? html`<usd-load-status
            .name=${load.name}
            .progress=${load.progress}
            @usd-cancel=${() => state.cancel()}
            ${cssProps({ '--lift': `${state.coveredBottom}px` })}
          ></usd-load-status>`
        : nothing
    }
    ${
      summary !== undefined || state.message !== undefined
        ? html`<div class="over bottom">
            ${state.message === undefined ? nothing : renderMessage(state.message, () => state.dismissMessage())}
            ${summary === undefined ? nothing : renderFailure(state)} ${state.recordingStatus ?? nothing}
            ${summary?.isAnimated === true && hasPicture ? renderTimeline(state.playback) : nothing}
          </div>`
        : nothing
    }
  `;
}

/** Why the newest load failed, over the stage that stays. */
function renderFailure({ engine, layout }: OverlaysState): TemplateResult | typeof nothing {
  if (engine.load.kind !== 'failed') return nothing;
  return html`<div class="glass message" role="alert">
    ${icon('error')}<span>${engine.load.error.message}</span>
    <button class="quiet" @click=${() => layout.show('problems')}>Problems</button>
    <button class="quiet icon-only" aria-label="Dismiss" @click=${() => engine.dismissFailure()}>${icon('close')}</button>
  </div>`;
}

/** The card in the viewport's middle, where there is no picture to see. */
function renderMiddle(state: OverlaysState): TemplateResult | typeof nothing {
  const { load, summary } = state.engine;
  const { state: drawing } = state.renderer;
  if (drawing.kind === 'unavailable' && (summary !== undefined || load.kind !== 'failed')) {
    const open = html`<button class="primary" @click=${() => state.pick(false)}>${icon('open')} Open…</button>`;
    return renderDrawingNotice(drawing.error, state.thumbnailUrl, open);
  }
  if (state.isPoppedOut) {
    return html`<usd-notice heading="The picture is in a window of its own" text="Panels, time and keys work here as before.">
      <button class="primary" @click=${() => state.bringBack()}>Bring it back</button>
    </usd-notice>`;
  }
  if (summary !== undefined || load.kind === 'loading' || state.isExpecting) return nothing;
  if (load.kind === 'failed') {
    return html`<usd-notice
      role="alert"
      heading="${load.name} could not be opened"
      text=${load.error.message}
      detail=${load.error.asset === undefined || load.error.asset === load.name ? '' : load.error.asset}
    >
      <button class="primary" @click=${() => state.pick(false)}>${icon('open')} Open another…</button>
      <button @click=${() => state.layout.show('problems')}>Show problems</button>
      <button @click=${() => state.openSample()}>Show the sample</button>
    </usd-notice>`;
  }
  return html`<usd-welcome
    .awaitedName=${state.awaitedName}
    .recents=${state.recents}
    @usd-open=${(event: CustomEvent<OpenRequest>) => {
      if (event.detail.what === 'sample') state.openSample();
      else state.pick(event.detail.what === 'folder');
    }}
    @usd-recent=${(event: HTMLElementEventMap['usd-recent']) => state.openRecent(event)}
    @usd-recents-shown=${() => state.wantRecents()}
  ></usd-welcome>`;
}

function renderTimeline(playback: PlaybackController): TemplateResult {
  const { timeCode, isPlaying, isLooping, speed, range } = playback;
  return html`
    <usd-timeline
      class="glass"
      role="group"
      aria-label="Timeline"
      .timeCode=${timeCode}
      .start=${range.start}
      .end=${range.end}
      .step=${range.step}
      .timeCodesPerSecond=${range.timeCodesPerSecond}
      .speed=${speed}
      .isPlaying=${isPlaying}
      .isLooping=${isLooping}
      @usd-play=${() => playback.toggle()}
      @usd-step=${(event: HTMLElementEventMap['usd-step']) => void playback.step(event.detail.count)}
      @usd-seek=${(event: HTMLElementEventMap['usd-seek']) => void playback.seek(event.detail.timeCode)}
      @usd-speed=${(event: HTMLElementEventMap['usd-speed']) => playback.setSpeed(event.detail.speed)}
      @usd-loop=${(event: HTMLElementEventMap['usd-loop']) => playback.setLooping(event.detail.isLooping)}
    ></usd-timeline>
  `;
}
