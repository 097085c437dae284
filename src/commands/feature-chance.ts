import { midRanks } from '../statistics/mid-ranks.js';
import { mean } from '../statistics/moments.js';
import { mutualInformation } from '../statistics/mutual-information.js';
import { binsOf, TEN_EQUAL_COUNT } from '../models/scores/bins.js';
import { OUTCOMES } from '../models/forecast.js';
import { circularShifts, shiftProbability } from '../statistics/shifts.js';
import type { FeatureRows } from './feature-rows.js';

/** Turned histories that chance is judged by, and every how many-th of them tells of mutual information, which costs more. */
const SHIFTS = 199;
const MUTUAL_EVERY = 2;
/** Groups of a feature for mutual information. */
const BINS = TEN_EQUAL_COUNT.bins;

/** How far a column goes with what came after, and how far it goes with what came after at other times. */
export interface Association {
  /** |ρ| over all rows as the turned histories have it, and theirs. */
  readonly size: number;
  readonly turned: Float64Array;
  /** Nats. */
  readonly mutual: number;
  readonly mutualByChance: number;
  readonly mutualChance: number;
}

/** What of all rows is the same for every column: outcomes by symbol, each in time order. */
export interface TurnedOutcomes {
  readonly shifts: number;
  readonly associationOf: (values: Float64Array) => Association;
}

/** `values` less their mean, 0 where there is none: a missing value goes with nothing. */
const centred = (values: Float64Array): Float64Array => {
  const centre = mean(values.filter(value => !Number.isNaN(value)));
  return values.map(value => (Number.isNaN(value) ? 0 : value - centre));
};

const squares = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0);

/**
 * Judges columns by turning the history of outcomes against them, of all symbols by the same share of it: that keeps how symbols move together, how long a feature remembers
 * and how outcomes overlap, and breaks only what would foretell. `least` bars at either end are left out, so that no turn is hardly one.
 */
export const turnedOutcomes = (rows: FeatureRows, symbols: number, least: number, seed: number): TurnedOutcomes => {
  const places = Array.from({ length: symbols }, (): number[] => []);
  for (let i = 0; i < rows.count; i++) if (!Number.isNaN(rows.outcome[i]!)) places[rows.group[i]!]!.push(i);
  const order = Int32Array.from(places.flat());
  const longest = Math.max(0, ...places.map(({ length }) => length));
  const shifts = circularShifts(longest, least, SHIFTS, seed);
  const arranged = (values: Float64Array): Float64Array => Float64Array.from(order, i => values[i]!);
  const outcomes = centred(midRanks(arranged(rows.outcome)));
  const labels = arranged(rows.label);
  const outcomeSquares = squares(outcomes);
  /** Calls `each` with stretches that lie beside each other once outcomes are turned by `shift`: start, start among outcomes, length. */
  const stretches = (shift: number, each: (at: number, outcome: number, length: number) => void): void => {
    let start = 0;
    for (const { length } of places) {
      const turn = length === 0 ? 0 : Math.round((shift * length) / longest) % length;
      each(start, start + turn, length - turn);
      if (turn > 0) each(start + length - turn, start, turn);
      start += length;
    }
  };
  const table = new Float64Array((BINS + 1) * OUTCOMES);
  const mutualAt = (bins: Int32Array, shift: number): number => {
    table.fill(0);
    const classes = OUTCOMES;
    stretches(shift, (at, outcome, length) => {
      // Missing values are in the row before the first bin, which is not counted.
      for (let i = 0; i < length; i++) table[(bins[at + i]! + 1) * classes + labels[outcome + i]!]!++;
    });
    return mutualInformation(table.subarray(OUTCOMES), OUTCOMES);
  };
  return {
    shifts: shifts.length,
    associationOf: values => {
      const own = arranged(values);
      const ranks = centred(midRanks(own));
      const present = own.reduce((n, value) => n + (Number.isNaN(value) ? 0 : 1), 0);
      const scale = Math.sqrt((squares(ranks) * outcomeSquares * present) / own.length);
      const sizeAt = (shift: number): number => {
        let product = 0;
        stretches(shift, (at, outcome, length) => {
          for (let i = 0; i < length; i++) product += ranks[at + i]! * outcomes[outcome + i]!;
        });
        return Math.abs(product) / scale;
      };
      const bins = binsOf(own, TEN_EQUAL_COUNT);
      const mutual = mutualAt(bins, 0);
      const byChance = Float64Array.from(
        shifts.filter((_, i) => i % MUTUAL_EVERY === 0),
        shift => mutualAt(bins, shift),
      );
      return {
        size: sizeAt(0),
        turned: Float64Array.from(shifts, sizeAt),
        mutual,
        mutualByChance: mean(byChance),
        mutualChance: shiftProbability(mutual, byChance),
      };
    },
  };
};
