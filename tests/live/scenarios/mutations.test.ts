import { describe, expect, it } from 'vitest';
import { BrokerConfig } from '../../../src/live/broker/broker-config.js';
import { DEFAULT_FEED } from '../../../src/live/feed/feed-config.js';
import { DEFAULT_SESSION } from '../../../src/live/session/session-options.js';
import { MUTATIONS, type Mutation, type Switch } from '../../../src/practice/rig/mutations.js';
import { play } from '../../../src/practice/rig/play.js';
import { SCENARIOS } from '../../../src/practice/rig/scenario-table.js';
import type { StageOptions } from '../../../src/practice/rig/scenario.js';
import { JOURNAL_DEFENCES } from '../../../src/practice/rig/weakened-disk.js';

const off = ({ of, defence }: Switch): Partial<StageOptions> => ({ [of]: { defences: { [defence]: false } } });
const switchedOff = (mutation: Mutation): Partial<StageOptions> => ({
  ...off(mutation),
  ...(mutation.also === undefined ? {} : off(mutation.also)),
});

describe('each defence is needed', () => {
  it.each(MUTATIONS.map(mutation => [`${mutation.of}.${mutation.defence}`, mutation] as const))(
    'without %s a scenario fails',
    { timeout: 60_000 },
    async (_, mutation) => {
      const scenario = SCENARIOS.find(({ name }) => name === mutation.scenario);
      if (scenario === undefined) throw new Error(`no scenario ${mutation.scenario}`);
      // A program that breaks down has been noticed too.
      const found = await play(scenario, switchedOff(mutation)).then(
        ({ violations, failures }) => violations.length + failures.length,
        () => 1,
      );
      expect(found).toBeGreaterThan(0);
    },
  );

  it('names every defence there is', () => {
    const known = [BrokerConfig.parse({}).defences, DEFAULT_SESSION.defences, DEFAULT_FEED.defences, JOURNAL_DEFENCES].flatMap(each =>
      Object.keys(each),
    );
    expect(MUTATIONS.map(({ defence }): string => defence).toSorted()).toEqual(known.toSorted());
  });
});
