import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { RemoteError } from '../../share/protocol/channel.ts';
import type { AssetSource, FileEntry, StageOptions, StageSummary } from '../../share/protocol/engine.ts';
import type { ErrorInfo } from '../../share/protocol/error-info.ts';
import {
  DEFAULT_RENDER_SETTINGS,
  type CameraPose,
  type CaptureRequest,
  type RendererReady,
  type RenderSettings,
  type RenderStats,
  type SurfaceSize,
} from '../../share/protocol/renderer.ts';
import type { Aabb, StageId } from '../../share/protocol/scene.ts';
import type { ViewerWorkers } from '../../share/protocol/views.ts';
import { Announcer } from '../controllers/announcer.ts';
import { EngineController, errorInfoOf } from '../controllers/engine-controller.ts';
import { MediaController } from '../controllers/media-controller.ts';
import { PlaybackController } from '../controllers/playback-controller.ts';
import { RendererController } from '../controllers/renderer-controller.ts';
import { RootFinder } from '../controllers/root-finder.ts';
import { SelectionController } from '../controllers/selection-controller.ts';
import { ShortcutController } from '../controllers/shortcut-controller.ts';
import { ThemeController } from '../controllers/theme-controller.ts';
import { TreeRows } from '../controllers/tree-rows.ts';
import { cssProps } from '../elements/css-props.ts';
import '../elements/usd-load-status.ts';
import '../elements/usd-notice.ts';
import '../elements/usd-sheet.ts';
import '../elements/usd-splitter.ts';
import '../elements/usd-welcome.ts';
import type { OpenRequest } from '../elements/usd-welcome.ts';
import '../panels/usd-attributes.ts';
import '../panels/usd-problems.ts';
import '../panels/usd-render-settings.ts';
import { colorOf, type BackgroundChoice } from '../panels/usd-render-settings.ts';
import '../panels/usd-stage-tree.ts';
import type { UsdStageTree } from '../panels/usd-stage-tree.ts';
import '../panels/usd-status-line.ts';
import '../panels/usd-timeline.ts';
import type { UsdTimeline } from '../panels/usd-timeline.ts';
import '../panels/usd-variants.ts';
import { icon } from '../styles/icons.ts';
import { base, controls } from '../styles/shared.ts';
import { COLORS } from '../styles/tokens.ts';
import '../viewport/usd-viewport.ts';
import type { UsdViewport } from '../viewport/usd-viewport.ts';
import { appStyles } from './app-styles.ts';
import { renderBar, type Side } from './bar.ts';
import { renderDrawingNotice } from './drawing-notice.ts';
import { DropTarget } from './drop-target.ts';
import { filesOfInput } from './handed-files.ts';
import { DEFAULT_PREFERENCES, loadPreferences, savePreferences, type Preferences } from './preferences.ts';
import { shortcutList } from './shortcut-list.ts';
import { INSPECTOR_TABS, renderTabs, SHEET_TABS, type Tab } from './tabs.ts';
import { renderViewTools } from './view-tools.ts';

/** The bundled scene, relative to the page. */
const SAMPLE_URL = 'samples/sample.usdz';
/** Panels go under the picture; a phone on its side has its room beside it. */
const NARROW = '(max-width: 719px) and (orientation: portrait), (max-width: 479px)';
/** Side panels are open at first where they leave the viewport most of the width. */
const WIDE_LEFT = '(min-width: 1000px)';
const WIDE_RIGHT = '(min-width: 1180px)';
const TRANSPARENT: RenderSettings['background'] = [0, 0, 0, 0];

export interface OpenFilesOptions extends StageOptions {
  /** Path of the root layer among the files; looked for when absent. */
  readonly root?: string;
}

/** When a load reached its steps, epoch milliseconds. */
export interface Milestones {
  /** The root layer's bytes were read. */
  readonly bytes?: number;
  /** The stage was composed. */
  readonly stage?: number;
  /** Something of it was pictured. */
  readonly first?: number;
  /** All of it was pictured. */
  readonly complete?: number;
}

/**
 * The whole viewer. Scripts drive it through its public methods, which take the same ways as a user's hands.
 *
 * @fires usd-opened a stage was composed (detail: its `StageSummary`)
 * @fires usd-pictured the first picture, or the complete one, was shown
 * @fires usd-error something could not be opened or drawn (detail: `ErrorInfo`)
 */
@customElement('usd-viewer-app')
export class UsdViewerApp extends LitElement {
  static override styles = [base, controls, appStyles];

  /** The tab of the inspector; in narrow windows of the sheet, undefined while it is closed. */
  @state() private tab: Tab = 'properties';
  @state() private isSheetOpen = false;
  /** Side panels were asked for before there is a stage to show in them. */
  @state() private arePanelsAsked = false;
  @state() private coveredBottom = 0;
  @state() private filter = '';
  @state() private isShowingShortcuts = false;
  @state() private activeCamera = '';
  @state() private isComposingVariant = false;
  @state() private background: BackgroundChoice = 'theme';
  @state() private thumbnailUrl = '';
  @state() private preferences: Preferences = DEFAULT_PREFERENCES;

  @query('usd-viewport') private viewport!: UsdViewport;
  @query('usd-stage-tree') private tree!: UsdStageTree | null;

  readonly #query: URLSearchParams;
  readonly #engine: EngineController;
  readonly #renderer: RendererController;
  readonly #rows: TreeRows;
  readonly #playback: PlaybackController;
  readonly #selection: SelectionController;
  readonly #rootFinder: RootFinder;
  readonly #theme = new ThemeController(this);
  readonly #announcer = new Announcer(this);
  readonly #narrow = new MediaController(this, NARROW);
  readonly #wideLeft = new MediaController(this, WIDE_LEFT);
  readonly #wideRight = new MediaController(this, WIDE_RIGHT);
  readonly #reducedMotion = new MediaController(this, '(prefers-reduced-motion: reduce)');
  readonly #shortcuts: ShortcutController;
  readonly #dropTarget: DropTarget;
  #milestones: Milestones = {};
  #timeline: UsdTimeline | null = null;

  /** @param search the page's query: `?src=URL`, `?empty`, or nothing for the sample */
  constructor(workers: ViewerWorkers, search = '') {
    super();
    this.#query = new URLSearchParams(search);
    this.#engine = new EngineController(this, workers.engine, workers.engineScene, {
      stageOpened: (summary) => this.#onStageOpened(summary),
      stageClosed: () => this.#forgetStage(),
      boundsChanged: (bounds) => this.viewport.setBounds(bounds),
      treeChanged: (totalRows) => this.#onTreeChanged(totalRows),
      problemsFound: () => this.#rows.invalidate(this.#rows.totalRows),
      cameraMoved: (path, pose) => {
        if (path === this.activeCamera) this.viewport.lookThrough(pose);
      },
      milestone: (what, epochMs) => {
        if (what === 'bytes' || what === 'stage') this.#milestones = { ...this.#milestones, [what]: epochMs };
      },
    });
    this.#renderer = new RendererController(this, workers.renderer, workers.rendererScene, {
      lost: () => this.viewport.renewCanvas(),
      problem: (problem) => this.#fail(problem),
      pictured: (stage, what, epochMs) => this.#onPictured(stage, what, epochMs),
      boundsChanged: (_stage, bounds) => this.viewport.setBounds(bounds),
    });
    this.#rows = new TreeRows(this, (first, count, reveal) => this.#engine.treeRows(first, count, reveal));
    this.#playback = new PlaybackController(this, (timeCode) => this.#sample(timeCode));
    this.#selection = new SelectionController(this, (path) => this.#engine.primDetails(path));
    this.#rootFinder = new RootFinder(this, (files) => this.#engine.findRoots(files));
    this.#dropTarget = new DropTarget(this, (files) => void this.#take(files));
    this.#shortcuts = new ShortcutController(
      this,
      shortcutList({
        frameSelection: () => void this.#frameSelection(),
        frameAll: () => this.frameAll(),
        toggleFraming: () => this.viewport.toggleFraming(),
        nextCamera: () => void this.#nextCamera(),
        togglePlay: () => this.#playback.toggle(),
        step: (count) => void this.#playback.step(count),
        seekTo: (end) => void this.#playback.seek(this.#playback.range[end]),
        search: () => void this.#search(),
        toggleSelected: () => void this.#toggleSelected(),
        escape: () => this.#escape(),
        open: () => this.#pick(false),
        toggleSide: (side) => this.#toggleSide(side),
        savePicture: () => void this.#savePicture(),
        nextTheme: this.#nextTheme,
        showShortcuts: this.#showShortcuts,
      }),
    );
    void this.#begin();
    void this.#restorePreferences();
  }

  /** The open stage, undefined before the first. */
  get summary(): StageSummary | undefined {
    return this.#engine.summary;
  }

  /** Everything that went wrong with the open stage and with the last load. */
  get problems(): readonly ErrorInfo[] {
    return this.#engine.problems;
  }

  /** Figures of the last picture. */
  get stats(): RenderStats | undefined {
    return this.#renderer.stats;
  }

  /** Steps of the newest load. */
  get milestones(): Milestones {
    return this.#milestones;
  }

  /** Resolves when a graphics device is there; rejects where there is none. */
  get rendererReady(): Promise<RendererReady> {
    return this.#renderer.ready;
  }

  /** Settings of the renderer as they are. */
  get settings(): RenderSettings {
    return this.#renderer.settings;
  }

  /**
   * Opens files. Without `root` the root layer is looked for among them, and the user is asked when it is not clear.
   *
   * @returns the composed stage; geometry and textures follow (`settled`)
   * @throws RemoteError when it cannot be opened; code `cancelled` when another load overtook it or the user gave up
   */
  async openFiles(files: readonly FileEntry[], options: OpenFilesOptions = {}): Promise<StageSummary> {
    const { root: wanted, ...rest } = options;
    this.#rootFinder.giveUp();
    const root =
      wanted ??
      (await this.#rootFinder.find(files).catch((error: unknown) => {
        throw this.#refuse(`${files.length} files`, errorInfoOf(error));
      }));
    return this.#open({ kind: 'files', files, root }, nameOfPath(root), rest);
  }

  /**
   * Opens an address, relative to the page's. What it refers to is fetched relative to it; other origins must allow it (CORS).
   *
   * @throws RemoteError as `openFiles`
   */
  async openUrl(url: string, options: StageOptions = {}): Promise<StageSummary> {
    this.#rootFinder.giveUp();
    const address = addressOf(url);
    if (address === undefined) {
      throw this.#refuse(url, { code: 'bad-url', severity: 'error', message: `"${url}" is no http or https address`, asset: url });
    }
    return this.#open({ kind: 'url', url: address }, nameOfUrl(address), options);
  }

  /**
   * Resolves when the stage is loaded, the camera rests and a picture of it all was shown. Resolves at once without a stage.
   *
   * @throws RemoteError where nothing can be drawn
   */
  async settled(): Promise<RenderStats> {
    await this.#engine.completed();
    await this.updateComplete;
    await this.viewport.atRest();
    return this.#renderer.settle();
  }

  /**
   * A picture off screen, by the page's own renderer. Without a camera it is the viewport's, framed for the picture's aspect as
   * long as nobody moved it. Settings count over the viewport's; the background is the default one unless it is given.
   */
  async capture(request: Partial<CaptureRequest> = {}): Promise<Blob> {
    const size: SurfaceSize = request.size ?? this.viewport.size;
    const camera = request.camera ?? this.viewport.poseForAspect(size.width / size.height);
    const settings = { background: DEFAULT_RENDER_SETTINGS.background, ...request.settings };
    return this.#renderer.capture({ ...request, size, camera, settings });
  }

  /** Shows the stage at a time code. Resolves when the changes were sent to the renderer. */
  async setTimeCode(timeCode: number): Promise<void> {
    this.#playback.pause();
    await this.#playback.seek(timeCode);
  }

  /** Chooses a variant; '' clears the choice. Resolves when the recomposed part was sent whole. */
  async setVariant(primPath: string, set: string, selection: string): Promise<void> {
    this.isComposingVariant = true;
    try {
      await this.#engine.setVariant({ primPath, set, selection });
      await this.#engine.completed();
      this.#selection.refresh();
    } finally {
      this.isComposingVariant = false;
    }
  }

  /** Looks from exactly this pose. */
  setCameraPose(pose: CameraPose): void {
    this.activeCamera = '';
    this.viewport.lookThrough(pose);
  }

  /** Fits everything visible into the picture. */
  frameAll(): void {
    this.viewport.frame();
  }

  /** Looks through a camera of the stage; '' goes back to the free camera. */
  async useCamera(path: string): Promise<void> {
    if (path === '') {
      this.activeCamera = '';
      this.viewport.lookFreely();
      return;
    }
    const pose = await this.#engine.cameraPose(path);
    this.activeCamera = path;
    this.viewport.lookThrough(pose);
  }

  /** Changes some of the renderer's settings. */
  setSettings(settings: Partial<RenderSettings>): void {
    if (settings.background !== undefined) this.background = settings.background;
    this.#renderer.setSettings({ ...this.#renderer.settings, ...settings });
  }

  /** For tests: destroys the graphics device, so that the way back runs. */
  loseDevice(): void {
    this.#renderer.loseDevice();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this.#onVisibility);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#onVisibility);
  }

  protected override willUpdate(_changed: PropertyValues<this>): void {
    this.classList.toggle('narrow', this.#narrow.matches);
    this.#applyBackground();
  }

  protected override updated(_changed: PropertyValues<this>): void {
    const timeline = this.renderRoot.querySelector('usd-timeline');
    if (timeline === this.#timeline) return;
    this.#timeline = timeline;
    void this.#measureTimeline();
  }

  /** The picture's middle is above the timeline. */
  async #measureTimeline(): Promise<void> {
    const timeline = this.#timeline;
    await timeline?.updateComplete;
    const box = timeline?.getBoundingClientRect();
    this.coveredBottom = box === undefined ? 0 : this.viewport.getBoundingClientRect().bottom - box.top;
  }

  protected override render(): TemplateResult {
    const isNarrow = this.#narrow.matches;
    return html`
      ${this.#renderBar(isNarrow)} ${isNarrow ? nothing : this.#renderLeft()}
      <main>
        <usd-viewport
          .label=${this.#viewportLabel}
          .isMotionAllowed=${!this.#reducedMotion.matches}
          .coveredBottom=${this.coveredBottom}
          @usd-canvas=${(event: HTMLElementEventMap['usd-canvas']) => this.#renderer.attach(event.detail)}
          @usd-camera=${(event: HTMLElementEventMap['usd-camera']) => this.#renderer.setCamera(event.detail.camera)}
          @usd-resize=${(event: HTMLElementEventMap['usd-resize']) => this.#renderer.resize(event.detail.size)}
          @usd-camera-freed=${() => (this.activeCamera = '')}
          @usd-choose=${(event: HTMLElementEventMap['usd-choose']) => void this.#chooseAt(event.detail.x, event.detail.y)}
        ></usd-viewport>
        ${this.#renderOverlays()}
      </main>
      ${isNarrow ? this.#renderSheet() : this.#renderRight()}
      <footer class="status" ?hidden=${isNarrow && this.#engine.summary === undefined}>
        <usd-status-line
          .summary=${this.#engine.summary}
          .stats=${this.#renderer.stats}
          .adapter=${this.#renderer.state.kind === 'ready' ? this.#renderer.state.adapter : ''}
        ></usd-status-line>
      </footer>
      ${this.#dropTarget.isOver ? html`<div class="drop"><p>Drop to open</p></div>` : nothing}
      ${
        this.#rootFinder.candidates === undefined
          ? nothing
          : html`<usd-root-chooser
              .candidates=${this.#rootFinder.candidates}
              @usd-root=${(event: HTMLElementEventMap['usd-root']) => this.#rootFinder.choose(event.detail.root)}
            ></usd-root-chooser>`
      }
      ${
        this.isShowingShortcuts
          ? html`<usd-shortcuts
              .shortcuts=${this.#shortcuts.shortcuts}
              @usd-close=${() => (this.isShowingShortcuts = false)}
            ></usd-shortcuts>`
          : nothing
      }
      <div class="visually-hidden" role="status" aria-live="polite">${this.#announcer.text}</div>
    `;
  }

  #renderBar(isNarrow: boolean): TemplateResult {
    const { summary, load } = this.#engine;
    const isReplacing = load.kind === 'loading' && !load.isComposed;
    return renderBar({
      name: isReplacing ? load.name : summary?.name,
      summary: isReplacing ? undefined : summary,
      theme: this.#theme.choice,
      isSideOpen: isNarrow ? undefined : (side) => this.#isSideOpen(side),
      pick: (isFolder) => this.#pick(isFolder),
      nextTheme: this.#nextTheme,
      showShortcuts: this.#showShortcuts,
      toggleSide: (side) => this.#toggleSide(side),
    });
  }

  #renderLeft(): TemplateResult | typeof nothing {
    if (!this.#isSideOpen('left')) return nothing;
    const { leftWidth } = this.preferences;
    return html`
      <aside class="panel left" id="left" aria-label="Scene" ${cssProps({ width: `min(${leftWidth}rem, 45vw)` })}>
        <div class="column">${this.#renderPane('scene')}</div>
        <usd-splitter
          side="left"
          label="Width of the scene panel"
          .value=${leftWidth}
          @usd-resize-panel=${(event: HTMLElementEventMap['usd-resize-panel']) => this.#prefer({ leftWidth: event.detail.width })}
          @usd-close-panel=${() => this.#prefer({ isLeftOpen: false })}
        ></usd-splitter>
      </aside>
    `;
  }

  #renderRight(): TemplateResult | typeof nothing {
    if (!this.#isSideOpen('right')) return nothing;
    const { rightWidth } = this.preferences;
    const tab = this.tab === 'scene' ? 'properties' : this.tab;
    return html`
      <aside class="panel right" id="right" aria-label="Inspector" ${cssProps({ width: `min(${rightWidth}rem, 45vw)` })}>
        <usd-splitter
          side="right"
          label="Width of the inspector panel"
          .value=${rightWidth}
          @usd-resize-panel=${(event: HTMLElementEventMap['usd-resize-panel']) => this.#prefer({ rightWidth: event.detail.width })}
          @usd-close-panel=${() => this.#prefer({ isRightOpen: false })}
        ></usd-splitter>
        <div class="column">
          ${this.#renderTabs(INSPECTOR_TABS, tab)}
          <div class="pane" id="pane" role="tabpanel" aria-labelledby="tab-${tab}">${this.#renderPane(tab)}</div>
        </div>
      </aside>
    `;
  }

  #renderSheet(): TemplateResult {
    return html`
      ${
        this.isSheetOpen
          ? html`<usd-sheet class="sheet" @usd-close-panel=${() => (this.isSheetOpen = false)}>
              <div class="pane" id="pane" role="tabpanel" aria-labelledby="tab-${this.tab}">${this.#renderPane(this.tab)}</div>
            </usd-sheet>`
          : nothing
      }
      ${this.#renderTabs(SHEET_TABS, this.isSheetOpen ? this.tab : undefined)}
    `;
  }

  #renderTabs(tabs: readonly Tab[], selected: Tab | undefined): TemplateResult {
    return renderTabs({ tabs, selected, badgeOf: (tab) => this.#renderBadge(tab), choose: (tab) => this.#chooseTab(tab) });
  }

  #renderBadge(tab: Tab): TemplateResult | typeof nothing {
    const { problems, droppedProblems, summary } = this.#engine;
    if (tab === 'problems' && problems.length > 0) {
      const worst = problems.some(({ severity }) => severity === 'error')
        ? 'error'
        : problems.some(({ severity }) => severity === 'warning')
          ? 'warning'
          : 'info';
      const count = problems.length + droppedProblems;
      return html`<span class="badge ${worst}">${count > 999 ? '999+' : count}</span>`;
    }
    const sets = summary?.variantSets.length ?? 0;
    return tab === 'variants' && sets > 0 ? html`<span class="badge">${sets}</span>` : nothing;
  }

  #renderPane(tab: Tab): TemplateResult {
    const { summary, problems, droppedProblems, load } = this.#engine;
    switch (tab) {
      case 'scene':
        return html`<usd-stage-tree
          .totalRows=${this.#rows.totalRows}
          .rowAt=${this.#rows.rowAt}
          .version=${this.#rows.version}
          .selectedPath=${this.#selection.path}
          .emptyText=${summary !== undefined ? 'The stage has no prims' : load.kind === 'loading' ? 'Opening…' : 'No stage is open'}
          .filter=${this.filter}
          @usd-tree-window=${(event: HTMLElementEventMap['usd-tree-window']) => this.#rows.want(event.detail.first, event.detail.count)}
          @usd-expand=${(event: HTMLElementEventMap['usd-expand']) => void this.#expand(event.detail)}
          @usd-tree-filter=${(event: HTMLElementEventMap['usd-tree-filter']) => void this.#setFilter(event.detail.text)}
          @usd-visibility=${(event: HTMLElementEventMap['usd-visibility']) => void this.#setVisibility(event.detail.path, event.detail.isVisible)}
          @usd-select=${this.#onSelect}
          @usd-frame=${() => void this.#frameSelection()}
        ></usd-stage-tree>`;
      case 'properties':
        return html`<usd-attributes
          .details=${this.#selection.details}
          .detailsState=${this.#selection.state}
          .error=${this.#selection.error}
          @usd-select=${this.#onSelect}
        ></usd-attributes>`;
      case 'variants':
        return html`<usd-variants
          .sets=${summary?.variantSets ?? []}
          .isBusy=${this.isComposingVariant}
          @usd-variant=${this.#onVariant}
          @usd-select=${this.#onSelect}
        ></usd-variants>`;
      case 'look':
        return html`<usd-render-settings
          .settings=${this.#renderer.settings}
          .background=${this.background}
          @usd-settings=${(event: HTMLElementEventMap['usd-settings']) => this.setSettings(event.detail.settings)}
          @usd-background=${(event: HTMLElementEventMap['usd-background']) => (this.background = event.detail.background)}
        ></usd-render-settings>`;
      case 'problems':
        return html`<usd-problems .problems=${problems} .dropped=${droppedProblems} @usd-select=${this.#onSelect}></usd-problems>`;
    }
  }

  #renderOverlays(): TemplateResult {
    const { load, summary } = this.#engine;
    const hasPicture = summary !== undefined && this.#renderer.state.kind !== 'unavailable';
    // On a phone the open sheet leaves the picture little room.
    const hasTools = hasPicture && !(this.#narrow.matches && this.isSheetOpen);
    const failure = load.kind === 'failed' ? load : undefined;
    return html`
      ${
        hasTools
          ? renderViewTools({
              cameras: summary.cameras,
              activeCamera: this.activeCamera,
              useCamera: (path) => void this.#attempt(() => this.useCamera(path)),
              frameAll: () => this.frameAll(),
              savePicture: () => void this.#savePicture(),
              toggleFullscreen: () => void this.#attempt(() => this.#toggleFullscreen()),
            })
          : nothing
      }
      <div class="over middle">${this.#renderMiddle()}</div>
      ${
        load.kind === 'loading'
          ? html`<usd-load-status
              .name=${load.name}
              .progress=${load.progress}
              @usd-cancel=${this.#cancel}
              ${cssProps({ '--lift': `${this.coveredBottom}px` })}
            ></usd-load-status>`
          : nothing
      }
      ${
        summary !== undefined
          ? html`<div class="over bottom">
              ${
                failure === undefined
                  ? nothing
                  : html`<div class="glass failure" role="alert">
                      ${icon('error')}<span>${failure.error.message}</span>
                      <button class="quiet" @click=${() => this.#showTab('problems')}>Problems</button>
                      <button class="quiet icon-only" aria-label="Dismiss" @click=${() => this.#engine.dismissFailure()}>
                        ${icon('close')}
                      </button>
                    </div>`
              }
              ${summary.isAnimated && hasPicture ? this.#renderTimeline() : nothing}
            </div>`
          : nothing
      }
    `;
  }

  /** The card in the viewport's middle, where there is no picture to see. */
  #renderMiddle(): TemplateResult | typeof nothing {
    const { load, summary } = this.#engine;
    const { state: drawing } = this.#renderer;
    if (drawing.kind === 'unavailable' && (summary !== undefined || load.kind !== 'failed')) {
      const open = html`<button class="primary" @click=${() => this.#pick(false)}>${icon('open')} Open…</button>`;
      return renderDrawingNotice(drawing.error, this.thumbnailUrl, open);
    }
    if (summary !== undefined || load.kind === 'loading') return nothing;
    if (load.kind === 'failed') {
      return html`<usd-notice
        role="alert"
        heading="${load.name} could not be opened"
        text=${load.error.message}
        detail=${load.error.asset === undefined || load.error.asset === load.name ? '' : load.error.asset}
      >
        <button class="primary" @click=${() => this.#pick(false)}>${icon('open')} Open another…</button>
        <button @click=${() => this.#showTab('problems')}>Show problems</button>
        <button @click=${() => void this.#openSample()}>Show the sample</button>
      </usd-notice>`;
    }
    return html`<usd-welcome @usd-open=${(event: CustomEvent<OpenRequest>) => this.#onWelcome(event.detail.what)}></usd-welcome>`;
  }

  #renderTimeline(): TemplateResult {
    const { timeCode, isPlaying, isLooping, speed, range } = this.#playback;
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
        @usd-play=${() => this.#playback.toggle()}
        @usd-step=${(event: HTMLElementEventMap['usd-step']) => void this.#playback.step(event.detail.count)}
        @usd-seek=${(event: HTMLElementEventMap['usd-seek']) => void this.#playback.seek(event.detail.timeCode)}
        @usd-speed=${(event: HTMLElementEventMap['usd-speed']) => this.#playback.setSpeed(event.detail.speed)}
        @usd-loop=${(event: HTMLElementEventMap['usd-loop']) => this.#playback.setLooping(event.detail.isLooping)}
      ></usd-timeline>
    `;
  }

  get #viewportLabel(): string {
    const { summary } = this.#engine;
    if (summary === undefined) return '3D view, empty';
    return `3D view of ${summary.name}. Arrow keys turn, Shift and arrow keys pan, plus and minus come nearer and go further.`;
  }

  // Opening.

  /** What the address asks for. */
  async #begin(): Promise<void> {
    const src = this.#query.get('src');
    try {
      if (src !== null) await this.openUrl(src);
      else if (!this.#query.has('empty')) await this.openUrl(SAMPLE_URL);
    } catch {
      // Shown by the state it left, and listed with the problems.
    }
  }

  async #openSample(): Promise<void> {
    await this.openUrl(SAMPLE_URL).catch(() => undefined);
  }

  async #open(source: AssetSource, name: string, options: StageOptions): Promise<StageSummary> {
    this.#milestones = {};
    this.#announcer.say(`Opening ${name}`);
    try {
      return await this.#engine.open(source, name, options);
    } catch (error) {
      const info = errorInfoOf(error);
      if (info.code !== 'cancelled') {
        this.#announcer.say(`${name} could not be opened: ${info.message}`);
        this.#emit('usd-error', info);
      }
      throw error;
    }
  }

  /** What could not even be tried: shown like a failed load. */
  #refuse(name: string, error: ErrorInfo): RemoteError {
    if (error.code === 'cancelled') return new RemoteError(error);
    this.#engine.failLoad(name, error);
    this.#announcer.say(error.message);
    this.#emit('usd-error', error);
    return new RemoteError(error);
  }

  /** Files from a drop, a paste or a picker. What fails is shown by the state it leaves. */
  async #take(given: Promise<readonly FileEntry[]> | readonly FileEntry[]): Promise<void> {
    try {
      const files = await given;
      if (files.length > 0) await this.openFiles(files);
    } catch (error) {
      if (!(error instanceof RemoteError)) this.#refuse('What was dropped', errorInfoOf(error));
    }
  }

  #pick(isFolder: boolean): void {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.webkitdirectory = isFolder;
    input.addEventListener('change', () => void this.#take(filesOfInput(input.files ?? [])));
    input.click();
  }

  #onWelcome(what: OpenRequest['what']): void {
    if (what === 'sample') void this.#openSample();
    else this.#pick(what === 'folder');
  }

  #cancel = (): void => {
    this.#engine.cancelLoad();
    this.#announcer.say('Cancelled');
  };

  #onStageOpened(summary: StageSummary): void {
    this.#forgetStage();
    this.viewport.reset(summary.upAxis);
    this.viewport.setBounds(summary.bounds);
    const { startTimeCode = 0, endTimeCode = startTimeCode, timeCodesPerSecond, framesPerSecond } = summary;
    const step = framesPerSecond > 0 && timeCodesPerSecond > 0 ? timeCodesPerSecond / framesPerSecond : 1;
    this.#playback.reset({ start: startTimeCode, end: endTimeCode, timeCodesPerSecond: timeCodesPerSecond || 24, step }, startTimeCode);
    if (!this.#narrow.matches && this.tab === 'properties' && summary.variantSets.length > 0) this.tab = 'variants';
    document.title = `${summary.name} · Proscenium`;
    if (this.#renderer.state.kind === 'unavailable') void this.#showThumbnail();
    this.#announcer.say(`${summary.name} is open, ${summary.primCount} prims`);
    this.#emit('usd-opened', summary);
  }

  #forgetStage(): void {
    this.#select('', false);
    this.activeCamera = '';
    this.filter = '';
    this.#rows.clear();
    this.#playback.reset({ start: 0, end: 0, timeCodesPerSecond: 24, step: 1 }, 0);
    if (this.thumbnailUrl !== '') URL.revokeObjectURL(this.thumbnailUrl);
    this.thumbnailUrl = '';
    document.title = 'Proscenium';
  }

  #onPictured(stage: StageId, what: 'first' | 'complete', epochMs: number): void {
    const { load, summary } = this.#engine;
    // Late pictures of the stage that is being replaced, or was closed, are no steps of a load.
    if (summary?.stage !== stage || (load.kind === 'loading' && !load.isComposed)) return;
    this.#milestones = { ...this.#milestones, [what]: epochMs };
    this.#emit('usd-pictured', { what, epochMs });
  }

  /** Where nothing can be drawn, the picture that the package brings along. */
  async #showThumbnail(): Promise<void> {
    const stage = this.#engine.summary?.stage;
    const image = await this.#engine.thumbnail().catch(() => undefined);
    if (image !== undefined && this.#engine.summary?.stage === stage) this.thumbnailUrl = URL.createObjectURL(image);
  }

  #fail(problem: ErrorInfo): void {
    this.#engine.addFailure(problem);
    if (problem.severity === 'error') this.#emit('usd-error', problem);
  }

  // Prims.

  #onSelect = (event: HTMLElementEventMap['usd-select']): void => {
    const { path, isRevealed, isChosen } = event.detail;
    if (isChosen === true && !this.#narrow.matches) this.tab = 'properties';
    this.#select(path, isRevealed === true);
  };

  #select(path: string, isRevealed: boolean): void {
    this.#selection.select(path);
    if (path !== '' && isRevealed) void this.#reveal(path);
  }

  async #reveal(path: string): Promise<void> {
    const row = await this.#rows.reveal(path).catch(() => undefined);
    if (row !== undefined && this.#selection.path === path) this.tree?.showRow(row);
  }

  #onTreeChanged(totalRows: number): void {
    this.#rows.invalidate(totalRows);
    this.#selection.refresh();
  }

  async #expand({ path, isExpanded, isRecursive }: HTMLElementEventMap['usd-expand']['detail']): Promise<void> {
    await this.#attempt(async () => this.#rows.invalidate(await this.#engine.setExpanded(path, isExpanded, isRecursive)));
  }

  async #setFilter(text: string): Promise<void> {
    this.filter = text;
    await this.#attempt(async () => {
      const totalRows = await this.#engine.setTreeFilter(text);
      if (this.filter === text) this.#rows.invalidate(totalRows);
    });
  }

  async #setVisibility(path: string, isVisible: boolean): Promise<void> {
    await this.#attempt(() => this.#engine.setVisibility(path, isVisible));
  }

  async #toggleSelected(): Promise<void> {
    const path = this.#selection.path;
    if (path === '') return;
    await this.#attempt(async () => {
      const row = await this.#engine.treeRows(0, 1, path);
      const found = row.revealedRow === undefined ? undefined : (await this.#engine.treeRows(row.revealedRow, 1)).rows[0];
      if (found?.visibility !== undefined) await this.#engine.setVisibility(path, found.visibility === 'invisible');
    });
  }

  async #search(): Promise<void> {
    if (this.#narrow.matches) this.#showTab('scene');
    else {
      this.arePanelsAsked = true;
      this.#prefer({ isLeftOpen: true });
    }
    await this.updateComplete;
    this.tree?.focusSearch();
  }

  #escape(): void {
    if (this.#engine.load.kind === 'loading') this.#cancel();
    else if (this.#engine.load.kind === 'failed') this.#engine.dismissFailure();
    else if (this.isSheetOpen) this.isSheetOpen = false;
    else this.#select('', false);
  }

  #onVariant = (event: HTMLElementEventMap['usd-variant']): void => {
    const { primPath, set, selection } = event.detail;
    this.#announcer.say(`${set}: ${selection === '' ? 'none' : selection}`);
    void this.#attempt(() => this.setVariant(primPath, set, selection));
  };

  // View.

  async #frameSelection(): Promise<void> {
    const path = this.#selection.path;
    const bounds: Aabb | undefined = path === '' ? undefined : await this.#engine.primBounds(path).catch(() => undefined);
    this.viewport.frame(bounds);
  }

  /** A double click in the picture: selects and frames the prim there, or frames everything. */
  async #chooseAt(x: number, y: number): Promise<void> {
    await this.#attempt(async () => {
      const handle = await this.#renderer.pick(x, y);
      const path = handle === undefined ? undefined : await this.#engine.primOfHandle(handle);
      if (path === undefined) {
        this.frameAll();
        return;
      }
      this.#select(path, true);
      await this.#frameSelection();
    });
  }

  async #nextCamera(): Promise<void> {
    const paths = ['', ...(this.#engine.summary?.cameras.map(({ path }) => path) ?? [])];
    const next = paths[(paths.indexOf(this.activeCamera) + 1) % paths.length] ?? '';
    await this.#attempt(() => this.useCamera(next));
  }

  async #sample(timeCode: number): Promise<void> {
    if (this.#engine.summary === undefined) return;
    await this.#engine.setTime(timeCode);
    this.#selection.refresh();
  }

  async #savePicture(): Promise<void> {
    if (this.#engine.summary === undefined) return;
    const { name } = this.#engine.summary;
    await this.#attempt(async () => {
      const background = this.background === 'theme' ? colorOf(COLORS[this.#theme.theme]['stage'] ?? '') : this.background;
      const blob = await this.capture({ settings: { background } });
      const link = document.createElement('a');
      link.href = URL.createObjectURL(blob);
      link.download = `${name.replace(/\.[^.]*$/u, '')}.png`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
      this.#announcer.say('The picture was saved');
    });
  }

  async #toggleFullscreen(): Promise<void> {
    if (document.fullscreenElement === null) await this.requestFullscreen();
    else await document.exitFullscreen();
  }

  /** Sends the chosen background when it differs from the renderer's. The theme's is the page's own, behind a transparent picture. */
  #applyBackground(): void {
    const wanted = this.background === 'theme' ? TRANSPARENT : this.background;
    const { settings } = this.#renderer;
    if (wanted.every((value, index) => value === settings.background[index])) return;
    this.#renderer.setSettings({ ...settings, background: wanted });
  }

  #onVisibility = (): void => this.#renderer.setVisible(!document.hidden);

  // Page.

  #isSideOpen(side: Side): boolean {
    const { summary, load } = this.#engine;
    if (summary === undefined && load.kind !== 'loading' && !this.arePanelsAsked) return false;
    const { isLeftOpen, isRightOpen } = this.preferences;
    return side === 'left' ? (isLeftOpen ?? this.#wideLeft.matches) : (isRightOpen ?? this.#wideRight.matches);
  }

  #toggleSide(side: Side): void {
    if (this.#narrow.matches) {
      if (this.isSheetOpen && (this.tab === 'scene') === (side === 'left')) this.isSheetOpen = false;
      else this.#showTab(side === 'left' ? 'scene' : 'properties');
      return;
    }
    const isOpen = !this.#isSideOpen(side);
    this.arePanelsAsked = true;
    this.#prefer(side === 'left' ? { isLeftOpen: isOpen } : { isRightOpen: isOpen });
  }

  #chooseTab(tab: Tab): void {
    if (this.#narrow.matches && this.isSheetOpen && this.tab === tab) {
      this.isSheetOpen = false;
      return;
    }
    this.tab = tab;
    this.isSheetOpen = true;
  }

  /** Makes a panel visible, wherever it lives now. */
  #showTab(tab: Tab): void {
    this.tab = tab;
    this.isSheetOpen = true;
    this.arePanelsAsked = true;
    if (!this.#narrow.matches && tab !== 'scene') this.#prefer({ isRightOpen: true });
  }

  #nextTheme = (): void => {
    const theme = this.#theme.chooseNext();
    this.#prefer({ theme });
    this.#announcer.say(`Theme: ${theme}`);
  };

  #showShortcuts = async (): Promise<void> => {
    await import('../elements/usd-shortcuts.ts');
    this.isShowingShortcuts = true;
  };

  #prefer(changed: Partial<Preferences>): void {
    this.preferences = { ...this.preferences, ...changed };
    void savePreferences(this.preferences);
  }

  async #restorePreferences(): Promise<void> {
    this.preferences = await loadPreferences();
    this.#theme.choose(this.preferences.theme);
  }

  /** Runs what a hand asked for; a failure becomes a line in the problems. */
  async #attempt(run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      const info = errorInfoOf(error);
      if (info.code !== 'cancelled') this.#fail(info);
    }
  }

  #emit<K extends keyof AppEvents>(type: K, detail: AppEvents[K]): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function nameOfPath(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1) || path;
}

/** Last part of an address' path, as written where it is no valid encoding. */
function nameOfUrl(address: string): string {
  const name = nameOfPath(new URL(address).pathname);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** Absolute http(s) address, undefined for anything else. */
function addressOf(url: string): string | undefined {
  if (!URL.canParse(url, document.baseURI)) return undefined;
  const { href, protocol } = new URL(url, document.baseURI);
  return protocol === 'http:' || protocol === 'https:' ? href : undefined;
}

interface AppEvents {
  'usd-opened': StageSummary;
  'usd-pictured': { readonly what: 'first' | 'complete'; readonly epochMs: number };
  'usd-error': ErrorInfo;
}

declare global {
  interface HTMLElementTagNameMap {
    'usd-viewer-app': UsdViewerApp;
  }
  interface HTMLElementEventMap {
    'usd-opened': CustomEvent<StageSummary>;
    'usd-pictured': CustomEvent<AppEvents['usd-pictured']>;
    'usd-error': CustomEvent<ErrorInfo>;
  }
}
