import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { promotedRecord, type TradedAs } from '../../src/commands/promoted-record.js';
import { sessionSupervisor, type ParityOutcome } from '../../src/commands/session-supervisor.js';
import type { Fact } from '../../src/events/fact.js';
import type { AuditRecord, AuditWord } from '../../src/promotion/audit/audit-record.js';
import { PromotionConfig } from '../../src/promotion/promotion-config.js';
import type { Expectation } from '../../src/promotion/watch/expectation.js';
import { DAY, HOUR } from '../../src/time.js';
import { A, perpetual } from '../engine/scenario.js';
import { settle, virtualClock } from '../live/feed/virtual-clock.js';
import { marked as markedAt, moved, started } from './session-facts.js';

const DAY0 = 20_000;
const T0 = DAY0 * DAY;
const ID = 'one-3f9a12cd';
const place = { account: 'main', venue: 'binanceusdm', practice: true } as const;

/** A promotion that is live at this share. */
const promotedWords = (share: number): AuditWord[] => [
  { type: 'CandidateNamed', promotion: ID, strategy: 'one', run: 'r', pins: 'p' },
  { type: 'StageEntered', promotion: ID, stage: 'paper', size: 1000, share: 1, request: null, ...place },
  { type: 'StageEntered', promotion: ID, stage: 'live', size: 1000, share, request: null, ...place },
];
/** A log in memory, whose chain nobody looks at here. */
const memoryLog = (words: readonly AuditWord[]) => {
  const records: AuditRecord[] = [];
  const append = (more: readonly AuditWord[], actor = 'ann'): void => {
    for (const word of more) records.push({ seq: records.length, at: T0, actor, word, prev: '', hash: '' });
  };
  append(words);
  let reads = 0;
  return {
    records,
    append,
    read: () => {
      reads += 1;
      return Promise.resolve([...records]);
    },
    mark: () => Promise.resolve(`${records.length}`),
    reads: () => reads,
  };
};

/** 1 % a day with hardly any noise: whoever earns nothing falls short at once. */
const expectation: Expectation = {
  version: 1,
  run: 'r',
  returns: [0.01],
  mean: 0.01,
  sd: 0.01,
  hitRate: null,
  slippageBps: null,
  cone: { levels: [], days: [] },
  test: {
    falseAlarm: 0.05,
    horizon: 90,
    shares: { profit: 0.05, hitRate: 0, slippage: 0, drift: 0 },
    threshold: 6.5,
    block: 1,
    paths: 1,
    seed: 's',
    delay: { days: null, power: 0.8 },
  },
};

/** First mark of a day. */
const marked = (day: number, equity: number, ts = day * DAY): Fact => markedAt(ts, equity);

const MANIFESTS: Readonly<Record<string, TradedAs | null>> = {
  live10: { promotion: { id: ID, stage: 'live', share: 0.1 } },
  live1: { promotion: { id: ID, stage: 'live', share: 0.01 } },
  rehearsal: { promotion: null },
  others: null,
};
const recordOf = () =>
  promotedRecord({
    strategy: 'one',
    promotion: ID,
    stage: 'live',
    instruments: [perpetual(A)],
    hedge: false,
    stretchMs: null,
    tradedAs: manifest => MANIFESTS[manifest] ?? null,
  });
const returnsOf = (facts: readonly Fact[]): readonly number[] => {
  const record = recordOf();
  for (const fact of facts) record.handle(fact);
  return record.record.returns;
};

describe('what a promoted strategy did', () => {
  it('is the change of equity from day to day, without what was moved, from its first whole day on', () => {
    const facts = [
      started(T0 + 10 * HOUR, 'live10'),
      marked(DAY0, 100, T0 + 10 * HOUR),
      marked(DAY0 + 1, 90),
      moved(T0 + DAY + HOUR, 'transfer', 50),
      marked(DAY0 + 2, 149),
      marked(DAY0 + 3, 149),
    ];
    // 90 on the first whole day; 50 came, and 9 were earned.
    expect(returnsOf(facts)).toEqual([99 / 90 - 1, 0]);
  });

  it('is the same with restarts anywhere, and with sessions of other strategies in between', () => {
    const path = fc.array(fc.integer({ min: 50, max: 150 }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(path, fc.array(fc.nat(19)), fc.array(fc.nat(19)), (equities, restarts, strangers) => {
        const whole = [started(T0, 'live10'), ...equities.map((equity, i) => marked(DAY0 + 1 + i, equity))];
        const broken = [
          started(T0, 'live10'),
          ...equities.flatMap((equity, i) => [
            ...(strangers.includes(i) ? [started(T0 + (i + 1) * DAY - HOUR, 'others')] : []),
            ...(restarts.includes(i) || strangers.includes(i) ? [started(T0 + (i + 1) * DAY - 10, 'live10')] : []),
            marked(DAY0 + 1 + i, equity),
            // Told again by the next hour, and after a restart.
            marked(DAY0 + 1 + i, equity + 7, T0 + (i + 1) * DAY + HOUR),
          ]),
        ];
        expect(returnsOf(broken)).toEqual(returnsOf(whole));
        expect(returnsOf(whole)).toEqual(equities.slice(1).map((equity, i) => equity / equities[i]! - 1));
      }),
    );
  });

  it('begins anew with each step, and a rehearsal of the same strategy ends it', () => {
    const step = (manifest: string) => [
      started(T0, 'live10'),
      marked(DAY0 + 1, 100),
      marked(DAY0 + 2, 50),
      started(T0 + 2 * DAY + HOUR, manifest),
      marked(DAY0 + 3, 40),
      marked(DAY0 + 4, 40),
    ];
    expect(returnsOf(step('live1'))).toEqual([0]);
    expect(returnsOf(step('rehearsal'))).toEqual([]);
    expect(returnsOf(step('live10'))).toEqual([-0.5, -0.19999999999999996, 0]);
  });
});

const stage = (options: {
  readonly share?: number;
  readonly words?: readonly AuditWord[];
  readonly facts?: readonly Fact[];
  readonly parity?: (from: number) => Promise<ParityOutcome>;
  readonly mode?: 'paper' | 'live';
  readonly onAlarm?: 'reduce' | 'flatten';
  readonly risk?: () => 'ACTIVE' | 'REDUCING' | 'HALTED';
}) => {
  const { share = 0.1, mode = 'live' } = options;
  const clock = virtualClock(T0);
  const log = memoryLog([...promotedWords(share), ...(options.words ?? [])]);
  const restricted: [string, string | null][] = [];
  const said: AuditWord[] = [];
  const troubles: string[] = [];
  const record = promotedRecord({
    strategy: 'one',
    promotion: ID,
    stage: mode,
    instruments: [perpetual(A)],
    hedge: false,
    stretchMs: null,
    tradedAs: () => ({ promotion: { id: ID, stage: mode, share } }),
  });
  for (const fact of options.facts ?? []) record.handle(fact);
  const { parity } = options;
  const supervisor = sessionSupervisor({
    mode,
    place,
    promoted: [{ promotion: ID, strategy: 'one', share, expectation, record }],
    config: PromotionConfig.parse({ watch: { onAlarm: options.onAlarm ?? 'reduce' } }),
    clock,
    log,
    audit: {
      add: words => {
        said.push(...words);
        log.append(words, 'session:main');
      },
    },
    restrict: ({ code }, how) => restricted.push([code, how]),
    risk: () => options.risk?.() ?? 'ACTIVE',
    parity: parity ? (_, from) => parity(from) : null,
    slippage: () => Promise.resolve(null),
    onTrouble: text => troubles.push(text),
  });
  const days = (n: number, equity = 100): readonly Fact[] => [
    started(T0, 'live10'),
    ...Array.from({ length: n + 1 }, (_, i) => marked(DAY0 + 1 + i, equity)),
  ];
  const play = async (facts: readonly Fact[]): Promise<void> => {
    for (const fact of facts) supervisor.handle(fact);
    await supervisor.settled();
  };
  return { clock, log, restricted, said, troubles, supervisor, days, play };
};
const types = (words: readonly AuditWord[]) => words.map(({ type }) => type);

describe('a session that trades something as promoted', () => {
  it('whose strategy does not do what was expected of it falls a step, once, and opens nothing more', async () => {
    const { supervisor, days, play, restricted, said } = stage({});
    supervisor.start();
    await play(days(6));
    expect(restricted).toEqual([]);
    expect(types(said)).not.toContain('RampStepped');
    await play(days(12).slice(8));
    expect(restricted).toEqual([['live-against-expected', 'reduce']]);
    expect(said.filter(({ type }) => type === 'RampStepped')).toMatchObject([{ promotion: ID, from: 0.1, to: 0.01, request: null }]);
    expect(said.findLast(({ type }) => type === 'ExpectationJudged')).toMatchObject({ monitor: 'profit', verdict: 'alarm' });
  });

  it('comes to the same when it is begun again before anybody could act', async () => {
    const { supervisor, days, restricted, said } = stage({ facts: stage({}).days(7) });
    supervisor.start();
    await supervisor.settled();
    expect(restricted).toEqual([['live-against-expected', 'reduce']]);
    expect(types(said)).toContain('RampStepped');
    expect(days(1)).toHaveLength(3);
  });

  it('does not fall again on the next step for what it did on the last', async () => {
    const before = stage({}).days(7);
    const stepped: AuditWord = { type: 'RampStepped', promotion: ID, from: 0.1, to: 0.01, code: 'x', text: 'x', request: null };
    const record = recordOf();
    for (const fact of before) record.handle(fact);
    record.handle(started(T0 + 9 * DAY, 'live1'));
    expect(record.days).toBe(0);
    const next = stage({ share: 0.01, words: [stepped] });
    next.supervisor.start();
    await next.supervisor.settled();
    expect(next.restricted).toEqual([]);
  });

  it('is demoted from the lowest step, and closed where that is configured', async () => {
    const { supervisor, days, play, restricted, said } = stage({ share: 0.01, onAlarm: 'flatten' });
    supervisor.start();
    await play(days(8));
    expect(restricted).toEqual([['live-against-expected', 'flatten']]);
    expect(said.find(({ type }) => type === 'StageLeft')).toMatchObject({ to: 'demoted', code: 'live-against-expected' });
  });

  it('is demoted when a day differs from its backtest, and by nothing but the days of its own', async () => {
    const compared: number[] = [];
    const parity = (from: number): Promise<ParityOutcome> => {
      compared.push((from - T0) / DAY);
      return Promise.resolve({ passed: compared.length < 2, sentence: 'The gap is 12 bps.' });
    };
    const { supervisor, play, restricted, said } = stage({ parity });
    supervisor.start();
    const earning = Array.from({ length: 4 }, (_, i) => marked(DAY0 + 1 + i, 100 + 2 * i));
    for (const fact of [started(T0, 'live10'), ...earning]) await play([fact]);
    expect(compared).toEqual([1, 2]);
    expect(restricted).toEqual([['parity-breach', 'reduce']]);
    expect(said.filter(({ type }) => type === 'StageLeft')).toMatchObject([
      { to: 'demoted', code: 'parity-breach', text: 'one: The gap is 12 bps.' },
    ]);
  });

  it('is not demoted for days on which it was not free to trade any more, for they differ from any backtest', async () => {
    const compared: number[] = [];
    const parity = (from: number): Promise<ParityOutcome> => {
      const day = (from - T0) / DAY;
      compared.push(day);
      return Promise.resolve({ passed: day <= 7, sentence: 'It opened nothing.' });
    };
    const { supervisor, days, play, restricted, said } = stage({ parity });
    supervisor.start();
    for (const fact of days(12)) await play([fact]);
    // The alarm came at the end of the seventh whole day, which was traded like those before.
    expect(restricted).toEqual([['live-against-expected', 'reduce']]);
    expect(compared).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(types(said)).not.toContain('StageLeft');
  });

  it('is not demoted because a person halted the account for some hours: that day has no backtest', async () => {
    const compared: number[] = [];
    const parity = (from: number): Promise<ParityOutcome> => {
      compared.push((from - T0) / DAY);
      return Promise.resolve({ passed: (from - T0) / DAY !== 3, sentence: 'It opened nothing.' });
    };
    let risk: 'ACTIVE' | 'HALTED' = 'ACTIVE';
    const { supervisor, days, play, said, troubles } = stage({ parity, risk: () => risk });
    supervisor.start();
    for (const fact of days(5)) {
      risk = Math.floor((fact.ts - T0) / DAY) === 3 ? 'HALTED' : 'ACTIVE';
      await play([fact]);
    }
    expect(compared).toEqual([1, 2, 4, 5]);
    expect(types(said)).not.toContain('StageLeft');
    expect(troubles.join()).toContain('not free to trade');
  });

  it('says once a week that all is well, and not each day', async () => {
    const { supervisor, play, said } = stage({});
    supervisor.start();
    let equity = 100;
    await play([started(T0, 'live10')]);
    for (let day = 0; day < 22; day++) {
      await play([marked(DAY0 + 1 + day, equity)]);
      equity *= day % 2 === 0 ? 1.02 : 1.01;
    }
    const monitors = said.flatMap(word => (word.type === 'ExpectationJudged' ? [word.monitor] : []));
    for (const monitor of new Set(monitors)) expect(monitors.filter(each => each === monitor).length).toBeLessThanOrEqual(4);
    expect(monitors.filter(each => each === 'profit').length).toBeGreaterThanOrEqual(2);
    expect(types(said)).not.toContain('RampStepped');
  });

  it('opens nothing more when its promotion has gone to another account', async () => {
    const { supervisor, clock, log, restricted, said } = stage({});
    supervisor.start();
    log.append([{ type: 'StageEntered', promotion: ID, stage: 'live', size: 1000, share: 0.1, request: null, ...place, account: 'other' }]);
    await clock.run(61_000);
    await supervisor.settled();
    expect([restricted, said]).toEqual([[['promotion-ended', 'reduce']], []]);
    supervisor.close();
  });

  it('goes on when the parity of a day cannot be told', async () => {
    const { supervisor, days, play, restricted, troubles } = stage({ parity: () => Promise.reject(new Error('no capture')) });
    supervisor.start();
    await play(days(1));
    expect([restricted, troubles]).toEqual([[], ['parity: no capture']]);
  });

  it('opens nothing more within a minute of somebody else taking its promotion back, and steps nothing down for that', async () => {
    const { supervisor, clock, log, restricted, said } = stage({});
    supervisor.start();
    await clock.run(1_000);
    log.append([{ type: 'StageLeft', promotion: ID, to: 'demoted', code: 'asked', text: 'news' }]);
    await clock.run(60_000);
    await supervisor.settled();
    expect(restricted).toEqual([['promotion-ended', 'reduce']]);
    expect(said).toEqual([]);
    supervisor.close();
    expect(clock.pending).toBe(0);
  });

  it('reads the log only when somebody has written into it', async () => {
    const { supervisor, clock, log } = stage({});
    supervisor.start();
    await clock.run(600_000);
    await supervisor.settled();
    expect(log.reads()).toBe(1);
    log.append([{ type: 'CommandGiven', verb: 'backtest', words: [] }]);
    await clock.run(600_000);
    await supervisor.settled();
    expect(log.reads()).toBe(2);
    supervisor.close();
  });

  it('is not held back by a larger share that was approved meanwhile', async () => {
    const { supervisor, clock, log, restricted } = stage({ share: 0.01 });
    supervisor.start();
    const { seq: at } = log.records.at(-1)!;
    Object.assign(log.records[at]!.word, { share: 0.1 });
    await clock.run(61_000);
    await settle();
    expect(restricted).toEqual([]);
  });

  it('on paper tells people, and takes nothing', async () => {
    const { supervisor, days, play, restricted, said } = stage({ mode: 'paper', share: 1 });
    supervisor.start();
    await play(days(8));
    expect(restricted).toEqual([['live-against-expected', null]]);
    expect(types(said).every(type => type === 'ExpectationJudged')).toBe(true);
  });
});
