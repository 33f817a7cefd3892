/** Something was asked of a model that is not there. */
export class NotLoadedError extends Error {
  readonly code = 'not-loaded';

  constructor() {
    super('No model is loaded: wait for the "preload" or "load" event, or for whenLoaded()');
    this.name = 'NotLoadedError';
  }
}
