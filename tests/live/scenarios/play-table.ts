import { describe, expect, it } from 'vitest';
import { play } from '../../../src/practice/rig/play.js';
import { SCENARIOS } from '../../../src/practice/rig/scenario-table.js';
import type { Scenario } from '../../../src/practice/rig/scenario.js';

/** Every scenario that is chosen, on each of the seeds. */
export const playTable = (seeds: readonly number[], chosen: (scenario: Scenario, place: number) => boolean): void => {
  describe.each(seeds)('the table of faults, seed %i', seed => {
    it.each(SCENARIOS.filter(chosen).map(scenario => [`${scenario.number} ${scenario.name}: ${scenario.inject}`, scenario] as const))(
      '%s',
      { timeout: 60_000 },
      async (_, scenario) => {
        const { violations, failures, trace } = await play(scenario, { seed });
        const found = [...violations.map(({ law, text }) => `${law}: ${text}`), ...failures];
        expect(found, `the last events were\n${trace.slice(-30).join('\n')}`).toEqual([]);
      },
    );
  });
};
