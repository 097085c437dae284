import { expect, test } from 'vitest';
import { intoMaps, rebuild } from '../../bench/book-rebuild.js';
import { assertSameTrades, bareLoop } from '../../bench/fixtures/bare-loop.js';
import { BOOK_UNITS, bookStream } from '../../bench/fixtures/book-stream.js';
import { market } from '../../bench/fixtures/minute-bars.js';
import { smaRun } from '../../bench/fixtures/sma-run.js';
import { interleave, ratioOf } from '../../bench/harness/interleave.js';
import { backtest } from '../../src/sim/backtest.js';

const data = market(100_000);
const spec = smaRun([data]);

test('the engine makes the trades of a bare loop that was written apart from it, to the same final equity', async () => {
  const engine = await backtest(spec);
  const loop = bareLoop(data, spec.config);
  expect(loop.fills).toBeGreaterThan(1000);
  expect(engine.fills).toHaveLength(loop.fills);
  // The loop books in floats, the engine in whole 1e-8.
  expect(engine.finalEquity / loop.finalEquity).toBeCloseTo(1, 9);
  expect(engine.refusals).toEqual({});
  expect(() => assertSameTrades({ ...loop, fills: loop.fills + 1 }, engine)).toThrow(/differ/);
});

// Seven times the target of `npm run bench`: no busy machine makes it fail, a bar that costs what an awaited promise or a kept object costs does.
test('the engine takes at most 400 times as long as the bare loop', async () => {
  const [engine = [], loop = []] = await interleave(
    [{ run: () => backtest(spec) }, { run: () => bareLoop(data, spec.config), repeat: 10 }],
    { warmups: 3, rounds: 5 },
  );
  expect(ratioOf(engine, loop)).toBeLessThan(400);
});

// A Map a side does less and takes longer: with best prices, units and checks a rebuild is a third of it on a quiet machine.
test('a book is rebuilt in at most three times what its levels cost in a map a side', async () => {
  const stream = bookStream(100_000);
  const [rebuilt = [], maps = []] = await interleave(
    [
      { run: () => rebuild(stream, BOOK_UNITS), repeat: 3 },
      { run: () => intoMaps(stream), repeat: 3 },
    ],
    { warmups: 2, rounds: 5 },
  );
  expect(rebuild(stream, BOOK_UNITS)).toMatchObject({ valid: true });
  expect(ratioOf(rebuilt, maps)).toBeLessThan(3);
});
