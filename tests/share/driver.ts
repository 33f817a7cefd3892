/** The page that a conformance run drives. */
import * as cases from './cases.ts';
import { ringStress } from './ring-stress.ts';

const share = { ...cases, ringStress };

declare global {
  interface Window {
    share: typeof share;
  }
}

window.share = share;
