import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { quantai, temporaryWorkspace } from './run-quantai.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let root = '';
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ root, remove } = await temporaryWorkspace());
  const made = await at('data', 'synth', '--dataset', 'noise', '--from', '2023-01-01', '--to', '2023-05-01', '--symbols', 'BTC/USDT:USDT');
  expect(made.code).toBe(0);
});
afterAll(() => remove());

/** In the workspace of these tests. */
const at = (...words: string[]) => quantai([...words, '--workspace', root]);

const VERBS = [
  ['dashboard'],
  ['data'],
  ['settings'],
  ['logs'],
  ['settings', 'get'],
  ['settings', 'set'],
  ['settings', 'history'],
  ['data', 'import'],
  ['data', 'synth'],
  ['data', 'list'],
  ['data', 'check'],
  ['data', 'export'],
  ['data', 'bars'],
  ['data', 'gc'],
  ['data', 'push'],
  ['data', 'fetch'],
  ['lake'],
  ['worker'],
  ['jobs'],
  ['jobs', 'list'],
  ['jobs', 'cancel'],
  ['jobs', 'quarantine'],
  ['jobs', 'release'],
  ['jobs', 'alarms'],
  ['jobs', 'workers'],
  ['backtest'],
  ['sweep'],
  ['walkforward'],
  ['crossvalidate'],
  ['evidence'],
  ['friction'],
  ['report'],
  ['compare'],
  ['features'],
  ['train'],
  ['forecast'],
  ['models'],
  ['models', 'list'],
  ['models', 'show'],
  ['models', 'compare'],
  ['models', 'rollback'],
  ['fit'],
  ['fit', 'fills'],
  ['fit', 'latency'],
  ['fit', 'own-fills'],
  ['notebook'],
  ['runs'],
  ['sql'],
  ['why'],
  ['practice'],
  ['promote'],
  ['approve'],
  ['paper'],
  ['live'],
  ['parity'],
  ['watch'],
  ['rehearse'],
  ['status'],
  ['halt'],
  ['limits'],
  ['watchdog'],
  ['keys'],
  ['keys', 'add'],
  ['users'],
  ['users', 'list'],
  ['users', 'add'],
  ['users', 'role'],
  ['users', 'key'],
  ['users', 'remove'],
  ['audit'],
  ['audit', 'verify'],
  ['audit', 'show'],
  ['audit', 'export'],
  ['audit', 'anchor'],
  ['registry'],
  ['registry', 'migrate'],
  ['registry', 'status'],
  ['registry', 'import'],
  ['verify'],
  ['verify', 'causality'],
  ['verify', 'fingerprint'],
  ['verify', 'session'],
  ['init'],
  ['doctor'],
  ['demo'],
];

describe('the command line', () => {
  it.each(VERBS.map(verb => [verb.join(' '), verb] as const))('%s --help says what it does, with an example', async (name, verb) => {
    const { code, out } = await quantai([...verb, '--help']);
    expect(code).toBe(0);
    expect(out).toContain(`quantai ${name}`);
    expect(out).toContain('Examples:');
  });

  it('lists every verb in --help, and no verb is missing from this test', async () => {
    const { out } = await quantai(['--help']);
    const listed = [...out.matchAll(/^ {2}quantai ([a-z]+)/gm)].map(match => match[1]);
    expect(new Set(listed)).toEqual(new Set([...VERBS.map(([verb]) => verb), 'completion']));
  });

  it.each([
    ['a missing verb', [], 2, /a verb is missing/],
    ['an unknown verb, with the nearest', ['backtes'], 2, /Did you mean "backtest"/],
    ['an unknown verb of data', ['data', 'lst'], 2, /Did you mean "list"/],
    [
      'an unknown option, with the nearest',
      ['backtest', 'sma-cross', '--datset', 'noise'],
      2,
      /no option --datset.*Did you mean "--dataset"/,
    ],
    ['a missing option', ['data', 'synth'], 2, /dataset/],
    ['an unknown strategy', ['backtest', 'sma-cros', '--dataset', 'noise'], 2, /Did you mean "sma-cross"/],
    ['an unknown dataset', ['backtest', 'sma-cross', '--dataset', 'nois'], 2, /Did you mean "noise"/],
    ['no dataset', ['backtest', 'sma-cross'], 2, /No dataset is named/],
    ['an unknown symbol', ['backtest', 'sma-cross', '--dataset', 'noise', '--symbols', 'BTC/USDT:USD'], 2, /Did you mean "BTC\/USDT:USDT"/],
    ['an unknown timeframe', ['backtest', 'sma-cross', '--dataset', 'noise', '--timeframe', '2h'], 2, /no 2h bars/],
    ['an unknown parameter', ['backtest', 'sma-cross', '--dataset', 'noise', '--param', 'fats=3'], 2, /Did you mean "fast"/],
    ['a parameter out of range', ['backtest', 'sma-cross', '--dataset', 'noise', '--param', 'fast=1'], 2, /between 5 and 60/],
    [
      'parameters against the constraint',
      ['backtest', 'sma-cross', '--dataset', 'noise', '--param', 'fast=60', '--param', 'slow=20'],
      2,
      /constraint/,
    ],
    [
      'a window that ends before it begins',
      ['backtest', 'sma-cross', '--dataset', 'noise', '--from', '2023-03-01', '--to', '2023-02-01'],
      2,
      /ends before/,
    ],
    ['a time that is none', ['backtest', 'sma-cross', '--dataset', 'noise', '--from', 'yesterday'], 2, /not a time/],
    [
      'an unknown objective',
      ['walkforward', 'sma-cross', '--dataset', 'noise', '--train', '30d', '--test', '30d', '--objective', 'sharp'],
      2,
      /Did you mean "sharpe"/,
    ],
    ['windows longer than the data', ['walkforward', 'sma-cross', '--dataset', 'noise'], 2, /too short/],
    ['an unknown run', ['report', 'nothing'], 2, /no run "nothing"/],
    ['one run to compare', ['compare', 'nothing'], 2, /two runs/],
    ['a wrong query', ['sql', 'SELEC 1'], 2, /SELEC/],
    ['a file that is not there', ['data', 'import', 'gone.csv', '--dataset', 'x'], 2, /no file gone\.csv/],
  ] as const)('%s is exit code 2, one sentence and its fix', async (_, words, code, message) => {
    const ran = await at(...words);
    expect(ran.err).toMatch(/^error: /m);
    expect(ran.err).toMatch(message);
    expect(ran.err).not.toMatch(/^\s+at /m);
    expect(ran.out).toBe('');
    expect(ran.code).toBe(code);
  });

  it('a workspace that does not exist is a usage error', async () => {
    expect(await quantai(['runs', '--workspace', join(root, 'nowhere')])).toMatchObject({ code: 2 });
  });

  it('with --json an error is one document on stdout, and the sentence still on stderr', async () => {
    const { code, out, err } = await at('backtest', 'sma-cros', '--dataset', 'noise', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'unknown-strategy', fix: expect.stringContaining('sma-cross') as string } });
    expect(err).toContain('error: ');
  });

  it('QUANTAI_DEBUG=1 adds the trace', async () => {
    vi.stubEnv('QUANTAI_DEBUG', '1');
    expect((await at('backtest', 'sma-cros', '--dataset', 'noise')).err).toMatch(/^\s+at /m);
    vi.unstubAllEnvs();
  });

  it('QUANTAI_HOME names the workspace', async () => {
    vi.stubEnv('QUANTAI_HOME', root);
    const { out } = await quantai(['data', 'list', '--json']);
    vi.unstubAllEnvs();
    expect((JSON.parse(out) as { datasets: { id: string }[] }).datasets.map(({ id }) => id)).toContain('noise');
  });
});

const METRICS = [
  'totalReturn',
  'cagr',
  'sharpe',
  'sortino',
  'calmar',
  'maxDrawdown',
  'volatility',
  'exposure',
  'turnover',
  'winRate',
  'profitFactor',
  'trades',
];

interface BacktestDocument {
  readonly runId: string;
  readonly fingerprint: string;
  readonly bars: number;
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly costs: Readonly<Record<string, number>>;
  readonly finalEquity: number;
  readonly report: string;
  readonly elapsedMs: number;
  readonly eventsPerSecond: number;
}

const backtestJson = async (...words: string[]): Promise<BacktestDocument> => {
  const { code, out, err } = await at('backtest', 'sma-cross', '--dataset', 'noise', '--json', ...words);
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out) as BacktestDocument;
};

describe('quantai backtest', () => {
  it('prints one document with the promised fields, and writes the report', async () => {
    const document = await backtestJson();
    for (const name of METRICS) expect(document.metrics).toHaveProperty(name);
    expect(document.bars).toBe(120 * 24);
    expect(document.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(Object.keys(document.costs).sort()).toEqual(['fees', 'funding', 'slippage']);
    expect(document.finalEquity).toBeCloseTo(100_000 * (1 + (document.metrics['totalReturn'] ?? NaN)), 4);
    expect(document.elapsedMs).toBeGreaterThan(0);
    expect(document.eventsPerSecond).toBeGreaterThan(0);
    expect(await readFile(document.report, 'utf8')).toContain('SYNTHETIC');
  });

  it('names a repeated run anew and gives it the same fingerprint', async () => {
    const first = await backtestJson('--seed', '5');
    const second = await backtestJson('--seed', '5');
    expect(first.runId).toMatch(/^sma-cross-noise-[0-9a-f]{8}$/);
    expect(second.runId).toBe(`${first.runId}-2`);
    expect(second.fingerprint).toBe(first.fingerprint);
  });

  it('takes costs from the command line', async () => {
    const free = await backtestJson('--fees', 'none', '--slippage', 'none', '--funding', 'none');
    expect(free.costs).toMatchObject({ fees: 0, funding: 0 });
    // What remains is the rounding of fills to the tick.
    expect(free.costs['slippage']).toBeLessThan(0.01 * ((await backtestJson()).costs['slippage'] ?? 0));
    const dear = await backtestJson('--fees', 'maker=0.01,taker=0.01');
    expect(dear.costs['fees']).toBeGreaterThan(0);
    expect(dear.finalEquity).toBeLessThan(free.finalEquity);
  });

  it('refuses a perpetual without its funding as bad data', async () => {
    await at('data', 'export', 'noise', join(root, 'bars.csv'), '--kind', 'bars');
    const { code } = await at(
      'data',
      'import',
      join(root, 'bars.csv'),
      '--dataset',
      'nofunding',
      '--exchange',
      'bybit',
      '--symbol',
      'BTC/USDT:USDT',
    );
    expect(code).toBe(0);
    const ran = await at('backtest', 'sma-cross', '--dataset', 'nofunding');
    expect(ran).toMatchObject({ code: 3 });
    expect(ran.err).toContain('--funding none');
    expect(await at('backtest', 'sma-cross', '--dataset', 'nofunding', '--funding', 'none')).toMatchObject({ code: 0 });
  });

  it('shows the fix when a strategy asks the clock', async () => {
    const file = join(root, 'clock.js');
    await writeFile(file, `export default { name: 'clock', params: {}, decide() { Date.now(); } };\n`);
    const ran = await at('backtest', file, '--dataset', 'noise');
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('context.now');
  });

  it('reads defaults from quantai.config.ts, and names a wrong key', async () => {
    const { root: other, remove: done } = await temporaryWorkspace();
    const config = join(other, 'quantai.config.ts');
    await quantai([
      'data',
      'synth',
      '--dataset',
      'noise',
      '--from',
      '2023-01-01',
      '--to',
      '2023-03-01',
      '--symbols',
      'BTC/USDT:USDT',
      '--workspace',
      other,
    ]);
    await writeFile(config, `export default { dataset: 'noise', capital: 5000, risk: { maxExposure: 0.5 } };`);
    const ran = await quantai(['backtest', 'sma-cross', '--json', '--workspace', other]);
    expect(ran.code).toBe(0);
    const { runId } = JSON.parse(ran.out) as BacktestDocument;
    const manifest = JSON.parse(await readFile(join(other, 'reports', runId, 'manifest.json'), 'utf8')) as {
      config: { capital: number; risk: { maxExposure: number; priceCollar: number } };
    };
    expect(manifest.config).toMatchObject({ capital: 5000, risk: { maxExposure: 0.5, priceCollar: 0.2 } });
    await writeFile(config, `export default { fees: { kind: 'maker-taker', maker: 0, taker: 'much' } };`);
    const wrong = await quantai(['backtest', 'sma-cross', '--dataset', 'noise', '--workspace', other]);
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('fees.taker');
    await done();
  });
});

describe('quantai walkforward', () => {
  const words = [
    'walkforward',
    'sma-cross',
    '--dataset',
    'noise',
    '--train',
    '40d',
    '--test',
    '20d',
    '--points',
    '2',
    '--min-trades',
    '1',
    '--workers',
    '1',
  ];

  it('prints one document with the promised fields, and writes the report', async () => {
    const { code, out, err } = await at(...words, '--json');
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
    const document = JSON.parse(out) as {
      folds: {
        train: { from: number; to: number };
        test: { from: number; to: number };
        params: object;
        inSample: object;
        outOfSample: object;
      }[];
      trials: number;
      outOfSample: Record<string, number | null>;
      overfitting: Record<string, unknown>;
      report: string;
      fingerprint: string;
    };
    // (120 − 40) ÷ 20 tests; 2 × 2 grid points less the one against the constraint, and the test of each choice.
    expect(document.folds).toHaveLength(4);
    expect(document.trials).toBeLessThanOrEqual(4 * 4 + 4);
    for (const { train, test } of document.folds) expect([train.to - train.from, test.from - train.to]).toEqual([40 * 86_400_000, 0]);
    for (const name of METRICS) expect(document.outOfSample).toHaveProperty(name);
    for (const name of ['psr', 'dsr', 'pbo']) expect(document.overfitting).toHaveProperty(name);
    expect(existsSync(document.report)).toBe(true);
  });

  it('is interrupted with 130, says how to go on, and goes on', async () => {
    const other = [...words, '--seed', '77'];
    const stop = new AbortController();
    stop.abort();
    const stopped = await quantai([...other, '--workspace', root], stop.signal);
    expect(stopped.code).toBe(130);
    expect(stopped.err).toContain('Run the same command again');
    const resumed = await at(...other, '--json');
    expect(resumed.code).toBe(0);
    expect(resumed.err).toContain('Going on with');
  });
});

describe('what was run', () => {
  it('is listed, queried, drawn again, repeated and compared', async () => {
    const one = await backtestJson('--seed', '11');
    const two = await backtestJson('--seed', '11', '--param', 'fast=10');
    const { out } = await at('runs', '--json');
    const listed = (JSON.parse(out) as { runs: { runId: string; metrics: Record<string, number> }[] }).runs;
    expect(listed.find(({ runId }) => runId === one.runId)?.metrics['totalReturn']).toBe(one.metrics['totalReturn']);

    const asked = JSON.parse((await at('sql', `SELECT fingerprint FROM runs WHERE run_id = '${two.runId}'`, '--json')).out) as {
      rows: string[][];
    };
    expect(asked.rows).toEqual([[two.fingerprint]]);

    const before = await readFile(one.report, 'utf8');
    expect(await at('report', one.runId)).toMatchObject({ code: 0 });
    expect(await readFile(one.report, 'utf8')).toBe(before);
    const svg = join(root, 'equity.svg');
    expect(await at('report', one.runId, '--chart', 'equity-drawdown', '--svg', svg)).toMatchObject({ code: 0 });
    expect(await readFile(svg, 'utf8')).toMatch(/^<svg/);

    const repeated = await at('verify', 'fingerprint', two.runId, '--json');
    expect(JSON.parse(repeated.out)).toMatchObject({ same: true, repeated: two.fingerprint });

    const compared = await at('compare', one.runId, two.runId, '--json');
    expect(compared.code).toBe(0);
    expect(existsSync((JSON.parse(compared.out) as { report: string }).report)).toBe(true);
  });

  it('the command in the manifest pins the dataset’s version and gives the same fingerprint', async () => {
    const { runId, fingerprint } = await backtestJson('--param', 'slow=90');
    const { reproduce } = JSON.parse(await readFile(join(root, 'reports', runId, 'manifest.json'), 'utf8')) as { reproduce: string };
    expect(reproduce).toMatch(/^quantai backtest sma-cross --dataset noise@[0-9a-f]{16} --param slow=90$/);
    const again = await at(...reproduce.split(' ').slice(1), '--json');
    expect((JSON.parse(again.out) as BacktestDocument).fingerprint).toBe(fingerprint);
  });
});

describe('quantai data', () => {
  it('exports a series that imports again as the same rows', async () => {
    const file = join(root, 'round.csv.gz');
    expect(await at('data', 'export', 'noise', file, '--kind', 'bars')).toMatchObject({ code: 0 });
    const { code, out } = await at(
      'data',
      'import',
      file,
      '--dataset',
      'round',
      '--exchange',
      'synthetic',
      '--symbol',
      'BTC/USDT:USDT',
      '--json',
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ series: [{ kind: 'bars', timeframe: '1h', rows: 120 * 24 }] });
    const sum = async (dataset: string): Promise<unknown> =>
      (
        JSON.parse(
          (await at('sql', `SELECT count(*), sum(close * hash(ts_ms) % 1000) FROM market_data WHERE dataset = '${dataset}'`, '--json')).out,
        ) as { rows: unknown }
      ).rows;
    expect(await sum('round')).toEqual(await sum('noise'));
    expect(await at('data', 'check', 'round', '--against', file)).toMatchObject({ code: 0 });
  });

  it('fails with 3 when a lake file was altered', async () => {
    await at('data', 'synth', '--dataset', 'altered', '--from', '2023-01-01', '--to', '2023-01-03', '--symbols', 'BTC/USDT:USDT');
    const listed = JSON.parse((await at('data', 'list', 'altered', '--json')).out) as { series: { files: { path: string }[] }[] };
    await writeFile(join(root, 'datasets', 'altered', listed.series[0]?.files[0]?.path ?? ''), 'nothing');
    expect(await at('data', 'check', 'altered')).toMatchObject({ code: 3 });
    const doctor = await at('doctor', '--json');
    expect(doctor.code).toBe(1);
    expect(JSON.parse(doctor.out)).toMatchObject({ ok: false });
    await quantai(['data', 'gc', '--workspace', root]);
  });
});

const CLI = join(import.meta.dirname, '../../dist/cli.js');

describe.skipIf(!existsSync(CLI))('the built command', () => {
  it('ends with the exit code that it means', async () => {
    const failure: unknown = await promisify(execFile)(process.execPath, [CLI, 'backtes']).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 2, stdout: '' });
  });

  it('shows the author’s own file, line and source when a strategy throws, in this thread and in a worker', async () => {
    const file = join(root, 'throws.ts');
    await writeFile(
      file,
      `import { defineStrategy } from 'quantai-trad';\n\nconst deep = (x: { y?: { z: number } }): number => x.y!.z;\n\nexport default defineStrategy({\n  name: 'throws',\n  params: {},\n  decide: () => {\n    deep({});\n  },\n});\n`,
    );
    const walk = ['walkforward', file, '--train', '40d', '--test', '20d', '--workers', '2'];
    for (const words of [['backtest', file], walk]) {
      const failure: unknown = await promisify(execFile)(process.execPath, [
        CLI,
        ...words,
        '--dataset',
        'noise',
        '--workspace',
        root,
      ]).catch((error: unknown) => error);
      expect(failure).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^error: .*throws\.ts:3:\d+ – TypeError: .*\n {2}3 \| const deep/m) as string,
      });
    }
  });

  it('shows the same for a clock that a strategy may not read, with what to use instead', async () => {
    const file = join(root, 'clock.ts');
    await writeFile(
      file,
      `import { defineStrategy, target } from 'quantai-trad';\n\nexport default defineStrategy({\n  name: 'clock',\n  params: {},\n  decide: bar => target(bar.symbol, Date.now() % 2, { reason: 'x' }),\n});\n`,
    );
    const words = ['backtest', file, '--dataset', 'noise', '--workspace', root];
    const failure: unknown = await promisify(execFile)(process.execPath, [CLI, ...words]).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^error: .*clock\.ts:6:\d+ – A strategy cannot use Date\.now\(\).*\n {2}6 \| {3}decide: .*\nfix: Use context\.now/m,
      ) as string,
    });
  });

  it('completes verbs, options, choices, datasets and strategies for the shell', async () => {
    const complete = async (...words: string[]): Promise<string[]> =>
      (
        await promisify(execFile)(process.execPath, [CLI, '--get-yargs-completions', 'quantai', ...words], {
          env: { ...process.env, QUANTAI_HOME: root },
        })
      ).stdout
        .split('\n')
        .filter(Boolean);
    expect(await complete('walk')).toEqual(['walkforward']);
    expect(await complete('data', 'ex')).toEqual(['export']);
    expect(await complete('backtest', 'sma')).toEqual(['sma-cross']);
    expect(await complete('backtest', 'sma-cross', '--dataset', 'noi')).toEqual(['noise']);
    expect(await complete('data', 'import', '--time-u')).toEqual(['--time-unit']);
    expect(await complete('data', 'import', '--kind', 'fu')).toEqual(['funding']);
  });
});
