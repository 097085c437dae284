import { describe, expect, it } from 'vitest';
import { leakChecks } from '../../../src/experiments/checks/leak-checks.js';
import type { LeakResult } from '../../../src/experiments/checks/leak-check.js';
import { smallMarket } from '../../arbitraries/market.js';
import { PLANTED } from './planted-leaks.js';
import type { PlantedLeak } from './planted-leaks.js';

const search = (planted: PlantedLeak, strategyOn: PlantedLeak['leak'], cuts: number): Promise<readonly LeakResult[]> => {
  const { config, instruments, chunks } = smallMarket(77, 24 * (planted.days ?? 20), 2, planted.config);
  return leakChecks({ strategyOn, params: {}, config, instruments, chunks: planted.market?.(chunks) ?? chunks }, { cuts });
};
const failures = (results: readonly LeakResult[]): readonly string[] =>
  results.flatMap(({ id, verdict }) => (verdict === 'fail' ? [id] : []));

describe.each(PLANTED.map(planted => [planted.kind, planted] as const))('a strategy that uses %s', (_, planted) => {
  it(`is caught by ${planted.caughtBy}, and its honest twin raises no alarm`, async () => {
    const found = await search(planted, planted.leak, 6);
    expect(failures(found)[0], found.map(({ sentence }) => sentence).join('\n')).toBe(planted.caughtBy);
    const honest = await search(planted, planted.honest, 3);
    expect(failures(honest), honest.map(({ sentence }) => sentence).join('\n')).toEqual([]);
  });
});
