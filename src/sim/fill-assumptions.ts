import type { Assumption } from '../engine/run-result.js';
import type { QueueConfig, RunConfig } from '../engine/run-config.js';
import { formatTime } from '../time.js';
import { percent, type From } from './assumption-text.js';
import type { SimulatedExchange } from './simulated-exchange.js';

const queueText = (queue: QueueConfig): string => {
  switch (queue.kind) {
    case 'pessimistic':
      return 'nothing ahead of a resting order is ever cancelled: only trades bring it forward';
    case 'proportional':
      return 'cancellations fall evenly on what is ahead of a resting order and behind it';
    case 'power':
      return `cancellations fall behind a resting order with the odds of back^${queue.exponent} to front^${queue.exponent}`;
    case 'log':
      return 'cancellations fall behind a resting order with the odds of log(1 + back) to log(1 + front)';
  }
};

/** What is known of the market and what is assumed of fills beyond it. */
export const fillAssumptions = (fills: RunConfig['fills'], participation: number | null | undefined, from: From): Assumption[] => {
  const depth = (text: string): Assumption => ({ topic: 'Matching depth', text, source: 'chosen by the data at hand, or by the user' });
  const rules = 'docs/book-matching-rules.md';
  switch (fills.kind) {
    case 'bars':
      return [
        depth(
          fills.finer === undefined
            ? 'bars: what happened inside one is assumed'
            : `bars, walked along ${fills.finer} bars where the data has them whole`,
        ),
        {
          topic: 'Path inside a bar',
          text: `${fills.path}: which extreme came first is not in the data`,
          source: 'docs/matching-rules.md §1',
        },
        {
          topic: 'Limit orders',
          text:
            fills.limits === 'through'
              ? 'fill only when price trades one tick beyond them'
              : 'fill when price touches them, which assumes the front of the queue',
          source: 'docs/matching-rules.md §5',
        },
        {
          topic: 'Volume',
          text:
            fills.participation === null
              ? 'orders of any size fill at once'
              : `our orders fill at most ${percent(fills.participation)} of a bar's volume`,
          source: from(fills.participation, participation, 'platform default'),
        },
      ];
    case 'trades':
      return [
        depth('single trades, with best bids and asks where the data has them'),
        { topic: 'Queue', text: queueText(fills.queue), source: rules },
        { topic: 'Spread', text: `${fills.spreadBps} bp where no quotes are at hand`, source: rules },
      ];
    case 'book':
      return [
        depth('the order book, level by level'),
        { topic: 'Queue', text: queueText(fills.queue), source: rules },
        {
          topic: 'Own impact',
          text: fills.ownImpact
            ? 'what our takers took from a level is gone until the feed updates it; otherwise the market does not react to us'
            : 'none: what our takers took is there again at once, which flatters them',
          source: rules,
        },
      ];
  }
};

/** How many bars were walked along finer ones, for runs that asked for it. */
export const finerAssumption = (
  { fills }: RunConfig,
  { finer, coarse, inconsistent }: { readonly finer: number; readonly coarse: number; readonly inconsistent: number },
): Assumption[] =>
  fills.kind !== 'bars' || fills.finer === undefined
    ? []
    : [
        {
          topic: 'Finer bars',
          text: `of ${finer + coarse} bars on which an order worked ${finer} were walked along ${fills.finer} bars; ${coarse} on the assumed path, ${inconsistent} of them because the finer bars contradict the bar`,
          source: 'dataset',
        },
      ];

/** How whole the order books of a run were. */
export const bookAssumptions = (records: ReturnType<SimulatedExchange['bookRecords']>): Assumption[] =>
  records.map(({ symbol, applied, breaks, first }) => ({
    topic: `Order book, ${symbol}`,
    text: `${applied.toLocaleString('en-GB')} updates, ${breaks === 0 ? 'no break' : `${breaks} breaks, within which nothing filled, for or against you`}${first === null ? '' : `; the first at ${formatTime(first.ts)}: ${first.text}`}`,
    source: 'dataset',
  }));
