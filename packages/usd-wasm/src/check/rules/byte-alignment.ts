import type { Rule } from '../rule.ts';

export const byteAlignment: Rule = {
  name: 'ByteAlignmentChecker',
  description: 'Files within a usdz package must be laid out properly, i.e. they should be aligned to 64 bytes.',
  *checkPackage(archive, identifier) {
    for (const { name, dataOffset } of archive.entries)
      if (dataOffset % 64 !== 0)
        yield { message: `File '${name}' in package '${identifier}' has an invalid offset ${dataOffset}.`, asset: identifier };
  },
};
