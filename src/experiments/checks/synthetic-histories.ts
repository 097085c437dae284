import { quantile } from '../../statistics/quantile.js';
import { figure, share } from '../evidence/figure-text.js';
import type { Check, Probe } from './check.js';
import { checkResult, pointOf, profitOf } from './verdict-of-check.js';

/** Of the made histories this part must earn for the edge to be one that blocks keep. */
const MOST = 0.6;
const EXTREME = 0.95;

/**
 * The subject run again on histories made of recorded bars drawn in blocks. Drift, volatility and its clusters, correlation and all memory shorter than a block are kept; longer trends, cycles and
 * the order of regimes are gone, and so is whatever a search fitted to the one path that there was.
 *
 * `pass` when most of them earn: the edge lives on drift, volatility or short memory. `warn` when they do not. Then either the real history stands above nearly all of them: the strategy needs
 * structure that outlasts a block, as slow trends, or it was fitted to its path, and these runs cannot tell which; or it stands among them, and luck explains what it made. Never `fail`, for a real
 * trend follower looks the same here. Parameters are those of the subject: they are
 * not chosen anew.
 */
export const syntheticHistories = (histories = 40): Check => {
  const identity = { id: 'synthetic-histories', title: 'Synthetic histories', family: 'chance' } as const;
  return {
    ...identity,
    needsProfit: true,
    plan: ({ seed, shared: { config } }) =>
      config.fills.kind === 'bars'
        ? Array.from({ length: histories }, (_, i): Probe => ({
            name: `synthetic history ${i + 1}`,
            change: { kind: 'synthetic-history', seed: `${seed}/${i}` },
          }))
        : { untested: 'Trades and books cannot be drawn in blocks as bars can.' },
    judge: (_subject, base, outcomes) => {
      const points = outcomes.map((outcome, i) => pointOf(`synthetic history ${i + 1}`, null, outcome));
      // One that never trades made nothing, and stands where nothing stands.
      const made = points.map(({ totalReturn }) => totalReturn ?? 0);
      const earning = made.filter(each => each > 0).length / made.length;
      const own = profitOf(base)!;
      const below = made.filter(each => each < own).length / made.length;
      const verdict = earning >= MOST ? 'pass' : 'warn';
      const lives =
        earning >= MOST
          ? ': its edge is in drift, volatility or memory shorter than a block'
          : below >= EXTREME
            ? ': it needs structure that outlasts a block, or was fitted to this one path'
            : ': what it made is within what such histories bring by chance';
      return checkResult(
        identity,
        verdict,
        `${share(earning, 0)} of ${figure(histories, 0)} histories made of the same bars earn something (${share(quantile(made, 0.5))} in the middle), and the real one stands above ${share(below, 0)} of them${lives}.`,
        { base: pointOf('as it is', null, base), points },
      );
    },
  };
};
