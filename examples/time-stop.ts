import { concat, exhaustMap, filter, groupBy, map, mergeMap, of, timer } from 'rxjs';
import { defineStrategy, donchian, int, target } from 'quantai-trad';

const HOUR = 3_600_000;

/**
 * One idea: the `run` form, for rules that are about time and sequence. Streams in, a stream of intents out. A breakout opens a position and a timer closes it;
 * `exhaustMap` ignores further breakouts until then. The timer runs on `scheduler`, which only market time moves: `setTimeout` would wait in
 * the time of this computer and throws.
 *
 *     quantai backtest examples/time-stop.ts --dataset sample
 */
export default defineStrategy({
  name: 'time-stop',
  description: 'Buys a break of the previous high and sells a fixed time later, whatever happened.',
  params: { channel: int(12, 240, { default: 72, step: 12 }), hours: int(6, 240, { default: 48, step: 6 }) },
  indicators: p => ({ channel: donchian(p.channel, { previous: true }) }),
  run: ({ bars$, params, context, scheduler }) =>
    bars$.pipe(
      groupBy(({ bar }) => bar.symbol),
      mergeMap(ofSymbol =>
        ofSymbol.pipe(
          filter(({ bar, indicators }) => bar.close > indicators.channel.upper),
          exhaustMap(({ bar: { symbol } }) =>
            concat(
              of(target(symbol, 1 / context.universe.length, { reason: 'broke out' })),
              timer(params.hours * HOUR, scheduler).pipe(map(() => target(symbol, 0, { reason: 'time is up' }))),
            ),
          ),
        ),
      ),
    ),
});
