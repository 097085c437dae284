/** Shares of wins that a strategy may have fallen to, as parts of the expected one. */
const FALLEN = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1];
/** Jeffreys' prior of a share. */
const PRIOR = 0.5;

interface Trades {
  readonly wins: number;
  readonly count: number;
}

/** ln of the probability of one given order of wins and losses where the share itself is only known from `expected`. */
const logPredictive = (expected: Trades, live: Trades): number => {
  const [a, b] = [expected.wins + PRIOR, expected.count - expected.wins + PRIOR];
  let sum = 0;
  for (let i = 0; i < live.wins; i++) sum += Math.log(a + i);
  for (let i = 0; i < live.count - live.wins; i++) sum += Math.log(b + i);
  for (let i = 0; i < live.count; i++) sum -= Math.log(a + b + i);
  return sum;
};

/**
 * How many times likelier the live wins and losses are under a lower share of wins than under the expected one, whose own uncertainty (it comes from so many trades) is part of it. While trades win as they did,
 * it is at 1/α or above, ever, with a chance of at most α: it may be looked at after every trade, and depends on the numbers alone.
 * Sources: Ville, Étude critique de la notion de collectif (1939) for the bound; Wald, Sequential Analysis (1947) for mixtures of alternatives; Jeffreys (1946) for the prior.
 */
export const hitRateRatio = (expected: Trades, live: Trades): number => {
  const share = (expected.wins + PRIOR) / (expected.count + 2 * PRIOR);
  const base = logPredictive(expected, live);
  const losses = live.count - live.wins;
  const sum = FALLEN.reduce((total, part) => {
    const p = part * share;
    return total + Math.exp(live.wins * Math.log(p) + losses * Math.log(1 - p) - base);
  }, 0);
  return sum / FALLEN.length;
};
