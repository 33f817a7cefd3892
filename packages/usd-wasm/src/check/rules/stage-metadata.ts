import { ROOT_PATH } from '../../sdf/path.ts';
import type { Rule } from '../rule.ts';

export const stageMetadata: Rule = {
  name: 'StageMetadataChecker',
  description: `All stages should declare their 'upAxis' and 'metersPerUnit'.  
Stages that can be consumed as referencable assets should furthermore have
a valid 'defaultPrim' declared, and stages meant for consumer-level packaging
should always have upAxis set to 'Y'`,
  *checkStage({ stage, isArkit, isAsset }) {
    const isAuthored = (name: string): boolean =>
      [stage.rootLayer, stage.sessionLayer].some((layer) => layer.field(ROOT_PATH, name) !== undefined);
    if (!isAuthored('upAxis')) yield { message: 'Stage does not specify an upAxis.' };
    else if (isArkit && stage.upAxis !== 'Y') yield { message: `Stage specifies upAxis '${stage.upAxis}'. upAxis should be 'Y'.` };
    if (!isAuthored('metersPerUnit')) yield { message: 'Stage does not specify its linear scale in metersPerUnit.' };
    if (isAsset && stage.defaultPrim === undefined) yield { message: 'Stage has missing or invalid defaultPrim.' };
  },
};
