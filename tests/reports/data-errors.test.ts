import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/datasets/series.js';
import { inSampleEvidence, onData } from '../../src/reports/evidence.js';

const finding = (severity: Finding['severity'], code: string): Finding => ({
  code,
  severity,
  file: 'a.csv',
  symbol: 'BNX/USDT',
  kind: 'bars',
  count: 1,
  message: code,
});

describe('the verdict on data with errors', () => {
  it('is that the data is bad, naming what is wrong and where', () => {
    const { verdict, reason } = onData(inSampleEvidence(false), [finding('warning', 'flat-run'), finding('error', 'redenomination')]);
    expect(verdict).toBe('Bad data');
    expect(reason).toContain('redenomination in BNX/USDT');
  });

  it('stays what it was when the error has been repaired', () => {
    expect(onData(inSampleEvidence(false), [{ ...finding('error', 'duplicate'), repaired: 'the first was kept' }])).toEqual(
      inSampleEvidence(false),
    );
  });

  it('stays what it was when there are only warnings', () => {
    expect(onData(inSampleEvidence(false), [finding('warning', 'gap')])).toEqual(inSampleEvidence(false));
  });
});
