import { describe, expect, it } from 'vitest';
import { trialsLine } from '../../src/commands/trials-line.js';
import type { TrialCount } from '../../src/experiments/count-trials.js';

const count = (change: Partial<TrialCount>): TrialCount => ({
  distinct: 1,
  effective: 1,
  lines: 1,
  unsettled: 0,
  unreadable: 0,
  names: ['sma-cross'],
  onSameData: 1,
  ...change,
});

describe('the line about trials', () => {
  it('says how many there were of the strategy and of all on this data', () => {
    expect(trialsLine(count({}))).toBe('1 trial of sma-cross so far; 1 of all strategies on this data');
    expect(trialsLine(count({ distinct: 2710, effective: 2710, onSameData: 3000 }))).toBe(
      '2,710 trials of sma-cross so far; 3,000 of all strategies on this data',
    );
  });

  it('says how many independent ones they amount to where that is fewer, and never none', () => {
    expect(trialsLine(count({ distinct: 2710, effective: 386.3 }))).toContain('2,710 trials of sma-cross so far (about 386 independent);');
    expect(trialsLine(count({ distinct: 2, effective: 1.2 }))).toContain('(about 1 independent)');
    expect(trialsLine(count({ distinct: 2, effective: 1.8 }))).not.toContain('independent');
  });

  it('names what the code ran as before', () => {
    expect(trialsLine(count({ distinct: 5, effective: 5, names: ['new', 'old', 'older'] }))).toContain(
      'of new so far, which also ran as old, older;',
    );
  });
});
