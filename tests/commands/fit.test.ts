import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readFillModel } from '../../src/sim/fills/fill-model.js';
import { plantedFills } from '../sim/fills/planted-fills.js';
import { readLatencyModel } from '../../src/sim/fills/latency-model-file.js';
import { quantai, temporaryWorkspace } from './run-quantai.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let root = '';
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ root, remove } = await temporaryWorkspace());
});
afterAll(() => remove());

const at = (...words: string[]) => quantai([...words, '--workspace', root]);

const HEADER = 'ts,side,quantity,price,arrival,sigma,volume';
const PLAN = { seed: 'command', n: 600, spreadBps: 4, coefficient: 0.8, exponent: 0.5, noise: 0.05 };
const lines = () =>
  plantedFills(PLAN).map(({ ts, side, quantity, price, arrival, sigma, volume }) =>
    [ts, side > 0 ? 'buy' : 'sell', quantity, price, arrival, sigma, volume].join(','),
  );
const write = async (name: string, rows: readonly string[], header = HEADER): Promise<string> => {
  const file = join(root, name);
  await writeFile(file, `${[header, ...rows].join('\n')}\n`);
  return file;
};

describe('quantai fit fills', () => {
  it('prints parameters with errors, the held-out error against fixed basis points, and how to use the model it wrote', async () => {
    const file = await write('desk.csv', lines());
    const { code, out, err } = await at('fit', 'fills', file);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toMatch(/600 fills/);
    expect(out).toMatch(/coefficient +0\.[78]\d+/);
    expect(out).toMatch(/this model[\s\S]*fixed-bps:[\s\S]*none/);
    const [, reference = ''] = /--slippage fitted:(desk@[0-9a-f]{12})/.exec(out) ?? [];
    const model = readFillModel(root, reference);
    expect(model.slippage.kind).toBe('fitted');
    expect(model.slippage.version.startsWith(reference.slice('desk@'.length))).toBe(true);
    expect(await readdir(join(root, 'models', 'fills'))).toContain(`${reference}.json`);
  });

  it('with --json is one document with all of it, and the same fills make the same version', async () => {
    const file = await write('twice.csv', lines());
    const [first, second] = [await at('fit', 'fills', file, '--json'), await at('fit', 'fills', file, '--json')];
    const document = JSON.parse(first.out) as Record<string, unknown>;
    expect(second.out).toBe(first.out);
    expect(document).toMatchObject({ name: 'twice', n: 600, interval: 'given', spread: 'fitted', warnings: [] });
    const stored = JSON.parse(await readFile(String(document['path']), 'utf8')) as Record<string, unknown>;
    expect(stored['version']).toBe(document['version']);
    expect(stored['parameters']).toEqual(document['parameters']);
  });

  it('takes volatility and volume from the bars that hold the fills', async () => {
    const bars = ['ts,open,high,low,close,volume'];
    const begin = Date.UTC(2024, 0, 1);
    for (let i = 0; i < 200; i++) bars.push([begin + i * 3_600_000, 100, 101 + (i % 5), 99, 100, 1000 + i].join(','));
    const file = join(root, 'bars.csv');
    await writeFile(file, `${bars.join('\n')}\n`);
    const symbol = 'BTC/USDT:USDT';
    const imported = await at('data', 'import', file, '--dataset', 'hours', '--exchange', 'bybit', '--symbol', symbol, '--timeframe', '1h');
    expect(imported.code, imported.err).toBe(0);
    // Cost by hand: Parkinson's σ of the bar that holds the fill and √(quantity ÷ volume).
    const rows: string[] = [];
    for (let i = 0; i < 190; i++) {
      const sigma = Math.sqrt((Math.log((101 + (i % 5)) / 99) * Math.log((101 + (i % 5)) / 99)) / (4 * Math.LN2));
      const quantity = 1 + (i % 37);
      rows.push(
        [begin + i * 3_600_000 + 1_800_000, 'buy', quantity, 100 * (1 + 0.001 + 0.6 * sigma * Math.sqrt(quantity / (1000 + i))), 100].join(
          ',',
        ),
      );
    }
    const trades = await write(
      'bare.csv',
      [...rows, [begin + 900 * 3_600_000, 'buy', 1, 100, 100].join(',')],
      'ts,side,quantity,price,arrival',
    );
    const { out, err, code } = await at('fit', 'fills', trades, '--dataset', 'hours', '--timeframe', '1h', '--json');
    expect(err).toMatch(/1 fills? left out/);
    expect(code).toBe(0);
    const { parameters, interval } = JSON.parse(out) as {
      parameters: Record<string, { value: number }>;
      interval: { timeframe: string };
    };
    expect(interval.timeframe).toBe('1h');
    expect(parameters['spreadBps']?.value).toBeCloseTo(20, 3);
    expect(parameters['coefficient']?.value).toBeCloseTo(0.6, 3);
    expect(parameters['exponent']?.value).toBeCloseTo(0.5, 3);
  });

  it('takes the fills of a recorded run, finds what that run assumed, and says that they were simulated', async () => {
    const synth = await at(
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
    );
    expect(synth.code).toBe(0);
    const backtest = 'backtest sma-cross --dataset noise --param fast=5 --param slow=20 --capital 1000000'.split(' ');
    const ran = await at(...backtest, '--slippage', 'sqrt-impact:spread=6,coefficient=0.9', '--json');
    expect(ran.code, ran.err).toBe(0);
    const { runId } = JSON.parse(ran.out) as { runId: string };
    const { out, code, err } = await at('fit', 'fills', '--run', runId, '--json');
    expect(code, err).toBe(0);
    const fit = JSON.parse(out) as {
      warnings: string[];
      reference: string;
      version: string;
      parameters: Record<string, { value: number }>;
    };
    expect(fit.warnings.join(' ')).toMatch(/simulated/);
    expect(fit.parameters['spreadBps']!.value).toBeGreaterThan(5);
    expect(fit.parameters['spreadBps']!.value).toBeLessThan(7);

    const used = await at(...backtest, '--slippage', `fitted:${fit.reference}`, '--json');
    expect(used.code, used.err).toBe(0);
    const manifest = JSON.parse(
      await readFile(join(root, 'reports', (JSON.parse(used.out) as { runId: string }).runId, 'manifest.json'), 'utf8'),
    ) as {
      config: { slippage: unknown };
    };
    expect(manifest.config.slippage).toMatchObject({
      kind: 'fitted',
      version: fit.version,
      coefficient: fit.parameters['coefficient']!.value,
    });
  });

  it.each([
    ['a negative quantity', (cells: string[]): string => (cells[2] = '-1'), /Row 7 of .*bad\.csv has a quantity of -1/],
    ['a missing price', (cells: string[]): string => (cells[3] = ''), /Row 7 of .*bad\.csv has a price of NaN/],
    ['a price that is no number', (cells: string[]): string => (cells[3] = 'cheap'), /Row 7 of .*price/],
    ['an unknown side', (cells: string[]): string => (cells[1] = 'hold'), /Row 7 of .*side/],
    ['no volume', (cells: string[]): string => (cells[6] = '0'), /Row 7 of .*volume of 0/],
    ['an arrival price of another instrument', (cells: string[]): string => (cells[4] = '3'), /Row 7 of .*one instrument/],
    ['a time that is none', (cells: string[]): string => (cells[0] = 'NaN'), /Row 7 of .*time/],
  ] as const)('refuses a file with %s as bad data, naming file, row and reason', async (_, spoil, message) => {
    const rows = lines().slice(0, 60);
    const cells = rows[6]!.split(',');
    spoil(cells);
    rows[6] = cells.join(',');
    const { code, err, out } = await at('fit', 'fills', await write('bad.csv', rows));
    expect(err).toMatch(message);
    expect(code).toBe(3);
    expect(out).toBe('');
  });

  it('refuses crossed quotes at arrival', async () => {
    const rows = lines()
      .slice(0, 60)
      .map((line, i) => {
        const [ts, side, quantity, price, arrival, sigma, volume] = line.split(',');
        return [ts, side, quantity, price, Number(arrival) + (i === 3 ? 5 : -5), Number(arrival) + (i === 3 ? -5 : 5), sigma, volume].join(
          ',',
        );
      });
    const { code, err } = await at('fit', 'fills', await write('crossed.csv', rows, 'ts,side,quantity,price,bid,ask,sigma,volume'));
    expect(err).toMatch(/Row 4 of .*crossed\.csv .*crossed/);
    expect(code).toBe(3);
  });

  it('says what is missing in one sentence and its fix', async () => {
    expect(await at('fit', 'fills')).toMatchObject({ code: 2, err: expect.stringMatching(/nothing to fit/) as string });
    expect(await at('fit', 'fills', 'gone.csv')).toMatchObject({ code: 3, err: expect.stringMatching(/no file gone\.csv/) as string });
    expect(await at('fit', 'fills', await write('few.csv', lines().slice(0, 20)))).toMatchObject({
      code: 2,
      err: expect.stringMatching(/20 fills; a fit needs 50/) as string,
    });
    expect(await at('fit', 'fills', await write('bare2.csv', ['1,buy,1,1,1'], 'ts,side,quantity,price,arrival'))).toMatchObject({
      code: 3,
      err: expect.stringMatching(/no column "sigma"/) as string,
    });
    expect(await at('fit', 'fills', '--run', 'nothing')).toMatchObject({ code: 2, err: expect.stringMatching(/no run/) as string });
    expect(await at('fit', 'fils', 'x.csv')).toMatchObject({ code: 2, err: expect.stringMatching(/Did you mean "fills"/) as string });
    expect(await at('fit', 'fills', 'x.csv', '--name', '../x')).toMatchObject({ code: 2 });
  });
});

describe('quantai fit latency', () => {
  // Venue's time in ms; the receiver's clock is 1,000 ms behind and messages need 5, 6, 7, 5, … ms.
  const recording = Array.from({ length: 30 }, (_, i) => {
    const ts = 1_700_000_000_000 + i * 100;
    return [ts, `${ts - 1000 + 5 + (i % 3)}000000`, 100 + i, 1].join(',');
  });

  it('sets the fastest message to the floor, keeps how much later each was, and assumes the other legs as said', async () => {
    const file = await write('tape.csv', recording, 'ts,recv_ns,price,qty');
    const { code, out, err } = await at('fit', 'latency', file, '--floor', '5ms', '--report', '20ms');
    expect(code, err).toBe(0);
    const [, reference = ''] = /--latency recorded:(tape@[0-9a-f]{12})/.exec(out) ?? [];
    const { kind, ts, feed, order, report } = readLatencyModel(root, reference);
    expect(kind).toBe('recorded');
    expect(ts).toEqual(Array.from({ length: 30 }, (_, i) => 1_700_000_000_000 + i * 100));
    expect(feed).toEqual(Array.from({ length: 30 }, (_, i) => 5 + (i % 3)));
    expect(order).toEqual(feed);
    expect(report).toEqual(feed.map(() => 20));
    const document = JSON.parse((await at('fit', 'latency', file, '--floor', '5ms', '--report', '20ms', '--json')).out) as Record<
      string,
      unknown
    >;
    expect(document).toMatchObject({ reference, points: 30, source: { messages: 30, clockOffset: -1000, floor: 5 } });
  });

  it('refuses a recording without both times', async () => {
    const { code, err } = await at('fit', 'latency', await write('one.csv', ['1700000000000,1'], 'ts,price'));
    expect(err).toMatch(/received/);
    expect(code).toBe(2);
  });
});
