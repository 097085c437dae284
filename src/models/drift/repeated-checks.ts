import { usageError } from '../../errors.js';

/** How a recent window is compared with a reference. Lengths in observations. */
export interface WindowOptions {
  /** Observations that are compared, the latest. 100 when left out. */
  readonly window?: number;
  /** Observations from which on they are compared at all. 30 when left out. */
  readonly least?: number;
  /** Probability that a run of 500 observations of the reference's own law is called `drift`, and that one is called `warning`. 0.05 and 0.2 when left out. */
  readonly falseAlarm?: number;
  readonly falseWarning?: number;
}

/** The same with defaults filled in, and the significance that one check may have. */
export interface WindowTest {
  readonly window: number;
  readonly least: number;
  readonly drift: number;
  readonly warning: number;
}

/** Observations of the run that false alarms are counted over. */
const RUN = 500;
/** What windows that overlap count for: so many independent tests to each window's length, by simulation of the two comparisons that use it. */
const TESTS_A_WINDOW = 16;

/**
 * Significance of each check, so that a run of overlapping checks has the false alarms that are asked for: Bonferroni over as many tests as the overlap leaves independent.
 * `share` takes back what the law of a comparison promises too much.
 * Throws a usage error for a window that compares nothing.
 */
export const repeatedChecks = (options: WindowOptions, share = 1): WindowTest => {
  const { window = 100, least = 30, falseAlarm = 0.05, falseWarning = 0.2 } = options;
  const wrong = (name: string, value: number, fix: string) => usageError('bad-drift-detector', `${name} is ${value}.`, fix);
  if (!(Number.isInteger(least) && least >= 10)) throw wrong('least', least, 'It is a whole number from 10 on.');
  if (!(Number.isInteger(window) && window >= least)) throw wrong('window', window, `It is a whole number from least (${least}) on.`);
  if (!(falseAlarm > 0 && falseAlarm < falseWarning && falseWarning < 1))
    throw wrong('falseAlarm', falseAlarm, `It is above 0 and below falseWarning (${falseWarning}), which is below 1.`);
  const tests = (TESTS_A_WINDOW * RUN) / window;
  return { window, least, drift: (share * falseAlarm) / tests, warning: (share * falseWarning) / tests };
};

/** A reference in order, without what is not finite. Throws a usage error for one without a value. */
export const sortedReference = (reference: Float64Array): Float64Array => {
  const sorted = reference.filter(x => Number.isFinite(x)).sort();
  if (sorted.length === 0) throw usageError('bad-drift-detector', 'The reference has no value.', 'Give the values of the training rows.');
  return sorted;
};
