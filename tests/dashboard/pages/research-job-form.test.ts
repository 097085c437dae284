import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JobRequest, type StrategyLine } from '../../../src/dashboard/api/research-api.js';
import { draftFaults, EMPTY_DRAFT, jobRequest, RESEARCH_KINDS, type JobDraft } from '../../../src/dashboard/web/research/job-form.js';

const PARAMS: StrategyLine['params'] = [
  { name: 'fast', kind: 'int', min: 5, max: 60, default: 20 },
  { name: 'band', kind: 'float', min: 0, max: 0.2, default: 0.02 },
  { name: 'side', kind: 'choice', min: null, max: null, default: 'both', values: ['both', 'long'] },
  { name: 'hedge', kind: 'bool', min: null, max: null, default: true },
];
const draft = (more: Partial<JobDraft>): JobDraft => ({ ...EMPTY_DRAFT, strategy: 'sma-cross', dataset: 'sample', ...more });

describe('the form that begins research', () => {
  it('makes requests that the server takes, whatever is typed, unless it names a fault', () => {
    const texts = fc.oneof(
      fc.constantFrom('', '1', '7', '90d', '1.5d', '2024-01-01', '2024-06-01', 'true', 'long', 'tpe', '-3', 'x y'),
      fc.string(),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...RESEARCH_KINDS),
        fc.record({
          timeframe: texts,
          from: texts,
          to: texts,
          seed: texts,
          train: texts,
          test: texts,
          purge: texts,
          search: texts,
          points: texts,
          trials: texts,
          more: fc.oneof(texts, fc.constantFrom('a=1', 'a=1\nb=x y')),
          params: fc.record({ fast: texts, band: texts, side: texts, hedge: texts }),
        }),
        (kind, typed) => {
          const whole = draft({ kind, ...typed });
          if (Object.keys(draftFaults(whole, PARAMS)).length > 0) return;
          const read = JobRequest.safeParse(jobRequest(whole, PARAMS));
          expect(read.error?.issues ?? []).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('leaves out what was left empty, so that the settings of the workspace count', () => {
    expect(jobRequest(draft({ kind: 'walkforward' }), PARAMS)).toEqual({
      kind: 'walkforward',
      strategy: 'sma-cross',
      dataset: 'sample',
      symbols: [],
      params: {},
    });
  });

  it('sends parameters in their types', () => {
    const { params } = jobRequest(draft({ params: { fast: '12', band: '0.1', side: 'long', hedge: 'false' } }), PARAMS) as {
      readonly params: unknown;
    };
    expect(params).toEqual({ fast: 12, band: 0.1, side: 'long', hedge: false });
  });

  it('takes parameters of a file, which are not known, as lines', () => {
    const asked = draft({ more: ' fast = 12\nside=long\n\nhedge=false ' });
    expect(draftFaults(asked, [])).toEqual({});
    expect(jobRequest(asked, [])).toMatchObject({ params: { fast: 12, side: 'long', hedge: false } });
    expect(draftFaults(draft({ more: 'fast 12' }), [])).toHaveProperty('more');
  });

  it('names what lies outside the bounds of a parameter', () => {
    const faults = draftFaults(draft({ params: { fast: '61', band: '-1', side: 'up', hedge: 'maybe' } }), PARAMS);
    expect(faults).toEqual({
      'param.fast': '60 or less',
      'param.band': '0 or more',
      'param.side': 'One of both, long',
      'param.hedge': 'true or false',
    });
    expect(draftFaults(draft({ params: { fast: '7.5' } }), PARAMS)).toEqual({ 'param.fast': 'A whole number' });
  });

  it('wants an end after the beginning', () => {
    expect(draftFaults(draft({ from: '2024-02-01', to: '2024-01-01' }), [])).toHaveProperty('to');
    expect(draftFaults(draft({ from: '2024-01-01', to: '2024-02-01' }), [])).toEqual({});
  });
});
