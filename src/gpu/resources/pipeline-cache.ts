/**
 * Render pipelines by key, compiled in the background, shared by all views of a device. Asking for one starts it; until it
 * is there the asker draws with what it has or leaves the draw out, and the next picture asks again.
 */
export class PipelineCache {
  #device: GPUDevice;
  #ready = new Map<string, GPURenderPipeline>();
  #compiling = new Map<string, Promise<void>>();
  #lacking = new Map<string, Promise<void>>();

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** @param describe called once per key */
  get(key: string, describe: () => GPURenderPipelineDescriptor): GPURenderPipeline | undefined {
    const pipeline = this.#ready.get(key);
    if (pipeline === undefined) this.#lacking.set(key, this.#compiling.get(key) ?? this.#start(key, describe));
    return pipeline;
  }

  /** A pipeline that must be there before going on. */
  async require(key: string, describe: () => GPURenderPipelineDescriptor): Promise<GPURenderPipeline> {
    if (!this.#ready.has(key)) await (this.#compiling.get(key) ?? this.#start(key, describe));
    return this.#ready.get(key)!;
  }

  /**
   * What was asked for in vain since the last call: a picture that begins and ends with it knows what it lacks, whatever
   * other views wait for.
   */
  takeLacking(): LackingPipelines {
    const lacking = this.#lacking;
    this.#lacking = new Map();
    const compiling = this.#compiling;
    return {
      get isEmpty(): boolean {
        for (const key of lacking.keys()) if (compiling.has(key)) return false;
        return true;
      },
      settle: async () => {
        await Promise.all(lacking.values());
      },
    };
  }

  #start(key: string, describe: () => GPURenderPipelineDescriptor): Promise<void> {
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
    return compiling;
  }
}

/** Pipelines that a picture would have been drawn with. */
export interface LackingPipelines {
  /** They are all there by now. */
  readonly isEmpty: boolean;
  /** Resolves when they are. */
  settle(): Promise<void>;
}
