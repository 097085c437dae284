import { settlementAsset } from '../../market/instrument.js';
import type { Symbol } from '../../market/instrument.js';
import { toAmount, type Amount } from '../../market/units.js';
import type { VenueIncome } from '../venue-transport.js';
import type { BrokerCore } from './broker-core.js';
import { bookOf, incomeKey, isTellable } from './broker-state.js';
import { splitAmount } from './holders.js';
import { heldAt } from './stream-book.js';

const KINDS = {
  deposit: 'deposit',
  withdrawal: 'withdrawal',
  transfer: 'transfer',
  fee: 'fee',
  insurance: 'insurance',
  rebate: 'rebate',
  other: 'other',
} as const;

/** Rate that the venue settled a symbol's funding at; NaN when it is not known. */
export type SettledRates = (symbol: Symbol, ts: number) => number;

/** Whether an entry of the ledger is funding of a symbol of ours that has not been booked at this amount. `bookedTo`: the latest that was booked when the ledger was asked. */
export const isNewFunding = ({ state, unitsOf }: BrokerCore, { kind, symbol, id, amount, ts }: VenueIncome, bookedTo: number): boolean =>
  kind === 'funding' &&
  symbol !== null &&
  unitsOf(symbol) !== undefined &&
  ts >= state.openedAt &&
  isTellable(state, ts, bookedTo) &&
  state.income.get(incomeKey('funding', symbol, id))?.amount !== toAmount(amount);

/**
 * Books one entry of the venue's ledger; says whether it was new. An id is booked once; when the venue gives it another amount later, the difference is booked. Fees and realised profit belong to executions, which
 * are booked by themselves; a fee that names no execution is a correction, and moves cash. `bookedTo`: the latest that was booked when the ledger was asked.
 */
export const bookIncome = (core: BrokerCore, income: VenueIncome, bookedTo: number, rates: SettledRates): boolean => {
  const { state, config } = core;
  const { kind, symbol, asset, id, amount } = income;
  if (kind === 'realised' || (kind === 'fee' && income.execution !== null)) return false;
  if (income.ts < state.openedAt || !isTellable(state, income.ts, bookedTo)) return false;
  if (config.defences.validateNumbers && (!(Math.abs(amount) < 9e7) || !(income.ts > 0) || id === '')) {
    void core.record([
      {
        type: 'DataQuarantined',
        ts: core.now(),
        channel: 'private',
        symbol: symbol ?? '',
        code: 'bad-income',
        text: `${kind} ${id} of ${amount} ${asset}`,
      },
    ]);
    return false;
  }
  const ts = Math.min(income.ts, core.now());
  const total = toAmount(amount);
  if (kind === 'funding' && symbol !== null && core.unitsOf(symbol) && settlementAsset(symbol) === asset)
    return funding(core, income, symbol, total, ts, rates(symbol, income.ts));
  const isReporting = asset === core.reporting;
  const booked = kind === 'funding' ? 'other' : KINDS[kind];
  const rest = total - (state.income.get(incomeKey(booked, isReporting ? '' : asset, id))?.amount ?? 0);
  if (rest === 0) return false;
  const price = core.priceOf(asset);
  core.say('', {
    type: 'CashMoved',
    ts,
    kind: booked,
    amount: isReporting ? rest : price > 0 ? toAmount((rest / 1e8) * price) : 0,
    ...(isReporting ? {} : { moved: { asset, amount: rest } }),
    income: id,
    text: `${kind}${symbol === null ? '' : ` ${symbol}`}`,
  });
  return true;
};

/** Funding goes to who held the position when it was charged, by size; to the account's own stream when nobody is known to. */
const funding = (core: BrokerCore, { id }: VenueIncome, symbol: string, total: Amount, ts: number, settled: number): boolean => {
  const { state, config } = core;
  const isKnown = config.defences.fundingById;
  const rest = total - (isKnown ? (state.income.get(incomeKey('funding', symbol, id))?.amount ?? 0) : 0);
  if (rest === 0) return false;
  const holders = [...state.books]
    .map(([strategy, book]) => {
      const i = book.account.indexOf(symbol);
      const lots = heldAt(book, i, ts) + (state.hedge ? heldAt(book, book.account.slot(i, 'short'), ts) : 0);
      return { strategy, lots };
    })
    .filter(({ lots }) => lots !== 0)
    .sort((a, b) => Math.abs(b.lots) - Math.abs(a.lots) || (a.strategy < b.strategy ? -1 : 1));
  const shares = holders.length > 0 ? holders : [{ strategy: '', lots: 0 }];
  // Longs and shorts of one symbol pay each other: each one's part has the sign of what it holds.
  const net = shares.reduce((sum, { lots }) => sum + lots, 0);
  const parts =
    net === 0
      ? splitAmount(
          rest,
          shares.map(() => 1),
        )
      : signedParts(
          rest,
          shares.map(({ lots }) => lots),
          net,
        );
  const markPrice = core.ports.lastPrice(symbol);
  const u = core.unitsOf(symbol);
  shares.forEach(({ strategy, lots }, k) => {
    const amount = parts[k] ?? 0;
    if (amount === 0) return;
    const notional = u && lots !== 0 && markPrice > 0 ? u.notionalOf(u.quantity(lots), markPrice) : 0;
    bookOf(state, strategy);
    core.say(strategy, {
      type: 'FundingSettled',
      ts,
      symbol,
      // The ledger gives the amount and no rate: without the settled one it is what the amount comes to at the last price.
      rate: !Number.isNaN(settled) ? settled : notional === 0 ? 0 : -(amount / 1e8) / notional,
      lots,
      markPrice: markPrice > 0 ? markPrice : 0,
      amount,
      income: id,
    });
  });
  return true;
};

const signedParts = (amount: Amount, lots: readonly number[], net: number): number[] => {
  const parts = lots.map(held => Math.trunc((amount * held) / net));
  const rest = amount - parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part, k) => (k === 0 ? part + rest : part));
};
