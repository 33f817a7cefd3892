/** One page for each kind of thing that the manifest of the element lists. */
import { referencePages } from '../../../tools/docs-site/reference.mjs';

export default {
  paths: () => referencePages().map(({ kind, content }) => ({ params: { kind }, content })),
};
