import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LiveInputs, RampInputs } from '../../../src/promotion/gates/gate-inputs.js';
import type { GateResult } from '../../../src/promotion/gates/gate.js';
import { judgeGates, judgeRamp } from '../../../src/promotion/gates/judge-gates.js';
import { DAY } from '../../../src/time.js';
import { config, costs, evidence, leak, live, NOW, ramp, T0 } from './passing-inputs.js';

/** Figures of which more is better; a gate may see any of them worse. */
interface Figures {
  readonly days: number;
  readonly trades: number;
  readonly dsr: number;
  readonly certainty: number;
  readonly calm: number;
  readonly margin: number;
  readonly paperDays: number;
  readonly paperTrades: number;
  readonly parity: number;
  readonly freshness: number;
}

const figures = fc.record({
  days: fc.double({ min: 0, max: 1000, noNaN: true }),
  trades: fc.nat(300),
  dsr: fc.double({ min: 0, max: 1, noNaN: true }),
  certainty: fc.double({ min: 0, max: 1, noNaN: true }),
  calm: fc.double({ min: 0, max: 1, noNaN: true }),
  margin: fc.double({ min: 1.01, max: 6, noNaN: true }),
  paperDays: fc.double({ min: 0, max: 60, noNaN: true }),
  paperTrades: fc.nat(80),
  parity: fc.double({ min: 0, max: 1, noNaN: true }),
  freshness: fc.double({ min: 0, max: 1, noNaN: true }),
});

const span = (days: number) => [{ from: T0, to: T0 + days * DAY }];

const inputsOf = (f: Figures): LiveInputs =>
  live({
    evidence: evidence({
      days: f.days,
      trades: f.trades,
      dsr: { value: f.dsr, reason: null },
      pbo: 1 - f.certainty,
      spa: { value: (1 - f.certainty) / 5, reason: null },
      drawdown: (1 - f.calm) / 2,
      checks: [costs(f.margin), leak('causality')],
    }),
    paper: { stretches: span(f.paperDays), trades: f.paperTrades },
    parity: [{ from: T0, to: T0 + 60 * DAY, passed: true, bps: (1 - f.parity) * 10, tolerance: { bps: 5, unexplained: 0.2 } }],
    rehearsals: (['kill-switch', 'dead-man'] as const).map(what => ({
      what,
      account: 'a',
      at: NOW - (1 - f.freshness) * 60 * DAY,
      passed: true,
      tookMs: null,
      text: '',
    })),
  });

const rampOf = (f: Figures): RampInputs =>
  ramp({
    step: { stretches: span(f.paperDays), trades: f.paperTrades },
    parity: [{ from: T0, to: T0 + 60 * DAY, passed: true, bps: (1 - f.parity) * 10, tolerance: { bps: 5, unexplained: 0.2 } }],
  });

const opened = (before: readonly GateResult[], after: readonly GateResult[]): readonly string[] =>
  after.filter(({ verdict }, i) => verdict === 'pass' && before[i]!.verdict !== 'pass').map(({ gate }) => gate);

/** Days at most are days: rates of trades a day hold, so a worse record has no more of anything. */
const worse = (a: Figures, b: Figures): Figures => ({
  days: Math.min(a.days, b.days),
  trades: Math.min(a.trades, b.trades),
  dsr: Math.min(a.dsr, b.dsr),
  certainty: Math.min(a.certainty, b.certainty),
  calm: Math.min(a.calm, b.calm),
  margin: Math.min(a.margin, b.margin),
  paperDays: Math.min(a.paperDays, b.paperDays),
  paperTrades: Math.min(a.paperTrades, b.paperTrades),
  parity: Math.min(a.parity, b.parity),
  freshness: Math.min(a.freshness, b.freshness),
});

describe('gates', () => {
  it('never open because a figure became worse', () => {
    fc.assert(
      fc.property(figures, figures, (a, b) => {
        const less = worse(a, b);
        expect(opened(judgeGates('live', inputsOf(a), config), judgeGates('live', inputsOf(less), config))).toEqual([]);
        expect(opened(judgeRamp(rampOf(a), config), judgeRamp(rampOf(less), config))).toEqual([]);
      }),
    );
  });

  it('never open because a figure went missing', () => {
    const gone: readonly ((inputs: LiveInputs) => LiveInputs)[] = [
      inputs => ({ ...inputs, paper: null }),
      inputs => ({ ...inputs, parity: null }),
      inputs => ({ ...inputs, parity: [] }),
      inputs => ({ ...inputs, rehearsals: null }),
      inputs => ({ ...inputs, rehearsals: [] }),
      inputs => ({ ...inputs, alarms: null }),
      inputs => ({ ...inputs, pinFaults: null }),
      ...(['days', 'trades', 'drawdown', 'pbo', 'dataErrors', 'params'] as const).map(key => (inputs: LiveInputs) => ({
        ...inputs,
        evidence: { ...inputs.evidence, [key]: null },
      })),
      inputs => ({ ...inputs, evidence: { ...inputs.evidence, checks: [] } }),
      inputs => ({ ...inputs, evidence: { ...inputs.evidence, dsr: { value: null, reason: null } } }),
    ];
    fc.assert(
      fc.property(figures, fc.constantFrom(...gone), (f, without) => {
        const inputs = inputsOf(f);
        expect(opened(judgeGates('live', inputs, config), judgeGates('live', without(inputs), config))).toEqual([]);
      }),
    );
  });

  it('say what would change the verdict exactly where they are shut', () => {
    fc.assert(
      fc.property(figures, f => {
        for (const { verdict, change, sentence } of judgeGates('live', inputsOf(f), config)) {
          expect(change === '').toBe(verdict === 'pass');
          expect(sentence).toMatch(/[.!”]$/);
          expect(`${sentence} ${change}`).not.toMatch(/NaN|Infinity|undefined|null/);
        }
      }),
    );
  });
});
