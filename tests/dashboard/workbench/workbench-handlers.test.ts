import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ENDPOINTS, type AnswerOf } from '../../../src/dashboard/api/endpoints.js';
import type { Caller } from '../../../src/dashboard/api/endpoint.js';
import { openJobs, type Jobs } from '../../../src/dashboard/workbench/jobs.js';
import { workbenchHandlers, type ServedWorkbench } from '../../../src/dashboard/workbench/workbench-handlers.js';
import { ROLES } from '../../../src/promotion/people/role.js';
import { quantai } from '../../commands/run-quantai.js';
import { smallWorkspace, type SmallWorkspace } from './small-workspace.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

let made: SmallWorkspace;
let jobs: Jobs;
let handlers: ServedWorkbench;
const caller: Caller = { name: 'ann', roles: ROLES, by: 'session' };

type Name = keyof ServedWorkbench;
/** Asks as the server would: what is sent is checked and filled up, and the answer is held against its schema. */
const ask = async <N extends Name>(name: N, given: { params?: object; query?: object; body?: object } = {}): Promise<AnswerOf<N>> => {
  const { params, query, body, answer } = ENDPOINTS[name];
  const asked = {
    caller,
    params: params.parse(given.params ?? {}),
    query: query.parse(given.query ?? {}),
    body: body.parse(given.body ?? {}),
  };
  const handler = handlers[name] as (asked: object) => Promise<unknown>;
  // What is not JSON would look otherwise to a browser.
  return answer.parse(JSON.parse(JSON.stringify(await handler(asked)))) as AnswerOf<N>;
};

beforeAll(async () => {
  made = await smallWorkspace();
  const platform = { ...made.platform, begin: () => expect.fail('no job is begun here') };
  jobs = await openJobs({ platform, file: join(made.root, 'dashboard', 'jobs.ndjson') });
  handlers = workbenchHandlers({ platform, jobs });
});
afterAll(() => made.remove());

describe('runs', () => {
  it('are listed with the figures that SQL tells, the newest first', async () => {
    const { runs } = await ask('runs.list');
    expect(runs.map(({ run }) => run)).toEqual([made.forecasts, made.walkforward, made.backtest]);
    const rows = await made.sql(
      'SELECT run_id, command, total_return, sharpe, max_drawdown, trades, final_equity, fingerprint FROM runs ORDER BY run_id',
    );
    const shown = runs.map(line => [
      line.run,
      line.command,
      line.totalReturn,
      line.sharpe,
      line.maxDrawdown,
      line.trades,
      line.finalEquity,
      line.fingerprint,
    ]);
    expect(shown.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))).toEqual(rows);
    expect(runs.every(({ synthetic }) => synthetic === true)).toBe(true);
  });

  it('can be chosen by strategy, command and number', async () => {
    expect((await ask('runs.list', { query: { command: 'walkforward' } })).runs.map(({ run }) => run)).toEqual([made.walkforward]);
    expect((await ask('runs.list', { query: { strategy: 'lean' } })).runs.map(({ run }) => run)).toEqual([made.forecasts]);
    expect((await ask('runs.list', { query: { limit: '1' } })).runs).toHaveLength(1);
  });

  it('show the curve with its last point, the folds, and every page in their folder', async () => {
    const shown = await ask('runs.show', { params: { run: made.walkforward } });
    const curve = await made.sql(`SELECT epoch_ms(ts), equity FROM equity_curve WHERE run_id = '${made.walkforward}' ORDER BY ts`);
    expect(shown.equity.ts.at(-1)).toBe(curve.at(-1)?.[0]);
    expect(shown.equity.equity.at(-1)).toBe(curve.at(-1)?.[1]);
    const known = new Map(curve.map(([ts, equity]) => [ts, equity]));
    expect(shown.equity.ts.map(ts => known.get(ts))).toEqual(shown.equity.equity);
    const folds = await made.sql(
      `SELECT fold, epoch_ms(train_from), epoch_ms(test_to), objective_in_sample, objective_out_of_sample FROM folds WHERE run_id = '${made.walkforward}' ORDER BY fold`,
    );
    expect(shown.folds.map(f => [f.fold, f.trainFrom, f.testTo, f.inSample, f.outOfSample])).toEqual(folds);
    expect(shown.pages[0]).toEqual({ title: 'Report', path: `/reports/${made.walkforward}/report.html` });
    expect(shown.reproduce).toMatch(/^quantai walkforward sma-cross /);
    expect((await ask('runs.show', { params: { run: made.backtest } })).params).toEqual({ fast: 20, slow: 50 });
  });

  it('are read again when evidence comes, and not before', async () => {
    const before = await ask('runs.list');
    const file = join(made.root, 'reports', made.backtest, 'evidence.json');
    await writeFile(file, JSON.stringify({ grade: 'weak', search: { logits: [1, 2], pbo: 0.5 } }));
    try {
      const after = await ask('runs.list');
      expect(after.runs.find(({ run }) => run === made.backtest)?.verdict).toBe('weak');
      expect(before.runs.find(({ run }) => run === made.backtest)?.verdict).toBeNull();
      expect((await ask('runs.show', { params: { run: made.backtest } })).evidence).toEqual({ grade: 'weak', search: { pbo: 0.5 } });
    } finally {
      await rm(file);
    }
  });

  it('that do not exist are named with the nearest one', async () => {
    await expect(ask('runs.show', { params: { run: `${made.backtest}x` } })).rejects.toMatchObject({
      code: 'unknown-run',
      message: expect.stringContaining(made.backtest),
    });
  });

  it('are compared as the command line compares them', async () => {
    const { document, page } = await ask('runs.compare', { query: { runs: `${made.backtest},${made.walkforward}` } });
    const { out } = await quantai(['compare', made.backtest, made.walkforward, '--json', '--workspace', made.root]);
    expect(document).toEqual(JSON.parse(out));
    expect(page).toMatch(/^\/reports\/compare-[0-9a-f]{8}\.html$/);
    await expect(ask('runs.compare', { query: { runs: made.backtest } })).rejects.toMatchObject({ code: 'too-few-runs' });
  });
});

describe('a query', () => {
  it('gets what quantai sql gets, with a comment before it too', async () => {
    const query = '-- which\nSELECT run_id, sharpe FROM runs ORDER BY run_id';
    const answer = await ask('sql.query', { body: { query } });
    expect(answer.columns).toEqual(['run_id', 'sharpe']);
    expect(answer.rows).toEqual(await made.sql(query));
  });

  it('that would write is refused', async () => {
    await expect(ask('sql.query', { body: { query: 'CREATE TABLE x AS SELECT 1' } })).rejects.toMatchObject({
      code: 'not-a-query',
      exitCode: 2,
    });
  });
});

describe('scores of forecasts', () => {
  it('are the rows of model_metrics over the whole run', async () => {
    const { metrics } = await ask('models.scores', { params: { run: made.forecasts } });
    const rows = await made.sql(
      `SELECT model, metric, value, low, high, n, reason FROM model_metrics WHERE fold IS NULL AND run_id = '${made.forecasts}'`,
    );
    expect(metrics.map(m => [m.model, m.metric, m.value, m.low, m.high, m.n, m.reason])).toEqual(rows);
    expect(metrics.length).toBeGreaterThan(20);
  });

  it('have calibration and regret as a slow count of every forecast gives them', async () => {
    const { calibration, regret, weights, trainings } = await ask('models.scores', { params: { run: made.forecasts } });
    const rows = await made.sql(
      `SELECT epoch_ms(ts), model, down, flat, up, outcome FROM forecasts WHERE run_id = '${made.forecasts}' AND outcome IS NOT NULL ORDER BY ts`,
    );
    const bins = new Map<string, { up: number; hits: number; n: number }>();
    const sums = new Map<string, number>();
    const lost = new Map<string, number>();
    let [times, models] = [0, new Set<string>()];
    for (const [, model] of rows) models = models.add(String(model));
    const at = new Map<number, Map<string, number>>();
    for (const [ts, model, down, flat, up, outcome] of rows) {
      const name = `${String(model)} ${Math.min(9, Math.floor(Number(up) * 10))}`;
      const bin = bins.get(name) ?? { up: 0, hits: 0, n: 0 };
      bins.set(name, { up: bin.up + Number(up), hits: bin.hits + (outcome === 'up' ? 1 : 0), n: bin.n + 1 });
      const p = Number(outcome === 'up' ? up : outcome === 'down' ? down : flat);
      const moment = at.get(Number(ts)) ?? new Map<string, number>();
      at.set(Number(ts), moment.set(String(model), -Math.log(Math.max(p, 1e-6))));
    }
    for (const [ts, moment] of at) {
      if (moment.size < models.size) continue;
      times += 1;
      for (const [model, loss] of moment) sums.set(model, (sums.get(model) ?? 0) + loss);
      const best = Math.min(...[...sums].filter(([model]) => model !== 'ensemble').map(([, sum]) => sum));
      for (const [model, sum] of sums) lost.set(`${ts} ${model}`, sum - best);
    }
    expect(times).toBeGreaterThan(500);
    expect(calibration).toHaveLength(bins.size);
    for (const { model, bin, forecast, observed, n } of calibration) {
      const slow = bins.get(`${model} ${bin}`)!;
      expect([n, forecast, observed]).toEqual([slow.n, expect.closeTo(slow.up / slow.n, 9), expect.closeTo(slow.hits / slow.n, 9)]);
    }
    expect(regret.length).toBeGreaterThan(300);
    expect(regret.length).toBeLessThanOrEqual(1003);
    for (const point of regret) expect(point.regret).toBeCloseTo(lost.get(`${point.ts} ${point.model}`)!, 9);
    expect(regret.at(-1)?.ts).toBe([...at].findLast(([, moment]) => moment.size === models.size)?.[0]);
    expect(weights.length).toBeLessThanOrEqual(1002);
    const some = weights.at(-1)!;
    const [[weight] = []] = await made.sql(
      `SELECT weight FROM forecasts WHERE run_id = '${made.forecasts}' AND model = '${some.model}' AND epoch_ms(ts) = ${some.ts}`,
    );
    expect(some.weight).toBe(weight);
    const trained = await made.sql(
      `SELECT epoch_ms(ts), model, checkpoint, rows, late FROM trainings WHERE run_id = '${made.forecasts}' ORDER BY ts, model`,
    );
    expect(trainings.map(t => [t.ts, t.model, t.checkpoint, t.rows, t.late])).toEqual(trained);
  });

  it('are empty for a run without forecasts', async () => {
    expect(await ask('models.scores', { params: { run: made.backtest } })).toEqual({
      run: made.backtest,
      metrics: [],
      calibration: [],
      weights: [],
      regret: [],
      drift: [],
      trainings: [],
    });
  });
});

describe('saved models', () => {
  it('are those of quantai models list, and go back to an earlier version', async () => {
    const { sets } = await ask('models.list');
    const listed = JSON.parse((await quantai(['models', 'list', '--json', '--workspace', made.root])).out) as {
      sets: { set: string; versions: { hash: string; current: boolean; trainedAt: number; members: string[] }[] }[];
    };
    expect(sets.map(({ set, current }) => [set, current])).toEqual(
      listed.sets.map(({ set, versions }) => [set, versions.find(({ current }) => current)?.hash]),
    );
    const before = await ask('models.show', { params: { set: 'lean-sample' } });
    expect(before.versions[0]?.checkpoints.map(({ model }) => model).sort()).toEqual(listed.sets[0]?.versions[0]?.members.sort());
    await expect(ask('models.rollback', { params: { set: 'lean-sample' }, body: { version: 'feed' } })).rejects.toMatchObject({
      code: 'unknown-model-version',
    });
  });
});

describe('datasets', () => {
  it('are listed as quantai data list lists them', async () => {
    const { datasets } = await ask('datasets.list');
    const [line] = datasets;
    const [[rows] = []] = await made.sql("SELECT count(*) FROM market_data WHERE dataset = 'sample'");
    const { line: same, series, manifest } = await ask('datasets.show', { params: { dataset: 'sample' } });
    expect(same).toEqual(line);
    expect(series.filter(({ kind }) => kind === 'bars').reduce((sum, each) => sum + each.rows, 0)).toBe(rows);
    expect(line?.rows).toBe(series.reduce((sum, each) => sum + each.rows, 0));
    expect(JSON.parse((await quantai(['data', 'list', 'sample', '--json', '--workspace', made.root])).out)).toEqual(manifest);
    expect(line?.synthetic).toBe(true);
  });

  it('give the newest bars of a window, as SQL has them', async () => {
    const symbol = 'BTC/USDT:USDT';
    for (const [from, to, limit] of [
      [undefined, undefined, 3],
      [Date.UTC(2023, 0, 31, 5), Date.UTC(2023, 1, 1, 5), 100],
      [Date.UTC(2023, 0, 1), Date.UTC(2023, 3, 3), 900],
    ] as const) {
      const { bars, synthetic } = await ask('datasets.bars', {
        params: { dataset: 'sample' },
        query: { symbol, timeframe: '1h', from, to, limit },
      });
      const rows = await made.sql(
        `SELECT * FROM (SELECT ts_ms, open, high, low, close, volume FROM market_data WHERE dataset = 'sample' AND symbol = '${symbol}' AND timeframe = '1h'
           AND ts_ms >= ${from ?? 0} AND ts_ms < ${to ?? 9e15} ORDER BY ts_ms DESC LIMIT ${limit}) ORDER BY ts_ms`,
      );
      expect(bars.ts.map((ts, i) => [ts, bars.open[i], bars.high[i], bars.low[i], bars.close[i], bars.volume[i]])).toEqual(rows);
      expect(synthetic).toBe(true);
    }
  });

  it('name the gaps of their bars by the bars beside them', async () => {
    const hour = 3_600_000;
    const open = Date.UTC(2024, 0, 1);
    const missing = new Set([5, 6, 7, 20]);
    const lines = Array.from({ length: 40 }, (_, i) => i).flatMap(i => (missing.has(i) ? [] : [`${open + i * hour},100,101,99,100,5`]));
    const file = join(made.root, 'holes.csv');
    await writeFile(file, '');
    await appendFile(file, `timestamp,open,high,low,close,volume\n${lines.join('\n')}\n`);
    const { code, err } = await quantai([
      'data',
      'import',
      file,
      '--dataset',
      'holes',
      '--exchange',
      'bybit',
      '--symbol',
      'BTC/USDT:USDT',
      '--timeframe',
      '1h',
      '--json',
      '--workspace',
      made.root,
    ]);
    expect(code, err).toBe(0);
    const { gaps, findings, versions } = await ask('datasets.show', { params: { dataset: 'holes' } });
    expect(gaps).toEqual([
      { symbol: 'BTC/USDT:USDT', timeframe: '1h', from: open + 5 * hour, to: open + 8 * hour, bars: 3 },
      { symbol: 'BTC/USDT:USDT', timeframe: '1h', from: open + 20 * hour, to: open + 21 * hour, bars: 1 },
    ]);
    expect(findings.some(({ code: found }) => /gap|sparse|hole/.test(found))).toBe(true);
    expect(versions).toHaveLength(1);
    await rm(join(made.root, 'datasets', 'holes'), { recursive: true });
  });
});

describe('strategies', () => {
  it('are those that come along with their parameters, and files of the workspace that define one', async () => {
    const { strategies } = await ask('strategies.list');
    expect(
      strategies.find(({ strategy }) => strategy === 'sma-cross')?.params.map(({ name, kind, default: value }) => [name, kind, value]),
    ).toEqual([
      ['fast', 'int', 20],
      ['slow', 'int', 50],
    ]);
    expect(strategies.filter(({ builtIn }) => !builtIn)).toEqual([{ strategy: 'lean.js', builtIn: false, params: [] }]);
  });
});

describe('the audit log', () => {
  it('is shown as it was written, found by words, and verified', async () => {
    const { records, total } = await ask('audit.list');
    const lines = (await readFile(join(made.root, 'audit', 'log.ndjson'), 'utf8').catch(() => '')).split('\n').filter(line => line !== '');
    expect(total).toBe(lines.length);
    expect(records.map(({ record }) => record)).toEqual(lines.map(line => JSON.parse(line) as unknown).reverse());
    expect(await ask('audit.verify')).toMatchObject({ ok: true });
  });
});
