import { UserError } from '../../errors.js';
import { pause, type LiveClock } from '../live-clock.js';
import type { NoticeLevel } from '../notify/notice.js';
import type { Fencing } from '../session/fencing.js';
import type { SessionLock } from '../session/session-options.js';
import type { VenueTransport } from '../venue-transport.js';
import type { LossWatch } from './loss-watch.js';
import { pulseJudge, type PulseBounds } from './pulse-judge.js';
import type { Pulse } from './pulse.js';
import { takeBack, type TakeBackChoice, type TakenBack } from './take-back.js';

/** How a watchdog watches. Wall ms. */
export interface WatchdogConfig extends PulseBounds {
  /** Between two pulses. */
  readonly pulseMs: number;
  /** A session whose process is gone may be begun again within this, counted from its last answer. */
  readonly graceMs: number;
  /** Without any session from the start on: there is nothing to watch. */
  readonly startMs: number;
  /** Between two looks at the account's loss. */
  readonly lossMs: number;
  /** A session that lives is asked to halt first, and given so long. */
  readonly haltMs: number;
  readonly choice: TakeBackChoice;
  /** Goes on with the next session of the account, instead of ending when this one stops or another begins. */
  readonly follows: boolean;
}

export const DEFAULT_WATCHDOG: WatchdogConfig = {
  pulseMs: 1_000,
  silentMs: 10_000,
  diskMs: 15_000,
  unreadyMs: 300_000,
  graceMs: 30_000,
  startMs: 120_000,
  lossMs: 10_000,
  haltMs: 10_000,
  choice: { all: false, flatten: false },
  follows: false,
};

/** What a watchdog acts through. */
export interface WatchdogPorts {
  readonly clock: LiveClock;
  readonly transport: VenueTransport;
  /** The session's answer; null when there was none in time. */
  readonly ask: () => Promise<Pulse | null>;
  /** Whether a process holds the session's place, answering or not. */
  readonly isHeld: () => Promise<boolean>;
  /** Asks the session itself to halt; whether it says that it is done. */
  readonly halt: (reason: string, flatten: boolean, withinMs: number) => Promise<boolean>;
  /** Tells a session that has woken up to end. */
  readonly stop: (reason: string) => Promise<void>;
  readonly fencing: Fencing;
  /** The session's own place: held while the orders of a dead one are taken back. */
  readonly lock: SessionLock;
  /** Null without a limit of loss. */
  readonly loss: LossWatch | null;
  /** Tells people. */
  readonly tell: (subject: string, state: string, level: NoticeLevel, text: string) => void;
  readonly log: (text: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** Why a watchdog has ended. */
export type WatchdogEnd = 'released' | 'superseded' | 'nothing to watch' | 'taken back' | 'closed';

/** A second pair of eyes on one account, with its own keys, in its own process. */
export interface Watchdog {
  /** Resolves when it has nothing left to do. */
  run(): Promise<WatchdogEnd>;
  /** A person wants everything taken back now. */
  takeBack(by: string, reason: string, flatten: boolean): Promise<TakenBack>;
  /** The session with this epoch stops in order. */
  release(epoch: number): void;
  close(): void;
  readonly epoch: number;
  readonly state: 'waiting' | 'watching' | 'acting' | 'ended';
}

/** A loss that a second look confirms counts: one wrong price must not end a session. */
const CONFIRM_MS = 1_000;
/** Failed looks at the account after which people are told. */
const BLIND = 12;

/**
 * Watches a session by its pulses and the account by its own looks. When the session hangs, or is dead and no other begins in time, or the account has lost too much, it takes the account over: the epoch on disk is
 * raised first, so that the session sends nothing more should it wake up, then orders go, and positions where chosen. Every decision is on monotonic time.
 */
export const watchdog = (ports: WatchdogPorts, config: WatchdogConfig): Watchdog => {
  const { clock, transport, fencing, lock, tell, log } = ports;
  let epoch = 0;
  let state: Watchdog['state'] = 'waiting';
  let end: WatchdogEnd | null = null;
  let released = -1;
  let judge = pulseJudge(config, clock.monotonic());
  let heardAt = clock.monotonic();
  let lookedAt = -Infinity;
  let blind = 0;
  let isOverLimit = false;
  let isUnready = false;
  let exits = 0;
  let acting: Promise<TakenBack> | null = null;

  const isOver = (): boolean => end !== null;
  const finish = (why: WatchdogEnd): void => {
    end ??= why;
    state = 'ended';
  };
  /** Another session has the account, or none has any more. */
  const leave = (why: WatchdogEnd): void => {
    if (!config.follows) return finish(why);
    epoch = 0;
    state = 'waiting';
    isOverLimit = false;
  };

  const act = (code: string, text: string, choice: TakeBackChoice): Promise<TakenBack> => {
    acting ??= (async () => {
      state = 'acting';
      tell(
        `watchdog:${code}`,
        'acting',
        'critical',
        `${text}. The watchdog takes the account's orders back${choice.flatten ? ' and closes its positions' : ''}.`,
      );
      const taken = Math.max(epoch, await fencing.owner().catch(() => epoch)) + 1;
      // A disk that takes nothing is one reason to be here: orders go in any case.
      await Promise.race([
        fencing.take(taken).catch((error: unknown) => log('the epoch could not be raised', { error: String(error) })),
        pause(clock, config.pulseMs * 3),
      ]);
      const work = { transport, clock, log, nextClientId: () => `qw-${taken}.${exits++}` };
      const first = await takeBack(work, choice, isOver);
      // What was on its way when the epoch changed can still arrive.
      await pause(clock, transport.receiveWindowMs + CONFIRM_MS);
      const second = await takeBack(work, choice, isOver);
      const done = { cancelled: first.cancelled + second.cancelled, closed: first.closed + second.closed };
      tell(
        `watchdog:${code}`,
        'done',
        'critical',
        `${done.cancelled} orders were taken back${choice.flatten ? ` and ${done.closed} positions closed` : ''}; the venue lists none of them any more.`,
      );
      log('taken back', done);
      return done;
    })().finally(() => {
      acting = null;
      if (state === 'acting') state = 'watching';
    });
    return acting;
  };

  const hear = (pulse: Pulse): void => {
    const now = clock.monotonic();
    heardAt = now;
    judge.hear(pulse, now);
    // Before it has its epoch it is one that begins, and the orders out there are of the one before.
    if (pulse.epoch === 0 || pulse.epoch === epoch || pulse.epoch <= released) return;
    if (epoch !== 0 && pulse.epoch > epoch) leave('superseded');
    if (isOver()) return;
    epoch = pulse.epoch;
    state = 'watching';
    log('watching', { epoch });
  };

  /** A session that wakes up finds that the account is not its own any more. What it was about to send in that very moment is taken back as well. */
  const untilGone = async (): Promise<void> => {
    let isAwake = false;
    for (; !isOver() && released < epoch && (await ports.isHeld()); await pause(clock, config.pulseMs)) {
      if ((await ports.ask()) === null) continue;
      await ports.stop('the watchdog has taken the account over');
      if (!isAwake) await act('woken', 'The session has woken up', config.choice);
      isAwake = true;
    }
  };

  const silent = async (text: string): Promise<void> => {
    if ((await fencing.owner().catch(() => epoch)) > epoch) return leave('superseded');
    if (await ports.isHeld()) {
      await act('hung', text, config.choice);
      await untilGone();
      released = Math.max(released, epoch);
      return leave('taken back');
    }
    if (clock.monotonic() - heardAt <= config.graceMs) return;
    try {
      await lock.acquire();
    } catch (error) {
      // Another session has begun in this moment.
      if (error instanceof UserError) return;
      throw error;
    }
    try {
      await act('dead', `${text}, and its process is gone`, config.choice);
    } finally {
      await lock.release();
    }
    released = Math.max(released, epoch);
    leave('taken back');
  };

  const lookAtLoss = async (): Promise<void> => {
    const { loss } = ports;
    if (loss === null || epoch === 0 || isOverLimit || clock.monotonic() - lookedAt < config.lossMs) return;
    lookedAt = clock.monotonic();
    try {
      let look = await loss.look();
      blind = 0;
      if (!(look.loss >= look.limit)) return;
      await pause(clock, CONFIRM_MS);
      look = await loss.look();
      if (!(look.loss >= look.limit)) return;
      isOverLimit = true;
      const text = `The account has lost ${look.loss.toFixed(2)}, and ${look.limit.toFixed(2)} is the most it may`;
      tell('watchdog:max-loss', 'passed', 'critical', `${text}. The session is halted.`);
      const done = await ports.halt(text, config.choice.flatten, config.haltMs);
      if (!done) await act('max-loss', `${text}, and its session does not halt`, config.choice);
    } catch (error) {
      blind++;
      log('the account could not be looked at', { error: String(error), times: blind });
      if (blind === BLIND) tell('watchdog:blind', 'raised', 'warning', `The watchdog has not seen the account for ${BLIND} looks.`);
    }
  };

  const beat = async (startedAt: number): Promise<void> => {
    const pulse = await ports.ask();
    if (isOver()) return;
    if (pulse !== null) hear(pulse);
    if (acting !== null) return;
    const now = clock.monotonic();
    if (epoch === 0) {
      if (!config.follows && now - startedAt > config.startMs) finish('nothing to watch');
      return;
    }
    if (released >= epoch) return leave('released');
    const found = judge.finding(now);
    if (found.finding === 'hung') return silent(found.text);
    if (found.finding === 'unready' && !isUnready) tell('watchdog:unready', 'raised', 'warning', found.text);
    if (found.finding === 'well' && isUnready) tell('watchdog:unready', 'cleared', 'info', 'the session is ready again');
    isUnready = found.finding === 'unready';
    await lookAtLoss();
  };

  return {
    run: async () => {
      const startedAt = clock.monotonic();
      judge = pulseJudge(config, startedAt);
      for (; !isOver(); await pause(clock, config.pulseMs))
        try {
          await beat(startedAt);
        } catch (error) {
          log('a look failed', { error: String(error) });
        }
      if (end === 'released')
        await ports.loss?.forget().catch((error: unknown) => log('the loss is not forgotten', { error: String(error) }));
      return end ?? 'closed';
    },
    takeBack: async (by, reason, flatten) => {
      // What is under way may have been told to do less.
      await acting;
      return act('operator', `${by}: ${reason}`, { ...config.choice, flatten: flatten || config.choice.flatten });
    },
    release: gone => {
      released = Math.max(released, gone);
    },
    close: () => finish('closed'),
    get epoch() {
      return epoch;
    },
    get state() {
      return state;
    },
  };
};
