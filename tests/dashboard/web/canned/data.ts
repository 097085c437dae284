import type { DatasetLine } from '../../../../src/dashboard/api/data-api.js';
import { CannedRefusal, type Canned } from './canned.js';
import { BEGIN, HOUR, SYMBOLS } from './session.js';
import { walkBars } from './walk.js';

const DAY = 24 * HOUR;
const line = (dataset: string, synthetic: boolean, source: string, findings: number): DatasetLine => ({
  dataset,
  version: '5c1d0a7e9f',
  synthetic,
  source,
  symbols: [...SYMBOLS],
  kinds: ['bars', 'funding'],
  from: BEGIN - 1095 * DAY,
  to: BEGIN - DAY,
  rows: 78_840,
  bytes: 2_310_000,
  findings,
});
const DATASETS = [line('sample', false, 'bybit', 2), line('made-up', true, 'synth seed 7', 0), line('btc', false, 'binance', 14)];

/** The catalogue. */
export const data: Canned = {
  'datasets.list': ({ empty }) => ({ datasets: empty ? [] : DATASETS }),
  'datasets.show': ({ params }) => {
    const found = DATASETS.find(({ dataset }) => dataset === params.dataset);
    if (found === undefined)
      throw new CannedRefusal(404, 'unknown-dataset', `There is no dataset ${params.dataset}.`, 'quantai data list shows them.');
    return {
      line: found,
      series: SYMBOLS.flatMap(symbol => [
        { kind: 'bars', symbol, timeframe: '1h', from: found.from, to: found.to, rows: 26_280 },
        { kind: 'funding', symbol, timeframe: null, from: found.from, to: found.to, rows: 3285 },
      ]),
      findings: [
        { code: 'gap', severity: 'warning', symbol: SYMBOLS[0], kind: 'bars', count: 2, text: 'Two stretches of bars are missing.' },
        {
          code: 'spike',
          severity: 'info',
          symbol: SYMBOLS[2],
          kind: 'bars',
          count: 1,
          text: 'A bar moved by more than 12 standard deviations.',
        },
      ],
      gaps: [
        { symbol: SYMBOLS[0], timeframe: '1h', from: BEGIN - 500 * DAY, to: BEGIN - 500 * DAY + 9 * HOUR, bars: 9 },
        { symbol: SYMBOLS[0], timeframe: '1h', from: BEGIN - 220 * DAY, to: BEGIN - 217 * DAY, bars: 72 },
      ],
      versions: [
        { version: '5c1d0a7e9f', at: BEGIN - DAY, rows: 78_840 },
        { version: '3b77c0d112', at: BEGIN - 30 * DAY, rows: 76_750 },
      ],
      manifest: { exchange: 'bybit' },
    };
  },
  'datasets.bars': ({ params, query }) => ({
    synthetic: params.dataset === 'made-up',
    bars: walkBars(21, query.limit, BEGIN, HOUR, 96_000),
  }),
};
