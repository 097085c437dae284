import { usageError } from '../../errors.js';
import { record, type Feature } from '../feature.js';
import { barCount, featureKey, fraction, unlessDefault } from '../parameters.js';
import { logStep } from '../windows/log-step.js';

/**
 * `states`: 2 (calm, wild; the default) or 3 (calm, normal, wild). `stay`: chance that a state lasts another bar, 0.98 unless said, so 50 bars on average; a change goes to
 * any other state alike. `learning`: weight of the newest bar in the estimate of the deviations, 0.005 unless said (a memory of 200 bars), 0 for fixed ones. `seed`: bars of
 * which the first deviations are taken, 100 unless said. `deviations`: known standard deviations of a bar's log return, one a state; nothing is learned then.
 */
export interface HmmRegimeOptions {
  readonly states?: 2 | 3;
  readonly stay?: number;
  readonly learning?: number;
  readonly seed?: number;
  readonly deviations?: readonly number[];
}

/** Probability of each state given everything up to the bar, in order of their variances; they add to 1. */
export type HmmRegime = Feature<Readonly<Record<string, number>>>;

const NAMES = { 2: ['calm', 'wild'], 3: ['calm', 'normal', 'wild'] } as const;
/** First deviations as multiples of that of the seed bars. */
const FIRST = { 2: [0.6, 1.6], 3: [0.5, 1, 2] } as const;
/** Smallest variance of a state: a move of a billionth a bar. */
const FLOOR = 1e-18;

const bad = (text: string, fix: string) => usageError('bad-feature-parameter', `hmm-regime: ${text}`, fix);

/**
 * Filtered probabilities of the states of a hidden Markov chain whose returns are normal with mean 0 and one variance a state: the forward algorithm (J. Hamilton 1989; L. Rabiner
 * 1989). Variances are learned as the bars come by online expectation maximisation with a constant step (O. Cappé, Online EM Algorithm for Hidden Markov Models, 2011); the
 * transition matrix is given. Uses the past only: no smoothing.
 */
export const hmmRegime = (options: HmmRegimeOptions = {}): HmmRegime => {
  const known = options.deviations;
  const count = options.states ?? (known?.length === 3 ? 3 : 2);
  if (count !== 2 && count !== 3) throw bad(`states must be 2 or 3, not ${String(count)}.`, 'Choose 2 or 3 states.');
  if (known && (known.length !== count || !known.every(d => d > 0 && d < Infinity)))
    throw bad(`deviations must be ${count} numbers above 0.`, 'Give one standard deviation of a log return for each state.');
  const stay = fraction('hmm-regime', 'stay', options.stay ?? 0.98);
  const learning = known ? 0 : (options.learning ?? 0.005);
  if (!(learning >= 0 && learning < 1))
    throw bad(`learning must be 0 or more and below 1, not ${learning}.`, 'Give a small number such as 0.005.');
  const seed = known ? 1 : barCount('hmm-regime', 'seed', options.seed ?? 100);
  const key = featureKey(
    'hmm-regime',
    count,
    stay,
    known ? `deviations=${known.join('/')}` : seed,
    known ? undefined : unlessDefault('learning', learning, 0.005),
  );
  return record<string>(key, seed + 1, NAMES[count], () => {
    const step = logStep();
    const filter = hmmFilter(count, stay, learning);
    const variances = new Float64Array(count);
    /** Returns seen before the filter runs, and the sum of their squares. */
    const begun = new Float64Array(2);
    let running = false;
    return (bar, out, offset) => {
      const r = step(bar.close);
      for (let k = 0; k < count; k++) out[offset + k] = NaN;
      if (!Number.isFinite(r)) return;
      if (!running) {
        begun[0]! += 1;
        begun[1]! += r * r;
        if (begun[0]! < seed) return;
        const square = begun[1]! / seed;
        for (let k = 0; k < count; k++) {
          const deviation = known ? known[k]! : FIRST[count][k]!;
          variances[k] = Math.max(FLOOR, deviation * deviation * (known ? 1 : square));
        }
        filter.begin(variances);
        running = true;
      }
      filter.step(r, out, offset);
    };
  });
};

/** The filter itself: `begin` with the states' variances and equal chances, then `step` once a return. */
const hmmFilter = (count: number, stay: number, learning: number) => {
  const move = (1 - stay) / (count - 1);
  const chance = new Float64Array(count);
  const next = new Float64Array(count);
  const variance = new Float64Array(count);
  /** Running averages of 1{state j} and of 1{state j}·r², given that the present state is k: place j·count + k. */
  const visits = new Float64Array(count * count);
  const squares = new Float64Array(count * count);
  const fresh = new Float64Array(2 * count);

  const learn = (square: number): void => {
    for (let j = 0; j < count; j++) {
      for (let k = 0; k < count; k++) {
        let visit = 0;
        let sum = 0;
        for (let i = 0; i < count; i++) {
          const from = chance[i]! * (i === k ? stay : move);
          visit += visits[j * count + i]! * from;
          sum += squares[j * count + i]! * from;
        }
        // `next` holds the predicted chance of k: from ÷ next[k] is the chance that the state before was i.
        fresh[k] = visit / next[k]!;
        fresh[count + k] = sum / next[k]!;
      }
      for (let k = 0; k < count; k++) {
        visits[j * count + k] = (1 - learning) * fresh[k]! + (j === k ? learning : 0);
        squares[j * count + k] = (1 - learning) * fresh[count + k]! + (j === k ? learning * square : 0);
      }
    }
  };

  const renew = (): void => {
    for (let j = 0; j < count; j++) {
      let visit = 0;
      let sum = 0;
      for (let k = 0; k < count; k++) {
        visit += visits[j * count + k]! * chance[k]!;
        sum += squares[j * count + k]! * chance[k]!;
      }
      // A state that is hardly ever visited keeps the variance that it had.
      if (visit > 1e-9) variance[j] = Math.max(FLOOR, sum / visit);
    }
  };

  return {
    begin: (variances: Float64Array): void => {
      variance.set(variances);
      chance.fill(1 / count);
      for (let j = 0; j < count; j++)
        for (let k = 0; k < count; k++) {
          visits[j * count + k] = 1 / count;
          squares[j * count + k] = variances[j]! / count;
        }
    },
    step: (r: number, out: Float64Array, offset: number): void => {
      const square = r * r;
      let nearest = Infinity;
      for (let k = 0; k < count; k++) {
        // The chances add to 1, so that all ways into k are: staying, and a share of everything.
        next[k] = move + (stay - move) * chance[k]!;
        const exponent = square / variance[k]! / 2;
        if (exponent < nearest) nearest = exponent;
      }
      if (learning > 0) learn(square);
      let total = 0;
      for (let k = 0; k < count; k++) {
        const likely = (next[k]! * Math.exp(nearest - square / variance[k]! / 2)) / Math.sqrt(variance[k]!);
        chance[k] = likely;
        total += likely;
      }
      for (let k = 0; k < count; k++) chance[k]! /= total;
      if (learning > 0) renew();
      for (let k = 0; k < count; k++) {
        let place = 0;
        for (let i = 0; i < count; i++) if (variance[i]! < variance[k]! || (variance[i] === variance[k] && i < k)) place++;
        out[offset + place] = chance[k]!;
      }
    },
  };
};
