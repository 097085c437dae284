import { tearsheet, type TearsheetInput } from '../src/reports/tearsheet.js';
import { backtest } from '../src/sim/backtest.js';
import { market } from './fixtures/minute-bars.js';
import { smaRun } from './fixtures/sma-run.js';
import { measurement, type Benchmark } from './harness/benchmark.js';
import { interleave, median, ratioOf } from './harness/interleave.js';

/** The report of a run over a million bars with a benchmark and tens of thousands of trades. */
export const benchmark: Benchmark = {
  run: async ({ quick }) => {
    const rows = quick ? 100_000 : 1_000_000;
    const data = market(rows);
    const spec = smaRun([data]);
    const close = data.bars.columns[3] ?? new Float64Array();
    const ts = data.bars.ts.map(open => open + 60_000);
    const result = await backtest(spec);
    const input: TearsheetInput = {
      title: 'sma-cross on synthetic minutes',
      result,
      benchmark: { name: 'buy and hold', ts, price: close },
      prices: { [data.bars.symbol]: { ts, close } },
      findings: [],
      command: 'npm run bench',
      synthetic: true,
    };
    const html = tearsheet(input);
    const [drawn = [], run = []] = await interleave([{ run: () => tearsheet(input) }, { run: () => backtest(spec) }], {
      warmups: 1,
      rounds: 3,
    });
    const bars = `${rows.toLocaleString('en-GB')} bars`;
    return [
      measurement(`report: ${bars}`, median(drawn), 's', { timings: drawn, ratio: ratioOf(drawn, run), of: 'the run itself' }),
      measurement(`report: size, ${bars}`, Buffer.byteLength(html) / 1e6, 'MB', { targets: [{ on: 'value', atMost: 3, text: '< 3 MB' }] }),
    ];
  },
};
