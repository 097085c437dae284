import { expect, test } from 'vitest';
import { inSampleEvidence, outOfSampleEvidence } from '../../src/reports/evidence.js';

const good = { synthetic: false, netReturn: 0.4, trades: 200, returns: 700, psr: 0.99, dsr: 0.97, pbo: 0.1, trials: 120 };

test('a single run is never more than in-sample', () => {
  expect(inSampleEvidence(false).verdict).toBe('In-sample only');
});

test('synthetic data is evidence of nothing, however good', () => {
  expect(inSampleEvidence(true).verdict).toBe('None');
  expect(outOfSampleEvidence({ ...good, synthetic: true }).verdict).toBe('None');
});

test('each weakness speaks before the strengths', () => {
  expect(outOfSampleEvidence(good).verdict).toBe('Strong');
  expect(outOfSampleEvidence({ ...good, dsr: 0.85 }).verdict).toBe('Suggestive');
  expect(outOfSampleEvidence({ ...good, dsr: 0.5 }).verdict).toBe('Weak');
  expect(outOfSampleEvidence({ ...good, pbo: 0.6 }).verdict).toBe('Weak');
  expect(outOfSampleEvidence({ ...good, dsr: null }).verdict).toBe('Weak');
  expect(outOfSampleEvidence({ ...good, netReturn: -0.01 }).verdict).toBe('Against');
  expect(outOfSampleEvidence({ ...good, trades: 12 }).verdict).toBe('Too little data');
  expect(outOfSampleEvidence({ ...good, netReturn: null }).verdict).toBe('Too little data');
});
