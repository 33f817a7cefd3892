/**
 * Render pipelines by key, compiled in the background. Asking for one starts it; until it is there the asker draws with
 * what it has or leaves the draw out, and the next picture asks again.
 */
export class PipelineCache {
  #device: GPUDevice;
  #ready = new Map<string, GPURenderPipeline>();
  #compiling = new Map<string, Promise<void>>();

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** Nothing that was asked for is missing. */
  get isIdle(): boolean {
    return this.#compiling.size === 0;
  }

  /** @param describe called once per key */
  get(key: string, describe: () => GPURenderPipelineDescriptor): GPURenderPipeline | undefined {
    const pipeline = this.#ready.get(key);
    if (pipeline === undefined && !this.#compiling.has(key)) this.#start(key, describe);
    return pipeline;
  }

  /** A pipeline that must be there before going on. */
  async require(key: string, describe: () => GPURenderPipelineDescriptor): Promise<GPURenderPipeline> {
    this.get(key, describe);
    await this.#compiling.get(key);
    return this.#ready.get(key)!;
  }

  /** Resolves when everything that was asked for is compiled. */
  async settle(): Promise<void> {
    while (this.#compiling.size > 0) await Promise.all(this.#compiling.values());
  }

  #start(key: string, describe: () => GPURenderPipelineDescriptor): void {
    const compiling = this.#device.createRenderPipelineAsync({ label: key, ...describe() }).then(
      (pipeline) => {
        this.#ready.set(key, pipeline);
        this.#compiling.delete(key);
      },
      (error: unknown) => {
        // A lost device fails its compilations too; the next device starts anew. Anything else is the asker's to know.
        this.#compiling.delete(key);
        if (!(error instanceof GPUPipelineError) || error.reason === 'validation') throw error;
      },
    );
    this.#compiling.set(key, compiling);
  }
}
