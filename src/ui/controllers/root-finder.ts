/** Finds the root layer among several files; where that is unsure, the user is asked. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { RemoteError } from '../../share/protocol/channel.ts';
import type { FileEntry, RootCandidate } from '../../share/protocol/engine.ts';
import { chooseRoot } from '../app/choose-root.ts';

export class RootFinder implements ReactiveController {
  /** What the user is to choose from, likeliest first; undefined while there is no question. */
  candidates: readonly RootCandidate[] | undefined;

  #host: ReactiveControllerHost;
  #find: (files: readonly FileEntry[]) => Promise<readonly RootCandidate[]>;
  #newest = 0;
  #answer: ((root: string | undefined) => void) | undefined;

  constructor(host: ReactiveControllerHost, find: (files: readonly FileEntry[]) => Promise<readonly RootCandidate[]>) {
    this.#host = host;
    this.#find = find;
    host.addController(this);
  }

  hostConnected(): void {}

  /** Something else is being opened: a search or question of before is given up. */
  giveUp(): void {
    this.#newest++;
    this.choose(undefined);
  }

  /**
   * @returns path of the root layer
   * @throws RemoteError code `no-usd-file` when there is none, `cancelled` when the user gave up or something else is opened
   */
  async find(files: readonly FileEntry[]): Promise<string> {
    this.giveUp();
    const ticket = this.#newest;
    const [only] = files;
    // One file is what was meant, whatever it is: the engine says so if it is no USD.
    if (only !== undefined && files.length === 1) return only.path;
    const choice = chooseRoot(await this.#find(files));
    if (ticket !== this.#newest) throw givenUp();
    if (choice.kind === 'certain') return choice.root;
    if (choice.kind === 'none') {
      const message = `None of the ${files.length} files is a USD file (.usdz, .usdc, .usda or .usd)`;
      throw new RemoteError({ code: 'no-usd-file', severity: 'error', message });
    }
    await import('../elements/usd-root-chooser.ts');
    if (ticket !== this.#newest) throw givenUp();
    const root = await new Promise<string | undefined>((resolve) => {
      this.#answer = resolve;
      this.#ask(choice.candidates);
    });
    if (root === undefined) throw givenUp();
    return root;
  }

  /** The user's answer; undefined gives up. */
  choose(root: string | undefined): void {
    const answer = this.#answer;
    this.#answer = undefined;
    if (this.candidates !== undefined) this.#ask(undefined);
    answer?.(root);
  }

  #ask(candidates: readonly RootCandidate[] | undefined): void {
    this.candidates = candidates;
    this.#host.requestUpdate();
  }
}

function givenUp(): RemoteError {
  return new RemoteError({ code: 'cancelled', severity: 'info', message: 'Opening was given up' });
}
