import { usageError } from '../errors.js';
import type { Instrument } from '../market/instrument.js';

const isInferred = (instrument: Instrument): boolean => instrument.source.startsWith('inferred');
/** Rates and marks show no ticks: what such a file says of units is no more than a placeholder. */
const isPlaceholder = (instrument: Instrument): boolean => instrument.source.startsWith('not inferred');

/**
 * One instrument out of what two files say about it: units that someone stated beat units inferred from prices; of two inferred ones the finer
 * steps hold, because a file may happen to show round prices only; otherwise the later word counts. Throws when the exchanges differ.
 */
export const reconcileInstrument = (known: Instrument | undefined, next: Instrument, dataset: string): Instrument => {
  if (known === undefined) return next;
  if (known.exchange !== next.exchange)
    throw usageError(
      'mixed-exchanges',
      `Dataset "${dataset}" holds ${known.symbol} of ${known.exchange}; this is ${next.exchange}'s.`,
      'Import each exchange into a dataset of its own with --dataset.',
    );
  if (isPlaceholder(next)) return known;
  if (isPlaceholder(known)) return next;
  if (known.source.includes('; tick inferred') || next.source.includes('; tick inferred'))
    return known.tickSize < next.tickSize ? known : next;
  if (isInferred(next))
    return isInferred(known)
      ? { ...next, tickSize: Math.min(known.tickSize, next.tickSize), lotSize: Math.min(known.lotSize, next.lotSize) }
      : known;
  return next;
};
