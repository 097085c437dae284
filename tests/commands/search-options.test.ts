import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keepSearch, readKeptSearch } from '../../src/commands/kept-search.js';
import { objectiveFrom, samplerFrom, samplerText, SEARCHES } from '../../src/commands/search-options.js';
import { searchEvidence } from '../../src/experiments/search-evidence.js';
import { SamplerConfig } from '../../src/experiments/samplers/sampler-config.js';
import { random } from '../../src/random.js';

describe('the options of a search', () => {
  test('name samplers that exist, and all of them', () => {
    const kinds = SEARCHES.map(search => {
      const sampler = samplerFrom({ search, trials: 30 }, {}, 2);
      expect(SamplerConfig.parse(sampler)).toEqual(sampler);
      return sampler.kind;
    });
    const known = SamplerConfig.options.map(option => option.shape.kind.value).filter(kind => kind !== 'halving');
    expect(kinds.toSorted()).toEqual(known.toSorted());
  });

  test('go before the configuration file, which goes before the defaults', () => {
    expect(samplerFrom({}, {}, 2)).toEqual({ kind: 'grid', points: 5 });
    expect(samplerFrom({}, { search: 'tpe', trials: 40 }, 2)).toEqual({ kind: 'tpe', trials: 40 });
    expect(samplerFrom({ search: 'sobol', trials: 8 }, { search: 'tpe', trials: 40, halving: true }, 2)).toEqual({
      kind: 'halving',
      of: { kind: 'sobol', trials: 8 },
      eta: 3,
      rungs: 3,
    });
    expect(samplerFrom({ halving: false }, { halving: true, points: 7 }, 2)).toEqual({ kind: 'grid', points: 7 });
    expect(objectiveFrom({}, {})).toEqual({ metric: 'sharpe', minimumTrades: 10 });
    expect(objectiveFrom({ objective: 'calmar, maxDrawdown' }, { objective: 'sortino', minTrades: 3 })).toEqual({
      metric: 'calmar',
      also: ['maxDrawdown'],
      minimumTrades: 3,
    });
  });

  test('try one configuration where nothing is searched, and refuse to halve it', () => {
    const alone = { kind: 'list', configurations: [{}] };
    expect(samplerFrom({ search: 'none' }, { halving: true }, 2)).toEqual(alone);
    expect(samplerFrom({ halving: true }, {}, 0)).toEqual(alone);
    expect(() => samplerFrom({ search: 'none', halving: true }, {}, 2)).toThrow('nothing to halve');
  });

  test('read well in a report', () => {
    expect(samplerText({ kind: 'grid', points: 5 }, 'fold')).toBe('grid, 5 points a parameter');
    expect(samplerText({ kind: 'random', trials: 200 }, 'fold')).toBe('random, 200 a fold');
    expect(samplerText(samplerFrom({ search: 'tpe', halving: true }, {}, 1), 'sweep')).toBe(
      'tpe, 100 a sweep, halved on 3 rungs, one in 3 kept',
    );
    expect(samplerText({ kind: 'list', configurations: [{}] }, 'fold')).toContain('none');
  });
});

describe('the evidence of a search', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kept-search-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('comes back from the run’s folder as it was', async () => {
    const draw = random(1);
    const configurations = [1, 2, 3].map(k => ({ params: { k }, returns: Float64Array.from({ length: 60 }, () => draw.normal() / 100) }));
    const search = searchEvidence({ configurations, periodsPerYear: 365, trials: 9, over: 'a window', seed: 1, samples: 50 });
    const pbo = { value: 0.25, reason: null };
    const trials = { run: 3, total: 9, unsettled: 1, effective: { value: 2.5, reason: null }, sharpes: [0.1, -0.05] };
    const result = { search, trials, overfitting: { psr: pbo, dsr: pbo, pbo } };
    await keepSearch(folder, result);
    expect(await readKeptSearch(folder, 'run')).toEqual({ version: 1, search, foldPbo: pbo, trials });
  });

  test('is not there for runs of earlier releases', async () => {
    expect(await readKeptSearch(folder, 'run')).toBeUndefined();
  });
});
