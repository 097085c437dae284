import type { Chunk } from '../../events/market.js';
import type { VenueEvent } from '../../execution/venue.js';
import type { LiveClock } from '../live-clock.js';
import type { RunnerInput, RunnerOutput, RunnerStart, StrategyRunner } from '../runner/strategy-runner.js';

/** What becomes of a strategy. */
export type StrategyPhase = 'waiting' | 'starting' | 'running' | 'failed' | 'stopped';

/** How a desk speaks to its session. */
export interface StrategyDeskPorts {
  readonly clock: LiveClock;
  readonly onOutput: (desk: StrategyDesk, output: RunnerOutput) => void;
  /** Answers for a strategy whose engine does not run any more. */
  readonly onOrphans: (strategy: string, events: readonly VenueEvent[]) => void;
  readonly onFailure: (desk: StrategyDesk, text: string) => void;
}

/** Inputs that a strategy may be behind with; market data beyond that is merged, answers never are dropped. */
const MERGE_FROM = 2;

/**
 * One strategy's place in a session: what it is to be told waits here until its engine has taken what came before. Market data that it is too slow for is merged into one input; answers keep their order and
 * their number. A strategy that has failed is told nothing more, and what the venue says of its orders goes to its stream without it.
 */
export class StrategyDesk {
  phase: StrategyPhase = 'waiting';
  failure: string | null = null;
  equity: number;
  /** Monotonic time since which its engine has not answered; NaN when it has nothing to do. */
  busySince = NaN;
  /** Inputs that were merged into others. */
  merged = 0;
  private readonly _inbox: RunnerInput[] = [];
  /** The last input that waits, when others were merged into it: its chunks are its own and grow in place, for a copy at each merge would make a slow engine's backlog quadratic. */
  private _growing: { readonly input: 'market'; readonly chunks: Chunk[]; now: number } | null = null;
  private _isBusy = false;
  private _isEnding = false;
  private _whenIdle: (() => void) | null = null;
  /** What its engine is working on. */
  private _current: RunnerInput | null = null;

  constructor(
    readonly runner: StrategyRunner,
    private readonly _ports: StrategyDeskPorts,
  ) {
    this.equity = runner.budget;
  }

  get name(): string {
    return this.runner.name;
  }

  /** Inputs that wait. */
  /** Nothing waits for it, and it works on nothing. */
  get isIdle(): boolean {
    return this.phase !== 'running' || (!this._isBusy && this._inbox.length === 0);
  }

  get backlog(): number {
    return this._inbox.length;
  }

  /** Whether nothing is run of it any more. */
  get isOver(): boolean {
    return this.phase === 'failed' || this.phase === 'stopped';
  }

  /** Resolves when it runs, or has failed: one that takes longer to warm up than `timeoutMs` of wall time is given up, so that it keeps nobody else from beginning. */
  start(start: RunnerStart, timeoutMs: number): Promise<void> {
    const { clock } = this._ports;
    this.phase = 'starting';
    this._isBusy = true;
    this.busySince = clock.monotonic();
    return new Promise(resolve => {
      const cancel = clock.after(timeoutMs, () => {
        if (this.phase === 'starting') this.fail(`no answer for ${timeoutMs} ms while it warmed up`);
        resolve();
      });
      this.runner.start(start, output => {
        cancel();
        if (this.phase === 'starting') this.phase = 'running';
        this._done(output);
        resolve();
        this._pump();
      });
    });
  }

  give(input: RunnerInput): void {
    if (this.isOver) {
      if (input.input === 'answers') this._ports.onOrphans(this.name, input.events);
      return;
    }
    const last = this._inbox.at(-1);
    if (input.input === 'answers' && last?.input === 'answers') {
      this._inbox[this._inbox.length - 1] = {
        input: 'answers',
        events: [...last.events, ...input.events],
        now: Math.max(last.now, input.now),
      };
    } else if (input.input === 'market' && last?.input === 'market' && (this._inbox.length > MERGE_FROM || input.chunks.length === 0)) {
      this.merged++;
      if (this._growing === null || this._growing !== last) {
        this._growing = { input: 'market', chunks: [...last.chunks], now: last.now };
        this._inbox[this._inbox.length - 1] = this._growing;
      }
      this._growing.chunks.push(...input.chunks);
      this._growing.now = Math.max(this._growing.now, input.now);
    } else this._inbox.push(input);
    this._pump();
  }

  /** The strategy cannot go on: what waits for it is told without it. */
  fail(text: string): void {
    if (this.isOver) return;
    this.phase = 'failed';
    this.failure = text;
    this.busySince = NaN;
    this._ports.onFailure(this, text);
    // An engine that hangs has these, and nobody will hear what it makes of them.
    if (this._current?.input === 'answers') this._ports.onOrphans(this.name, this._current.events);
    this._current = null;
    this._orphanInbox();
    this._whenIdle?.();
    void this.runner.stop();
  }

  /** Nothing more is given to it; what it works on is waited for up to `graceMs` of wall time, so that what comes of it is written. What it was told after that is told without it. */
  async stop(graceMs = 0): Promise<void> {
    if (this.isOver) return;
    this._isEnding = true;
    if (this._isBusy && graceMs > 0)
      await new Promise<void>(resolve => {
        const cancel = this._ports.clock.after(graceMs, resolve);
        this._whenIdle = () => {
          cancel();
          resolve();
        };
      });
    if (this.isOver) return;
    this.phase = 'stopped';
    if (this._current?.input === 'answers') this._ports.onOrphans(this.name, this._current.events);
    this._current = null;
    this._orphanInbox();
    await this.runner.stop();
  }

  private _orphanInbox(): void {
    const waiting = this._inbox.splice(0);
    for (const input of waiting) if (input.input === 'answers') this._ports.onOrphans(this.name, input.events);
  }

  private _pump(): void {
    while (!this._isBusy && !this._isEnding && this.phase === 'running') {
      const input = this._inbox.shift();
      if (input === undefined) return;
      this._isBusy = true;
      this._current = input;
      this.busySince = this._ports.clock.monotonic();
      this.runner.deliver(input, output => {
        this._done(output);
        this._pump();
      });
    }
  }

  private _done(output: RunnerOutput): void {
    this._isBusy = false;
    this._current = null;
    this.busySince = NaN;
    // The answer of an engine that was given up is too late: what it was told has been told without it.
    if (this.isOver) return;
    this._whenIdle?.();
    this.equity = output.equity;
    this._ports.onOutput(this, output);
    if (output.failure === null) return;
    this.fail(output.failure);
    if (output.untold.length > 0) this._ports.onOrphans(this.name, output.untold);
  }
}
