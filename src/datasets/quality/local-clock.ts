import { HOUR } from '../../time.js';
import { commonZones, type Zone } from './zone.js';

/** A stretch of a file over which the same correction, added to its times, makes them agree with a good source. */
export interface ShiftRun {
  /** First and last time of the stretch, as the file has them. */
  readonly from: number;
  readonly to: number;
  /** Milliseconds to add. */
  readonly shift: number;
}

/** A zone that explains how corrections change over time, and the correction that remains once it is read in that zone. */
interface Explanation {
  readonly zone: Zone;
  readonly rest: number;
}

/**
 * The local clock behind corrections that jump: the zone whose offset plus the correction is the same throughout. A rest of 0 is best, then
 * whole bars and half ones (labels at the close or in the middle), for zones that change their clocks together leave different rests.
 */
export const explainShifts = (runs: readonly ShiftRun[], step: number): Explanation | undefined => {
  const found: Explanation[] = [];
  for (const zone of commonZones()) {
    const rests = runs.map(({ from, to, shift }) => shift + zone.offsetAt((from + to) / 2 + shift));
    const [rest] = rests;
    if (rest !== undefined && rests.every(other => other === rest)) found.push({ zone, rest });
  }
  const rank = (rest: number): number => {
    const place = [0, -step, step, -step / 2].indexOf(rest);
    return place < 0 ? 4 + Math.abs(rest) / HOUR : place;
  };
  return found.sort((a, b) => rank(a.rest) - rank(b.rest))[0];
};
