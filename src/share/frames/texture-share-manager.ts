import { checkExpected } from './check-descriptor.ts';
import { checkHandle } from './check-handle.ts';
import { openBroadcastLink } from './link/broadcast-link.ts';
import type { Link } from './link/link.ts';
import { openPortLink } from './link/port-link.ts';
import { randomName } from './link/random-name.ts';
import { ShareError } from './share-error.ts';
import type { ExportOptions, ImportedTexture, ManagerOptions, ShareableTexture } from './share-types.ts';
import { TextureConsumer } from './texture-consumer.ts';
import type { TextureDescriptor, TextureDescriptorInit } from './texture-descriptor.ts';
import { HANDLE_VERSION, type TextureHandle } from './texture-handle.ts';
import { TextureProducer } from './texture-producer.ts';
import { TRANSPORTS } from './transports/registry.ts';
import type { Transport, TransportKind } from './transports/transport.ts';

/** Producers and consumers of one manager. */
const MOST_TEXTURES = 1024;

/** Ends of handles that were imported in this realm. */
const importedPorts = new WeakSet<MessagePort>();
const importedChannels = new Set<string>();

/**
 * Makes and imports shared textures, for one realm (window or worker).
 *
 * Textures are counted: who makes or imports one has one use of it, `retain` adds one, `release` takes one away, and the last one closes it.
 */
export class TextureShareManager {
  #device: GPUDevice | undefined;
  #textures = new Set<TextureProducer | TextureConsumer>();
  /** Closed ones have none. */
  #uses = new WeakMap<ShareableTexture | ImportedTexture, number>();

  constructor({ device }: ManagerOptions = {}) {
    this.#device = device;
  }

  /** @throws ShareError `share-bad-descriptor`, `share-unsupported-usage`, `share-limit` */
  createShareableTexture(descriptor: TextureDescriptorInit): ShareableTexture {
    this.#checkRoom();
    const texture = new TextureProducer(descriptor, this.#device, () => this.#textures.delete(texture));
    this.#add(texture);
    return texture;
  }

  /**
   * One connection: export once for every consumer. The connection is made when somebody imports the handle.
   *
   * @throws ShareError `share-released`, `share-limit`, and why a transport that is asked for cannot be used here
   */
  exportTexture(texture: ShareableTexture, { transport = 'auto', isPortless = false }: ExportOptions = {}): TextureHandle {
    if (!(texture instanceof TextureProducer)) {
      throw new ShareError('share-bad-handle', 'Only what createShareableTexture made can be exported.');
    }
    const { id, descriptor } = texture;
    if (transport !== 'auto') checkTransport(transport, descriptor);
    const handle = { version: HANDLE_VERSION, kind: 'shared-texture', id, descriptor, transport } as const;
    if (isPortless) {
      const channel = randomName('texture-channel-');
      texture.connect(() => openBroadcastLink(channel, 'host'), TRANSPORTS, transport);
      return { ...handle, channel };
    }
    const { port1, port2: port } = new MessageChannel();
    texture.connect(() => openPortLink(port1), TRANSPORTS, transport);
    return { ...handle, port };
  }

  /**
   * @param expected fields that the texture must have, where the consumer relies on them
   * @throws ShareError `share-bad-handle` (also for one that was imported before), `share-version`, `share-limit`, `share-bad-descriptor` where it
   *   differs from what is expected, and why a transport that the producer asks for cannot be used here
   */
  importTexture(handle: TextureHandle, expected: Partial<TextureDescriptor> = {}): ImportedTexture {
    const checked = checkHandle(handle);
    const { descriptor, transport } = checked;
    checkExpected(descriptor, expected);
    if (transport !== 'auto') checkTransport(transport, descriptor);
    this.#checkRoom();
    const texture = new TextureConsumer(checked, openHandle(checked), TRANSPORTS, this.#device, () => this.#textures.delete(texture));
    this.#add(texture);
    return texture;
  }

  /**
   * Counts one use more, for a further owner in this realm.
   *
   * @throws ShareError `share-released`
   */
  retain(texture: ShareableTexture | ImportedTexture): void {
    const uses = this.#uses.get(texture) ?? 0;
    if (uses === 0) throw new ShareError('share-released', `The shared texture "${texture.descriptor.label}" was released.`);
    this.#uses.set(texture, uses + 1);
  }

  /** Counts one use less; the last one closes it. Safe to call again. */
  release(texture: ShareableTexture | ImportedTexture): void {
    const uses = this.#uses.get(texture) ?? 0;
    this.#uses.set(texture, Math.max(uses - 1, 0));
    if (uses === 1) texture.close();
  }

  /** After the loss of the device: all textures of the manager go on with this one, and new ones begin with it. */
  useDevice(device: GPUDevice): void {
    this.#device = device;
    for (const texture of this.#textures) texture.useDevice(device);
  }

  /** Releases everything. Safe to call twice. */
  close(): void {
    for (const texture of this.#textures) {
      this.#uses.delete(texture);
      texture.close();
    }
  }

  #add(texture: TextureProducer | TextureConsumer): void {
    this.#textures.add(texture);
    this.#uses.set(texture, 1);
  }

  #checkRoom(): void {
    if (this.#textures.size >= MOST_TEXTURES) {
      throw new ShareError('share-limit', `This manager shares ${MOST_TEXTURES} textures already: release some first.`);
    }
  }
}

function checkTransport(kind: TransportKind, descriptor: TextureDescriptor): void {
  const transport: Transport | undefined = TRANSPORTS.find((candidate) => candidate.kind === kind);
  const refusal =
    transport === undefined
      ? new ShareError('share-unsupported-transport', `There is no transport "${kind}".`)
      : transport.refuse(descriptor);
  if (refusal !== undefined) throw refusal;
}

/** @throws ShareError `share-bad-handle` for one that was imported in this realm before */
function openHandle({ descriptor, port, channel }: TextureHandle): Link {
  const name = port ?? channel!;
  if (typeof name === 'string' ? importedChannels.has(name) : importedPorts.has(name)) {
    throw new ShareError(
      'share-bad-handle',
      `The handle of "${descriptor.label}" was imported before: every consumer needs an export of its own.`,
    );
  }
  if (typeof name === 'string') {
    const link = openBroadcastLink(name, 'guest');
    importedChannels.add(name);
    return link;
  }
  importedPorts.add(name);
  return openPortLink(name);
}
