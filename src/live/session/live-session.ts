import type { Slab } from '../../events/feed.js';
import type { OperatorCommanded } from '../../events/operator.js';
import type { OrderId, Ticket } from '../../events/order.js';
import { openEnvelope, type VenueEvent } from '../../execution/venue.js';
import type { SegmentedJournal } from '../../journal/ndjson/open-live-journal.js';
import { changeLimits } from '../../risk/change-limits.js';
import { effectiveLimits, heldLimits, keptLimits, looserLimits, type KeptLimit } from '../../risk/limits-in-force.js';
import type { RiskLimits } from '../../risk/limits.js';
import { movedMarks } from '../../risk/moved-marks.js';
import { stateBoard, type StateBoard, type StateChange } from '../../risk/state-board.js';
import type { RiskState } from '../../risk/state.js';
import { banGate } from '../broker/ban-gate.js';
import { evolve, initialState, openRecords, type BrokerState } from '../broker/broker-state.js';
import { isLasting } from '../broker/lasting-alarm.js';
import type { LiveBroker, Readiness } from '../broker/live-broker.js';
import type { Ownership } from '../broker/ownership.js';
import { failed, messageOf, usageError, UserError } from '../../errors.js';
import type { Symbol } from '../../market/instrument.js';
import { toMoney } from '../../market/units.js';
import type { CancelTimer } from '../live-clock.js';
import type { BrokerRequest } from '../runner/broker-request.js';
import type { RunnerOutput } from '../runner/strategy-runner.js';
import type { TransportEvent } from '../venue-transport.js';
import type { AccountWord } from '../word.js';
import { accountRisk, type AccountRisk } from './account-risk.js';
import { FactStreams } from './fact-streams.js';
import { fencing, type Fencing } from './fencing.js';
import { recover, saveState } from './recovery.js';
import type { SessionFeed, SessionOptions, SessionSlab } from './session-options.js';
import { sessionMeter, type SessionMeter } from './session-meter.js';
import { stateRecord, type StateRecord } from './state-record.js';
import { StrategyDesk } from './strategy-desk.js';
import { HOUR, MINUTE } from '../../time.js';

/** Wall time in which a strategy must have warmed up, ms. */
const WARM_UP_MS = 60_000;

/** Name under which what is promoted has a say in the account's state. */
const PROMOTION = 'promotion';

/** What a person may tell a session. */
export type Command = OperatorCommanded['command'];

/**
 * One account that trades: strategies, feed, broker and journal, put together. Start-up is recovery: the journal is folded, the venue asked about everything that had not ended, and only then do strategies
 * begin. Every fact goes to disk before anything that follows from it leaves. It runs on the ports of its options and on nothing else.
 */
export class LiveSession {
  readonly state: BrokerState;
  readonly streams: FactStreams;
  readonly desks: readonly StrategyDesk[];
  epoch = 0;
  phase: 'new' | 'recovering' | 'connecting' | 'warming-up' | 'trading' | 'stopping' | 'stopped' = 'new';
  /** Why nothing can be written any more, or null. */
  diskFailure: string | null = null;
  /** Limits that hold from this start on although it is configured otherwise. */
  keptLimits: readonly KeptLimit[] = [];
  /** Figures of the account, for whoever looks at it. */
  readonly meter: SessionMeter;
  /** Called when it has stopped by itself. */
  onEnd: ((code: string, text: string) => void) | null = null;

  private readonly _o: SessionOptions;
  private readonly _fencing: Fencing;
  private readonly _tagOwner: ReadonlyMap<string, StrategyDesk>;
  private _journal: SegmentedJournal | null = null;
  private _broker: LiveBroker | null = null;
  private _feed: SessionFeed | null = null;
  private _timer: CancelTimer | null = null;
  private _snapshotAt = 0;
  private readonly _states: StateRecord;
  private _markedAt = 0;
  /** The halt that is being carried out. */
  private _halting: { readonly flatten: boolean; readonly done: Promise<void> } | null = null;
  /** What each strategy has asked for leaves in its order. */
  private readonly _turns = new Map<StrategyDesk, Promise<void>>();
  private _beatAt = NaN;
  /** Resolves when facts can be written; rejects when it never came to that. */
  private readonly _opened: Promise<void>;
  private _open: { readonly resolve: () => void; readonly reject: (error: Error) => void } | null = null;
  /** Another session has taken the account over; resolves when this one has let everything go. */
  private _replaced: Promise<void> | null = null;
  /** Rejects when it is told to stop before it has begun. */
  private readonly _aborted: Promise<never>;
  private _abort: (error: Error) => void = () => {};
  private readonly _risk: AccountRisk | null;
  /** As this start is configured. */
  private readonly _configured: RiskLimits | null;
  /** All who have a say in the account's state. */
  private readonly _board: StateBoard = stateBoard();
  /** What its promotion has taken from it, for as long as this session lasts. */
  private _restriction: StateChange | null = null;
  private _rememberedAt = NaN;
  /** On bars alone: what has come since the last bar. */
  private _early: Slab['chunks'] = [];
  /** Close of the newest bars that were given to the strategies, and of those that were told as done. */
  private _playedTo = -Infinity;
  private _saidPlayed = -Infinity;

  constructor(options: SessionOptions) {
    this._o = options;
    this._opened = new Promise((resolve, reject) => (this._open = { resolve, reject }));
    this._aborted = new Promise((_, reject) => (this._abort = reject));
    for (const promise of [this._opened, this._aborted]) promise.catch(() => {});
    const { instruments, hedge, clock, account } = options;
    this.state = initialState(instruments, { hedge });
    this.streams = new FactStreams({
      account,
      instruments,
      hedge,
      clock,
      fold: {
        apply: fact => {
          evolve(this.state, fact);
          // What earlier sessions wrote has had its consequences.
          if (this._journal === null) return;
          this._risk?.handle(fact);
          this.meter.handle(fact);
        },
      },
      onFact: fact => options.onFact?.(fact),
    });
    this.desks = options.strategies.map(
      runner =>
        new StrategyDesk(runner, {
          clock,
          onOutput: (desk, output) => this._output(desk, output),
          onOrphans: (strategy, events) => void this._say(events, strategy),
          onFailure: (desk, text) => this._strategyFailed(desk, text),
        }),
    );
    this._tagOwner = new Map(this.desks.map(desk => [desk.name, desk]));
    this._fencing = fencing(options.disk, options.folder);
    this._states = stateRecord(options.disk, options.folder);
    this._configured = options.risk ?? options.limits?.limits ?? null;
    this._risk =
      options.limits === null
        ? null
        : accountRisk(options.limits, {
            instruments,
            state: this.state,
            lastPrice: symbol => this.lastPrice(symbol),
            now: () => clock.market(),
            onChange: change => this._report('limits', change, false),
          });
    this.meter = sessionMeter(
      options.measure ?? {
        barMs: options.limits?.barMs ?? MINUTE,
        timeframe: null,
        symbols: instruments.map(({ symbol }) => symbol),
        tiersOf: options.limits?.tiersOf ?? (() => []),
      },
      {
        instruments,
        state: this.state,
        strategies: this.desks.map(({ name }) => name),
        lastPrice: symbol => this.lastPrice(symbol),
        now: () => clock.market(),
        limited: [...(options.limits === null ? [] : ['']), ...(options.risk === undefined ? [] : this.desks.map(({ name }) => name))],
      },
    );
  }

  /** Last price as the feed has it, NaN when unknown or too old to act on. */
  lastPrice(symbol: Symbol): number {
    return this._feed?.lastPrice(symbol) ?? NaN;
  }

  /** The account's risk state, above those of the strategies. */
  get risk(): RiskState {
    return this._board.state;
  }

  /** Limits that hold now; null when the session has none to change. */
  get limits(): RiskLimits | null {
    return this._configured === null ? null : heldLimits(this._configured, this.streams.limits);
  }

  /** Facts that are on the disk, those of earlier sessions included. */
  get durable(): number {
    return this._journal?.position().facts ?? 0;
  }

  get readiness(): Readiness {
    if (this.diskFailure !== null) return { ready: false, code: 'disk', text: this.diskFailure };
    if (this.phase !== 'trading') return { ready: false, code: this.phase, text: `the session is ${this.phase}` };
    return this._broker?.readiness ?? { ready: true };
  }

  /** Recovers, connects, reconciles, warms up and begins. Throws a UserError that says what stands in the way; the journal is then as it was, or longer. */
  async start(): Promise<void> {
    await this._o.lock.acquire();
    try {
      await this._begin();
    } catch (error) {
      this._open?.reject(new Error('the session has not begun'));
      // Whoever has taken the account over meanwhile has its journal too.
      if (this._feed !== null) this._owner();
      await (this._replaced ?? this._end('not-begun', messageOf(error), { cancel: false }));
      throw error;
    }
  }

  private async _begin(): Promise<void> {
    const { clock, mode, venue, practice, manifest, config } = this._o;
    const transport = config.defences.sharedBan ? banGate(this._o.transport, clock, config.banMs) : this._o.transport;
    const unlessStopped = <T>(step: Promise<T>): Promise<T> => Promise.race([step, this._aborted]);
    this.phase = 'recovering';
    const { journal } = await recover(this._o, this.streams, this.state);
    this._journal = journal;
    this._risk?.adopt();
    if (this.limits !== null) this.meter.change(this.limits);
    this.meter.begin(name => this.streams.memory(name).state.marks);
    this._snapshotAt = this.streams.folded;
    this._markedAt = this.streams.folded;
    this.streams.open(journal);
    this.epoch = Math.max(this.state.epoch, await this._fencing.owner()) + 1;
    await this._fencing.take(this.epoch);
    const before = this.state.risk.get('') ?? 'ACTIVE';
    if (before !== 'ACTIVE') this._board.report({ source: 'operator', state: before, code: 'restarted', text: '' }, clock.market());
    const { marks } = this.streams.memory('').state;
    if (marks !== null) this._risk?.remember(marks);
    const ts = clock.market();
    const configured = this._configured;
    if (configured !== null) this.keptLimits = keptLimits(this.streams.limits, configured, ts);
    const kept = Object.fromEntries(this.keptLimits.map(({ name, inForce }) => [name, inForce]));
    const looser = configured === null ? null : this._looserThanPromoted({ ...configured, ...kept });
    if (looser !== null)
      throw new UserError(
        'promoted-limits',
        `By what was set in an earlier session, ${looser}.`,
        4,
        'Begin without the promotion on another account, set them as promoted there, or promote with the limits that are wanted.',
      );
    const started = { ts, mode, venue, practice, epoch: this.epoch, manifest };
    const words: AccountWord[] = [
      { type: 'SessionStarted', ...started, ...(configured !== null && { limits: effectiveLimits(configured) }) },
      ...this.keptLimits.map(({ word }) => word),
    ];
    await this._say(words);
    this._holdTo();
    this._open?.resolve();
    this._refuseToForget();
    await this._fund();
    this.phase = 'connecting';
    this._feed = this._o.feed({ transport, clock, sink: slab => this._slab(slab), say: word => void this._say([word]) });
    this._broker =
      this._o.broker?.(
        {
          transport,
          clock,
          random: this._o.random,
          epoch: this.epoch,
          tell: (strategy, event) => this._tell(strategy, event),
          record: words => this._say(words),
          owner: () => this._owner(),
          lastPrice: symbol => this._feed?.lastPrice(symbol) ?? NaN,
          halt: (code, text) => {
            // Orders of another session are on the account: if it has taken the account over on this disk, this one is over.
            if (code === 'fenced' && this._owner() !== 'ours') return;
            this._report(code, { state: 'HALTED', code, text }, this._o.config.flattenOnHalt);
          },
        },
        this.state,
      ) ?? null;
    await unlessStopped(transport.open(event => this._event(event)));
    await unlessStopped(this._broker?.open() ?? Promise.resolve());
    // A halt that the last session did not live to end, or that was pressed while this one connected.
    if (this.risk === 'HALTED')
      this._haltOrders('restarted', 'the account is HALTED', this._o.config.flattenOnHalt).catch((error: unknown) =>
        this._alarm('not-halted', messageOf(error)),
      );
    this.phase = 'warming-up';
    const { chunks, from: end } = await unlessStopped(this._feed.warm());
    const from = Number.isFinite(end) ? end : clock.market();
    const timeoutMs = Math.max(WARM_UP_MS, this._o.config.strategyTimeoutMs);
    await unlessStopped(
      Promise.all(
        this.desks.map(desk => {
          const memory = this.streams.memory(desk.name);
          const state = desk.runner.symbols === undefined ? memory.state : memory.stateOf(desk.runner.symbols);
          const start = { history: chunks, from, state, epoch: this.epoch };
          return desk.start(this._o.risk === undefined ? start : { ...start, ...(this.limits && { limits: this.limits }) }, timeoutMs);
        }),
      ),
    );
    // Another session may have taken the account over meanwhile.
    if (this._owner() === 'another' || this._replaced !== null) await this._aborted;
    if (this.diskFailure !== null)
      throw failed('disk', `Nothing can be written any more: ${this.diskFailure}.`, 'Mend the disk, then start again.');
    this.phase = 'trading';
    const left = { state: this.risk, code: 'restarted', text: `the account was ${this.risk} when the last session ended` };
    const above = this._restriction?.state === this.risk ? this._restriction : left;
    if (this.risk !== 'ACTIVE') this._spreadRisk(above, false);
    else this._tellRisk(above, false);
    this._feed.start();
    this._beat();
    // A market that stands until everybody is done with its last bar: that bar was part of the warm-up.
    this._playedTo = Math.max(this._playedTo, from);
    this._lookPlayed();
  }

  /** Stops in order: no new orders, timers off, what is said is written. Orders at the venue stay unless `cancel`. */
  async stop(code: string, text: string, options: { readonly cancel: boolean } = { cancel: false }): Promise<void> {
    if (this.phase === 'recovering' || this.phase === 'connecting' || this.phase === 'warming-up')
      return this._abort(failed('stopped', 'The session was stopped before it had begun.', 'Nothing was sent.'));
    if (this.phase === 'trading') await this._end(code, text, options);
  }

  /** Ends step by step. A step that fails keeps none of the others from being taken; the first failure is thrown in the end, unless the disk is known to have failed. */
  private async _end(code: string, text: string, { cancel }: { readonly cancel: boolean }): Promise<void> {
    const hasFailed = this.diskFailure !== null;
    this.phase = 'stopping';
    this._timer?.();
    const failures: unknown[] = [];
    const step = async (action: () => Promise<unknown> | undefined): Promise<void> => {
      try {
        await action();
      } catch (error) {
        failures.push(error);
      }
    };
    if (cancel) await step(() => this._broker?.haltOrders({ all: false, flatten: false }));
    this._feed?.close();
    await step(() => Promise.all(this.desks.map(desk => desk.stop(this._o.config.strategyTimeoutMs))));
    await step(() => Promise.all(this._turns.values()));
    await step(() => this._broker?.close());
    if (this._journal !== null && this.epoch > 0)
      await step(() => this._say([{ type: 'SessionStopped', ts: this._o.clock.market(), code, text }]));
    await step(() => this._save());
    this._markState(1);
    await step(() => this._states.close());
    await step(() => this._journal?.close());
    await step(() => this._o.transport.close());
    await step(() => this._o.lock.release());
    this.phase = 'stopped';
    if (failures.length > 0 && !hasFailed && code !== 'not-begun') throw failures[0];
  }

  /** A symbol that this session does not look at must not be held by anyone in it: nobody would see to it. Throws a UserError that names it. */
  private _refuseToForget(): void {
    const begun = new Set(this.streams.strategies);
    for (const { name, runner } of this.desks) {
      if (!begun.has(name)) continue;
      const left = this.streams.memory(name).inUse.filter(symbol => runner.symbols?.includes(symbol) === false);
      if (left.length > 0)
        throw usageError(
          'symbol-in-use',
          `${name} holds or has orders in ${left.join(', ')}, which this session does not look at.`,
          `Add ${left.join(',')} to --symbols, or close it first.`,
        );
    }
  }

  /** A person tells the session something. Halts take effect at once; whatever loosens needs a reason. Resolves when it is done. */
  async command(command: Command, by: string, reason: string, options: { readonly flatten?: boolean } = {}): Promise<void> {
    const { clock } = this._o;
    const word: AccountWord = { type: 'OperatorCommanded', ts: clock.market(), command, by, reason };
    const text = `${by}: ${reason}`;
    if (this._journal === null) {
      // Until the journal has been read nothing leaves, and nothing can be written.
      if (command === 'stop') return this.stop('operator', text);
      await this._opened;
    }
    switch (command) {
      case 'halt':
      case 'flatten': {
        // The state changes before anything is awaited: nothing that opens exposure leaves from here on.
        const flatten = options.flatten ?? command === 'flatten';
        const change = this._board.report({ source: 'operator', state: 'HALTED', code: 'operator', text }, clock.market());
        void this._say([word]);
        if (change !== null) this._spreadRisk(change, flatten);
        else if (flatten) this._tellRisk({ state: 'HALTED', code: 'operator', text }, true);
        return this._haltOrders('operator', text, flatten);
      }
      case 'cancel-all':
        void this._say([word]);
        for (const { strategy, ticket } of openRecords(this.state)) if (strategy !== '') this._broker?.cancel(strategy, ticket.orderId);
        return;
      case 'reduce':
        if (this.risk === 'HALTED') throw new Error('the account is HALTED, which is stricter: resume it first, with a reason');
        void this._say([word]);
        return this._report('operator', { state: 'REDUCING', code: 'operator', text }, false);
      case 'resume': {
        if (reason.trim() === '') throw new Error('resuming needs a reason');
        await this._say([word]);
        this._broker?.resume?.();
        this._risk?.resume('operator', text);
        this._board.report({ source: 'limits', state: 'ACTIVE', code: 'operator', text }, clock.market());
        const change =
          this._board.report({ source: 'operator', state: 'ACTIVE', code: 'operator', text }, clock.market()) ??
          this._board.resume('operator', text, PROMOTION);
        if (change !== null) this._spreadRisk(change, false);
        if (this._restriction !== null)
          throw new Error(`the account stays ${this.risk} as long as this session lasts: ${this._restriction.text}`);
        const over = [...this.state.alarms.keys()].filter(isLasting).sort();
        if (over.length > 0) void this._say(over.map(code => ({ type: 'AlarmCleared', ts: clock.market(), code })));
        return;
      }
      case 'stop':
        void this._say([word]);
        return this.stop('operator', text);
    }
  }

  /**
   * Whoever watches over what is promoted here raises an alarm, and takes something away: nothing more is opened, or positions are closed too; null only tells people. It holds as long as this session lasts, which trades
   * what it was begun with; the next one begins as this one was left, until a person resumes it.
   */
  restrict({ code, text }: { readonly code: string; readonly text: string }, how: 'reduce' | 'flatten' | null): void {
    if (this.phase !== 'trading') return;
    if (!this.state.alarms.has(code)) this._alarm(code, text);
    if (how === null || this._restriction?.state === 'HALTED') return;
    this._restriction = { state: how === 'flatten' ? 'HALTED' : 'REDUCING', code: PROMOTION, text };
    this._report(PROMOTION, this._restriction, how === 'flatten');
  }

  /** A limit changes while the account trades: tighter holds at once, looser needs a typed reason. It outlives a restart. Throws a sentence when it may not. */
  async setLimits(patch: Partial<RiskLimits>, by: string, reason: string): Promise<RiskLimits> {
    // What an earlier session left in force is not known before.
    await this._opened;
    const { limits } = this;
    if (limits === null) throw new Error('the account has no limits of its own');
    const answer = changeLimits(limits, patch, { by, reason, ts: this._o.clock.market() });
    if ('code' in answer) throw new Error(`${answer.code}: ${answer.text}`);
    const looser = this._looserThanPromoted({ ...limits, ...patch });
    if (looser !== null) throw new Error(`promoted-limits: ${looser}`);
    const durable = this._say(answer.words);
    this._holdTo();
    await durable;
    return this.limits ?? limits;
  }

  /** What is promoted was promoted with its limits: they may be tighter than that, and not looser. A sentence that names those that are, or null. */
  private _looserThanPromoted(held: RiskLimits): string | null {
    if (this._configured === null || (this._o.promoted ?? []).length === 0) return null;
    const names = looserLimits(this._configured, held);
    return names.length === 0 ? null : `${names.join(', ')} would be looser than what was promoted`;
  }

  /** The gates go by the limits that are in force now. */
  private _holdTo(): void {
    const { limits } = this;
    if (limits === null) return;
    this._risk?.change(limits);
    this.meter.change(limits);
    if (this._o.risk === undefined) return;
    const now = this._o.clock.market();
    for (const desk of this.desks) if (desk.phase !== 'waiting') desk.give({ input: 'limits', limits, now });
  }

  /** Each new strategy begins with its budget, out of what the account has; one whose promotion allots another capital than before gets the difference, and keeps what it has made. */
  private async _fund(): Promise<void> {
    const ts = this._o.clock.market();
    const isPaper = this._o.broker === null;
    for (const { runner } of this.desks) {
      const { name } = runner;
      const isNew = !this.streams.strategies.includes(name);
      const wanted = Math.round(runner.budget * 1e8);
      if (!isNew && this._o.promoted?.includes(name) !== true) continue;
      const amount = isNew ? wanted : wanted - (this.streams.allotted[name] ?? 0);
      if (amount === 0 && !isNew) continue;
      const text = isNew ? `budget of ${name}` : `capital of ${name} as its promotion allots it`;
      const words: AccountWord[] = [
        { type: 'CashMoved', ts, kind: isNew ? 'opening' : 'transfer', amount, income: '', text },
        ...(isNew ? [] : this._movedMarks(name, amount)),
      ];
      // Both in one commit: money is either moved or not.
      const given = this._say(words, name);
      if (!isPaper) void this._say([{ type: 'CashMoved', ts, kind: 'transfer', amount: -amount, income: '', text }]);
      await given;
      const cash = toMoney(this.state.books.get(name)?.account.cash ?? 0);
      if (cash > 0) continue;
      this._restriction = { state: 'REDUCING', code: PROMOTION, text: `${name} has lost more than the capital that it is allotted now` };
      this._board.report({ source: PROMOTION, ...this._restriction }, ts);
    }
  }

  /** What the marks of a strategy have shown moves with its capital, so that its rules see neither a loss nor a profit in it. */
  private _movedMarks(name: string, amount: number): AccountWord[] {
    const { marks } = this.streams.memory(name).state;
    const account = this.state.books.get(name)?.account;
    if (marks === null || account === undefined) return [];
    const isFlat = account.lots.every(lots => lots === 0);
    const moved = movedMarks(marks, toMoney(amount), isFlat ? toMoney(account.cash) : null);
    return [{ type: 'RiskRemembered', ts: this._o.clock.market(), ...moved }];
  }

  private _event(event: TransportEvent): void {
    if (this.phase === 'stopped') return;
    const isPrivate =
      event.event === 'order' ||
      event.event === 'execution' ||
      event.event === 'account' ||
      ('channel' in event && (event.channel === 'private' || event.channel === 'requests' || event.channel === 'clock'));
    if (isPrivate) this._broker?.handle(event);
    else this._feed?.handle(event);
  }

  private _slab(slab: SessionSlab): void {
    const { barsOnly } = this._o.config;
    const { late = [] } = slab;
    // Before what is played now: the same symbol may be in both.
    if (late.length > 0) {
      const now = this._o.clock.market();
      for (const desk of this.desks) desk.give({ input: 'late', chunks: late, now });
    }
    const chunks = [...this._early, ...slab.chunks];
    // An order that has arrived between two bars meets the bar in which that was, and it is known when it has closed.
    if (barsOnly && !slab.chunks.some(({ kind }) => kind === 'bars')) {
      this._early = chunks;
      return;
    }
    this._early = [];
    const { to } = slab;
    const now = barsOnly ? to : Math.max(to, this._o.clock.market());
    this._mark(chunks, now);
    if (slab.chunks.some(({ kind }) => kind === 'bars')) this._playedTo = to;
    for (const desk of this.desks) desk.give({ input: 'market', chunks, now });
    this._lookPlayed();
  }

  /** The account's risk sees quotes, trades and closes before the strategies decide on them. */
  private _mark(chunks: Slab['chunks'], now: number): void {
    for (const chunk of chunks) {
      this._risk?.hear(chunk, now);
      this.meter.hear(chunk, now);
    }
    if (!chunks.some(({ kind, rows }) => kind === 'bars' && rows > 0)) return;
    this.meter.mark(now);
    if (this._risk === null) return;
    this._risk.mark();
    const hour = Math.floor(now / HOUR);
    if (hour === this._rememberedAt) return;
    this._rememberedAt = hour;
    void this._say([{ type: 'RiskRemembered', ts: now, ...this._risk.memory() }]);
  }

  /** Whoever holds the market for us is told once nothing of the newest bars is under way any more. */
  private _lookPlayed(): void {
    const { onPlayed } = this._o;
    if (!onPlayed || !(this._playedTo > this._saidPlayed) || !this.desks.every(({ isIdle }) => isIdle)) return;
    // On paper an order arrives by market time, which stands until this is said.
    if (this._broker !== null && openRecords(this.state).some(({ status }) => status === 'approved' || status === 'submitted')) return;
    this._saidPlayed = this._playedTo;
    onPlayed(this._playedTo);
  }

  private _tell(strategy: string, event: VenueEvent): void {
    const desk = this._tagOwner.get(strategy);
    if (desk) desk.give({ input: 'answers', events: [event], now: this._o.clock.market() });
    else void this._say([event], strategy);
  }

  /** What an engine has said and asked for: written first, then sent. */
  private _output(desk: StrategyDesk, { facts, requests, state }: RunnerOutput): void {
    const durable = this.streams.take(facts);
    this._watch(durable);
    if (state && Number.isFinite(this._o.config.stateFacts))
      durable.then(() => this._states.engine(desk.name, state)).catch(() => undefined);
    if (this._o.onPlayed) durable.then(() => this._lookPlayed()).catch(() => undefined);
    if (requests.length === 0) return;
    const { intentFirst } = this._o.config.defences;
    const turn = (this._turns.get(desk) ?? Promise.resolve())
      .then(() => (intentFirst ? durable : undefined))
      .then(
        () => this._send(desk, requests),
        () => {
          // Without a durable intent nothing new is sent; what takes risk away still is.
          for (const request of requests) if (request.ask === 'cancel') this._broker?.cancel(desk.name, request.orderId);
        },
      )
      .catch((error: unknown) => this._alarm(`not-sent:${desk.name}`, messageOf(error)));
    this._turns.set(desk, turn);
  }

  private _send(desk: StrategyDesk, requests: readonly BrokerRequest[]): void {
    const broker = this._broker;
    if (broker === null) return;
    for (const request of requests)
      switch (request.ask) {
        case 'cancel':
          broker.cancel(desk.name, request.orderId);
          break;
        case 'amend':
          if (this.risk === 'ACTIVE' && desk.phase === 'running') broker.amend(desk.name, request.amendment);
          else
            this._tell(desk.name, {
              ...openEnvelope(this._o.clock.market()),
              type: 'AmendRejected',
              orderId: request.amendment.orderId,
              code: 'halted',
            });
          break;
        case 'submit': {
          const denial = this._denial(desk, request.ticket);
          if (denial === null) broker.submit(desk.name, request.ticket);
          else this._reject(desk.name, request.ticket.orderId, request.ticket.symbol, denial.code);
        }
      }
  }

  /** Why an order that its strategy's own gate let pass may not leave now. */
  private _denial(desk: StrategyDesk, ticket: Ticket): { readonly code: string; readonly text: string } | null {
    if (ticket.reduceOnly) return null;
    if (desk.phase === 'failed') return { code: 'strategy-failed', text: `${desk.name} is not run any more` };
    if (this.risk !== 'ACTIVE') return { code: this.risk === 'HALTED' ? 'halted' : 'reducing', text: `the account is ${this.risk}` };
    const { readiness } = this;
    if (!readiness.ready) return readiness;
    if (this._feed?.tradable(ticket.symbol) === false) return { code: 'stale-data', text: `prices of ${ticket.symbol} are too old` };
    return this._risk?.denial(desk.name, ticket) ?? null;
  }

  private _reject(strategy: string, orderId: OrderId, symbol: string, code: string): void {
    this._tell(strategy, { ...openEnvelope(this._o.clock.market()), type: 'OrderRejected', orderId, symbol, code });
  }

  /** Whose the account is now; when it is another session's, this one ends and sends nothing more. */
  private _owner(): Ownership {
    if (!this._o.config.defences.fencing) return 'ours';
    let owner: number;
    try {
      owner = this._fencing.ownerNow();
    } catch (error) {
      this._failDisk(messageOf(error));
      return 'unreadable';
    }
    if (owner === this.epoch) return 'ours';
    this._fenced(`session ${owner} has taken the account over`);
    return 'another';
  }

  /** Another session owns the account: everything of this one ends, and nothing is cancelled or written, for the orders and the journal may be the other's. */
  private _fenced(text: string): void {
    if (this.phase === 'stopping' || this.phase === 'stopped') return;
    const hasBegun = this.phase === 'trading';
    this.phase = 'stopping';
    this._board.report({ source: 'fenced', state: 'HALTED', code: 'fenced', text }, this._o.clock.market());
    this._timer?.();
    this._feed?.close();
    this.streams.abandon();
    this._replaced = this._letGo(hasBegun ? text : null);
    if (!hasBegun)
      this._abort(failed('fenced', `The session has not begun: ${text}.`, 'One session trades an account: end the other one first.'));
  }

  /** Everything is closed without a word. `told`: what the session's end is told with, null where it had not begun. */
  private async _letGo(told: string | null): Promise<void> {
    await Promise.allSettled([
      this._broker?.close({ isReplaced: true }),
      ...this.desks.map(desk => desk.stop()),
      this._states.close(),
      this._journal?.close(),
      this._o.transport.close(),
      this._o.lock.release(),
    ]);
    this.phase = 'stopped';
    if (told !== null) this.onEnd?.('fenced', told);
  }

  private _strategyFailed(desk: StrategyDesk, text: string): void {
    this._alarm(`strategy-failed:${desk.name}`, `${desk.name} has failed and is not run any more: ${text}`);
    // What it holds keeps its protective orders; what could still open something is taken back.
    for (const record of openRecords(this.state))
      if (record.strategy === desk.name && !record.ticket.reduceOnly) this._broker?.cancel(desk.name, record.ticket.orderId);
    if (!this._o.config.defences.isolation) void this.stop('strategy-failed', text);
  }

  /** Somebody asks for a state of the account; what follows from it is carried out. */
  private _report(source: string, { state, code, text }: StateChange, flatten: boolean): void {
    const change = this._board.report({ source, state, code, text }, this._o.clock.market());
    if (change === null) return;
    this._spreadRisk(change, flatten);
    if (change.state !== 'HALTED') return;
    this._haltOrders(code, text, flatten || (this._risk?.limits.haltFlattens ?? false)).catch((error: unknown) =>
      this._alarm('not-halted', messageOf(error)),
    );
  }

  /** Takes orders back, once for all who ask meanwhile; who wants positions closed too does not wait for those who do not. */
  private _haltOrders(code: string, text: string, flatten: boolean): Promise<void> {
    const running = this._halting;
    if (running !== null && (running.flatten || !flatten)) return running.done;
    this._alarm('halted', `${code}: ${text}`);
    const done = (this._broker?.haltOrders({ all: false, flatten }) ?? Promise.resolve()).finally(() => {
      if (this._halting === halting) this._halting = null;
    });
    const halting = { flatten, done };
    this._halting = halting;
    return done;
  }

  private _alarm(code: string, text: string): void {
    void this._say([{ type: 'AlarmRaised', ts: this._o.clock.market(), code, text, severity: 'critical' }]);
  }

  private _spreadRisk(change: StateChange, flatten: boolean): void {
    const ts = this._o.clock.market();
    const { state, code, text } = change;
    void this._say([{ type: 'RiskStateChanged', ts, state, code, text }]);
    if (state !== 'HALTED') {
      this._broker?.resume?.();
      if (this.state.alarms.has('halted')) void this._say([{ type: 'AlarmCleared', ts, code: 'halted' }]);
    }
    this._tellRisk(change, flatten);
  }

  /** Every strategy is told what the account allows. */
  private _tellRisk({ state, code, text }: StateChange, flatten: boolean): void {
    const now = this._o.clock.market();
    // Positions are closed by the broker, which sees them all; an engine that did so too would do it twice.
    const isOwnFlatten = flatten && this._broker === null;
    for (const desk of this.desks) desk.give({ input: 'risk', state, denial: { code, text }, flatten: isOwnFlatten, now });
  }

  private _say(words: readonly (AccountWord | VenueEvent)[], strategy = ''): Promise<void> {
    const durable = this.streams.say(words, strategy);
    this._watch(durable);
    return durable;
  }

  private _watch(durable: Promise<void>): void {
    durable.then(() => this._markState(this._o.config.stateFacts)).catch((error: unknown) => this._failDisk(messageOf(error)));
  }

  /** Nothing can be written: nothing new is sent, orders are taken back, and somebody is told by whatever still works. */
  private _failDisk(text: string): void {
    if (this.diskFailure !== null) return;
    this.diskFailure = text;
    if (this.phase === 'stopping' || this.phase === 'stopped') return;
    this._board.report({ source: 'disk', state: 'HALTED', code: 'disk', text }, this._o.clock.market());
    const takenBack = this._broker?.haltOrders({ all: false, flatten: false }) ?? Promise.resolve();
    void takenBack.catch(() => {}).then(() => this.onEnd?.('disk', text));
  }

  /** After so many facts the state of the account is recorded, where all that it was folded from is on the disk. */
  private _markState(every: number): void {
    if (!Number.isFinite(this._o.config.stateFacts) || this.diskFailure !== null) return;
    const { folded } = this.streams;
    if (folded - this._markedAt < every || this.durable !== folded) return;
    this._markedAt = folded;
    this._states.account(folded, this.state);
  }

  private _beat(): void {
    const { clock, config } = this._o;
    if (this.phase !== 'trading') return;
    const now = clock.market();
    // A process that was stopped for a while may find that another one has taken the account.
    if (clock.monotonic() - this._beatAt > 3 * config.heartbeatMs) this._owner();
    this._beatAt = clock.monotonic();
    this._risk?.tick();
    this.meter.tick(now);
    const change = this._board.tick(now);
    if (change !== null) this._spreadRisk(change, false);
    for (const desk of this.desks) {
      if (clock.monotonic() - desk.busySince > config.strategyTimeoutMs) desk.fail(`no answer for ${config.strategyTimeoutMs} ms`);
      else if (!config.barsOnly && desk.backlog === 0) desk.give({ input: 'market', chunks: [], now });
    }
    this._lookPlayed();
    if (this.streams.folded - this._snapshotAt >= config.snapshotFacts) void this._save();
    this._timer = clock.after(config.heartbeatMs, () => this._beat());
  }

  private async _save(): Promise<void> {
    if (this._journal === null || this.diskFailure !== null) return;
    try {
      if (await saveState(this._o, this._journal, this.streams, this.state)) this._snapshotAt = this.streams.folded;
    } catch {
      // A snapshot only ever speeds a start up.
    }
  }
}
