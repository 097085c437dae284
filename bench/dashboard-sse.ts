import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { practiceProcess } from './fixtures/practice-process.js';
import { measurement, type Benchmark } from './harness/benchmark.js';
import { measured, quantile, type Case, type Outcome } from './live-latency.js';

/** From the message that causes an order to its request at the socket, without the durable append and the write, as in `live-latency`. */
const handed = ({ splits }: Outcome): readonly number[] =>
  splits.map(({ parse, feed, engine, fence, broker, send }) => parse + feed + engine + fence + broker + send);

const middle = (values: readonly number[]): number => quantile(values, 0.5);
const spreadOf = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);

/**
 * What ten browsers cost a live session: tick to order with a dashboard beside it that ten streams look at, against the same session without one, in pairs that take turns. Difference of each pair; beside it the spread of the
 * sessions without, which is what chance does alone.
 */
export const benchmark: Benchmark = {
  run: async ({ quick, scratch, dist, probe }) => {
    const pairs = quick ? 3 : 5;
    const outcomes: Record<'door' | 'browsers', Outcome[]> = { door: [], browsers: [] };
    const one = async (beside: 'door' | 'browsers'): Promise<void> => {
      await mkdir(scratch, { recursive: true });
      const workspace = await mkdtemp(join(scratch, 'dashboard-sse-'));
      const practice = await practiceProcess(dist, workspace, { speed: 300 });
      try {
        const given: Case = { on: 'trades', runner: 'worker', dist, workspace, symbol: practice.symbol, orders: quick ? 60 : 200, beside };
        outcomes[beside].push((await probe(given)) as Outcome);
      } finally {
        await practice.close();
        await rm(workspace, { recursive: true, force: true });
      }
    };
    for (let i = 0; i < pairs; i++) {
      const [first, second] = i % 2 === 0 ? (['door', 'browsers'] as const) : (['browsers', 'door'] as const);
      await one(first);
      await one(second);
    }
    return [0.5, 0.99]
      .flatMap(q => {
        const without = outcomes.door.map(each => quantile(handed(each), q));
        const watched = outcomes.browsers.map(each => quantile(handed(each), q));
        const differences = watched.map((value, i) => value - without[i]!);
        const spread = spreadOf(without);
        const name = q === 0.5 ? 'p50' : 'p99';
        const atMost = Math.max(0.5, spread);
        return [
          measurement(`order handed to the socket, without, ${name} (spread ${spread.toFixed(2)})`, middle(without), 'ms'),
          measurement(`order handed to the socket, ten streams, ${name} (spread ${spreadOf(watched).toFixed(2)})`, middle(watched), 'ms'),
          measurement(
            `  difference of ${pairs} pairs, ${name} (from ${Math.min(...differences).toFixed(2)} to ${Math.max(...differences).toFixed(2)})`,
            middle(differences),
            'ms',
            q === 0.99 ? { targets: [{ on: 'value', atMost, text: 'under 0.5 ms or inside the spread' }] } : {},
          ),
        ];
      })
      .concat(measurement('events that ten streams got in a run', middle(outcomes.browsers.map(({ events }) => events)), 'events'));
  },
  probe: argument => measured(argument as Case),
};
