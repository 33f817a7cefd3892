import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { ViewerWorkers } from '../../share/protocol/views.ts';
import { MediaController } from '../controllers/media-controller.ts';
import { SAMPLE_URL } from '../controllers/open-controller.ts';
import { asksForSomething, takeLaunches } from './launch.ts';
import type { OpenJob } from './open-job.ts';
import { pause } from './pause.ts';
import { claimSession, readSession, type Session } from './session.ts';
import './usd-document-tabs.ts';
import { UsdViewerApp } from './usd-viewer-app.ts';
import type { VisitKeeper } from './visit-keeper.ts';

/** Height of the strip; in windows whose title bar is ours, that bar's. */
const STRIP_HEIGHT = 'calc(env(titlebar-area-height, 2.8rem) + env(safe-area-inset-top))';

/** One document of the window. */
export interface ShellTab {
  readonly id: number;
  /** Undefined until the tab is shown for the first time. */
  app: UsdViewerApp | undefined;
  /** What is opened then. */
  job: OpenJob;
  /** Entry of the recents that stands for what is open. */
  recent: string | undefined;
}

/**
 * The window: one viewer for each open document, of which one is on the page. The others keep their state, draw nothing and hear
 * nothing. Without a shadow root, so that the page's one `usd-viewer-app` is found as if there were no tabs.
 */
@customElement('usd-shell')
export class UsdShell extends LitElement {
  readonly #openView: () => ViewerWorkers;
  readonly #overlay = new MediaController(this, '(display-mode: window-controls-overlay)');
  #tabs: readonly ShellTab[] = [];
  #active!: ShellTab;
  #nextId = 1;
  /** Undefined until the page has time to fetch it; it finds what was opened until then. */
  #keeper: VisitKeeper | undefined;

  /** @param search the page's query */
  constructor(openView: () => ViewerWorkers, search: string) {
    super();
    this.#openView = openView;
    const session = asksForSomething(search) ? undefined : readSession();
    const first = this.#addTab({ kind: 'empty' });
    first.app = this.#makeApp(first, session === undefined ? search : '?empty');
    this.#active = first;
    const isOurs = claimSession();
    if (session === undefined) void isOurs.then(async (isKeeping) => (await pause(), this.#keep(isKeeping)));
    else void this.#restore(first.app, session, isOurs);
    takeLaunches(location.href, {
      files: (handles) => void this.#openLaunched(handles),
      query: (asked) => this.#openQuery(asked),
    });
    this.#openShared(search);
  }

  /** Every document, as the strip shows them. */
  get tabs(): readonly ShellTab[] {
    return this.#tabs;
  }

  get active(): ShellTab {
    return this.#active;
  }

  /** Opens something in a tab of its own; one that is not shown waits for that. */
  openTab(job: OpenJob, isShown = true): void {
    const tab = this.#addTab(job);
    if (isShown) this.showTab(tab.id);
    else this.#changed('opened', tab);
  }

  /** Opens each in a tab, one of them shown; that one in place of what is shown now, if that is nothing of the user's. */
  openTabs(jobs: readonly OpenJob[], shown = 0): void {
    const job = jobs[shown];
    if (job === undefined) return;
    const { app } = this.#active;
    if (app === undefined || !(app.documentName === '' || app.isSample)) this.openTab({ kind: 'empty' });
    const own = this.#active;
    const waiting = (others: readonly OpenJob[]): ShellTab[] => others.map((other) => this.#makeTab(other));
    const [before, after] = [waiting(jobs.slice(0, shown)), waiting(jobs.slice(shown + 1))];
    this.#tabs = this.#tabs.flatMap((tab) => (tab === own ? [...before, own, ...after] : [tab]));
    own.job = job;
    if (own.app !== undefined) {
      own.app.isExpecting = false;
      void own.app.open(job);
    }
    for (const tab of [...before, ...after]) this.#changed('opened', tab);
    this.#changed();
  }

  showTab(id: number): void {
    const tab = this.#tabs.find((other) => other.id === id);
    if (tab === undefined || tab === this.#active) return;
    this.#active.app?.suspend();
    this.#active = tab;
    this.#changed();
  }

  /** Closes a tab and gives up what it has open; a window always has one. */
  closeTab(id: number): void {
    const index = this.#tabs.findIndex((other) => other.id === id);
    const tab = this.#tabs[index];
    if (tab === undefined) return;
    this.#tabs = this.#tabs.filter((other) => other !== tab);
    if (this.#tabs.length === 0) this.#addTab({ kind: 'empty' });
    if (tab === this.#active) this.#active = this.#tabs[Math.min(index, this.#tabs.length - 1)]!;
    const hadFocus = document.activeElement?.localName === 'usd-document-tabs';
    tab.app?.dispose();
    this.#changed();
    if (hadFocus && !this.#showsStrip) void this.#focusPicture();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('keydown', this.#onKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('keydown', this.#onKey);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(_changed: PropertyValues<this>): void {
    const tab = this.#active;
    if (tab.app === undefined) {
      tab.app = this.#makeApp(tab, '?empty');
      const { app } = tab;
      // It needs its place on the page before it opens anything.
      if (tab.job.kind !== 'empty') void this.updateComplete.then(() => app.updateComplete).then(() => app.open(tab.job));
    }
    this.style.setProperty('--shell-top', this.#showsStrip ? STRIP_HEIGHT : '0px');
  }

  protected override render(): TemplateResult {
    return html`${
      this.#showsStrip
        ? html`<usd-document-tabs
            .tabs=${this.#tabs.map((tab) => ({ id: tab.id, name: nameOf(tab), isLoading: tab.app?.isLoading ?? false }))}
            .active=${this.#active.id}
            .overlay=${this.#overlay.matches}
            .panel=${this.#active.app}
            @usd-tab-choose=${(event: HTMLElementEventMap['usd-tab-choose']) => this.showTab(event.detail.id)}
            @usd-tab-close=${(event: HTMLElementEventMap['usd-tab-close']) => this.closeTab(event.detail.id)}
            @usd-tab-new=${() => this.openTab({ kind: 'empty' })}
          ></usd-document-tabs>`
        : nothing
    }${this.#active.app}`;
  }

  protected override updated(_changed: PropertyValues<this>): void {
    void this.#active.app?.resume();
  }

  get #showsStrip(): boolean {
    return this.#tabs.length > 1 || this.#overlay.matches;
  }

  /** The strip goes with the last but one tab: the keyboard is not lost with it. */
  async #focusPicture(): Promise<void> {
    await this.updateComplete;
    const { app } = this.#active;
    await app?.updateComplete;
    app?.focusPicture();
  }

  #addTab(job: OpenJob): ShellTab {
    const tab = this.#makeTab(job);
    this.#tabs = [...this.#tabs, tab];
    return tab;
  }

  #makeTab(job: OpenJob): ShellTab {
    return { id: this.#nextId++, app: undefined, job, recent: undefined };
  }

  #makeApp(tab: ShellTab, search: string): UsdViewerApp {
    const app = new UsdViewerApp(this.#openView(), search);
    app.addEventListener('usd-title', () => this.requestUpdate());
    app.addEventListener('usd-new-tab', (event) => {
      event.preventDefault();
      this.openTab(event.detail);
    });
    const tell = (what: 'opened' | 'pictured' | 'view') => (): void => this.#keeper?.heard(what, tab);
    app.addEventListener('usd-opened', tell('opened'));
    app.addEventListener('usd-view-changed', tell('view'));
    app.addEventListener('usd-pictured', (event) => {
      if (event.detail.what === 'complete') this.#keeper?.heard('pictured', tab);
    });
    return app;
  }

  #changed(what: 'opened' | 'view' = 'view', tab = this.#active): void {
    this.requestUpdate();
    this.#keeper?.heard(what, tab);
  }

  /** Begins to remember what is open; @param isKeeping also as the session of the next visit */
  async #keep(isKeeping: boolean): Promise<VisitKeeper> {
    const { VisitKeeper } = await import('./visit-keeper.ts');
    this.#keeper = new VisitKeeper(this, isKeeping);
    return this.#keeper;
  }

  /** Opens what was open in the last visit, unless another window has it. */
  async #restore(app: UsdViewerApp, session: Session, isOurs: Promise<boolean>): Promise<void> {
    app.isExpecting = true;
    const isKeeping = await isOurs;
    const keeper = await this.#keep(isKeeping);
    if (isKeeping && (await keeper.restore(session))) return;
    app.isExpecting = false;
    if (!isKeeping) await app.open({ kind: 'url', url: SAMPLE_URL });
  }

  async #openLaunched(handles: readonly FileSystemHandle[]): Promise<void> {
    const { jobsOfHandles } = await import('./several-files.ts');
    await this.#openHanded(jobsOfHandles(handles));
  }

  /** Files that another app shared with this one, if the address says so. */
  #openShared(search: string): void {
    const id = new URLSearchParams(search).get('shared');
    if (id === null) return;
    const jobs = import('./several-files.ts').then(({ jobsOfShare }) => jobsOfShare(id));
    void this.#openHanded(jobs);
  }

  async #openHanded(jobs: Promise<readonly OpenJob[]>): Promise<void> {
    try {
      this.openTabs(await jobs);
    } catch (error) {
      this.#active.app?.say({ text: error instanceof Error ? error.message : String(error) });
    }
    // What came once does not come again: loading the page again restores what it opened.
    history.replaceState(null, '', location.pathname);
  }

  /** A link that the system opens with this window. */
  #openQuery(search: string): void {
    if (new URLSearchParams(search).has('shared')) {
      this.#openShared(search);
      return;
    }
    const tab = this.#addTab({ kind: 'empty' });
    tab.app = this.#makeApp(tab, search);
    this.showTab(tab.id);
  }

  #onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || !event.ctrlKey || event.altKey || event.metaKey || this.#tabs.length < 2) return;
    const step = { PageUp: -1, PageDown: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const { length } = this.#tabs;
    const next = this.#tabs[(this.#tabs.indexOf(this.#active) + step + length) % length];
    if (next !== undefined) this.showTab(next.id);
  };
}

function nameOf({ app, job }: ShellTab): string {
  if (app !== undefined && app.documentName !== '') return app.documentName;
  switch (job.kind) {
    case 'empty':
      return 'New tab';
    case 'url':
      return job.url.slice(job.url.lastIndexOf('/') + 1) || job.url;
    case 'files':
      return job.root ?? job.files[0]?.path ?? 'Files';
    case 'recent':
      return job.name;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'usd-shell': UsdShell;
  }
}
