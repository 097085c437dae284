import { timeframeMs } from '../../market/timeframe.js';
import { share } from '../evidence/figure-text.js';
import { baseFriction, frictionConfig } from '../friction/friction-point.js';
import type { Check, CheckSubject, Probe } from './check.js';
import { damageVerdict, pairedDamage } from './damage.js';
import { checkResult, pointOf, profitOf } from './verdict-of-check.js';

/**
 * The subject so many bars late. Bars are published late, and the exchange goes on matching at the true ones. For a strategy with models orders travel for so long instead: forecasts are made
 * ahead of the runs at the times of the bars, and come to the same delay.
 */
const late = ({ strategy, shared: { config } }: CheckSubject, bars: number): Probe => {
  const delay = bars * timeframeMs(config.timeframe);
  const name = `${bars} ${bars === 1 ? 'bar' : 'bars'} later`;
  if (strategy.forecasts === undefined) return { name, config: { delays: { ...config.delays, bars: config.delays.bars + delay } } };
  const friction = baseFriction(config);
  return { name, config: { latency: frictionConfig(config, { ...friction, latency: friction.latency + delay }).latency } };
};

/**
 * Every decision one bar later, at the prices of then. What a strategy truly knows at a close is still worth something a bar after it, unless the edge is in the first moments, and then somebody
 * faster has it. A result that vanishes often owes itself to data that were not known at the close that they are stamped with.
 *
 * `fail` when the profit is gone and the days differ by more than chance explains; `warn` when it is gone but the days do not say so for sure, or more than half of it is; `bars` beyond the first
 * are shown and not judged. Orders that rest at the venue and stops are as quick as before. Not made for strategies that decide on trades or books, for whom a bar is an age.
 */
export const oneBarDelay = (bars: readonly number[] = [1]): Check => {
  const identity = { id: 'one-bar-delay', title: 'One bar late', family: 'fragility' } as const;
  return {
    ...identity,
    needsProfit: true,
    plan: subject =>
      subject.shared.config.fills.kind === 'bars'
        ? bars.map(n => late(subject, n))
        : { untested: 'It is matched on trades or books, between which a bar is an age.' },
    judge: (_subject, base, outcomes) => {
      const [first] = outcomes;
      const damage = pairedDamage(base.returns, first!.returns);
      const verdict = damageVerdict(damage);
      const points = outcomes.map((outcome, i) => pointOf(`${bars[i]!} ${bars[i] === 1 ? 'bar' : 'bars'} later`, bars[i]!, outcome));
      const [asIs, then] = [share(profitOf(base)!), share(points[0]!.totalReturn ?? NaN)];
      const says = {
        pass: `One bar later it earns ${then}, as it is ${asIs}.`,
        warn: `One bar later it earns ${then} instead of ${asIs}: much of the result is in the first bar after the decision.`,
        fail: `One bar later it earns ${then} instead of ${asIs}: it lives on the first bar after the decision, or on data that were not known by then.`,
        untested: '',
      };
      return checkResult(identity, verdict, says[verdict], { base: pointOf('as it is', 0, base), points, axis: 'delay, bars' });
    },
  };
};
