import { expect, it } from 'vitest';
import { simulate } from '../../../src/practice/rig/simulate.js';

/** Fresh seeds in each CI run: RIG_SEED says where they begin, RIG_SEEDS how many. */
const FROM = Number(process.env['RIG_SEED'] ?? 1);
const SEEDS = Number(process.env['RIG_SEEDS'] ?? 8);
const OPTIONS = { activeMs: 60_000 } as const;

/** Every `parts`-th seed, from the `part`-th on: files of tests run at the same time. */
export const playSeeds = (part: number, parts: number): void => {
  it(
    `seeds ${FROM} to ${FROM + SEEDS - 1} hold every law, options ${JSON.stringify(OPTIONS)}, part ${part + 1} of ${parts}`,
    {
      timeout: 900_000,
    },
    async () => {
      const failed: string[] = [];
      let [seeds, executions, kills, snapshots] = [0, 0, 0, 0];
      for (let seed = FROM + part; seed < FROM + SEEDS; seed += parts) {
        const { ok, violations, failures, trace, counters, ...report } = await simulate(seed, OPTIONS);
        seeds++;
        executions += report.executions;
        snapshots += counters['start:snapshot-kept'] ?? 0;
        for (const [name, count] of Object.entries(counters)) if (name.startsWith('kill:')) kills += count;
        if (ok) continue;
        const found = [...violations.map(({ law, text }) => `${law}: ${text}`), ...failures];
        failed.push(
          `seed ${seed}; again: npm run soak -- --seed ${seed} --seeds 1 --active ${OPTIONS.activeMs}\n${found.join('\n')}\n${failed.length < 2 ? trace.slice(-40).join('\n') : ''}`,
        );
      }
      process.stdout.write(
        `seeds from ${FROM + part}: ${seeds} worlds, ${executions} executions, ${kills} kills, ${snapshots} starts from a snapshot, ${failed.length} failed\n`,
      );
      expect(failed, failed.join('\n\n')).toEqual([]);
      // Worlds in which nothing trades hold every law.
      expect(executions).toBeGreaterThan(10 * seeds);
      if (seeds > 40) expect(snapshots).toBeGreaterThan(0);
    },
  );
};
