import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../src/events/fact.js';
import { memoryDisk } from '../feed/memory-disk.js';
import { settle } from '../feed/virtual-clock.js';
import { scripted, session } from './stage-session.js';

const ALARM = { code: 'live-against-expected', text: 'one: profit is short of what was expected' };
const said = (facts: readonly Fact[], type: Fact['type']) => facts.filter(fact => fact.type === type && fact.strategy === '');

/** One start after another on one disk. */
const lives = (paper = false) => {
  const disk = memoryDisk();
  return async () => {
    const { runner, given } = scripted();
    const staged = session({ disk, paper, runner });
    await staged.live.start();
    return { ...staged, given };
  };
};

describe('a session that its promotion is taken something from', () => {
  it.each([true, false])('opens nothing more, says so once, and tells its strategies (paper: %s)', async paper => {
    const { live, facts, given } = await lives(paper)();
    live.restrict(ALARM, 'reduce');
    live.restrict(ALARM, 'reduce');
    await settle();
    expect(live.risk).toBe('REDUCING');
    expect(said(facts, 'AlarmRaised')).toMatchObject([{ ...ALARM, severity: 'critical' }]);
    expect(said(facts, 'RiskStateChanged')).toMatchObject([{ state: 'REDUCING', code: 'promotion', text: ALARM.text }]);
    expect(given.findLast(({ input }) => input !== 'start' && input.input === 'risk')?.input).toMatchObject({ state: 'REDUCING' });
  });

  it('is closed where that is asked for, also after it was only to open nothing more', async () => {
    const { live, halts } = await lives()();
    live.restrict(ALARM, 'reduce');
    live.restrict({ code: 'parity-breach', text: 'x' }, 'flatten');
    await settle();
    expect([live.risk, halts]).toEqual(['HALTED', [true]]);
    live.restrict(ALARM, 'reduce');
    expect(live.risk).toBe('HALTED');
  });

  it('only hears of it where nothing is to be taken', async () => {
    const { live, facts } = await lives(true)();
    live.restrict(ALARM, null);
    expect([live.risk, said(facts, 'AlarmRaised').length, said(facts, 'RiskStateChanged').length]).toEqual(['ACTIVE', 1, 0]);
  });

  it('cannot be resumed as long as it lasts, and goes back from a halt to reducing', async () => {
    const { live, letGo } = await lives()();
    live.restrict(ALARM, 'reduce');
    void live.command('halt', 'ann', 'a look');
    await settle();
    letGo();
    expect(live.risk).toBe('HALTED');
    await expect(live.command('resume', 'ann', 'looked')).rejects.toThrow(`stays REDUCING as long as this session lasts: ${ALARM.text}`);
    expect(live.risk).toBe('REDUCING');
  });

  it.each([true, false])('begins again as it was left, alarm included, until a person resumes it (stopped in order: %s)', async stops => {
    const start = lives();
    const first = await start();
    first.live.restrict(ALARM, 'reduce');
    await settle();
    if (stops) await first.live.stop('ended', 'x');
    const { live, facts } = await start();
    expect(live.risk).toBe('REDUCING');
    expect([...live.state.alarms.keys()]).toEqual([ALARM.code]);
    await expect(live.command('resume', 'ann', '')).rejects.toThrow('reason');
    await live.command('resume', 'ann', 'the feed was wrong');
    await settle();
    expect(live.risk).toBe('ACTIVE');
    expect(said(facts, 'AlarmCleared')).toMatchObject([{ code: ALARM.code }]);
    expect((await start()).live.risk).toBe('ACTIVE');
  });
});
