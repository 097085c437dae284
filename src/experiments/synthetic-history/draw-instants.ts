import { usageError } from '../../errors.js';
import type { Random } from '../../random.js';
import { formatDuration, formatTime } from '../../time.js';

/** Draws, for each instant of a timeline, the instant that is shown there. Both by their place among `opens`. */
export type InstantDraw = (draw: Random) => Int32Array;

/**
 * Stationary bootstrap of instants: from a random one of `drawable` on, the drawable ones in their order, round from the last to the first, until with probability
 * 1 ÷ `meanBlock` a new block begins. With a `period` every instant is shown at its own place in it (its hour of the day, for a day): blocks begin in phase, and
 * one that comes out of it, over a hole, ends. Throws a usage error when some phase has no drawable instant, or the period is not above 0.
 */
export const instantDraw = (opens: Float64Array, drawable: Int32Array, meanBlock: number, period?: number): InstantDraw => {
  if (period !== undefined && !(period > 0))
    throw usageError('bad-bootstrap', `${period} ms is not a period.`, 'Use a duration such as 1d.');
  const phaseOf = (instant: number): number => (period === undefined ? 0 : opens[instant]! % period);
  const phases = new Map<number, number[]>();
  drawable.forEach((instant, place) => {
    const phase = phaseOf(instant);
    const places = phases.get(phase);
    if (places === undefined) phases.set(phase, [place]);
    else places.push(place);
  });
  const beginnings = Array.from(opens.keys(), instant => {
    const places = phases.get(phaseOf(instant));
    if (places === undefined)
      throw usageError(
        'too-short',
        `No bar can be shown at ${formatTime(opens[instant]!)}: none that can be drawn lies as far into its ${formatDuration(period ?? 0)}.`,
        'Use more data, or no period.',
      );
    return places;
  });
  const renew = 1 / meanBlock;
  return draw => {
    let place = -1;
    return Int32Array.from(beginnings, (places, instant) => {
      const next = place + 1 === drawable.length ? 0 : place + 1;
      const isOver = place < 0 || draw.next() < renew || phaseOf(drawable[next]!) !== phaseOf(instant);
      place = isOver ? places[draw.int(places.length)]! : next;
      return drawable[place]!;
    });
  };
};
