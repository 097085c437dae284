import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DriftLevel } from '../../src/models/drift/drift-detector.js';
import { riskStateMachine } from '../../src/risk/state.js';

const CALM = 1000;
const machine = () => riskStateMachine({ calmForMs: CALM, warningFactor: 0.5 });
const brief = (decisions: readonly { state: string; factor: number; code: string }[]) =>
  decisions.map(({ state, factor, code }) => [state, factor, code]);

describe('the risk state', () => {
  it('begins active and whole, and says nothing while nothing changes', () => {
    const risk = machine();
    expect([risk.state, risk.factor]).toEqual(['ACTIVE', 1]);
    expect(risk.observe('calibration', 'none', 0)).toEqual([]);
    expect(risk.tick(5000)).toEqual([]);
  });

  it('goes down at once: half on a warning, reducing on drift', () => {
    const risk = machine();
    expect(brief(risk.observe('calibration', 'warning', 0))).toEqual([['ACTIVE', 0.5, 'drift-warning']]);
    expect(risk.observe('calibration', 'warning', 1)).toEqual([]);
    expect(brief(risk.observe('features', 'drift', 1))).toEqual([['REDUCING', 0, 'drift']]);
    expect([risk.state, risk.factor]).toEqual(['REDUCING', 0]);
  });

  it('comes up only after every source has been quieter for as long as is asked', () => {
    const risk = machine();
    risk.observe('features', 'drift', 0);
    risk.observe('calibration', 'warning', 100);
    expect(risk.observe('features', 'none', 200)).toEqual([]);
    expect(risk.tick(1199)).toEqual([]);
    // The drift held until 200; the warning of the other source still does.
    expect(brief(risk.tick(1200))).toEqual([['ACTIVE', 0.5, 'drift-warning']]);
    expect(risk.observe('calibration', 'none', 1500)).toEqual([]);
    expect(risk.tick(2499)).toEqual([]);
    expect(brief(risk.tick(2500))).toEqual([['ACTIVE', 1, 'calm']]);
  });

  it('starts the wait again when a source is loud in between', () => {
    const risk = machine();
    risk.observe('a', 'drift', 0);
    risk.observe('a', 'none', 10);
    risk.observe('a', 'drift', 900);
    risk.observe('a', 'none', 901);
    expect(risk.tick(1500)).toEqual([]);
    expect(brief(risk.tick(1901))).toEqual([['ACTIVE', 1, 'calm']]);
  });

  it('names the sources', () => {
    const risk = machine();
    risk.observe('residual', 'drift', 0);
    const [up] = machine().observe('features', 'drift', 0);
    expect(up?.text).toMatch(/^features: drift/);
    risk.observe('features', 'drift', 1);
    expect(risk.state).toBe('REDUCING');
  });

  it('never leaves a halt', () => {
    const risk = machine();
    expect(risk.halt('max-drawdown', 'why')).toEqual([{ state: 'HALTED', factor: 0, code: 'max-drawdown', text: 'why' }]);
    expect(risk.halt('other', 'why')).toEqual([]);
    expect(risk.observe('a', 'drift', 0)).toEqual([]);
    expect(risk.tick(1e9)).toEqual([]);
    expect(risk.state).toBe('HALTED');
  });

  it('is halted from REDUCING too, whose factor is 0 as well', () => {
    const risk = machine();
    risk.observe('a', 'drift', 0);
    expect(brief(risk.halt('stop', 'why'))).toEqual([['HALTED', 0, 'stop']]);
  });

  it('is at every moment the worst level that any source had within the wait', () => {
    const rank = { none: 0, warning: 1, drift: 2 };
    const step = fc.record({
      source: fc.constantFrom('a', 'b'),
      level: fc.constantFrom<DriftLevel>('none', 'warning', 'drift'),
      wait: fc.integer({ min: 0, max: 900 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), steps => {
        const risk = machine();
        // An interval of every level that a source ever had: from, to and rank.
        const spans: { source: string; to: number; rank: number }[] = [];
        let now = 0;
        for (const { source, level, wait } of steps) {
          now += wait;
          for (const span of spans) if (span.source === source && span.to === Infinity) span.to = now;
          spans.push({ source, to: Infinity, rank: rank[level] });
          risk.observe(source, level, now);
          const worst = Math.max(0, ...spans.filter(({ to }) => now - to < CALM).map(span => span.rank));
          expect(risk.factor).toBe([1, 0.5, 0][worst]);
          expect(risk.state).toBe(worst === 2 ? 'REDUCING' : 'ACTIVE');
        }
      }),
    );
  });

  it('refuses settings out of range', () => {
    expect(() => riskStateMachine({ warningFactor: 2 })).toThrow(/warningFactor/);
    expect(() => riskStateMachine({ calmForMs: NaN })).toThrow(/calmForMs/);
  });
});
