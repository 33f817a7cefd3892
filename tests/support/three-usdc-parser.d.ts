declare module 'three/examples/jsm/loaders/usd/USDCParser.js' {
  /** three.js's crate reader; its types are not published. */
  export class USDCParser {
    parseData(buffer: ArrayBufferLike): {
      readonly specsByPath: Readonly<Record<string, { readonly specType: number; readonly fields: Readonly<Record<string, unknown>> }>>;
    };
  }
}
