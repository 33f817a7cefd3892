/**
 * Values and times of the stage as a layer holds them: the inverse of `toStage` where time is concerned.
 * Source: OpenUSD usd/stage.cpp (Usd_ApplyLayerOffsetToValue); values.md section 8.
 */
import { applyOffset, invertOffset, isIdentityOffset, type LayerOffset } from '../sdf/layer-offset.ts';
import { makeValue, type Dictionary, type TimeSamples, type Value } from '../vt/value.ts';
import { retimeSpline } from './retime-spline.ts';

/**
 * @param offset layer time → stage time
 */
export function toLayerValue(value: Value, offset: LayerOffset): Value {
  return isIdentityOffset(offset) ? value : retime(value, invertOffset(offset));
}

/** Maps every time in a value: time codes, those in dictionaries, times of samples and knots. */
export function retime(value: Value, offset: LayerOffset): Value {
  switch (value.type) {
    case 'timecode':
      return makeValue('timecode', applyOffset(offset, value.value));
    case 'timecode[]':
      return makeValue(
        'timecode[]',
        value.value.map((time) => applyOffset(offset, time)),
      );
    case 'dictionary':
      return makeValue('dictionary', retimeDictionary(value.value, offset));
    case 'timeSamples':
      return makeValue('timeSamples', retimeSamples(value.value, offset));
    case 'spline':
      return makeValue('spline', retimeSpline(value.value, offset));
    default:
      return value;
  }
}

function retimeDictionary(dictionary: Dictionary, offset: LayerOffset): Dictionary {
  return new Map(Array.from(dictionary, ([key, value]) => [key, retime(value, offset)]));
}

/** A negative scale turns the order of samples around. */
function retimeSamples(samples: TimeSamples, offset: LayerOffset): TimeSamples {
  const { length } = samples.times;
  const isReversed = offset.scale < 0;
  const at = (index: number): number => (isReversed ? length - 1 - index : index);
  return {
    times: samples.times.map((_, index) => applyOffset(offset, samples.times[at(index)] as number)),
    value: (index) => retime(samples.value(at(index)), offset),
  };
}
