/** Two ends with connections between them. */
import type { ExportOptions } from '../../src/share/frames/share-types.ts';
import type { TextureDescriptorInit } from '../../src/share/frames/texture-descriptor.ts';
import { transferablesOf } from '../../src/share/frames/texture-handle.ts';
import type { TransportKind } from '../../src/share/frames/transports/transport.ts';
import type { RealmCounts, RealmLedger } from './realm-ledger.ts';
import { openEnd, type EndKind, type OpenEnd } from './realms.ts';

export interface PairOptions {
  readonly producer: EndKind;
  readonly consumer: EndKind;
  readonly producerHasDevice: boolean;
  readonly consumerHasDevice: boolean;
}

export class Pair {
  readonly producer: OpenEnd;
  readonly consumer: OpenEnd;
  #nextName = 1;

  private constructor(producer: OpenEnd, consumer: OpenEnd) {
    this.producer = producer;
    this.consumer = consumer;
  }

  static async open(options: PairOptions, ledger: RealmLedger): Promise<Pair> {
    const producer = await openEnd(options.producer, ledger);
    // Within one realm both are one end, with one device.
    const consumer = options.producer === 'here' && options.consumer === 'here' ? producer : await openEnd(options.consumer, ledger);
    await producer.call('start', { hasDevice: options.producerHasDevice });
    if (consumer !== producer) await consumer.call('start', { hasDevice: options.consumerHasDevice });
    return new Pair(producer, consumer);
  }

  /** Makes, exports and imports a texture; both ends know it by the same name, with a suffix at the importer where both are one. */
  async share(descriptor: TextureDescriptorInit, options: ExportOptions): Promise<Shared> {
    const made = `texture ${this.#nextName++}`;
    await this.producer.call('make', { name: made, descriptor });
    return this.exportAgain(made, options);
  }

  async exportAgain(made: string, options: ExportOptions): Promise<Shared> {
    const imported = `${made}, import ${this.#nextName++}`;
    const handle = await this.producer.call('exportHandle', { name: made, options });
    await this.consumer.call('importHandle', { name: imported, handle }, transferablesOf(handle));
    return { made, imported };
  }

  /** As `share`, and waits until frames can come. */
  async connect(descriptor: TextureDescriptorInit, options: ExportOptions): Promise<Shared & { readonly transport: TransportKind }> {
    const shared = await this.share(descriptor, options);
    const transport = await this.consumer.call('ready', { name: shared.imported });
    return { ...shared, transport };
  }

  async counts(): Promise<readonly RealmCounts[]> {
    const counts = [await this.producer.call('counts', {})];
    if (this.consumer !== this.producer) counts.push(await this.consumer.call('counts', {}));
    return counts;
  }

  /** Everything that was made is given up; both realms stay. */
  async releaseAll(): Promise<void> {
    await this.consumer.call('closeManager', {});
    await this.producer.call('closeManager', {});
  }

  kill(): void {
    this.consumer.kill();
    this.producer.kill();
  }
}

export interface Shared {
  readonly made: string;
  readonly imported: string;
}

/** Polls until the counts are as they were, or time is up; what differs then, in words. */
export async function countsLeft(pair: Pair, before: readonly RealmCounts[], limitMs = 3000): Promise<string> {
  const end = performance.now() + limitMs;
  for (;;) {
    const now = await pair.counts();
    const left = now.flatMap((counts, i) =>
      (['images', 'ports', 'channels', 'buffers', 'textures', 'locks'] as const)
        .filter((key) => counts[key] > (before[i]?.[key] ?? 0))
        .map((key) => `${i === 0 ? 'producer' : 'consumer'}: ${counts[key]} ${key}, ${before[i]?.[key] ?? 0} before`),
    );
    if (left.length === 0 || performance.now() > end) return left.join('; ');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
