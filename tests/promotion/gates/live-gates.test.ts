import { describe, expect, it } from 'vitest';
import type { GateRehearsal, LiveInputs, RampInputs } from '../../../src/promotion/gates/gate-inputs.js';
import type { GateResult } from '../../../src/promotion/gates/gate.js';
import { judgeGates, judgeRamp } from '../../../src/promotion/gates/judge-gates.js';
import { DAY, HOUR } from '../../../src/time.js';
import { config, evidence, live, NOW, ramp, session, T0 } from './passing-inputs.js';

const named = (results: readonly GateResult[], name: string): GateResult => {
  const found = results.find(each => each.gate === name);
  if (!found) throw new Error(`no gate ${name}`);
  return found;
};
const gate = (name: string, over: Partial<LiveInputs> = {}): GateResult => named(judgeGates('live', live(over), config), name);
const step = (name: string, over: Partial<RampInputs> = {}): GateResult => named(judgeRamp(ramp(over), config), name);
const open = (results: readonly GateResult[]): boolean => results.every(({ verdict }) => verdict === 'pass');

describe('the gates of live', () => {
  it('are all open to a record with everything to spare, and ask again for what paper asked', () => {
    const results = judgeGates('live', live(), config);
    expect(open(results)).toBe(true);
    expect(new Set(results.map(({ gate: name }) => name)).size).toBe(results.length);
    expect(named(judgeGates('live', live({ evidence: evidence({ days: 10 }) }), config), 'out-of-sample-days').verdict).toBe('fail');
  });

  it('stay shut where only what paper asks is known', () => {
    const results = judgeGates('live', { evidence: evidence(), session: session() }, config);
    expect(results.filter(({ verdict }) => verdict === 'cannot-tell').map(({ gate: name }) => name)).toEqual([
      'pins',
      'paper-days',
      'paper-trades',
      'parity',
      'alarms',
      'kill-switch',
      'dead-man',
    ]);
  });

  it('add up market days over sessions, and open at exactly those that are asked for', () => {
    const two = (days: number) => ({
      paper: {
        stretches: [
          { from: T0, to: T0 + 10 * DAY },
          { from: T0 + 20 * DAY, to: T0 + (10 + days) * DAY },
        ],
        trades: 30,
      },
    });
    expect(gate('paper-days', two(28)).verdict).toBe('pass');
    expect(gate('paper-days', two(27.9)).verdict).toBe('fail');
    expect(gate('paper-days', two(27.9)).change).toBe('About 3 hours more on paper.');
    expect(gate('paper-trades', two(28)).verdict).toBe('pass');
    expect(gate('paper-trades', { paper: { stretches: [{ from: T0, to: T0 + 29 * DAY }], trades: 29 } })).toMatchObject({
      verdict: 'fail',
      change: 'About 24 hours more at its rate.',
    });
  });

  it('name what changed since it was promoted, and open for no approval', () => {
    const fault = { pin: 'strategy', name: 'edge.ts', text: 'edge.ts has other bytes.' } as const;
    expect(gate('pins', { pinFaults: [fault] })).toMatchObject({ verdict: 'fail', overridable: false });
    expect(gate('pins', { pinFaults: [fault] }).sentence).toContain('edge.ts');
  });

  it('name an alarm that is up', () => {
    const said = gate('alarms', { alarms: [{ code: 'drawdown', text: 'down 5%', account: 'paper' }] });
    expect(said.verdict).toBe('fail');
    expect(said.sentence).toContain('drawdown on paper');
  });
});

describe('parity on paper', () => {
  const certificate = (from: number, to: number, bps: number | null, passed = true, tolerance = { bps: 5, unexplained: 0.2 }) => ({
    from: T0 + from * DAY,
    to: T0 + to * DAY,
    passed,
    bps,
    tolerance,
  });
  const parity = (...certificates: ReturnType<typeof certificate>[]) => gate('parity', { parity: certificates });

  it('holds up to exactly the gap that is allowed, in either direction', () => {
    expect(parity(certificate(0, 40, 5)).verdict).toBe('pass');
    expect(parity(certificate(0, 40, -5.01)).verdict).toBe('fail');
    expect(parity(certificate(0, 40, -5.01)).figure).toBe(5.01);
    expect(parity(certificate(0, 40, 1, false)).verdict).toBe('fail');
  });

  it('asks for certificates over all of the time but the bars at the ends of a session', () => {
    expect(parity(certificate(0, 20, 1), certificate(20, 40, 1)).verdict).toBe('pass');
    expect(parity(certificate(0, 30, 1)).verdict).toBe('cannot-tell');
    expect(parity(certificate(0, 30, 1)).sentence).toContain('10 days of 40 days');
    expect(parity(certificate(2 * (HOUR / DAY), 40 - HOUR / DAY, 1)).verdict).toBe('pass');
    expect(parity().verdict).toBe('cannot-tell');
  });

  it('is judged by the newest certificate of each moment', () => {
    expect(parity(certificate(0, 40, 9), certificate(0, 40, 1)).verdict).toBe('pass');
    expect(parity(certificate(0, 40, 1), certificate(10, 11, 9)).verdict).toBe('fail');
    expect(parity(certificate(0, 20, 9), certificate(10, 40, 1)).verdict).toBe('fail');
  });

  it('does not take a certificate that was judged by looser tolerances', () => {
    expect(parity(certificate(0, 40, 1, true, { bps: 5, unexplained: 0.5 })).verdict).toBe('fail');
    expect(parity(certificate(0, 40, null, true, { bps: 50, unexplained: 0.2 })).verdict).toBe('fail');
    expect(parity(certificate(0, 40, null)).verdict).toBe('pass');
  });
});

describe('rehearsals', () => {
  const rehearsed = (days: number, passed = true, what: GateRehearsal['what'] = 'kill-switch'): GateRehearsal => ({
    what,
    account: 'main',
    at: NOW - days * DAY,
    passed,
    tookMs: null,
    text: 'two orders stayed',
  });

  it('hold for exactly the days that are asked for', () => {
    expect(gate('kill-switch', { rehearsals: [rehearsed(30)] }).verdict).toBe('pass');
    expect(gate('kill-switch', { rehearsals: [rehearsed(30.01)] }).verdict).toBe('fail');
    expect(gate('dead-man', { rehearsals: [rehearsed(1)] }).verdict).toBe('cannot-tell');
    expect(gate('dead-man', { rehearsals: [rehearsed(1, true, 'dead-man')] }).verdict).toBe('pass');
  });

  it('count by the last one, whichever order they are listed in', () => {
    const failed = gate('kill-switch', { rehearsals: [rehearsed(1, false), rehearsed(2)] });
    expect(failed.verdict).toBe('fail');
    expect(failed.sentence).toContain('two orders stayed');
    expect(gate('kill-switch', { rehearsals: [rehearsed(2, false), rehearsed(1)] }).verdict).toBe('pass');
  });
});

describe('the gates of the next step of capital', () => {
  it('are all open to a record with everything to spare, and all shut to one that nobody could read', () => {
    expect(open(judgeRamp(ramp(), config))).toBe(true);
    const blind = { step: null, watch: null, parity: null, alarms: null, risk: null, pinFaults: null };
    expect(judgeRamp(ramp(blind), config).every(({ verdict }) => verdict === 'cannot-tell')).toBe(true);
  });

  it('ask for days and trades on this very step', () => {
    const on = (days: number, trades: number) => ({ step: { stretches: [{ from: T0, to: T0 + days * DAY }], trades } });
    expect(step('step-days', on(14, 20)).verdict).toBe('pass');
    expect(step('step-days', on(13.99, 20)).verdict).toBe('fail');
    expect(step('step-trades', on(14, 20)).verdict).toBe('pass');
    expect(step('step-trades', on(14, 19)).verdict).toBe('fail');
  });

  it('stay shut while any monitor is in alarm, parity is broken, or the account is not active', () => {
    const monitors = [
      { monitor: 'profit', verdict: 'inside', sentence: '' },
      { monitor: 'hit-rate', verdict: 'alarm', sentence: '3 of 20 won' },
    ] as const;
    expect(step('watch', { watch: monitors })).toMatchObject({ verdict: 'fail', sentence: 'hit-rate: 3 of 20 won' });
    expect(step('watch', { watch: [] }).verdict).toBe('cannot-tell');
    const [held] = ramp().parity!;
    expect(step('step-parity', { parity: [{ ...held!, bps: 6 }] }).verdict).toBe('fail');
    // A good hour after a bad day, and one from before the step.
    expect(
      step('step-parity', {
        parity: [
          { ...held!, passed: false },
          { ...held!, to: T0 + DAY / 24 },
        ],
      }).verdict,
    ).toBe('fail');
    expect(step('step-parity', { parity: [{ ...held!, from: T0 - 9 * DAY, to: T0 }] }).verdict).toBe('cannot-tell');
    expect(step('step-parity', { parity: [{ ...held!, passed: false }, held!] }).verdict).toBe('pass');
    expect(step('risk-state', { risk: { state: 'REDUCING', text: 'an alarm' } }).verdict).toBe('fail');
    expect(step('risk-state', { risk: { state: 'HALTED', text: 'a person' } }).verdict).toBe('fail');
  });
});
