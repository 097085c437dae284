import { describe, expect, it } from 'vitest';
import { sessionLegs } from '../../src/commands/session-legs.js';
import type { SessionManifest } from '../../src/commands/session-record.js';
import type { Fact } from '../../src/events/fact.js';
import { downtimes } from '../../src/promotion/parity/downtimes.js';
import { runConfig } from '../../src/sim/run-defaults.js';
import { HOUR } from '../../src/time.js';
import { A, perpetual, T0 } from '../engine/scenario.js';
import { marked, moved, ran, started } from './session-facts.js';

const manifestOf = (budget: number): SessionManifest => ({
  mode: 'live',
  venue: 'v',
  practice: true,
  strategies: [{ name: 'one', tag: 'o', params: {}, budget, builtin: 'sma-cross', bundle: 'b' }],
  config: runConfig({ exchange: 'binanceusdm', symbols: [A], timeframe: '1h', from: 0, to: 1 }),
});

/** A strategy on 1000, then taken down to 10: its second session warms up for hours. */
const facts: readonly Fact[] = [
  started(T0, 'large'),
  moved(T0, 'opening', 1000),
  ran(T0),
  marked(T0 + HOUR, 1000),
  marked(T0 + 10 * HOUR, 1000),
  started(T0 + 20 * HOUR, 'small'),
  moved(T0 + 20 * HOUR, 'transfer', -990),
  marked(T0 + 20 * HOUR, 10),
  ran(T0 + 20 * HOUR),
  marked(T0 + 26 * HOUR, 10),
  marked(T0 + 40 * HOUR, 9),
];
const record = {
  folder: '',
  facts,
  manifests: new Map([
    ['large', manifestOf(1000)],
    ['small', manifestOf(10)],
  ]),
  instruments: [perpetual(A)],
};

describe('a stretch of sessions after a step down', () => {
  it('begins with the capital that is left and with marks that moved with it, so that its replay sees no loss in that', () => {
    const [large, small] = sessionLegs(record, 'one');
    expect(large?.state).toBeNull();
    expect(small?.state).toMatchObject({ cash: 10e8, marks: { drawdown: [10, 10] } });
    expect(small?.state?.marks?.day.slice(1, 3)).toEqual([10, 10]);
  });

  it('has no strategy that decides before its engine has said something of its own', () => {
    expect(downtimes(facts, 'one').at(-1)).toEqual({ from: T0 + 10 * HOUR, to: T0 + 20 * HOUR, until: T0 + 26 * HOUR });
  });
});
