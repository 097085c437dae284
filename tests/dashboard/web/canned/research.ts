import type { JobView, RunLine } from '../../../../src/dashboard/api/research-api.js';
import { CannedRefusal, type Canned } from './canned.js';
import { BEGIN, HOUR } from './session.js';
import { comparisonOf } from './comparison-document.js';
import { evidenceOf } from './evidence-document.js';
import { walkEquity } from './walk.js';

const DAY = 24 * HOUR;
const STRATEGIES = ['sma-cross', 'breakout', 'mean-reversion', 'strategies/my-idea.ts'];
const VERDICTS = ['suggestive', 'weak', 'insufficient', 'against', null];

/** Forty runs of four strategies. */
export const RUNS: readonly RunLine[] = Array.from({ length: 40 }, (_, at): RunLine => {
  const sharpe = Number((1.6 * Math.sin(at * 1.7) + 0.4).toFixed(3));
  return {
    run: `${STRATEGIES[at % 4]!.replace(/\W/g, '-')}-sample-${(0x3f9a12c + at * 7919).toString(16)}`,
    command: ['backtest', 'walkforward', 'sweep'][at % 3]!,
    strategy: STRATEGIES[at % 4]!,
    dataset: at % 5 === 0 ? 'made-up' : 'sample',
    datasetVersion: '5c1d0a7e',
    at: BEGIN - at * 7 * HOUR,
    synthetic: at % 5 === 0,
    totalReturn: sharpe * 0.11,
    cagr: sharpe * 0.12,
    sharpe,
    sortino: sharpe * 1.4,
    calmar: sharpe * 0.8,
    maxDrawdown: -0.08 - (at % 7) * 0.02,
    volatility: 0.31,
    winRate: 0.44 + (at % 5) * 0.02,
    profitFactor: 1 + sharpe * 0.2,
    trades: 40 + at * 9,
    finalEquity: 100_000 * (1 + sharpe * 0.11),
    verdict: at % 3 === 0 ? null : at % 5 === 0 ? 'none' : VERDICTS[at % 5]!,
    fingerprint: `${(0xabc123 + at).toString(16)}d41f00`,
  };
});

/** One job at work, one that is done, one that failed. */
export const JOBS: readonly JobView[] = [
  {
    job: 'j-3',
    kind: 'walkforward',
    title: 'sma-cross on sample',
    command: 'quantai walkforward sma-cross --dataset sample --trials 200',
    by: 'ana',
    state: 'running',
    begunAt: BEGIN - 95_000,
    endedAt: null,
    done: 84,
    total: 200,
    unit: 'trials',
    rate: 1.7,
    eta: 68_000,
    note: 'fold 3 of 6',
    said: ['fold 1 of 6', 'fold 2 of 6', 'fold 3 of 6'],
    run: null,
    error: null,
    result: null,
  },
  {
    job: 'j-2',
    kind: 'backtest',
    title: 'breakout on sample',
    command: 'quantai backtest breakout --dataset sample',
    by: 'ana',
    state: 'done',
    begunAt: BEGIN - 900_000,
    endedAt: BEGIN - 893_000,
    done: 26_280,
    total: 26_280,
    unit: 'bars',
    rate: null,
    eta: null,
    note: null,
    said: [],
    run: RUNS[1]!.run,
    error: null,
    result: { sharpe: 0.8 },
  },
  {
    job: 'j-1',
    kind: 'pull',
    title: 'btc from bybit',
    command: 'quantai data pull --exchange bybit --symbol BTC/USDT:USDT --dataset btc',
    by: 'ben',
    state: 'failed',
    begunAt: BEGIN - 3_900_000,
    endedAt: BEGIN - 3_880_000,
    done: 3,
    total: 40,
    unit: 'pages',
    rate: null,
    eta: null,
    note: null,
    said: ['3 of 40 pages'],
    run: null,
    error: { code: 'unreachable', message: 'bybit does not answer.', fix: 'Try again when the network is back: what came is kept.' },
    result: null,
  },
];

/** Runs, strategies, jobs and SQL. */
export const research: Canned = {
  'runs.list': ({ query, empty }) => ({
    runs: empty
      ? []
      : RUNS.filter(
          run =>
            (query.strategy === undefined || run.strategy === query.strategy) &&
            (query.command === undefined || run.command === query.command),
        ).slice(0, query.limit),
  }),
  'runs.show': ({ params }) => {
    const line = RUNS.find(({ run }) => run === params.run);
    if (line === undefined) throw new CannedRefusal(404, 'unknown-run', `There is no run ${params.run}.`, 'quantai runs lists them.');
    const n = 400;
    return {
      line,
      pages: [{ title: 'Report', path: `/reports/${line.run}/report.html` }],
      params: { fast: 20, slow: 50 },
      evidence: evidenceOf(line),
      folds: Array.from({ length: line.command === 'walkforward' ? 6 : 0 }, (_, fold) => ({
        fold,
        trainFrom: BEGIN - (800 - fold * 90) * DAY,
        trainTo: BEGIN - (620 - fold * 90) * DAY,
        testFrom: BEGIN - (620 - fold * 90) * DAY,
        testTo: BEGIN - (530 - fold * 90) * DAY,
        params: { fast: 15 + fold, slow: 60 - fold },
        inSample: 1.4 - fold * 0.1,
        outOfSample: 0.7 - fold * 0.2,
      })),
      equity: { ts: Array.from({ length: n }, (_, at) => BEGIN - (n - at) * DAY), equity: walkEquity(5, n, 100_000, 124_000) },
      reproduce: `quantai ${line.command} ${line.strategy} --dataset ${line.dataset} --seed 1`,
      manifest: { seed: 1, fingerprint: line.fingerprint },
    };
  },
  'runs.compare': ({ query }) => ({
    document: comparisonOf(query.runs.split(',').flatMap(wanted => RUNS.filter(({ run }) => run === wanted))),
    page: '/reports/compare-5d2f.html',
  }),
  'strategies.list': ({ empty }) => ({
    strategies: (empty ? STRATEGIES.slice(0, 3) : STRATEGIES).map(strategy => ({
      strategy,
      builtIn: !strategy.endsWith('.ts'),
      params: [
        { name: 'fast', kind: 'int', min: 5, max: 60, default: 20 },
        { name: 'slow', kind: 'int', min: 20, max: 240, default: 50 },
        { name: 'band', kind: 'float', min: 0, max: 0.2, default: 0.02 },
        { name: 'side', kind: 'choice', min: null, max: null, default: 'both', values: ['both', 'long', 'short'] },
        { name: 'rebalance', kind: 'bool', min: null, max: null, default: true },
      ],
    })),
  }),
  'jobs.list': ({ empty }) => ({ jobs: empty ? [] : [...JOBS] }),
  'jobs.show': ({ params }) => JOBS.find(({ job }) => job === params.job) ?? JOBS[0]!,
  'jobs.begin': ({ body }) => ({
    ...JOBS[0]!,
    job: 'j-4',
    kind: body.kind,
    state: 'waiting',
    done: null,
    total: null,
    rate: null,
    eta: null,
  }),
  'jobs.cancel': ({ params }) => ({ ...(JOBS.find(({ job }) => job === params.job) ?? JOBS[0]!), state: 'cancelled', endedAt: BEGIN }),
  'sql.query': ({ body }) =>
    body.query.includes('model_metrics')
      ? { columns: ['run_id'], rows: RUNS.slice(0, 6).map(({ run }) => [run]) }
      : { columns: ['symbol', 'fills'], rows: [['BTC/USDT:USDT', 12]] },
};
