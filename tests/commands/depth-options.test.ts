import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { quotedWorkspace } from './quoted-workspace.js';
import type { Ran } from './run-quantai.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

describe('the depth of a run', () => {
  let touch: readonly string[];
  let at: (...words: string[]) => Promise<Ran>;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    ({ at, touch, remove } = await quotedWorkspace());
  });
  afterAll(() => remove());

  it.each([
    [
      'a queue on bars',
      ['--depth', 'bars', '--queue', 'log'],
      /--queue belongs to a depth with single trades or an order book.*bars\.\nfix: Leave it out, or use --depth book or --depth trades\./,
    ],
    [
      'a path through bars on the book',
      ['--path', 'adaptive', '--limits', 'touch'],
      /--path and --limits belong to matching on bars, and this run matches on the order book\.\nfix: .*--depth bars\./,
    ],
    ['a queue that nobody knows', ['--queue', 'nonsense'], /--queue is one of pessimistic, proportional, power, log, not "nonsense"/],
    ['a depth that nobody knows', ['--depth', 'books'], /--depth is one of bars, trades, book, not "books"\. Did you mean "book"\?/],
    [
      'finer bars that are not finer',
      ['--depth', 'bars', '--finer', '1m'],
      /Bars of 1m do not fit inside those of 1s\.\nfix: Use --finer none\./,
    ],
    ['finer bars that are no timeframe', ['--depth', 'bars', '--finer', 'fine'], /"fine" is not a timeframe/],
    ['a liquidation that is no setting', ['--liquidation', 'nonsense'], /--liquidation has "nonsense", which is no key=value/],
    [
      'leverage of a symbol that is not in the run',
      ['--symbol-leverage', 'ETH/USDT:USDT=5'],
      /A margin setting names ETH\/USDT:USDT, which is not in the run/,
    ],
    ['a price that nobody liquidates by', ['--liquidation', 'price=mid'], /--liquidation price is one of auto, mark, last, not "mid"/],
    [
      'more leverage than the venue offers',
      ['--symbol-leverage', 'BTC/USDT:USDT=1000'],
      /A leverage of 1000 for BTC\/USDT:USDT is more than the \d+ that its venue offers/,
    ],
  ])('is refused for %s', async (_, words, message) => {
    const { code, err } = await at(...touch, ...words);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  });

  it('is the deepest that the data has, and is told from the others when runs are compared', async () => {
    const ids: string[] = [];
    for (const words of [[], ['--depth', 'trades'], ['--depth', 'bars', '--finer', 'none', '--limits', 'touch'], ['--depth', 'bars']]) {
      const { code, out } = await at(...touch, ...words, '--json');
      expect(code).toBe(0);
      ids.push((JSON.parse(out) as { runId: string }).runId);
    }
    const { out } = await at('compare', ...ids);
    const names = ['order book', 'trades', 'bars, limits touch', 'bars, limits through'];
    const rows = out.split('\n');
    names.forEach((name, i) => {
      expect(rows[1 + i]).toMatch(new RegExp(`^${name} {2,}backtest .* ${ids[i]}$`));
      expect(rows[7 + i]).toMatch(new RegExp(`^${name} {2,}\\d`));
    });
    expect(out).toMatch(/“bars, limits touch” flatters by [\d.]+ bp of notional against “order book”: it trades /);
    const compared = JSON.parse((await at('compare', ...ids, '--json')).out) as {
      matching: { run: string; runId: string }[];
      flattery: string[];
    };
    expect(compared.matching.map(({ run, runId }) => [run, runId])).toEqual(names.map((name, i) => [name, ids[i]]));
    expect(compared.flattery.length).toBe(3);
  });

  it('that differs by the queue alone names runs by the queue', async () => {
    const ids: string[] = [];
    for (const queue of ['pessimistic', 'power:3', 'power:2'])
      ids.push((JSON.parse((await at(...touch, '--queue', queue, '--json')).out) as { runId: string }).runId);
    const { out } = await at('compare', ...ids);
    expect(
      out
        .split('\n')
        .slice(1, 4)
        .map(line => line.split('  ')[0]),
    ).toEqual(['queue pessimistic', 'queue power 3', 'queue power 2']);
  });
});

describe('a run without a book', () => {
  let at: (...words: string[]) => Promise<Ran>;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    const made = await import('./run-quantai.js');
    const { root, remove: clear } = await made.temporaryWorkspace();
    remove = clear;
    at = (...words) => made.quantai([...words, '--workspace', root]);
    await at('data', 'synth', '--dataset', 'noise', '--from', '2023-01-01', '--to', '2023-01-05', '--symbols', 'BTC/USDT:USDT');
  });
  afterAll(() => remove());

  it.each([
    [
      '--depth book',
      ['--depth', 'book'],
      /Dataset "noise" has no order book of BTC\/USDT:USDT in this window\.\nfix: Import it with --kind book, or match on what there is with --depth bars\./,
    ],
    ['--depth trades', ['--depth', 'trades'], /Dataset "noise" has no trades of BTC\/USDT:USDT/],
    [
      '--queue',
      ['--queue', 'log'],
      /--queue belongs to .*\nfix: Leave it out: dataset "noise" has no trades and no order book to match on in this window\./,
    ],
  ])('is refused with %s', async (_, words, message) => {
    const { code, err } = await at('backtest', 'buy-and-hold', '--dataset', 'noise', ...words);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  });
});
