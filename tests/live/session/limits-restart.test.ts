import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../src/events/fact.js';
import type { RiskLimits } from '../../../src/risk/limits.js';
import { OFF } from '../../risk/book.js';
import { memoryDisk } from '../feed/memory-disk.js';
import { scripted, session } from './stage-session.js';

const LOOSE: RiskLimits = { ...OFF, maxExposure: 1, maxOrderNotional: 5_000 };
const settings = (facts: readonly Fact[]) =>
  facts.flatMap(fact => (fact.type === 'SettingChanged' ? [[fact.path, fact.after, fact.direction, fact.by]] : []));

/** One start after another on one disk; each but the last dies without a word. */
const lives = (paper: boolean) => {
  const disk = memoryDisk();
  return async (limits: RiskLimits = LOOSE, snapshotFacts = 1_000_000) => {
    const { runner, given, starts } = scripted();
    const staged = session({ disk, paper, limits, runner, config: { snapshotFacts } });
    await staged.live.start();
    return { ...staged, given, starts, disk };
  };
};

describe.each([
  ['live', false],
  ['paper', true],
])('limits of a %s session that is killed', (_, paper) => {
  it('stay as tight as they were set, at the account and at its strategies, and the start says so once', async () => {
    const live = lives(paper);
    const first = await live();
    await first.live.setLimits({ maxExposure: 0.5 }, 'ann', '');
    expect(first.given.at(-1)?.input).toMatchObject({ input: 'limits', limits: { maxExposure: 0.5 } });
    const second = await live();
    expect(second.live.limits).toMatchObject({ maxExposure: 0.5, maxOrderNotional: 5_000 });
    expect(second.starts[0]?.limits).toEqual(second.live.limits);
    expect(second.live.keptLimits.map(({ name, inForce, configured }) => [name, inForce, configured])).toEqual([['maxExposure', 0.5, 1]]);
    expect(settings(second.facts)).toEqual([['risk.maxExposure', '0.5', 'tighter', 'restart']]);
    // Loosened with a reason, it is as configured again, and there is nothing left to say.
    await expect(second.live.setLimits({ maxExposure: 1 }, 'ann', '')).rejects.toThrow('reason-needed');
    await second.live.setLimits({ maxExposure: 1 }, 'ann', 'calm again');
    const third = await live();
    expect(third.live.limits?.maxExposure).toBe(1);
    expect(third.live.keptLimits).toEqual([]);
    expect(settings(third.facts)).toEqual([]);
  });

  it('stay loosened while the configuration is the same, and not once it was edited', async () => {
    const live = lives(paper);
    await (await live()).live.setLimits({ maxExposure: 2 }, 'ann', 'after the event');
    const same = await live();
    expect(same.live.limits?.maxExposure).toBe(2);
    expect(settings(same.facts)).toEqual([['risk.maxExposure', '2', 'looser', 'restart']]);
    expect((await live({ ...LOOSE, maxOrderNotional: 4_000 })).live.limits).toMatchObject({ maxExposure: 2, maxOrderNotional: 4_000 });
    expect((await live({ ...LOOSE, maxExposure: 0.9 })).live.limits?.maxExposure).toBe(0.9);
    // Edited back: still what it was when the account was last traded.
    expect((await live()).live.limits?.maxExposure).toBe(0.9);
  });

  it('come back the same with a snapshot and without', async () => {
    const live = lives(paper);
    const first = await live(LOOSE, 1);
    await first.live.setLimits({ maxExposure: 0.5 }, 'ann', '');
    await first.live.setLimits({ maxOrderNotional: 9_000 }, 'ann', 'larger lots');
    await first.clock.run(3_000);
    const snapshot = [...first.disk.files.keys()].find(path => path.endsWith('snapshot.json'));
    expect(snapshot).toBeDefined();
    const kept = Buffer.from(first.disk.files.get(snapshot ?? '') ?? []).toString('utf8');
    expect(kept).toContain('larger lots');
    const files = new Map(first.disk.files);
    const fromSnapshot = (await live()).live.limits;
    first.disk.files.clear();
    for (const [path, bytes] of files) if (path !== snapshot) first.disk.files.set(path, bytes);
    const fromJournal = (await live()).live.limits;
    expect(fromSnapshot).toEqual({ ...LOOSE, maxExposure: 0.5, maxOrderNotional: 9_000 });
    expect(fromJournal).toEqual(fromSnapshot);
  });

  it('were not set when the answer never came and the journal does not say so', async () => {
    const live = lives(paper);
    const first = await live();
    first.disk.full = true;
    await expect(first.live.setLimits({ maxExposure: 2 }, 'ann', 'x')).rejects.toThrow();
    first.disk.full = false;
    expect((await live()).live.limits?.maxExposure).toBe(1);
  });

  it('can be asked to change before the session has read its journal, and are changed from what that says', async () => {
    const live = lives(paper);
    await (await live()).live.setLimits({ maxExposure: 0.5 }, 'ann', '');
    const { runner } = scripted();
    const disk = (await live()).disk;
    const staged = session({ disk, paper, limits: LOOSE, runner });
    const refused = expect(staged.live.setLimits({ maxExposure: 0.8 }, 'ann', '')).rejects.toThrow('from 0.5 to 0.8');
    await staged.live.start();
    await refused;
  });
});

describe('limits of a session that trades what was promoted', () => {
  const promoted = (disk: ReturnType<typeof memoryDisk>, names: readonly string[]) => {
    const { runner } = scripted();
    return session({ disk, paper: false, limits: LOOSE, runner, promoted: names });
  };

  it('may be tighter than it was promoted with, back again, and never looser', async () => {
    const disk = memoryDisk();
    const { live } = promoted(disk, ['one']);
    await live.start();
    await live.setLimits({ maxExposure: 0.5 }, 'ann', '');
    await live.setLimits({ maxExposure: 1 }, 'ann', 'calm again');
    await expect(live.setLimits({ maxExposure: 1.1 }, 'ann', 'greed')).rejects.toThrow('promoted-limits: maxExposure');
    expect(live.limits?.maxExposure).toBe(1);
  });

  it('are not looser by what an earlier session without a promotion was told: it does not begin', async () => {
    const disk = memoryDisk();
    const before = promoted(disk, []);
    await before.live.start();
    await before.live.setLimits({ maxExposure: 2 }, 'ann', 'a rehearsal');
    const after = promoted(disk, ['one']);
    await expect(after.live.start()).rejects.toMatchObject({ code: 'promoted-limits', exitCode: 4 });
  });
});
