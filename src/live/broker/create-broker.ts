import type { Amendment, Ticket } from '../../events/order.js';
import type { Instrument } from '../../market/instrument.js';
import type { Approved } from '../../execution/broker.js';
import { orderIdIn } from './client-id.js';
import { alarmBoard } from './alarm-board.js';
import { brokerCore } from './broker-core.js';
import type { BrokerConfig } from './broker-config.js';
import { evolve, openRecords, type BrokerState } from './broker-state.js';
import { hasStepped, isApart, unknownOffset, type ClockOffset } from './clock-offset.js';
import { connectionWatch } from './connection-watch.js';
import { deadMan } from './dead-man.js';
import { executionBooking } from './execution-booking.js';
import { takeBackAll } from './halt-orders.js';
import { isLasting } from './lasting-alarm.js';
import type { BrokerPorts, LiveBroker, Readiness } from './live-broker.js';
import { orderDesk } from './order-desk.js';
import { protection } from './protection.js';
import { reconciliation } from './reconciliation.js';
import { requestBudget } from './request-budget.js';
import { silenceWatch } from './silence-watch.js';
import { askClock, loadMarkets, startUp } from './start-up.js';
import { canonicalState, restoreState } from './state-text.js';
import { upkeep } from './upkeep.js';

/** A strategy as the broker knows it: whose order ids begin with the tag. */
export interface BrokerStrategy {
  readonly name: string;
  readonly tag: string;
  /** Money of the account that it may use, in the reporting asset. */
  readonly budget: number;
}

/** Market refusals that say that the rules of the market have changed. */
const RULES_CHANGED = new Set([
  'price-step',
  'quantity-step',
  'off-grid',
  'quantity',
  'min-quantity',
  'max-quantity',
  'min-notional',
  'price-band',
  'not-trading',
  'halted',
  'symbol',
  'unknown-symbol',
]);
/** A wall clock that moved by more than this against the monotonic one was set. */
const STEP_MS = 500;

/**
 * The broker of one account. `instruments` are the booking units of its journal and stay what they were when the journal began; the venue's present rules are loaded from it. `state` is the fold of the journal:
 * it is copied, and the broker's own copy (`state` of the result) goes ahead of the journal by what is not written yet.
 */
export const createBroker = (
  ports: BrokerPorts,
  config: BrokerConfig,
  instruments: readonly Instrument[],
  strategies: readonly BrokerStrategy[],
  state: BrokerState,
): LiveBroker & { readonly state: BrokerState } => {
  const { clock } = ports;
  const mine = restoreState(canonicalState(state), instruments, { hedge: state.hedge });
  const budget = requestBudget(clock, config, () => resync());
  const alarms = alarmBoard(
    config.calmMs,
    [...mine.alarms.keys()].filter(code => !isLasting(code)),
    () => clock.monotonic(),
    () => clock.market(),
  );
  const core = brokerCore({ ports, config, state: mine, instruments, budget, watch: alarms.watch });
  core.isHalted = mine.risk.get('') === 'HALTED';
  const known = new Set(strategies.map(({ name }) => name));
  let offset: ClockOffset = unknownOffset;
  let isOpen = false;

  const clockRefusal = (): { readonly code: string; readonly text: string } | null =>
    config.defences.clockBound && isApart(offset, config.clockBoundMs)
      ? { code: 'clock', text: `our clock and the venue's differ by ${Math.round(offset.offset)} ms` }
      : null;

  const refusal = (): { readonly code: string; readonly text: string } | null => {
    if (!isOpen) return { code: 'opening', text: 'the account is being compared with the venue' };
    if (core.isFenced) return { code: 'fenced', text: 'another session trades the account' };
    if (core.isClosed) return { code: 'closed', text: 'the session has ended' };
    if (budget.bannedFor > 0 && config.defences.banSilence)
      return { code: 'banned', text: `no requests for ${Math.ceil(budget.bannedFor)} ms` };
    if (budget.isUnauthorised) return { code: 'unauthorised', text: 'the venue does not take the key' };
    if (budget.isUnavailable && budget.failures >= config.failuresBound) return { code: 'maintenance', text: 'the venue is not available' };
    if (budget.failures >= config.failuresBound) return { code: 'requests', text: `${budget.failures} requests in a row had no answer` };
    const down = connection.downFor;
    if (down > config.streamBoundMs) return { code: 'private-stream', text: `no account events for ${Math.round(down)} ms` };
    const unknownFor = clock.monotonic() - desk.unknownSince;
    if (unknownFor > config.unknownBoundMs)
      return { code: 'unknown-order', text: `what became of an order has been unknown for ${Math.round(unknownFor)} ms` };
    return clockRefusal();
  };

  const booking = executionBooking(core);
  const desk = orderDesk(core, booking, refusal);
  const account = reconciliation(core, desk);
  const guardian = protection(core, desk);
  const timer = deadMan(core);

  let running: Promise<number> | null = null;
  let queued: Promise<number> | null = null;
  /** One comparison at a time; those asked for meanwhile are one more. */
  const reconcile = (cause: string): Promise<number> => {
    if (running === null) {
      running = account.compare(cause).finally(() => (running = null));
      return running;
    }
    queued ??= running
      .catch(() => 0)
      .then(() => {
        queued = null;
        return reconcile(cause);
      });
    return queued;
  };

  const syncClock = async (): Promise<void> => {
    offset = await askClock(core);
  };
  let syncing: Promise<void> | null = null;
  /** A request was refused for its time: whatever was meant to be asked for next, the clock comes first, also while the account is being opened. */
  const resync = (): void => {
    syncing ??= syncClock()
      .catch(() => undefined)
      .finally(() => (syncing = null));
  };

  /** The rules of the market have changed: they are asked for at once, and what is to be sent meanwhile waits for them. */
  const reload = (): void => {
    core.reloading ??= loadMarkets(core)
      .catch(() => chores.hasten('markets'))
      .finally(() => (core.reloading = null));
  };

  const active = (): string[] =>
    instruments
      .map(({ symbol }) => symbol)
      .filter(
        symbol =>
          openRecords(mine).some(record => record.ticket.symbol === symbol) ||
          [...mine.books.values()].some(({ account: book }) => book.net(book.indexOf(symbol)) !== 0),
      );

  const silence = silenceWatch(core, desk.answeredAt, () => {
    chores.hasten('executions');
    chores.hasten('account');
    guardian.verify();
  });

  const chores = upkeep(
    core,
    {
      clock: { everyMs: config.clockMs, run: syncClock },
      markets: { everyMs: config.marketsMs, run: () => loadMarkets(core) },
      executions: {
        everyMs: config.executionsMs,
        run: async () => {
          if (config.defences.pollExecutions) for (const symbol of active()) await desk.pollExecutions(symbol);
        },
      },
      income: { everyMs: config.incomeMs, run: () => account.income() },
      account: { everyMs: config.reconcileMs, run: () => reconcile('periodic') },
    },
    () => {
      if (hasStepped(offset, clock.wall(), clock.monotonic(), STEP_MS)) chores.hasten('clock');
      if (core.isFenced) return;
      silence.look(active());
      guardian.check();
      const reason = refusal();
      connection.look(budget.failures >= config.failuresBound, clockRefusal() !== null);
      core.alarm(
        'not-ready',
        reason !== null && reason.code !== 'opening',
        reason === null ? '' : `nothing new is opened: ${reason.code}, ${reason.text}`,
      );
      timer.wind(reason === null);
      void core.record(alarms.settle());
    },
  );

  const connection = connectionWatch(core, () => {
    if (isOpen && config.defences.backfillOnGap) chores.hasten('account');
  });

  const broker: LiveBroker & { readonly state: BrokerState } = {
    state: mine,
    open: async () => {
      await startUp(core, desk, reconcile, at => (offset = at));
      isOpen = true;
      chores.start();
    },
    submit: (strategy, ticket: Approved<Ticket>) => {
      if (core.isClosed) return;
      const { orderId, symbol } = ticket;
      const ts = core.now();
      // One order for one intent, whoever asks twice.
      if (mine.orders.get(orderId)?.status !== undefined && mine.orders.get(orderId)?.status !== 'approved') return;
      evolve(mine, { type: 'OrderApproved', ts, strategy, ticket });
      evolve(mine, { type: 'OrderSubmitted', ts, strategy, orderId, symbol });
      core.activity++;
      const record = mine.orders.get(orderId);
      if (!record) return;
      if (!known.has(strategy)) return core.say(strategy, { type: 'OrderRejected', ts, orderId, symbol, code: 'unknown-strategy' });
      desk.send(record);
    },
    cancel: (strategy, orderId) => {
      if (core.isClosed) return;
      const record = mine.orders.get(orderId);
      if (record && record.status !== 'ended') void desk.cancel(record);
      else core.say(strategy, { type: 'CancelRejected', ts: core.now(), orderId, code: record ? 'ended' : 'unknown-order' });
    },
    amend: (strategy, amendment: Approved<Amendment>) => {
      if (!core.isClosed) desk.amend(strategy, amendment);
    },
    handle: event => {
      if (core.isClosed) return;
      switch (event.event) {
        case 'order':
          desk.learn(event.order, -Infinity);
          if (event.order.status === 'rejected' && orderIdIn(event.order.clientId) !== null) reload();
          return;
        case 'execution':
          desk.hear(event.execution);
          return;
        case 'account':
          if (event.reason === 'ORDER') return;
          chores.hasten('income');
          chores.hasten('account', config.settleMs);
          return;
        case 'stream':
          connection.hear(event);
          return;
        case 'quarantined':
          void core.record([
            { type: 'DataQuarantined', ts: core.now(), channel: event.channel, symbol: event.symbol, code: event.code, text: event.text },
          ]);
          chores.hasten('account');
          return;
        case 'market':
          return;
      }
    },
    get readiness(): Readiness {
      const reason = core.isHalted ? { code: 'halted', text: 'the account is halted' } : refusal();
      return reason === null ? { ready: true } : { ready: false, ...reason };
    },
    haltOrders: async options => {
      core.isHalted = true;
      if (core.isFenced || core.isClosed) return;
      await takeBackAll(core, desk, guardian, options);
    },
    resume: () => {
      core.isHalted = false;
    },
    reconcile,
    close: async ({ isReplaced } = { isReplaced: false }) => {
      if (core.isClosed) return;
      if (isReplaced) core.lose();
      chores.stop();
      if (!core.isFenced && isOpen) {
        // Asked for and not waited for long: a session ends even where the venue is silent.
        const released = timer.release();
        let cancel = (): void => {};
        const late = new Promise<void>(done => {
          cancel = clock.after(config.queryMaxMs, done);
        });
        await Promise.race([released, late]).finally(cancel);
      }
      core.isClosed = true;
      budget.stop('closed');
    },
  };

  core.onRefused = code => {
    if (RULES_CHANGED.has(code)) reload();
  };
  core.onDisagreement = () => chores.hasten('account');
  return broker;
};
