/** How a stage is opened, as the attributes say. */
import type { Complexity, StageOptions } from '../../share/protocol/engine.ts';
import { ViewStateError } from '../../share/view-state/view-state-error.ts';
import type { ReflectedElement } from '../reflected-element.ts';
import type { AttributeReader } from './attribute-reader.ts';

type OpeningAttributes = Pick<ReflectedElement, 'time' | 'payloads' | 'complexity'>;

export function stageOptionsOf({ time, payloads, complexity }: OpeningAttributes, reader: AttributeReader): StageOptions {
  return {
    ...(time === null ? {} : { timeCode: time }),
    payloads: reader.read('payloads', payloads, oneOf<'load' | 'none'>('load', 'none'), 'load'),
    complexity: reader.read('complexity', complexity, oneOf<Complexity>('low', 'medium', 'high', 'veryhigh'), 'low'),
  };
}

function oneOf<Word extends string>(...words: readonly Word[]): (text: string, name: string) => Word {
  return (text, name) => {
    const word = words.find((known) => known === text);
    if (word === undefined) throw new ViewStateError(name, text, words.join(', '));
    return word;
  };
}
