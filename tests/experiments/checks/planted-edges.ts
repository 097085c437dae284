import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { inProcessEngine } from '../../../src/cluster/in-process.js';
import type { RunConfig } from '../../../src/engine/run-config.js';
import type { Params } from '../../../src/engine/run-result.js';
import type { Chunk } from '../../../src/events/market.js';
import type { Check, CheckResult, CheckSubject, Step } from '../../../src/experiments/checks/check.js';
import { runChecks, type ChecksSpec } from '../../../src/experiments/checks/run-checks.js';
import { trialScope } from '../../../src/experiments/trial-scope.js';
import { random } from '../../../src/random.js';
import { runConfig } from '../../../src/sim/run-defaults.js';
import { loadStrategy } from '../../../src/strategies/load.js';
import { DAY, HOUR } from '../../../src/time.js';
import { perpetual } from '../../arbitraries/series.js';

export const START = Date.UTC(2024, 0, 1);
export const SYMBOL = 'BTC/USDT:USDT';

const folder = mkdtempSync(join(tmpdir(), 'checks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Code of a strategy as a bundle that a worker can load. `body` sees `bar` and `context`, and says the exposure, or nothing. */
export const planted = (name: string, body: string, rest = 'params: {},'): string => {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(
    file,
    `export default { name: '${name}', ${rest}
  decide: (bar, _, context) => {
    const hour = (bar.ts / 3600000) % 24;
    const exposure = (() => { ${body} })();
    return exposure === undefined ? undefined : { intent: 'target', symbol: bar.symbol, exposure, reason: 'planted' };
  },
};
`,
  );
  return file;
};

/** Long from the close at 10:00 to that at 14:00. */
export const DAILY = 'return hour === 10 ? 1 : hour === 14 ? 0 : undefined;';

/**
 * Hourly bars from logarithmic returns, one function of the bar's number. Ticks are too fine to matter; highs and lows are those of open and close.
 */
export const barsOf = (rows: number, returnAt: (bar: number) => number): Chunk => {
  const column = (): Float64Array => new Float64Array(new SharedArrayBuffer(8 * rows));
  const [ts, open, high, low, close, volume] = [column(), column(), column(), column(), column(), column()];
  let price = 10_000;
  for (let i = 0; i < rows; i++) {
    const next = price * Math.exp(returnAt(i));
    ts[i] = START + i * HOUR;
    open[i] = price;
    close[i] = next;
    high[i] = Math.max(price, next);
    low[i] = Math.min(price, next);
    volume[i] = 1e6;
    price = next;
  }
  return { kind: 'bars', symbol: SYMBOL, timeframe: '1h', rows, ts, columns: [open, high, low, close, volume] };
};

/** A day's gain in the bar that opens at 12:00, normal about `mean`, on top of noise in every bar. */
export const plantedGains = (
  days: number,
  { mean, deviation = 0, noise = 0, seed = 1 }: { mean: number; deviation?: number; noise?: number; seed?: number | string },
): Chunk => {
  const draw = random(`gains ${seed}`);
  return barsOf(24 * days, i => (i % 24 === 12 ? mean + deviation * draw.normal() : 0) + noise * draw.normal());
};

export interface Planted {
  readonly file: string;
  readonly chunks: readonly Chunk[];
  readonly params?: Params;
  readonly steps?: readonly Step[];
  readonly change?: Partial<RunConfig>;
}

/** A subject over all of its bars, traded at 1 bp a side unless changed. */
export const subjectOf = async ({ file, chunks, params = {}, steps, change = {} }: Planted): Promise<CheckSubject> => {
  const window = { from: START, to: START + chunks[0]!.rows * HOUR };
  const config = runConfig({
    exchange: 'binance',
    ...window,
    symbols: [SYMBOL],
    timeframe: '1h',
    leverage: 3,
    fees: { kind: 'maker-taker', maker: 0.0001, taker: 0.0001 },
    slippage: { kind: 'none' },
    latency: { kind: 'constant', order: 0, cancel: 0, report: 0 },
    funding: { kind: 'none' },
    fills: { kind: 'bars', path: 'high-first', limits: 'through', participation: null },
    ...change,
  });
  const ref = { bundle: file };
  return {
    strategy: await loadStrategy(ref),
    shared: { strategy: ref, bundle: file, instruments: [{ ...perpetual(SYMBOL), tickSize: 1e-4, lotSize: 1e-6 }], config, chunks },
    steps: steps ?? [{ params, window }],
    seed: 'checks',
  };
};

/** The checks of a subject in this thread, unless changed. */
export const checked = async (subject: CheckSubject, checks: readonly Check[], change: Partial<ChecksSpec> = {}) =>
  runChecks({
    subject,
    checks,
    engine: inProcessEngine(),
    scope: trialScope({ strategy: subject.strategy.name, code: subject.shared.bundle, version: 'test', config: subject.shared.config }),
    ...change,
  });

/** One check of one planted strategy. */
export const checkedOnce = async (check: Check, subject: Planted): Promise<CheckResult> =>
  (await checked(await subjectOf(subject), [check]))[0]!;

export const days = (n: number): number => n * DAY;
