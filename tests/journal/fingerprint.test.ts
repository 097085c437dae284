import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Fact, FactType } from '../../src/events/fact.js';
import { canonicalFact, Fingerprint } from '../../src/journal/fingerprint.js';

const envelope = { seq: 3, version: 1, ts: 1000, knownAt: 1000, account: 'backtest', strategy: 's', correlationId: 3, causationId: -1 };
const ticket = {
  orderId: 'o1',
  symbol: 'AAA',
  side: 'buy' as const,
  type: 'limit' as const,
  lots: 5,
  limit: 100,
  stop: null,
  tif: 'gtc' as const,
  postOnly: false,
  reduceOnly: false,
};
const input = { dataset: 'd', version: 'v', kind: 'bars' as const, symbol: 'AAA', from: 0, to: 1, rows: 1, synthetic: false };

/** One fact of each type, and for each of its fields another value: `counts` change the fingerprint, `not` do not. */
const FACTS: { [T in FactType]: { fact: Extract<Fact, { type: T }>; counts: object; not: object } } = {
  TargetSet: {
    fact: { ...envelope, type: 'TargetSet', symbol: 'AAA', exposure: 0.5, reason: 'up' },
    counts: { symbol: 'BBB', exposure: 0.5000000000000001, reason: 'down' },
    not: {},
  },
  OrderRequested: {
    fact: {
      ...envelope,
      type: 'OrderRequested',
      symbol: 'AAA',
      side: 'buy',
      orderType: 'limit',
      quantity: 1,
      limit: 10,
      stop: null,
      tif: 'gtc',
      postOnly: false,
      reduceOnly: false,
      name: 'mine',
      reason: 'up',
    },
    counts: {
      symbol: 'BBB',
      side: 'sell',
      orderType: 'stop-limit',
      quantity: 2,
      limit: 11,
      stop: 9,
      tif: 'ioc',
      postOnly: true,
      reduceOnly: true,
      reason: 'down',
    },
    not: { name: 'other' },
  },
  CancelRequested: {
    fact: { ...envelope, type: 'CancelRequested', symbol: 'AAA', orderId: 'o1', reason: 'late' },
    counts: { orderId: 'o2', reason: 'early' },
    not: {},
  },
  OrderApproved: { fact: { ...envelope, type: 'OrderApproved', ticket }, counts: {}, not: { ticket: { ...ticket, orderId: 'x' } } },
  IntentDenied: {
    fact: { ...envelope, type: 'IntentDenied', symbol: 'AAA', code: 'halted', text: 'why' },
    counts: { symbol: 'BBB', code: 'reducing' },
    not: { text: 'because' },
  },
  OrderSubmitted: {
    fact: { ...envelope, type: 'OrderSubmitted', orderId: 'o1', symbol: 'AAA' },
    counts: {},
    not: { orderId: 'o2', ts: 2 },
  },
  OrderAccepted: { fact: { ...envelope, type: 'OrderAccepted', orderId: 'o1', symbol: 'AAA' }, counts: { orderId: 'o2' }, not: {} },
  OrderRejected: {
    fact: { ...envelope, type: 'OrderRejected', orderId: 'o1', symbol: 'AAA', code: 'post-only' },
    counts: { orderId: 'o2', code: 'min-notional' },
    not: {},
  },
  OrderTriggered: {
    fact: { ...envelope, type: 'OrderTriggered', orderId: 'o1', symbol: 'AAA', price: 100 },
    counts: { orderId: 'o2', price: 101 },
    not: {},
  },
  OrderFilled: {
    fact: {
      ...envelope,
      type: 'OrderFilled',
      orderId: 'o1',
      symbol: 'AAA',
      side: 'buy',
      price: 100,
      lots: 5,
      fee: 7,
      liquidity: 'maker',
      slippage: 0,
      realised: 0,
    },
    counts: { orderId: 'o2', symbol: 'BBB', side: 'sell', price: 101, lots: 6, fee: 8, liquidity: 'taker', slippage: 1, realised: 1 },
    not: {},
  },
  OrderCancelled: {
    fact: { ...envelope, type: 'OrderCancelled', orderId: 'o1', symbol: 'AAA', code: 'requested' },
    counts: { orderId: 'o2', code: 'reduce-only' },
    not: {},
  },
  OrderExpired: {
    fact: { ...envelope, type: 'OrderExpired', orderId: 'o1', symbol: 'AAA', code: 'margin' },
    counts: { orderId: 'o2', code: 'not-filled' },
    not: {},
  },
  TrainingRequested: {
    fact: {
      ...envelope,
      type: 'TrainingRequested',
      request: 0,
      models: ['a', 'b'],
      from: 1,
      to: 2,
      rows: 3,
      activateAt: 4,
      trigger: 'start',
    },
    counts: { request: 1, models: ['a'], from: 2, to: 3, rows: 4, activateAt: 5, trigger: 'drift' },
    not: {},
  },
  ModelActivated: {
    fact: { ...envelope, type: 'ModelActivated', request: 0, model: 'a', checkpoint: 'x', rows: 3, age: 1 },
    counts: { request: 1, model: 'b', checkpoint: 'y' },
    not: { rows: 4, age: 2 },
  },
  ModelLate: {
    fact: { ...envelope, type: 'ModelLate', request: 0, model: 'a', dueAt: 4 },
    counts: { request: 1, model: 'b' },
    not: { dueAt: 5 },
  },
  ModelExpired: {
    fact: { ...envelope, type: 'ModelExpired', model: 'a', checkpoint: 'x', age: 9 },
    counts: { model: 'b', checkpoint: 'y' },
    not: { age: 10 },
  },
  CalibrationFitted: {
    fact: { ...envelope, type: 'CalibrationFitted', model: 'a', kind: 'platt', samples: 9, state: 'x' },
    counts: { model: 'b', kind: 'beta', samples: 10, state: 'y' },
    not: {},
  },
  WeightsChanged: {
    fact: { ...envelope, type: 'WeightsChanged', weights: { a: 0.25, b: 0.75 } },
    counts: { weights: { a: 0.25, b: 0.7500000000000001 } },
    not: {},
  },
  DriftChanged: {
    fact: { ...envelope, type: 'DriftChanged', subject: 'features', detector: 'share', level: 'drift', statistic: 1, threshold: 0.5 },
    counts: { subject: 'residual', detector: 'adwin', level: 'none' },
    not: { statistic: 2, threshold: 0.25 },
  },
  SizeScaled: {
    fact: { ...envelope, type: 'SizeScaled', factor: 0.5, code: 'drift', text: 'why' },
    counts: { factor: 1, code: 'calm' },
    not: { text: 'because' },
  },
  SignalGiven: {
    fact: {
      ...envelope,
      type: 'SignalGiven',
      symbol: 'AAA',
      direction: 'long',
      confidence: 0.6,
      riskScore: 0.2,
      horizon: 24,
      mean: 0.01,
      sd: 0.02,
      reason: 'up',
    },
    counts: { symbol: 'BBB', direction: 'short', confidence: 0.7, riskScore: 0.3, horizon: 25, mean: 0.02, sd: 0.03, reason: 'down' },
    not: {},
  },
  TradePlanned: {
    fact: {
      ...envelope,
      type: 'TradePlanned',
      plan: 'p1',
      symbol: 'AAA',
      side: 'buy',
      entry: 10,
      stopLoss: 9,
      takeProfit: 12,
      quantity: 1,
      rewardToRisk: 2,
      expectedValue: 0.1,
      expiresAt: 5000,
    },
    counts: { symbol: 'BBB', side: 'sell', entry: 11, stopLoss: 8, takeProfit: 13, quantity: 2, expiresAt: 6000 },
    not: { plan: 'p2', rewardToRisk: 3, expectedValue: 0.2 },
  },
  PlanClosed: {
    fact: { ...envelope, type: 'PlanClosed', plan: 'p1', symbol: 'AAA', code: 'expired' },
    counts: { symbol: 'BBB', code: 'stop-loss' },
    not: { plan: 'p2' },
  },
  AmendRequested: {
    fact: { ...envelope, type: 'AmendRequested', symbol: 'AAA', orderId: 'o1', lots: 5, limit: 10, stop: null, reason: 'late' },
    counts: { orderId: 'o2', lots: 6, limit: 11, stop: 9, reason: 'early' },
    not: { symbol: 'BBB' },
  },
  OrderAmended: {
    fact: { ...envelope, type: 'OrderAmended', symbol: 'AAA', orderId: 'o1', lots: 5, limit: 10, stop: null, keepsPlace: true },
    counts: { orderId: 'o2', lots: 6, limit: 11, stop: 9, keepsPlace: false },
    not: { symbol: 'BBB' },
  },
  AmendRejected: {
    fact: { ...envelope, type: 'AmendRejected', orderId: 'o1', code: 'a' },
    counts: { orderId: 'o2', code: 'b' },
    not: {},
  },
  ExecutionRequested: {
    fact: {
      ...envelope,
      type: 'ExecutionRequested',
      execution: 'twap',
      symbol: 'AAA',
      side: 'buy',
      quantity: 1,
      terms: '{}',
      name: 'mine',
      reason: 'up',
    },
    counts: { execution: 'vwap', symbol: 'BBB', side: 'sell', quantity: 2, terms: '{"slices":2}', reason: 'down' },
    not: { name: 'other' },
  },
  ExecutionClosed: {
    fact: { ...envelope, type: 'ExecutionClosed', symbol: 'AAA', code: 'done', filled: 5 },
    counts: { symbol: 'BBB', code: 'cancelled', filled: 6 },
    not: {},
  },
  PositionLiquidated: {
    fact: {
      ...envelope,
      type: 'PositionLiquidated',
      symbol: 'AAA',
      orderId: 'liquidation-1',
      positionSide: 'long',
      before: 5,
      after: 2,
      markPrice: 100,
      bankruptcyPrice: 90,
      margin: 1,
      maintenance: 2,
      fee: 3,
      insurance: 4,
    },
    counts: {
      symbol: 'BBB',
      positionSide: 'short',
      before: 6,
      after: 1,
      markPrice: 101,
      bankruptcyPrice: 91,
      margin: 0,
      maintenance: 3,
      fee: 4,
      insurance: 5,
    },
    not: { orderId: 'liquidation-2' },
  },
  CancelRejected: {
    fact: { ...envelope, type: 'CancelRejected', orderId: 'o1', code: 'a' },
    counts: { orderId: 'o2', code: 'b' },
    not: {},
  },
  FundingSettled: {
    fact: { ...envelope, type: 'FundingSettled', symbol: 'AAA', rate: 0.0001, lots: 5, markPrice: 100, amount: -5 },
    counts: { symbol: 'BBB', rate: 0.0002, lots: 6, markPrice: 101, amount: 5 },
    not: {},
  },
  AccountLiquidated: {
    fact: { ...envelope, type: 'AccountLiquidated', equity: 1, maintenance: 2 },
    counts: { equity: 0, maintenance: 3 },
    not: {},
  },
  RiskStateChanged: {
    fact: { ...envelope, type: 'RiskStateChanged', state: 'HALTED', code: 'max-drawdown', text: 'why' },
    counts: { state: 'REDUCING', code: 'other' },
    not: { text: 'because' },
  },
  ExternalFilled: {
    fact: {
      ...envelope,
      type: 'ExternalFilled',
      symbol: 'AAA',
      side: 'sell',
      price: 100,
      lots: 5,
      fee: 7,
      realised: -3,
      cause: 'liquidation',
      execution: 'e1',
      venueOrderId: 'v1',
      positionSide: 'long',
    },
    counts: { symbol: 'BBB', side: 'buy', price: 101, lots: 6, fee: 8, realised: -4, cause: 'manual', positionSide: 'short' },
    not: { execution: 'e2', venueOrderId: 'v2' },
  },
  PositionAdopted: {
    fact: { ...envelope, type: 'PositionAdopted', symbol: 'AAA', before: 5, after: 2, price: 100, code: 'unexplained', text: 'why' },
    counts: { symbol: 'BBB', before: 6, after: 1, price: 101, code: 'opening', positionSide: 'long' },
    not: { text: 'because' },
  },
  CashMoved: {
    fact: { ...envelope, type: 'CashMoved', kind: 'deposit', amount: 5, income: 'i1', text: 'why' },
    counts: { kind: 'transfer', amount: 6 },
    not: { income: 'i2', text: 'because', moved: { asset: 'BTC', amount: 1 } },
  },
  OrderUnknown: {
    fact: { ...envelope, type: 'OrderUnknown', orderId: 'o1', symbol: 'AAA', code: 'time-out' },
    counts: {},
    not: { orderId: 'o2', code: 'lost', ts: 2 },
  },
  RiskRemembered: {
    fact: { ...envelope, type: 'RiskRemembered', drawdown: [1, 2], day: [3, 4, 5, null], streak: 1 },
    counts: {},
    not: { drawdown: [2, 3], day: [4], streak: 0, ts: 2 },
  },
  SessionStarted: {
    fact: { ...envelope, type: 'SessionStarted', mode: 'live', venue: 'v', practice: true, epoch: 1, manifest: 'a' },
    counts: {},
    not: { mode: 'paper', venue: 'w', practice: false, epoch: 2, manifest: 'b', ts: 2 },
  },
  SessionStopped: {
    fact: { ...envelope, type: 'SessionStopped', code: 'asked', text: 'why' },
    counts: {},
    not: { code: 'failed', text: 'because', ts: 2 },
  },
  ConnectionChanged: {
    fact: { ...envelope, type: 'ConnectionChanged', channel: 'private', symbol: '', state: 'live', code: 'open', text: 'why' },
    counts: {},
    not: { channel: 'requests', symbol: 'AAA', state: 'down', code: 'closed', text: 'because', ts: 2 },
  },
  GapFound: {
    fact: { ...envelope, type: 'GapFound', channel: 'trades', symbol: 'AAA', from: 1, to: 2, recovered: 3, code: 'reconnect' },
    counts: {},
    not: { channel: 'bars', symbol: 'BBB', from: 0, to: 3, recovered: 4, code: 'polled', ts: 2 },
  },
  DataQuarantined: {
    fact: { ...envelope, type: 'DataQuarantined', channel: 'quotes', symbol: 'AAA', code: 'negative', text: 'why' },
    counts: {},
    not: { channel: 'bars', symbol: 'BBB', code: 'not-a-number', text: 'because', ts: 2 },
  },
  Reconciled: {
    fact: { ...envelope, type: 'Reconciled', orders: 1, positions: 2, balances: 3, executions: 4, differences: 0, cause: 'start' },
    counts: {},
    not: { orders: 2, positions: 3, balances: 4, executions: 5, differences: 1, cause: 'interval', ts: 2 },
  },
  AlarmRaised: {
    fact: { ...envelope, type: 'AlarmRaised', code: 'a', text: 'why', severity: 'warning' },
    counts: {},
    not: { code: 'b', text: 'because', severity: 'critical', ts: 2 },
  },
  AlarmCleared: { fact: { ...envelope, type: 'AlarmCleared', code: 'a' }, counts: {}, not: { code: 'b', ts: 2 } },
  OperatorCommanded: {
    fact: { ...envelope, type: 'OperatorCommanded', command: 'halt', by: 'a', reason: 'why' },
    counts: {},
    not: { command: 'resume', by: 'b', reason: 'because', ts: 2 },
  },
  SettingChanged: {
    fact: { ...envelope, type: 'SettingChanged', path: 'p', before: '1', after: '2', direction: 'tighter', by: 'a', reason: 'why' },
    counts: {},
    not: { path: 'q', before: '0', after: '3', direction: 'looser', by: 'b', reason: 'because', ts: 2 },
  },
  RunStarted: { fact: { ...envelope, type: 'RunStarted', manifest: 'a' }, counts: {}, not: { manifest: 'b', ts: 2 } },
  InputConsumed: { fact: { ...envelope, type: 'InputConsumed', input }, counts: {}, not: { input: { ...input, rows: 2 }, ts: 2 } },
  NoteWritten: { fact: { ...envelope, type: 'NoteWritten', text: 'a' }, counts: {}, not: { text: 'b', ts: 2 } },
  RunFinished: { fact: { ...envelope, type: 'RunFinished', bars: 1, fingerprint: 'a' }, counts: {}, not: { bars: 2, ts: 2 } },
};

const of = (...facts: Fact[]): string => {
  const fingerprint = new Fingerprint();
  for (const fact of facts) fingerprint.add(fact);
  return fingerprint.digest();
};

const UNCOUNTED = new Set<FactType>([
  'OrderSubmitted',
  'OrderUnknown',
  'RiskRemembered',
  'SessionStarted',
  'SessionStopped',
  'ConnectionChanged',
  'GapFound',
  'DataQuarantined',
  'Reconciled',
  'AlarmRaised',
  'AlarmCleared',
  'OperatorCommanded',
  'SettingChanged',
  'RunStarted',
  'InputConsumed',
  'NoteWritten',
  'RunFinished',
]);

describe('the fingerprint', () => {
  for (const [type, { fact, counts, not }] of Object.entries(FACTS)) {
    for (const [field, value] of Object.entries(counts))
      it(`sees ${type}.${field}`, () => expect(of({ ...fact, [field]: value } as Fact)).not.toBe(of(fact)));
    if (!UNCOUNTED.has(fact.type))
      it(`sees when ${type} happened, and that it did`, () => {
        expect(of({ ...fact, ts: 2000 } as Fact)).not.toBe(of(fact));
        expect(of(fact)).not.toBe(of());
        expect(of(fact, fact)).not.toBe(of(fact));
      });
    it(`does not see the place, cause, account or other incidentals of ${type}`, () => {
      const incidental = { seq: 99, correlationId: 98, causationId: 97, account: 'live', strategy: 't', ...not };
      for (const [field, value] of Object.entries(incidental)) expect(of({ ...fact, [field]: value } as Fact)).toBe(of(fact));
    });
  }

  it('sees each term of an approved ticket, but not its id', () => {
    const { fact } = FACTS.OrderApproved;
    const terms = {
      symbol: 'BBB',
      side: 'sell',
      type: 'stop-limit',
      lots: 6,
      limit: 101,
      stop: 99,
      tif: 'fok',
      postOnly: true,
      reduceOnly: true,
    };
    for (const [term, value] of Object.entries(terms))
      expect(of({ ...fact, ticket: { ...ticket, [term]: value } } as Fact), term).not.toBe(of(fact));
  });

  it('sees the order of facts', () => {
    const [a, b] = [FACTS.TargetSet.fact, FACTS.IntentDenied.fact];
    expect(of(a, b)).not.toBe(of(b, a));
  });

  it('numbers orders by approval, so that it sees which order filled and not how orders are called', () => {
    const approved = (orderId: string): Fact => ({ ...FACTS.OrderApproved.fact, ticket: { ...ticket, orderId } });
    const filled = (orderId: string): Fact => ({ ...FACTS.OrderFilled.fact, orderId });
    expect(of(approved('o1'), approved('o2'), filled('o2'))).toBe(of(approved('x'), approved('y'), filled('y')));
    expect(of(approved('o1'), approved('o2'), filled('o2'))).not.toBe(of(approved('o1'), approved('o2'), filled('o1')));
  });

  it('is the SHA-256 of the facts’ own lines, whatever their length and letters', () => {
    const reasons = ['', 'grün', '多', '🙂', 'x'.repeat(70_000), 'ü'.repeat(30_000), 'y'.repeat(21_000), 'z'.repeat(21_000), 'end'];
    const facts = reasons.map((reason): Fact => ({ ...FACTS.TargetSet.fact, reason }));
    const orders = new Map<string, number>();
    const lines = facts.map(fact => canonicalFact(fact, orders)).join('');
    expect(of(...facts)).toBe(createHash('sha256').update(lines).digest('hex'));
  });

  it('may be read in between, and is the same however long the run', () => {
    const fingerprint = new Fingerprint();
    const facts = Array.from({ length: 5000 }, (_, i): Fact => ({ ...FACTS.OrderFilled.fact, ts: i, price: 100 + i }));
    for (const [i, fact] of facts.entries()) {
      fingerprint.add(fact);
      if (i % 1000 === 0) fingerprint.digest();
    }
    expect(fingerprint.digest()).toBe(of(...facts));
    expect(fingerprint.digest()).toMatch(/^[0-9a-f]{64}$/);
    // A change far behind the last flush still counts.
    expect(of(...facts.map((fact, i) => (i === 10 ? { ...fact, price: 1 } : fact) as Fact))).not.toBe(of(...facts));
  });
});
