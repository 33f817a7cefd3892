import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { EnvironmentSummary, FileEntry, StageSummary, VariantChoice } from '../../share/protocol/engine.ts';
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
import type { WindowMode, WindowState } from '../../share/protocol/windows.ts';
import type { ViewState } from '../../share/view-state/view-state.ts';
import { Announcer } from '../controllers/announcer.ts';
import { DefaultsController } from '../controllers/defaults-controller.ts';
import { DialogsController } from '../controllers/dialogs-controller.ts';
import { EngineController, errorInfoOf } from '../controllers/engine-controller.ts';
import { environmentAmong, EnvironmentController } from '../controllers/environment-controller.ts';
import { LayoutController } from '../controllers/layout-controller.ts';
import { MediaController } from '../controllers/media-controller.ts';
import { OpenController, SAMPLE_URL, type OpenFilesOptions, type OpenOptions } from '../controllers/open-controller.ts';
import { PlaybackController } from '../controllers/playback-controller.ts';
import { PrimsController } from '../controllers/prims-controller.ts';
import { RendererController } from '../controllers/renderer-controller.ts';
import { ShortcutController } from '../controllers/shortcut-controller.ts';
import { SizeController } from '../controllers/size-controller.ts';
import { ThemeController } from '../controllers/theme-controller.ts';
import { ViewController } from '../controllers/view-controller.ts';
import { WindowsController } from '../controllers/windows-controller.ts';
import { colorOf, type BackgroundChoice } from '../panels/usd-render-settings.ts';
import type { UsdStageTree } from '../panels/usd-stage-tree.ts';
import '../panels/usd-status-line.ts';
import type { UsdTimeline } from '../panels/usd-timeline.ts';
import { base, controls, glass } from '../styles/shared.ts';
import { COLORS } from '../styles/tokens.ts';
import '../viewport/usd-viewport.ts';
import type { UsdViewport } from '../viewport/usd-viewport.ts';
import { addressOf } from './address.ts';
import { appStyles } from './app-styles.ts';
import { renderBar } from './bar.ts';
import { renderDialogs } from './dialogs.ts';
import { DropTarget } from './drop-target.ts';
import type { Message } from './message.ts';
import type { OpenDocument, OpenJob } from './open-job.ts';
import { renderOverlays, type OverlaysState } from './overlays.ts';
import { renderLeft, renderRight, type PanesState } from './panes.ts';
import { PreferencesController } from './preferences.ts';
import { scrollPositionsOf } from './scroll-positions.ts';
import { shortcutList } from './shortcut-list.ts';

const TRANSPARENT: RenderSettings['background'] = [0, 0, 0, 0];

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
 * The whole viewer of one document. Scripts drive it through its public methods, which take the same ways as a user's hands.
 * Off the page it draws nothing and hears no keys, but keeps its state; `dispose` ends it.
 *
 * @fires usd-opened a stage was composed (detail: its `StageSummary`)
 * @fires usd-pictured the first picture, or the complete one, was shown
 * @fires usd-error something could not be opened or drawn (detail: `ErrorInfo`)
 * @fires usd-new-tab something is to be opened beside what is open (detail: an `OpenJob`); without a listener that cancels it, it is opened here
 * @fires usd-title the name of what is open, or whether it is being loaded, changed
 * @fires usd-view-changed camera, time, selection or variants changed, a moment ago
 */
@customElement('usd-viewer-app')
export class UsdViewerApp extends LitElement {
  static override styles = [base, controls, glass, appStyles];

  @state() private coveredBottom = 0;
  @state() private isComposingVariant = false;
  @state() private background: BackgroundChoice = 'theme';
  @state() private thumbnailUrl = '';
  @state() private message: Message | undefined;
  /** Something is about to be opened here: no card invites to open anything. */
  @state() isExpecting = false;

  @query('usd-viewport') private viewport!: UsdViewport;
  @query('usd-stage-tree') private tree!: UsdStageTree | null;

  readonly #engine: EngineController;
  readonly #renderer: RendererController;
  readonly #opener: OpenController;
  readonly #environment: EnvironmentController;
  readonly #prims: PrimsController;
  readonly #playback: PlaybackController;
  readonly #view: ViewController;
  readonly #theme = new ThemeController(this);
  readonly #defaults = new DefaultsController({
    look: (settings) => this.setSettings(settings),
    background: (choice) => {
      this.background = choice;
    },
    environment: () => void this.#dialogs.restoreEnvironment(),
    // What fails is shown like any load that fails.
    reopen: () => void this.#opener.reopen(this.viewState).catch(() => undefined),
  });
  readonly #preferences = new PreferencesController(this, (preferences) => {
    this.#theme.choose(preferences.theme);
    this.#defaults.apply(preferences);
  });
  readonly #layout = new LayoutController(this, this.#preferences);
  readonly #announcer = new Announcer(this);
  readonly #reducedMotion = new MediaController(this, '(prefers-reduced-motion: reduce)');
  readonly #shortcuts: ShortcutController;
  readonly #dialogs: DialogsController;
  readonly #size: SizeController;
  readonly #windows: WindowsController;
  readonly #dropTarget: DropTarget;
  readonly #disposeView: () => void;
  #milestones: Milestones = {};
  #timeline: UsdTimeline | null = null;
  #scrolls: ReadonlyMap<Element, number> = new Map();
  #title = '';

  /** @param search the page's query: `?src=URL` and what is to be seen of it, `?empty`, or nothing for the sample */
  constructor(workers: ViewerWorkers, search = '') {
    super();
    this.#disposeView = () => workers.dispose();
    this.#engine = new EngineController(this, workers.engine, workers.engineScene, {
      stageOpened: (summary) => this.#onStageOpened(summary),
      stageClosed: () => this.#forgetStage(),
      boundsChanged: (bounds) => this.#setBounds(bounds),
      treeChanged: (totalRows) => this.#prims.treeChanged(totalRows),
      problemsFound: () => this.#prims.rows.invalidate(this.#prims.rows.totalRows),
      cameraMoved: (path, pose) => {
        if (path === this.#view.camera) this.viewport.lookThrough(pose);
      },
      milestone: (what, epochMs) => {
        if (what === 'bytes' || what === 'stage') this.#milestones = { ...this.#milestones, [what]: epochMs };
      },
    });
    this.#renderer = new RendererController(this, workers.renderer, workers.rendererScene, {
      lost: () => this.viewport.renewCanvas(),
      problem: (problem) => this.#fail(problem),
      pictured: (stage, what, epochMs) => this.#onPictured(stage, what, epochMs),
      boundsChanged: (_stage, bounds) => this.#setBounds(bounds),
    });
    this.#opener = new OpenController(this, this.#engine, {
      opening: (name) => {
        this.#milestones = {};
        this.message = undefined;
        this.#announcer.say(`Opening ${name}`);
      },
      show: (view) => void this.#attempt(() => this.#view.show(view)),
      failed: (name, error) => {
        this.#announcer.say(`${name} could not be opened: ${error.message}`);
        this.#emit('usd-error', error);
      },
    });
    this.#environment = new EnvironmentController(this, this.#engine);
    this.#playback = new PlaybackController(this, (timeCode) => this.#sample(timeCode));
    this.#prims = new PrimsController(this, this.#engine, {
      attempt: (run) => this.#attempt(run),
      selected: () => {
        this.#size.select(this.#prims.selection.path);
        this.#view.changed();
      },
      tree: () => this.tree,
    });
    this.#size = new SizeController(this, (path) => this.#engine.primBounds(path));
    this.#view = new ViewController(this, {
      engine: this.#engine,
      renderer: this.#renderer,
      playback: this.#playback,
      prims: this.#prims,
      viewport: () => this.viewport,
      changed: () => this.#emit('usd-view-changed', {}),
    });
    this.#windows = new WindowsController(
      this,
      {
        openCamera: (id) => this.#renderer.openCamera(id),
        closeCamera: (id) => this.#renderer.closeCamera(id),
        animationFrame: () => this.#playback.animationFrame(),
        state: () => this.#windowState,
        pose: () => this.#renderer.camera,
        setView: (view) => {
          this.#view.freeCamera();
          this.viewport.setView(() => ({ ...view, target: [...view.target] }));
        },
        cameraPose: (path) => this.#engine.cameraPose(path),
        choose: (prim) => void this.#attempt(() => this.#choosePrim(prim)),
        pressKey: (key, shiftKey) => {
          if (this.isConnected) window.dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey, cancelable: true }));
        },
        say: (text) => this.say({ text }),
        announce: (text) => this.#announcer.say(text),
      },
      () => this.#onVisibility(),
    );
    this.#dropTarget = new DropTarget(this, (handed, isForNewTab) => void this.#opener.take(handed, this.#openerFor(isForNewTab)));
    this.#dialogs = new DialogsController(this, {
      engine: this.#engine,
      opener: this.#opener,
      preferences: this.#preferences,
      playback: this.#playback,
      renderer: this.#renderer,
      viewport: () => this.viewport,
      shortcuts: () => this.#shortcuts.shortcuts,
      openDocument: () => this.openDocument,
      viewState: () => this.viewState,
      camera: () => this.#view.camera,
      settings: () => this.settings,
      background: () => this.background,
      backgroundColor: () => (typeof this.background === 'string' ? colorOf(COLORS[this.#theme.theme]['stage'] ?? '') : this.background),
      viewportSize: () => this.viewport.size,
      openerFor: (isForNewTab) => this.#openerFor(isForNewTab),
      capture: (request) => this.capture(request),
      giveEnvironment: (file) => this.#giveEnvironment(file),
      useCamera: (path) => void this.#attempt(() => this.useCamera(path)),
      chooseVariant: (primPath, set, selection) => this.#chooseVariant(primPath, set, selection),
      showPrim: (path) => {
        this.#prims.select(path, true);
        void this.#frameSelection();
      },
      toggleFullscreen: () => void this.#attempt(() => this.#toggleFullscreen()),
      say: (message) => this.say(message),
      announce: (text) => this.#announcer.say(text),
      attempt: (run) => this.#attempt(run),
    });
    this.#shortcuts = new ShortcutController(
      this,
      shortcutList({
        frameSelection: () => void this.#frameSelection(),
        frameAll: () => this.frameAll(),
        toggleFraming: () => this.viewport.toggleFraming(),
        resetView: () => this.#resetView(),
        changeComplexity: (step) => this.#dialogs.changeComplexity(step),
        nextCamera: () => void this.#attempt(() => this.#view.nextCamera()),
        togglePlay: () => this.#playback.toggle(),
        step: (count) => void this.#playback.step(count),
        seekTo: (end) => void this.#playback.seek(this.#playback.range[end]),
        search: () => void this.#search(),
        toggleSelected: () => void this.#prims.toggleSelected(),
        escape: () => this.#escape(),
        open: () => this.#pick(false),
        openRecent: () => void this.#dialogs.showRecents(),
        newTab: () => this.openInNewTab({ kind: 'empty' }),
        copyLink: () => void this.copyLink(),
        toggleSide: (side) => this.#layout.toggleSide(side, this.#hasStage),
        savePicture: () => void this.#dialogs.savePicture(),
        copyPicture: () => void this.#dialogs.copyPicture(),
        showPicture: () => void this.#dialogs.showPicture(),
        record: () => void this.#dialogs.showRecording(),
        openWindow: (mode) => void this.#openWindow(mode),
        nextTheme: this.#nextTheme,
        showCommands: () => void this.#dialogs.showCommands(),
        showSettings: () => void this.#dialogs.showSettings(),
        showShortcuts: () => void this.#dialogs.showShortcuts(),
      }),
      () => this.#dialogs.isOpen,
    );
    void this.#begin(new URLSearchParams(search));
  }

  /** The open stage, undefined before the first. */
  get summary(): StageSummary | undefined {
    return this.#engine.summary;
  }

  /** What the open stage came from. */
  get openDocument(): OpenDocument | undefined {
    return this.#engine.summary === undefined ? undefined : this.#opener.document;
  }

  /** The open stage is the bundled scene. */
  get isSample(): boolean {
    const { openDocument } = this;
    return openDocument?.kind === 'url' && openDocument.url === addressOf(SAMPLE_URL);
  }

  /** Name of what is open or being opened, '' for nothing. */
  get documentName(): string {
    const { load, summary } = this.#engine;
    if (load.kind === 'loading' && !load.isComposed) return load.name;
    return summary?.name ?? (load.kind === 'failed' ? load.name : '');
  }

  get isLoading(): boolean {
    return this.#engine.load.kind === 'loading';
  }

  /** What is seen of the stage, as far as somebody chose it. */
  get viewState(): ViewState {
    return this.#view.state;
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
    return this.#opener.openFiles(files, options);
  }

  /**
   * Opens an address, relative to the page's. What it refers to is fetched relative to it; other origins must allow it (CORS).
   *
   * @throws RemoteError as `openFiles`
   */
  async openUrl(url: string, options: OpenOptions = {}): Promise<StageSummary> {
    return this.#opener.openUrl(url, options);
  }

  /** Opens what a hand or a tab asked for. Never rejects: what fails is shown. */
  open(job: OpenJob): Promise<void> {
    return this.#opener.run(job);
  }

  /** Opens it beside what is open here, where the page has tabs. */
  openInNewTab(job: OpenJob): void {
    const event = new CustomEvent('usd-new-tab', { detail: job, cancelable: true });
    if (this.dispatchEvent(event)) void this.open(job);
  }

  /** Shows a line over the picture until it is dismissed, or something else is opened. */
  say(message: Message): void {
    this.message = message;
  }

  /** Copies an address of this page that shows what is seen now. */
  async copyLink(): Promise<void> {
    const { openDocument } = this;
    if (openDocument === undefined) return;
    await this.#attempt(async () => {
      const { copyLink } = await import('./link.ts');
      this.say({ text: await copyLink(openDocument, this.viewState) });
    });
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
      const choice: VariantChoice = { primPath, set, selection };
      await this.#engine.setVariant(choice);
      this.#view.keepVariant(choice);
      await this.#engine.completed();
      this.#prims.selection.refresh();
    } finally {
      this.isComposingVariant = false;
    }
  }

  /** Looks from exactly this pose. */
  setCameraPose(pose: CameraPose): void {
    this.#view.freeCamera();
    this.viewport.lookThrough(pose);
  }

  /** Fits everything visible into the picture. */
  frameAll(): void {
    this.viewport.frame();
  }

  /** Looks through a camera of the stage; '' goes back to the free camera. */
  useCamera(path: string): Promise<void> {
    return this.#view.useCamera(path);
  }

  /** Changes some of the renderer's settings. */
  setSettings(settings: Partial<RenderSettings>): void {
    if (settings.background !== undefined) this.background = settings.background;
    if (settings.showsEnvironment === true) this.background = 'environment';
    else if (settings.showsEnvironment === false && this.background === 'environment') this.background = 'theme';
    this.#renderer.setSettings({ ...this.#renderer.settings, ...settings });
  }

  /**
   * Lights the scene with a picture all around, from a file or an address (relative to the page's); without one with the studio.
   * It stays when another stage is opened.
   *
   * @throws RemoteError when the picture cannot be used, which leaves the one before; code `cancelled` when another overtook it
   */
  async setEnvironment(source?: File | string): Promise<EnvironmentSummary | undefined> {
    if (source === undefined) {
      if (this.settings.lighting === 'image') this.setSettings({ lighting: 'studio' });
      return this.#environment.load();
    }
    const picture =
      typeof source === 'string'
        ? await this.#environment.load({ kind: 'url', url: new URL(source, document.baseURI).href }, source)
        : await this.#environment.load({ kind: 'file', file: source }, source.name);
    this.setSettings({ lighting: 'image' });
    return picture;
  }

  /** For tests: destroys the graphics device, so that the way back runs. */
  loseDevice(): void {
    this.#renderer.loseDevice();
  }

  focusPicture(): void {
    this.viewport.focus();
  }

  /** Before it leaves the page for a while: what elements forget then. */
  suspend(): void {
    this.#scrolls = scrollPositionsOf(this.renderRoot);
  }

  /** Back on the page. */
  async resume(): Promise<void> {
    const scrolls = this.#scrolls;
    this.#scrolls = new Map();
    await this.updateComplete;
    for (const [element, scrollTop] of scrolls) element.scrollTop = scrollTop;
  }

  /** Ends the view: its stage and its picture are given up. Safe to call twice. */
  dispose(): void {
    this.#windows.dispose();
    this.#dialogs.forgetStage();
    this.remove();
    if (this.thumbnailUrl !== '') URL.revokeObjectURL(this.thumbnailUrl);
    this.#disposeView();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this.#onVisibility);
    // The first canvas makes it visible by itself.
    if (this.hasUpdated) this.#onVisibility();
    this.#title = '';
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#onVisibility);
    this.#onVisibility();
  }

  protected override willUpdate(_changed: PropertyValues<this>): void {
    this.classList.toggle('narrow', this.#layout.isNarrow);
    this.#applyBackground();
  }

  protected override updated(_changed: PropertyValues<this>): void {
    this.#applyTitle();
    const timeline = this.renderRoot.querySelector('usd-timeline');
    if (timeline === this.#timeline) return;
    this.#timeline = timeline;
    void this.#measureTimeline();
  }

  /** The window is called after what is open; tabs are told too. */
  #applyTitle(): void {
    const { summary } = this.#engine;
    if (this.isConnected) document.title = summary === undefined ? 'Proscenium' : `${summary.name} · Proscenium`;
    const title = `${this.documentName}/${this.isLoading}`;
    if (title === this.#title) return;
    this.#title = title;
    this.#emit('usd-title', {});
  }

  /** The picture's middle is above the timeline. Measured in a task of its own: it makes the browser lay out what opening changed. */
  async #measureTimeline(): Promise<void> {
    const timeline = this.#timeline;
    await timeline?.updateComplete;
    await new Promise((resolve) => setTimeout(resolve));
    if (timeline !== this.#timeline) return;
    const box = timeline?.getBoundingClientRect();
    this.coveredBottom = box === undefined ? 0 : this.viewport.getBoundingClientRect().bottom - box.top;
  }

  protected override render(): TemplateResult {
    const panes = this.#panes;
    return html`
      ${this.#renderBar()} ${renderLeft(panes)}
      <main>
        <usd-viewport
          class=${this.#windows.isPoppedOut ? 'away' : ''}
          .label=${this.#viewportLabel}
          .isMotionAllowed=${!this.#reducedMotion.matches}
          .coveredBottom=${this.coveredBottom}
          .controls=${this.#defaults.controls}
          @usd-canvas=${(event: HTMLElementEventMap['usd-canvas']) => this.#renderer.attach(event.detail)}
          @usd-camera=${this.#onCamera}
          @usd-resize=${(event: HTMLElementEventMap['usd-resize']) => this.#renderer.resize(event.detail.size)}
          @usd-camera-freed=${() => this.#view.freeCamera()}
          @usd-choose=${(event: HTMLElementEventMap['usd-choose']) => void this.#chooseAt(event.detail.x, event.detail.y)}
        ></usd-viewport>
        ${renderOverlays(this.#overlays)}
      </main>
      ${renderRight(panes)}
      <footer class="status" ?hidden=${this.#layout.isNarrow && this.#engine.summary === undefined}>
        <usd-status-line
          .summary=${this.#engine.summary}
          .stats=${this.#renderer.stats}
          .adapter=${this.#renderer.state.kind === 'ready' ? this.#renderer.state.adapter : ''}
          .bounds=${this.#size.bounds}
          .isSelection=${this.#size.path !== ''}
          .units=${this.#preferences.current.units}
        ></usd-status-line>
      </footer>
      ${
        this.#dropTarget.isOver
          ? html`<div class="drop"><p>${this.#dropTarget.isForNewTab ? 'Drop to open in a new tab' : 'Drop to open'}</p></div>`
          : nothing
      }
      ${renderDialogs(this.#dialogs.state)}
      <div class="visually-hidden" role="status" aria-live="polite">${this.#announcer.text}</div>
    `;
  }

  #renderBar(): TemplateResult {
    const { summary, load } = this.#engine;
    const isReplacing = load.kind === 'loading' && !load.isComposed;
    return renderBar({
      name: isReplacing ? load.name : summary?.name,
      summary: isReplacing ? undefined : summary,
      theme: this.#theme.choice,
      isSideOpen: this.#layout.isNarrow ? undefined : (side) => this.#layout.isSideOpen(side, this.#hasStage),
      pick: (isFolder, isForNewTab) => this.#pick(isFolder, isForNewTab),
      showRecents: () => void this.#dialogs.showRecents(),
      nextTheme: this.#nextTheme,
      showShortcuts: () => void this.#dialogs.showShortcuts(),
      showCommands: () => void this.#dialogs.showCommands(),
      showSettings: () => void this.#dialogs.showSettings(),
      toggleSide: (side) => this.#layout.toggleSide(side, this.#hasStage),
    });
  }

  get #hasStage(): boolean {
    return this.#engine.summary !== undefined || this.#engine.load.kind === 'loading';
  }

  get #panes(): PanesState {
    return {
      engine: this.#engine,
      layout: this.#layout,
      preferences: this.#preferences,
      prims: this.#prims,
      settings: this.#renderer.settings,
      background: this.background,
      isComposingVariant: this.isComposingVariant,
      select: (event) => this.#onSelect(event),
      frameSelection: () => void this.#frameSelection(),
      chooseVariant: (event) => this.#onVariant(event),
      setSettings: (settings) => this.setSettings(settings),
      setBackground: (background) => {
        this.background = background;
      },
      environment: this.#environment,
      setEnvironment: (file) => void this.#giveEnvironment(file),
    };
  }

  get #overlays(): OverlaysState {
    return {
      engine: this.#engine,
      renderer: this.#renderer,
      playback: this.#playback,
      layout: this.#layout,
      camera: this.#view.camera,
      thumbnailUrl: this.thumbnailUrl,
      message: this.message,
      recordingStatus: this.#dialogs.recordingStatus,
      isExpecting: this.isExpecting,
      awaitedName: this.#opener.awaited?.name ?? '',
      recents: this.#dialogs.recents,
      coveredBottom: this.coveredBottom,
      useCamera: (path) => void this.#attempt(() => this.useCamera(path)),
      frameAll: () => this.frameAll(),
      savePicture: () => void this.#dialogs.savePicture(),
      showPicture: () => void this.#dialogs.showPicture(),
      record: () => void this.#dialogs.showRecording(),
      copyLink: () => void this.copyLink(),
      toggleFullscreen: () => void this.#attempt(() => this.#toggleFullscreen()),
      popOut: () => void this.#openWindow('popOut'),
      openSecondCamera: () => void this.#openWindow('camera'),
      isPoppedOut: this.#windows.isPoppedOut,
      bringBack: () => this.#windows.bringBack(),
      cancel: () => this.#cancel(),
      dismissMessage: () => {
        this.message = undefined;
      },
      pick: (isFolder) => this.#pick(isFolder),
      openSample: () => void this.#opener.openSample(),
      openRecent: (event) => this.#dialogs.openRecent(event),
      wantRecents: () => void this.#dialogs.loadRecents(),
    };
  }

  get #viewportLabel(): string {
    const { summary } = this.#engine;
    if (summary === undefined) return '3D view, empty';
    return `3D view of ${summary.name}. Arrow keys turn, Shift and arrow keys pan, plus and minus come nearer and go further.`;
  }

  // Opening.

  /** What the address asks for. */
  async #begin(query: URLSearchParams): Promise<void> {
    const src = query.get('src');
    const name = query.get('file');
    if (src === null && name === null) {
      if (!query.has('empty') && !query.has('shared')) await this.#opener.openSample();
      return;
    }
    // Most addresses say nothing of what is to be seen: the words are fetched for those that do.
    const hasView = [...query.keys()].some((key) => key !== 'src' && key !== 'coi');
    const words = hasView ? await import('./link.ts') : undefined;
    const { view, problems } = words?.viewOfQuery(query) ?? { view: {}, problems: [] };
    if (src !== null) await this.open({ kind: 'url', url: words?.fileOfLink(src, view) ?? src, view });
    else if (name !== null) {
      this.#opener.awaited = { name, view };
      this.requestUpdate();
    }
    for (const problem of problems) this.#fail(problem);
  }

  #pick(isFolder: boolean, isForNewTab = false): void {
    void this.#opener.pick(isFolder, this.#openerFor(isForNewTab));
  }

  #openerFor(isForNewTab: boolean): (job: OpenJob) => void {
    return (job) => {
      const picture = job.kind === 'files' ? environmentAmong(job.files) : undefined;
      if (picture !== undefined) void this.#giveEnvironment(picture);
      else if (isForNewTab) this.openInNewTab(job);
      else void this.open(job);
    };
  }

  /** A picture from a user's hand: what comes of it is said over the scene. */
  async #giveEnvironment(file: File | undefined): Promise<void> {
    if (file !== undefined) this.say({ text: `Reading ${file.name}…` });
    try {
      await this.setEnvironment(file);
      const isSeen = file === undefined || this.#engine.summary !== undefined;
      this.message = isSeen ? undefined : { text: `${file.name} will light what is opened next` };
      this.#announcer.say(file === undefined ? 'Lit by the studio' : `Lit by ${file.name}`);
    } catch (error) {
      const info = errorInfoOf(error);
      if (info.code === 'cancelled') return;
      this.#fail(info);
      this.say({ text: info.message });
    }
  }

  #cancel(): void {
    this.#engine.cancelLoad();
    this.#announcer.say('Cancelled');
  }

  #onStageOpened(summary: StageSummary): void {
    this.#opener.stageOpened();
    this.#forgetStage();
    this.viewport.reset(summary.upAxis);
    this.#setBounds(summary.bounds);
    const { startTimeCode = 0, endTimeCode = startTimeCode, timeCodesPerSecond, framesPerSecond } = summary;
    const step = framesPerSecond > 0 && timeCodesPerSecond > 0 ? timeCodesPerSecond / framesPerSecond : 1;
    this.#playback.reset({ start: startTimeCode, end: endTimeCode, timeCodesPerSecond: timeCodesPerSecond || 24, step }, startTimeCode);
    if (this.#layout.tab === 'properties' && summary.variantSets.length > 0) this.#layout.turnTo('variants');
    if (this.#renderer.state.kind === 'unavailable') void this.#showThumbnail();
    this.#announcer.say(`${summary.name} is open, ${summary.primCount} prims`);
    this.#emit('usd-opened', summary);
  }

  #forgetStage(): void {
    this.#dialogs.forgetStage();
    this.#size.setScene(undefined);
    this.#prims.forget();
    this.#view.forget();
    this.#playback.reset({ start: 0, end: 0, timeCodesPerSecond: 24, step: 1 }, 0);
    if (this.thumbnailUrl !== '') URL.revokeObjectURL(this.thumbnailUrl);
    this.thumbnailUrl = '';
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
    if (isChosen === true) this.#layout.turnTo('properties');
    this.#prims.select(path, isRevealed === true);
  };

  async #search(): Promise<void> {
    this.#layout.show('scene');
    await this.updateComplete;
    this.tree?.focusSearch();
  }

  #escape(): void {
    if (this.#engine.load.kind === 'loading') this.#cancel();
    else if (this.#engine.load.kind === 'failed') this.#engine.dismissFailure();
    else if (this.message !== undefined) this.message = undefined;
    else if (this.#layout.isNarrow && this.#layout.isSheetOpen) this.#layout.closeSheet();
    else this.#prims.select('', false);
  }

  #onVariant = (event: HTMLElementEventMap['usd-variant']): void => {
    const { primPath, set, selection } = event.detail;
    this.#chooseVariant(primPath, set, selection);
  };

  #chooseVariant(primPath: string, set: string, selection: string): void {
    this.#announcer.say(`${set}: ${selection === '' ? 'none' : selection}`);
    void this.#attempt(() => this.setVariant(primPath, set, selection));
  }

  // View.

  #setBounds(bounds: Aabb | undefined): void {
    this.viewport.setBounds(bounds);
    this.#size.setScene(bounds);
  }

  /** As on opening. */
  #resetView(): void {
    const { summary } = this.#engine;
    if (summary === undefined) return;
    this.#view.freeCamera();
    this.viewport.reset(summary.upAxis);
    this.viewport.setBounds(this.#size.scene);
  }

  async #frameSelection(): Promise<void> {
    const path = this.#prims.selection.path;
    const bounds: Aabb | undefined = path === '' ? undefined : await this.#engine.primBounds(path).catch(() => undefined);
    this.viewport.frame(bounds);
  }

  /** A double click in the picture: selects and frames the prim there, or frames everything. */
  async #chooseAt(x: number, y: number): Promise<void> {
    await this.#attempt(async () => this.#choosePrim(await this.#renderer.pick(x, y)));
  }

  async #choosePrim(handle: number | undefined): Promise<void> {
    const path = handle === undefined ? undefined : await this.#engine.primOfHandle(handle);
    if (path === undefined) {
      this.frameAll();
      return;
    }
    this.#prims.select(path, true);
    await this.#frameSelection();
  }

  /** What is open is shown in a further window too. */
  async #openWindow(mode: WindowMode): Promise<void> {
    if (this.#engine.summary !== undefined) await this.#attempt(() => this.#windows.open(mode));
  }

  get #windowState(): WindowState {
    const { summary } = this.#engine;
    const bounds = this.#size.scene;
    return {
      name: summary?.name ?? '',
      theme: this.#theme.theme,
      ...(summary === undefined ? {} : { stage: summary.stage }),
      upAxis: summary?.upAxis ?? 'Y',
      ...(bounds === undefined ? {} : { bounds }),
      cameras: summary?.cameras ?? [],
      settings: this.#renderer.settings,
      isOpenerHidden: document.hidden,
    };
  }

  async #sample(timeCode: number): Promise<void> {
    if (this.#engine.summary === undefined) return;
    await this.#engine.setTime(timeCode);
    this.#prims.selection.refresh();
    this.#size.refresh();
    this.#view.changed();
  }

  async #toggleFullscreen(): Promise<void> {
    if (document.fullscreenElement === null) await this.requestFullscreen();
    else await document.exitFullscreen();
  }

  /** Sends the chosen background when it differs from the renderer's. The theme's is the page's own, behind a transparent picture. */
  #applyBackground(): void {
    const background = typeof this.background === 'string' ? TRANSPARENT : this.background;
    const showsEnvironment = this.background === 'environment';
    const { settings } = this.#renderer;
    const isSame = background.every((value, index) => value === settings.background[index]);
    if (isSame && showsEnvironment === settings.showsEnvironment) return;
    this.#renderer.setSettings({ ...settings, background, showsEnvironment });
  }

  #onVisibility = (): void => this.#renderer.setVisible(this.isConnected && !document.hidden && !this.#windows.isPoppedOut);

  #onCamera = (event: HTMLElementEventMap['usd-camera']): void => {
    const { camera } = event.detail;
    this.#renderer.setCamera(camera);
    this.#windows.moved(camera);
    this.#view.changed();
  };

  // Page.

  #nextTheme = (): void => {
    const theme = this.#theme.chooseNext();
    this.#preferences.change({ theme });
    this.#announcer.say(`Theme: ${theme}`);
  };

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

interface AppEvents {
  'usd-opened': StageSummary;
  'usd-pictured': { readonly what: 'first' | 'complete'; readonly epochMs: number };
  'usd-error': ErrorInfo;
  'usd-title': object;
  'usd-view-changed': object;
}

declare global {
  interface HTMLElementTagNameMap {
    'usd-viewer-app': UsdViewerApp;
  }
  interface HTMLElementEventMap {
    'usd-opened': CustomEvent<StageSummary>;
    'usd-pictured': CustomEvent<AppEvents['usd-pictured']>;
    'usd-error': CustomEvent<ErrorInfo>;
    'usd-new-tab': CustomEvent<OpenJob>;
    'usd-title': CustomEvent<object>;
    'usd-view-changed': CustomEvent<object>;
  }
}
