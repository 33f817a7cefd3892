/**
 * What the two ends of a connection say to each other over their link. All that arrives is hostile until it went through `checkConsumerMessage` or
 * `checkProducerMessage`.
 *
 * ```
 * consumer                                    producer
 * hello (what it can do)               →
 *                                      ←      open-lane n (to probe), lane n …
 * lane n …, probe-used n               →      close-lane n, and so on for each candidate
 *                                      ←      open-lane m (for frames), lane m …
 * lane m …                             →
 * bye                                 ↔      bye
 * ```
 *
 * A lane is the pair of a sender and a receiver of one transport for frames of one size. Lanes are numbered upwards and never used again.
 */
import { checkDescriptor } from './check-descriptor.ts';
import { isTransportKind } from './check-handle.ts';
import type { ShareErrorCode } from './share-error.ts';
import type { TextureDescriptor } from './texture-descriptor.ts';
import type { TransportKind, TransportMessage } from './transports/transport.ts';

export interface LaneMessage {
  readonly kind: 'lane';
  readonly lane: number;
  readonly message: TransportMessage;
}

/** What a consumer's realm is like. */
export interface ConsumerHello {
  readonly kind: 'hello';
  readonly version: number;
  /** Transports that its realm can use for the descriptor. */
  readonly transports: readonly TransportKind[];
  /** Names its realm and its device (see `local-names.ts`). */
  readonly realm: string;
  readonly device: string | undefined;
  /** Whether its device is a software renderer. */
  readonly isSoftware: boolean;
}

export type ConsumerMessage =
  | ConsumerHello
  /** It draws with another device now. */
  | { readonly kind: 'device'; readonly device: string | undefined; readonly isSoftware: boolean }
  /** Frame `value` of the lane was used up to the end of the GPU's work on it. */
  | { readonly kind: 'probe-used'; readonly lane: number; readonly value: number }
  /** Frames of the lane cannot be read or used here. */
  | { readonly kind: 'lane-failed'; readonly lane: number; readonly reason: string }
  | LaneMessage
  | { readonly kind: 'bye' };

export type ProducerMessage =
  | { readonly kind: 'refused'; readonly code: ShareErrorCode; readonly reason: string }
  | {
      readonly kind: 'open-lane';
      readonly lane: number;
      readonly transport: TransportKind;
      readonly descriptor: TextureDescriptor;
      readonly isProbe: boolean;
    }
  | { readonly kind: 'close-lane'; readonly lane: number }
  | LaneMessage
  | { readonly kind: 'bye' };

const REFUSALS: readonly ShareErrorCode[] = ['share-version', 'share-no-transport', 'share-bad-handle', 'share-limit'];
const MAX_TEXT_LENGTH = 1000;
const MAX_KINDS = 32;

/** @returns undefined for what is no message of this protocol */
export function checkConsumerMessage(value: unknown): ConsumerMessage | undefined {
  const fields = fieldsOf(value);
  if (fields === undefined) return undefined;
  const { kind } = fields;
  switch (kind) {
    case 'hello': {
      const { version, transports, realm } = fields;
      if (typeof version !== 'number' || !isText(realm) || !Array.isArray(transports) || transports.length > MAX_KINDS) return undefined;
      return { kind, version, transports: transports.filter(isTransportKind), realm, ...deviceOf(fields) };
    }
    case 'device':
      return { kind, ...deviceOf(fields) };
    case 'probe-used':
      return isCount(fields['lane']) && isCount(fields['value']) ? { kind, lane: fields['lane'], value: fields['value'] } : undefined;
    case 'lane-failed':
      return isCount(fields['lane']) && isText(fields['reason']) ? { kind, lane: fields['lane'], reason: fields['reason'] } : undefined;
    case 'lane':
      return checkLaneMessage(fields);
    case 'bye':
      return { kind };
    default:
      return undefined;
  }
}

/**
 * @returns undefined for what is no message of this protocol
 * @throws ShareError what `checkDescriptor` throws for a lane's descriptor
 */
export function checkProducerMessage(value: unknown): ProducerMessage | undefined {
  const fields = fieldsOf(value);
  if (fields === undefined) return undefined;
  const { kind } = fields;
  switch (kind) {
    case 'refused': {
      const code = REFUSALS.find((refusal) => refusal === fields['code']);
      return code !== undefined && isText(fields['reason']) ? { kind, code, reason: fields['reason'] } : undefined;
    }
    case 'open-lane': {
      const { lane, transport, isProbe } = fields;
      if (!isCount(lane) || !isTransportKind(transport) || typeof isProbe !== 'boolean') return undefined;
      return { kind, lane, transport, descriptor: checkDescriptor(fields['descriptor']), isProbe };
    }
    case 'close-lane':
      return isCount(fields['lane']) ? { kind, lane: fields['lane'] } : undefined;
    case 'lane':
      return checkLaneMessage(fields);
    case 'bye':
      return { kind };
    default:
      return undefined;
  }
}

/** Closes images in a message that nobody takes: left to the garbage collector they would hold GPU memory for long. */
export function closeImages(message: TransportMessage): void {
  for (const value of Object.values(message)) {
    if (
      (typeof ImageBitmap !== 'undefined' && value instanceof ImageBitmap) ||
      (typeof VideoFrame !== 'undefined' && value instanceof VideoFrame)
    ) {
      value.close();
    }
  }
}

/** An error's text as a field of a message. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, MAX_TEXT_LENGTH);
}

function checkLaneMessage(fields: Readonly<Record<string, unknown>>): LaneMessage | undefined {
  const { lane } = fields;
  const message = fieldsOf(fields['message']);
  return isCount(lane) && message !== undefined ? { kind: 'lane', lane, message } : undefined;
}

function deviceOf({ device, isSoftware }: Readonly<Record<string, unknown>>): { device: string | undefined; isSoftware: boolean } {
  return { device: isText(device) ? device : undefined, isSoftware: isSoftware === true };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_TEXT_LENGTH;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
