import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../src/events/fact.js';
import type { AuditRecord, AuditWord } from '../../../src/promotion/audit/audit-record.js';
import { openAlarms } from '../../../src/promotion/gates/open-alarms.js';
import { daysOf } from '../../../src/promotion/gates/days-of.js';
import { sessionRecord } from '../../../src/promotion/gates/session-record.js';
import { stretchUnion } from '../../../src/promotion/gates/stretch-union.js';

const T0 = Date.UTC(2025, 4, 5);
const HOUR = 3_600_000;
const A = 'AAA/USDT:USDT';

let seq = 0;
const at = (hour: number, strategy: string) => ({
  seq: seq++,
  version: 1,
  ts: T0 + hour * HOUR,
  knownAt: T0 + hour * HOUR,
  account: 'paper',
  strategy,
  correlationId: -1,
  causationId: -1,
});
const began = (hour: number, epoch: number, manifest = 'm'): Fact => ({
  ...at(hour, ''),
  type: 'SessionStarted',
  mode: 'paper',
  venue: 'bybit',
  practice: false,
  epoch,
  manifest,
});
const stopped = (hour: number): Fact => ({ ...at(hour, ''), type: 'SessionStopped', code: 'asked', text: '' });
const fill = (hour: number, lots: number, strategy = 'edge', symbol = A): Fact => ({
  ...at(hour, strategy),
  type: 'OrderFilled',
  orderId: 'o',
  symbol,
  side: lots > 0 ? 'buy' : 'sell',
  price: 100,
  lots: Math.abs(lots),
  fee: 0,
  liquidity: 'taker',
  slippage: 0,
  realised: 0,
});
const hours = (facts: readonly Fact[], ...epochs: readonly number[]) => {
  const { stretches, trades } = sessionRecord(
    facts,
    epochs.map(epoch => ({ epoch, manifest: 'm' })),
    'edge',
  );
  return { hours: stretches.map(({ from, to }) => [(from - T0) / HOUR, (to - T0) / HOUR]), trades };
};

describe('what sessions of a promotion did', () => {
  it('is their market time from beginning to stop, and to the last word of one that crashed', () => {
    const facts = [began(0, 1), fill(2, 1), stopped(5), began(8, 2), fill(9, -1), began(12, 3), stopped(13)];
    expect(hours(facts, 1, 2, 3).hours).toEqual([
      [0, 5],
      [8, 9],
      [12, 13],
    ]);
  });

  it('leaves out sessions that the audit log does not name, by their epoch and by their manifest', () => {
    const facts = [began(0, 1), fill(1, 1), fill(2, -1), stopped(5), began(6, 2, 'other'), fill(7, 1), fill(8, -1), stopped(9)];
    expect(hours(facts, 2)).toEqual({ hours: [], trades: 0 });
    expect(hours(facts, 1, 2)).toEqual({ hours: [[0, 5]], trades: 1 });
  });

  it('counts a market that was played twice once', () => {
    const facts = [began(0, 1), stopped(5), began(0, 2), stopped(7), began(6, 3), stopped(7)];
    expect(hours(facts, 1, 2, 3).hours).toEqual([[0, 7]]);
  });

  it('closes a trade at flat and at a reversal, in each symbol by itself, and of this strategy only', () => {
    const facts = [
      began(0, 1),
      fill(1, 2),
      fill(2, -1), // reduces
      fill(3, -1), // flat: one
      fill(4, -3),
      fill(5, 5), // reversal: two
      fill(5, 1, 'edge', 'BBB/USDT:USDT'),
      fill(6, 1, 'other'),
      fill(7, -1, 'other'),
      fill(8, -1, 'edge', 'BBB/USDT:USDT'), // three
      stopped(9),
    ];
    expect(hours(facts, 1).trades).toBe(3);
  });

  it('counts a trade that a session which does not count had opened where it is closed', () => {
    const facts = [began(0, 1), fill(1, 1), stopped(2), began(3, 2), fill(4, -1), stopped(5)];
    expect(hours(facts, 2).trades).toBe(1);
    expect(hours(facts, 1).trades).toBe(0);
  });
});

describe('alarms that are up', () => {
  const place = { account: 'main', venue: 'bybit', practice: false };
  const record = (word: AuditWord): AuditRecord => ({ seq: seq++, at: 0, actor: 'session:main', word, prev: '', hash: '' });
  const alarm = (code: string, raised: boolean, over: Partial<typeof place> = {}): AuditRecord =>
    record({ type: 'AlarmChanged', ...place, ...over, code, raised, text: code });
  const codes = (...records: readonly AuditRecord[]) => openAlarms(records, [place]).map(({ code }) => code);

  it('are those raised and not cleared since, at this place', () => {
    expect(codes(alarm('a', true), alarm('b', true), alarm('a', false))).toEqual(['b']);
    expect(codes(alarm('a', true), alarm('a', false), alarm('a', true))).toEqual(['a']);
    expect(codes(alarm('a', true, { practice: true }), alarm('b', true, { account: 'second' }), alarm('c', true, { venue: 'v' }))).toEqual(
      [],
    );
    expect(codes(alarm('a', true), alarm('a', false, { account: 'second' }))).toEqual(['a']);
  });
});

it('two accounts that trade at once do not make two days of one', () => {
  const stretches = stretchUnion([
    { from: T0, to: T0 + 24 * HOUR },
    { from: T0 + 12 * HOUR, to: T0 + 36 * HOUR },
    { from: T0, to: T0 + 6 * HOUR },
  ]);
  expect(daysOf({ stretches })).toBe(1.5);
});
