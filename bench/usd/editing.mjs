/** Part "editing": one attribute of the scene of 100,000 prims is set, until the notice is heard. */
import { measureAlone } from './processes.mjs';
import { bar, median, table } from './table.mjs';

const BAR_MS = 1;
const EDITS = 900;

export function measureEditing({ processes }) {
  const runs = Array.from({ length: processes }, () => measureAlone('edit.mjs', [EDITS]));
  const all = (key) => runs.flatMap((run) => run[key]);
  const quantile = (key, share) => all(key).toSorted((a, b) => a - b)[Math.floor(all(key).length * share)];
  const row = (text, key) => [text, ...[0.5, 0.9, 0.99].map((share) => quantile(key, share).toFixed(3)), Math.max(...all(key)).toFixed(1)];
  const worst = Math.max(median(all('fresh')), median(all('repeated')));
  return `From \`attribute.set(value)\` on a prim that a reference brought to the listener of \`objectsChanged\`, on the scene above, each edit on its own; ${EDITS} edits of either kind in each of ${processes} processes. After
each the stage is asked for the value, and must give the new one.

${table(['edit, ms', 'median', '90 %', '99 %', 'longest'], [row('first of that attribute: specs are made in the root layer', 'fresh'), row('a new value for an opinion that is there', 'repeated')])}

${bar(`One attribute edit to notice delivered under ${BAR_MS} ms, median`, `${worst.toFixed(3)} ms for the slower kind`, worst < BAR_MS)}
`;
}
