import { describe, expect, it } from 'vitest';
import { requireAgreedLoss } from '../../src/commands/agreed-loss.js';
import { writtenLog } from '../promotion/written-log.js';

/** Live with one hundredth of 10,000; 35 may be lost of it. */
const live = () => {
  const log = writtenLog();
  log.name();
  log.paper();
  const request = log.ask({ worstCaseLoss: 35 });
  log.approve(request);
  log.enter(request);
  return log;
};
const permit = (capital: number) => ({
  rehearsal: false,
  promoted: [{ strategy: 'sma', promotion: 'sma-1', stage: 'live', size: 10_000, share: 0.01, capital }] as const,
});
const refusal = (log: ReturnType<typeof live>, worstCaseLoss: number): unknown => {
  try {
    requireAgreedLoss(log.records, permit(100), { worstCaseLoss });
    return null;
  } catch (error) {
    return error;
  }
};

describe('a live session', () => {
  it('begins when it can lose what was agreed to, and not when it can lose more', () => {
    expect(refusal(live(), 35)).toBeNull();
    // A stop of 0.5 instead of 0.1: by hand, 25 and 50 of 100.
    expect(refusal(live(), 75)).toMatchObject({ code: 'over-loss', exitCode: 4 });
  });

  it('is held to the newest step that it stands on', () => {
    const log = live();
    const up = log.ask({ action: 'ramp', share: 0.1, worstCaseLoss: 350 });
    log.approve(up);
    expect(refusal(log, 350)).not.toBeNull();
    log.step(up, 0.01);
    expect(refusal(log, 350)).toBeNull();
    log.write('session:main', { type: 'RampStepped', promotion: 'sma-1', from: 0.1, to: 0.01, code: 'x', text: 'x', request: null });
    expect(refusal(log, 35)).toBeNull();
  });

  it('is held to nothing where nobody was asked', () => {
    const log = writtenLog();
    log.name();
    log.paper();
    expect(refusal(log, 1e9)).toBeNull();
  });
});
