import { toAmount } from '../../market/units.js';
import { pause } from '../live-clock.js';
import { VenueFailure, type VenueBalance, type VenueOrder, type VenuePosition } from '../venue-transport.js';
import type { BrokerCore } from './broker-core.js';
import { openRecords } from './broker-state.js';
import { orderIdIn } from './client-id.js';
import { cashDifferences, positionDifferences, type CashDifference, type PositionDifference } from './differences.js';
import { sharesOf } from './holders.js';
import { bookIncome } from './income-booking.js';
import { settledRates } from './settled-rates.js';
import type { OrderDesk } from './order-desk.js';
import { disowned } from './ownership.js';
import { PRIORITY, WEIGHT } from './request-budget.js';
import { lotsIn } from './stream-book.js';

/** Fetches before a comparison that will not stand still is left to the next one. */
const ROUNDS = 6;

/** Compares the account with the venue's. */
export interface Reconciliation {
  /** Everything: orders, executions, income, positions, cash. Resolves with the differences; rejects when the venue does not answer, and then nothing was concluded. With cause `start` also when the account does not stand still. */
  compare(cause: string): Promise<number>;
  /** Only the venue's ledger. Resolves with the number of new entries. */
  income(): Promise<number>;
}

interface Snapshot {
  readonly positions: readonly VenuePosition[];
  readonly balances: readonly VenueBalance[];
  readonly atPositions: readonly PositionDifference[];
  readonly atCash: readonly CashDifference[];
  /** Market time as of which all executions are known. */
  readonly asOf: number;
}

export const reconciliation = (core: BrokerCore, desk: OrderDesk): Reconciliation => {
  const { ports, config, state, budget } = core;
  const { transport, clock } = ports;

  // What a process before this one had told to strategies may not have reached the journal, although a later entry did.
  let incomeFrom = state.provenAt;
  /** One question after the other: what is new is told from what was booked when it was put. */
  let asking: Promise<unknown> = Promise.resolve();
  const income = (): Promise<number> => {
    const answer = asking.then(askIncome);
    asking = answer.catch(() => undefined);
    return answer;
  };

  const askIncome = async (): Promise<number> => {
    const opened = Number.isNaN(state.openedAt) ? core.now() : state.openedAt;
    const known = state.incomeTo < 0 || Number.isNaN(incomeFrom) ? opened : Math.min(incomeFrom, state.incomeTo);
    const since = Math.max(opened, known - config.incomeOverlapMs);
    const bookedTo = state.incomeTo;
    const entries = await budget.request(PRIORITY.poll, WEIGHT.income, () => transport.income(since));
    if (core.isClosed) return 0;
    incomeFrom = Infinity;
    const rates = await settledRates(core, entries, bookedTo);
    if (core.isClosed) return 0;
    // A page may hold an entry and its correction under one id: the later one is right.
    const last = new Map(entries.map(entry => [`${entry.kind}|${entry.symbol ?? ''}|${entry.asset}|${entry.id}`, entry]));
    return (config.defences.fundingById ? [...last.values()] : entries).filter(entry => bookIncome(core, entry, bookedTo, rates)).length;
  };

  const orders = async (): Promise<{ readonly seen: number; readonly differences: number }> => {
    // Of these the venue must know now: what was sent before the question, and not while it was under way.
    const expected = openRecords(state).filter(record => record.status !== 'approved' && !core.inFlight.has(record.ticket.orderId));
    const before = new Map(expected.map(record => [record.ticket.orderId, record.status]));
    const open = await budget.request(PRIORITY.poll, WEIGHT.openOrders, () => transport.openOrders(null));
    if (core.isClosed) return { seen: 0, differences: 0 };
    const listed = new Map<string, VenueOrder>();
    for (const order of open) {
      const orderId = orderIdIn(order.clientId);
      if (orderId !== null) listed.set(orderId, order);
      desk.learn(order, -Infinity);
      const record = orderId === null ? undefined : state.orders.get(orderId);
      // The list may be older than the end: the order itself is asked for.
      if (record?.status === 'ended' && record.ended?.how !== 'filled') {
        const { answer, askedAt } = await core.ask(PRIORITY.query, 1, () =>
          transport.order({ symbol: order.symbol, clientId: order.clientId, venueId: order.venueId, conditional: order.conditional }),
        );
        desk.learn(answer, askedAt);
      }
    }
    let differences = 0;
    const missing = expected.filter(record => record.status !== 'ended' && !listed.has(record.ticket.orderId));
    await Promise.all(
      missing.map(async record => {
        await desk.resolve(record);
        if (before.get(record.ticket.orderId) === 'working') differences++;
      }),
    );
    return { seen: open.length, differences };
  };

  const executions = async (): Promise<number> => {
    let recovered = 0;
    if (!config.defences.pollExecutions) return 0;
    for (const { symbol } of core.instruments) recovered += await desk.pollExecutions(symbol);
    return recovered;
  };

  const snapshot = async (): Promise<Snapshot | null> => {
    const asOf = core.now();
    await executions();
    await income();
    // From here on nothing may move: what is fetched across a change proves nothing.
    const still = core.activity;
    const positions = await budget.request(PRIORITY.poll, WEIGHT.positions, () => transport.positions());
    const balances = await budget.request(PRIORITY.poll, WEIGHT.balances, () => transport.balances());
    if (core.isClosed || core.activity !== still) return null;
    return {
      asOf,
      positions,
      balances,
      atPositions: isSane(positions, balances) ? positionDifferences(core, positions) : [],
      atCash: isSane(positions, balances) ? cashDifferences(core, balances, positions) : [],
    };
  };

  const isSane = (positions: readonly VenuePosition[], balances: readonly VenueBalance[]): boolean => {
    if (!config.defences.validateNumbers) return true;
    const isFine =
      positions.every(p => Number.isFinite(p.quantity) && (p.quantity === 0 || (Number.isFinite(p.entryPrice) && p.entryPrice >= 0))) &&
      balances.every(b => Number.isFinite(b.wallet) && Math.abs(b.wallet) < 9e7);
    if (!isFine)
      void core.record([
        {
          type: 'DataQuarantined',
          ts: core.now(),
          channel: 'private',
          symbol: '',
          code: 'bad-account',
          text: 'the venue told positions or balances that cannot be',
        },
      ]);
    return isFine;
  };

  const adoptPosition = ({ symbol, leg, ours, theirs, price }: PositionDifference, code: string, ts = core.now()): void => {
    const u = core.unitsOf(symbol);
    if (!u || !(price > 0)) return;
    const moved = theirs - ours;
    const positionSide = leg === undefined ? {} : { positionSide: leg };
    for (const { strategy, lots } of sharesOf(state, symbol, moved > 0 ? 'buy' : 'sell', Math.abs(moved), leg)) {
      const holder = code === 'opening' ? '' : (soleHolder(symbol, leg) ?? strategy);
      const before = lotsIn(state.books.get(holder), symbol, leg);
      core.say(holder, {
        type: 'PositionAdopted',
        ts,
        symbol,
        before,
        after: before + (moved > 0 ? lots : -lots),
        price: u.ticks(price),
        code,
        text: `the venue holds ${u.quantity(theirs)} ${symbol} and the journal said ${u.quantity(ours)}`,
        ...positionSide,
      });
    }
  };

  /** The only strategy that holds a symbol, when no other stream does: a difference is its own, whichever way it goes. */
  const soleHolder = (symbol: string, leg: 'long' | 'short' | undefined): string | null => {
    const holders = [...state.books].filter(([, book]) => lotsIn(book, symbol, leg) !== 0).map(([strategy]) => strategy);
    return holders.length === 1 ? (holders[0] ?? null) : null;
  };

  const adoptCash = ({ asset, amount }: CashDifference, kind: 'opening' | 'adopted', ts = core.now()): void => {
    const isReporting = asset === core.reporting;
    const price = core.priceOf(asset);
    core.say('', {
      type: 'CashMoved',
      ts,
      kind,
      amount: isReporting ? amount : price > 0 ? toAmount((amount / 1e8) * price) : 0,
      ...(isReporting ? {} : { moved: { asset, amount } }),
      income: '',
      text: kind === 'opening' ? 'what the account held when it was taken over' : 'the venue has another balance than its ledger explains',
    });
  };

  /** Take the account over: what it holds is its opening. */
  const takeOver = async (): Promise<void> => {
    for (;;) {
      const positions = await budget.request(PRIORITY.poll, WEIGHT.positions, () => transport.positions());
      const balances = await budget.request(PRIORITY.poll, WEIGHT.balances, () => transport.balances());
      // What happens from here on is told: it is in the second look, which then differs, or it comes after both.
      const ts = core.now();
      const again = await budget.request(PRIORITY.poll, WEIGHT.positions, () => transport.positions());
      const left = await budget.request(PRIORITY.poll, WEIGHT.balances, () => transport.balances());
      const isStill =
        positions.length === again.length &&
        positions.every((p, i) => p.quantity === again[i]?.quantity) &&
        balances.length === left.length &&
        balances.every((b, i) => b.wallet === left[i]?.wallet);
      if (!isStill || !isSane(positions, balances)) {
        await pause(clock, config.settleMs);
        continue;
      }
      for (const difference of positionDifferences(core, positions)) adoptPosition(difference, 'opening', ts);
      const cash = cashDifferences(core, balances, positions);
      for (const difference of cash) adoptCash(difference, 'opening', ts);
      // An empty account opens too: what comes later is told from what was before by this moment.
      if (cash.length === 0) adoptCash({ asset: core.reporting, amount: 0 }, 'opening', ts);
      state.openedAt = ts;
      return;
    }
  };

  const same = (a: Snapshot, b: Snapshot): Snapshot => ({
    ...b,
    atPositions: b.atPositions.filter(x =>
      a.atPositions.some(y => y.symbol === x.symbol && y.leg === x.leg && y.theirs - y.ours === x.theirs - x.ours),
    ),
    atCash: b.atCash.filter(x => a.atCash.some(y => y.asset === x.asset && y.amount === x.amount)),
  });

  const compare = async (cause: string): Promise<number> => {
    if (Number.isNaN(state.openedAt)) await takeOver();
    const found = await orders();
    let recovered = 0;
    let previous: Snapshot | null = null;
    let adopted = 0;
    let looked: Snapshot | null = null;
    for (let round = 0; round < ROUNDS && !core.isClosed; round++) {
      const had = core.activity;
      const now = await snapshot();
      recovered += core.activity === had ? 0 : 1;
      if (now === null || desk.unsettled > 0) {
        previous = null;
        if (round < ROUNDS - 1) await pause(clock, config.settleMs);
        continue;
      }
      looked = now;
      if (now.atPositions.length === 0 && now.atCash.length === 0) break;
      if (previous !== null) {
        const { atPositions, atCash } = same(previous, now);
        if (atPositions.length + atCash.length > 0) {
          adopted += atPositions.length + atCash.length;
          if (config.defences.adoptDifferences) {
            for (const difference of atPositions) adoptPosition(difference, 'difference');
            // A position that was adopted at the venue's price moves cash too: what is left of that is adopted after it.
            for (const difference of cashDifferences(core, now.balances, now.positions)) adoptCash(difference, 'adopted');
          }
          core.alarm(
            'difference',
            true,
            `${atPositions.length} positions and ${atCash.length} balances differed from the venue's without an explanation`,
          );
          break;
        }
      }
      previous = now;
      await pause(clock, config.settleMs);
    }
    const differences = found.differences + adopted;
    if (core.isClosed) return differences;
    if (looked === null && cause === 'start') throw new VenueFailure('ambiguous', 'unsettled', 'the account does not stand still');
    // What did not stand still was not compared: the next comparison tells.
    if (looked === null) return differences;
    core.alarm('difference', adopted > 0, 'the account differed from the venue');
    dust(looked.positions);
    settings(looked.positions);
    await core.record([
      {
        type: 'Reconciled',
        ts: looked.asOf,
        orders: found.seen,
        positions: looked.positions.filter(p => p.quantity !== 0).length,
        balances: looked.balances.length,
        executions: recovered,
        differences,
        cause,
      },
    ]);
    return differences;
  };

  /** Positions too small to be closed by an order. */
  const dust = (positions: readonly VenuePosition[]): void => {
    const left = positions.filter(p => p.quantity !== 0 && Math.abs(p.quantity) < (core.rules.get(p.symbol)?.market.minQuantity ?? 0));
    core.alarm('dust', left.length > 0, `positions too small to close: ${left.map(p => `${p.quantity} ${p.symbol}`).join(', ')}`);
  };

  /** Leverage and margin mode that somebody changed outside are set back where the configuration says what they are. */
  const settings = (positions: readonly VenuePosition[]): void => {
    const traded = positions.filter(p => core.unitsOf(p.symbol) !== undefined);
    const leverages = config.leverage === null ? [] : traded.filter(p => p.leverage !== config.leverage);
    const modes = config.marginMode === null ? [] : traded.filter(p => p.marginMode !== config.marginMode);
    core.alarm(
      'margin-settings',
      leverages.length + modes.length > 0,
      `leverage or margin mode at the venue is not as configured: ${[...leverages, ...modes].map(p => `${p.symbol} ${p.leverage}× ${p.marginMode}`).join(', ')}`,
    );
    for (const { symbol } of leverages)
      budget
        .request(
          PRIORITY.poll,
          1,
          () => transport.setLeverage(symbol, config.leverage ?? 1),
          () => disowned(core, false),
        )
        .catch(() => undefined);
    // A margin mode cannot change while a position is held: the alarm stands until somebody acts.
  };

  return { compare, income };
};
