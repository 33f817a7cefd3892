import type { Page } from 'playwright-core';

/** What to draw: checked options. `eye` and `target` or `camera` or neither (framed on the bounds). */
export interface RecordRequest {
  readonly size: { readonly width: number; readonly height: number };
  readonly camera?: string | undefined;
  readonly eye?: readonly number[] | undefined;
  readonly target?: readonly number[] | undefined;
  readonly up?: readonly number[] | undefined;
  readonly fovDegrees: number;
  readonly timeCode?: number | undefined;
  readonly variants: readonly { readonly primPath: string; readonly set: string; readonly selection: string }[];
  readonly background?: readonly number[] | undefined;
  /** File of a picture all around. */
  readonly environment?: string | undefined;
  readonly showsEnvironment?: boolean;
  readonly light: string;
  readonly purposes: readonly string[];
  /** Pictures of the command line have no ground shadow. */
  readonly shadowIntensity?: number;
}

/** The picture as PNG bytes with the figures, or why there is none. */
export interface Recording {
  readonly png?: Uint8Array;
  readonly error?: string;
  readonly problems?: readonly object[];
}

export class UsageError extends Error {}
export function usdrecord(input: string, output: string, options: Readonly<Record<string, unknown>>): Promise<object>;
export function record(page: Page, input: string, request: RecordRequest): Promise<Recording>;
export function parseOptions(options: Readonly<Record<string, string | readonly string[]>>): RecordRequest;
