import type { Rule } from '../rule.ts';

export const compression: Rule = {
  name: 'CompressionChecker',
  description: 'Files within a usdz package should not be compressed or encrypted.',
  *checkPackage(archive, identifier) {
    for (const { name, method, isEncrypted, compressedSize, size } of archive.entries) {
      if (method !== 0)
        yield {
          message: `File '${name}' in package '${identifier}' has compression. Compression method is '${method}', actual size is ${compressedSize}. Uncompressed size is ${size}.`,
          asset: identifier,
        };
      if (isEncrypted) yield { message: `File '${name}' in package '${identifier}' is encrypted.`, asset: identifier };
    }
  },
};
