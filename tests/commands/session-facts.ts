import type { Fact } from '../../src/events/fact.js';
import { DAY } from '../../src/time.js';

// What sessions of the account "main" with one strategy, "one", put on record.

let seq = 0;
const envelope = (ts: number, strategy: string) => ({
  seq: seq++,
  version: 1,
  ts,
  knownAt: ts,
  account: 'main',
  strategy,
  correlationId: -1,
  causationId: -1,
});

export const started = (ts: number, manifest: string): Fact => ({
  ...envelope(ts, ''),
  type: 'SessionStarted',
  mode: 'live',
  venue: 'binanceusdm',
  practice: true,
  epoch: 1,
  manifest,
});

export const ran = (ts: number): Fact => ({ ...envelope(ts, 'one'), type: 'RunStarted', manifest: 'm' });

export const moved = (ts: number, kind: 'opening' | 'transfer', amount: number): Fact => ({
  ...envelope(ts, 'one'),
  type: 'CashMoved',
  kind,
  amount: Math.round(amount * 1e8),
  income: '',
  text: '',
});

export const marked = (ts: number, equity: number): Fact => ({
  ...envelope(ts, 'one'),
  type: 'RiskRemembered',
  drawdown: [equity, equity],
  day: [Math.floor(ts / DAY), equity, equity, 0],
  streak: 0,
});
