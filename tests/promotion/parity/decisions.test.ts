import { describe, expect, it } from 'vitest';
import { compareFills } from '../../../src/promotion/parity/compare-fills.js';
import { decisionsOf } from '../../../src/promotion/parity/decisions.js';
import { downtimes } from '../../../src/promotion/parity/downtimes.js';
import { filledGroups } from '../../../src/promotion/parity/filled-groups.js';
import { withLateOnes } from '../../../src/promotion/parity/late-decisions.js';
import { pairDecisions } from '../../../src/promotion/parity/pair-decisions.js';
import { refusals } from '../../../src/promotion/parity/refusals.js';
import type { Fact } from '../../../src/events/fact.js';
import { perpetual } from '../../engine/scenario.js';

const MINUTE = 60_000;
const T0 = Date.UTC(2025, 4, 5);
const A = 'AAA/USDT:USDT';
const instruments = [perpetual(A, { tickSize: 0.5, lotSize: 0.1 })];

let seq = 0;
const at = (ts: number, strategy = 's') => ({
  seq: seq++,
  version: 1,
  ts,
  knownAt: ts,
  account: 'a',
  strategy,
  correlationId: -1,
  causationId: -1,
});
const wanted = (minute: number, exposure: number, late = 0): Fact => ({
  ...at(T0 + minute * MINUTE + late),
  type: 'TargetSet',
  symbol: A,
  exposure,
  reason: '',
});
const started = (minute: number): Fact => ({
  ...at(T0 + minute * MINUTE, ''),
  type: 'SessionStarted',
  mode: 'live',
  venue: 'v',
  practice: true,
  epoch: 1,
  manifest: '',
});
const pair = (backtest: readonly Fact[], session: readonly Fact[], apartSince = Infinity) => {
  const own = session.filter(({ strategy }) => strategy === 's');
  const [theirs, ours] = [decisionsOf(backtest, MINUTE), decisionsOf(own, MINUTE)];
  return pairDecisions(theirs, ours, {
    barMs: MINUTE,
    downs: downtimes(session, 's'),
    session: refusals(own, ours, MINUTE),
    backtest: refusals(backtest, theirs, MINUTE),
    apartSince,
  });
};
const denied = (minute: number, code: string): Fact => ({
  ...at(T0 + minute * MINUTE + 400),
  type: 'IntentDenied',
  symbol: A,
  code,
  text: '',
});
const ordered = (minute: number, quantity: number, name = 'a'): Fact => ({
  ...at(T0 + minute * MINUTE),
  correlationId: seq - 1,
  type: 'OrderRequested',
  symbol: A,
  side: 'buy',
  orderType: 'limit',
  quantity,
  limit: 100,
  stop: null,
  tif: 'gtc',
  postOnly: false,
  reduceOnly: false,
  name,
  reason: '',
});

describe('decisions of a session beside those of a backtest', () => {
  it('are the same when they were decided at one bar, however late the session heard of it', () => {
    const pairs = pair([wanted(1, 1), wanted(4, 0)], [wanted(1, 1, 850), wanted(4, 0, 59_000)]);
    expect(pairs.map(({ why }) => why)).toEqual([null, null]);
  });

  it('differ without a reason when one of both wanted something else, something more or something less', () => {
    const pairs = pair([wanted(1, 1), wanted(4, 0)], [wanted(1, 0.5), wanted(6, 1)]);
    expect(pairs.map(({ backtest, session, why }) => [backtest?.exposure ?? null, session?.exposure ?? null, why])).toEqual([
      [1, 0.5, 'unexplained'],
      [0, null, 'unexplained'],
      [null, 1, 'unexplained'],
    ]);
  });

  it('are excused while no session ran, and only then', () => {
    const session = [started(0), wanted(1, 1), started(20), wanted(21, 0)];
    const pairs = pair([wanted(1, 1), wanted(10, 0), wanted(40, 1)], session);
    expect(pairs.map(({ ts, why }) => [(ts - T0) / MINUTE, why])).toEqual([
      [1, null],
      [10, 'no session ran then'],
      [21, 'the session was still starting'],
      [40, 'unexplained'],
    ]);
  });

  it('are excused while a session starts and sees the bars of that time together, up to the first that it decides on', () => {
    const caughtUp: Fact = { ...at(T0 + 40 * MINUTE), type: 'RiskRemembered', drawdown: [1, 1], day: [0, 1, 1, 0], streak: 0 };
    const elsewhere: Fact = { ...caughtUp, ts: T0 + 5 * MINUTE, strategy: 'other' };
    const session = [started(2), elsewhere, caughtUp, wanted(41, 1)];
    expect(pair([wanted(21, 1), wanted(44, 0)], session).map(({ ts, why }) => [(ts - T0) / MINUTE, why])).toEqual([
      [21, 'the session was still starting'],
      [41, 'the session was still starting'],
      [44, 'unexplained'],
    ]);
  });

  it('are explained by a refusal that the journal has for that bar', () => {
    expect(pair([wanted(4, 1)], [denied(4, 'stale-data')]).map(({ why, cause }) => [why, cause])).toEqual([
      ['refused: stale-data', 'rejected'],
    ]);
  });

  it('that make up for a refusal later follow on it, and one that does not is unexplained', () => {
    const session = [denied(4, 'stale-data'), wanted(5, 1), wanted(9, 0)];
    expect(pair([wanted(4, 1), wanted(9, 0)], session).map(({ why }) => why)).toEqual(['refused: stale-data', 'refused: stale-data', null]);
    expect(pair([wanted(4, 1), wanted(9, 0)], [denied(4, 'stale-data'), wanted(5, 0.5), wanted(9, 0)])[1]?.why).toBe('unexplained');
  });

  it('that were never needed because the refused position was not there follow on it too', () => {
    expect(pair([wanted(4, 1), wanted(9, 0)], [denied(4, 'halted')]).map(({ why }) => why)).toEqual(['refused: halted', 'refused: halted']);
  });

  it('made up to two bars late are the same ones, unless something else was decided meanwhile', () => {
    const late = (session: readonly Fact[], backtest: readonly Fact[] = [wanted(4, 1), wanted(20, 0)]) => {
      const theirs = decisionsOf(backtest, MINUTE);
      const ours = withLateOnes(decisionsOf(session, MINUTE), theirs, MINUTE);
      const none = { byKey: new Map<string, string>(), byBar: new Map<string, string>() };
      return pairDecisions(theirs, ours, { barMs: MINUTE, downs: [], session: none, backtest: none, apartSince: Infinity }).map(
        ({ why, cause }) => [why, cause],
      );
    };
    expect(late([wanted(5, 1, 300), wanted(20, 0)])).toEqual([
      ['decided 1m late', 'latency'],
      [null, null],
    ]);
    expect(late([wanted(6, 1, 300), wanted(20, 0)])[0]).toEqual(['decided 2m late', 'latency']);
    expect(late([wanted(7, 1), wanted(20, 0)])[0]).toEqual(['unexplained', 'unexplained']);
    expect(late([wanted(5, 0.5), wanted(20, 0)])[0]).toEqual(['unexplained', 'unexplained']);
    expect(late([wanted(5, 0.5), wanted(6, 1), wanted(20, 0)])[0]).toEqual(['unexplained', 'unexplained']);
  });

  it('about orders are paired by name and side, and differ in size once both have not earned the same', () => {
    const make = (quantity: number) => [ordered(1, quantity), ordered(1, 5, 'b')];
    expect(pair(make(2), make(2)).map(({ why }) => why)).toEqual([null, null]);
    expect(pair(make(2), make(3)).map(({ why }) => why)).toEqual(['unexplained', null]);
    expect(pair(make(2), make(3), T0)[0]).toMatchObject({ why: 'its size or price follows what was earned until then', cause: null });
  });
});

const filled = (minute: number, exposure: number, price: number, lots: number, fee: number): Fact[] => {
  const target = wanted(minute, exposure);
  const orderId = `o${seq}`;
  const side = lots > 0 ? 'buy' : 'sell';
  const ticket = {
    orderId,
    symbol: A,
    side,
    type: 'market',
    lots: Math.abs(lots),
    limit: null,
    stop: null,
    tif: 'gtc',
    postOnly: false,
    reduceOnly: false,
  } as const;
  const half = Math.abs(lots) / 2;
  const fill = (): Fact => ({
    ...at(target.ts + 100),
    type: 'OrderFilled',
    orderId,
    symbol: A,
    side,
    price,
    lots: half,
    fee: (fee * 1e8) / 2,
    liquidity: 'taker',
    slippage: 0,
    realised: 0,
  });
  return [target, { ...at(target.ts), correlationId: target.seq, type: 'OrderApproved', ticket }, fill(), fill()];
};
const fillsOf = (facts: readonly Fact[]) => filledGroups(facts, decisionsOf(facts, MINUTE), instruments, MINUTE, null);

describe('fills of a session beside those of a backtest', () => {
  it('add the parts of an order up to the quantity and average price of its decision', () => {
    const [fill] = [...fillsOf(filled(1, 1, 200, 20, 0.4)).values()];
    // 20 lots of 0.1 at 200 ticks of 0.5 are 2 at 100.
    expect(fill).toMatchObject({ at: T0 + MINUTE + 100, symbol: A, lots: 20, value: 200e8, fee: 0.4e8, fills: 2, ordered: 20 });
  });

  it('count as equal to the unit or not at all, and say what the session paid more in basis points, sales the other way round', () => {
    const backtest = fillsOf([...filled(1, 1, 200, 20, 0.4), ...filled(2, 0, 200, -20, 0.4), ...filled(3, 1, 200, 20, 0.4)]);
    const session = fillsOf([...filled(1, 1, 200, 20, 0.4), ...filled(2, 0, 202, -20, 0.5), ...filled(3, 1, 203, 20, 0.4)]);
    // Sold 1 % dearer, bought 1.5 % dearer: (−100 + 150) ÷ 3.
    const { costBps, fees, ...rest } = compareFills(backtest, session);
    expect(rest).toEqual({ pairs: 3, equal: 1, alone: 0 });
    expect(costBps).toBeCloseTo(50 / 3, 9);
    expect(fees).toBeCloseTo(0.1, 12);
  });

  it('that only one of both has are counted', () => {
    expect(compareFills(fillsOf(filled(1, 1, 200, 20, 0)), fillsOf([]))).toEqual({ pairs: 0, equal: 0, costBps: null, fees: 0, alone: 1 });
  });
});
