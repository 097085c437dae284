import { fundingPayment, roundHalfAway } from '../../costs/funding.js';
import type { VenueEvent } from '../../execution/venue.js';
import type { VenueIncome } from '../../live/venue-transport.js';
import { settlementAsset } from '../../market/instrument.js';
import { toAmount, toMoney, type Amount } from '../../market/units.js';
import type { AccountExchange } from './account-exchange.js';
import { accountLedger, type AccountLedger } from './account-ledger.js';
import { stamp, type DeskHost } from './desk-host.js';

/** Enters whatever moves an account's wallet into its ledger, and tells of it. Symbols by index, −1 for none. */
export interface AccountWallet {
  readonly asset: string;
  readonly ledger: AccountLedger;
  /** A fill has been booked by the exchange. */
  traded(symbol: number, realised: Amount, fee: Amount, execution: string, ts: number): void;
  /** Funding has been booked by the exchange: enter it, or do with it what it was disturbed to. */
  funded(event: Extract<VenueEvent, { type: 'FundingSettled' }>): void;
  /** The exchange has booked an entry of the insurance fund: what it paid less what it took. */
  insured(symbol: number, amount: Amount, ts: number): void;
  /** Book and enter cash that comes or goes. */
  pay(symbol: number, amount: Amount, kind: VenueIncome['kind'], reason: string): void;
}

/** `settle`: cash was moved, so that the margin must be looked at. */
export const accountWallet = (
  account: string,
  opening: number,
  host: DeskHost,
  current: () => AccountExchange,
  settle: () => void,
): AccountWallet => {
  const { states } = host;
  const asset = settlementAsset(states[0]!.instrument.symbol);
  const ledger = accountLedger(toAmount(opening), host.ids.income);
  const nameOf = (symbol: number): string | null => states[symbol]?.instrument.symbol ?? null;
  const enter = (symbol: number, kind: VenueIncome['kind'], amount: Amount, ts: number, execution: string | null = null): void =>
    ledger.enter({ kind, symbol: nameOf(symbol), asset, ts: stamp(ts), execution }, amount);
  const tell = (symbol: number, reason: string, change: Amount): void =>
    host.say({ event: 'account', account, reason, symbol: nameOf(symbol), change: toMoney(change) });
  const moved = (symbol: number, kind: VenueIncome['kind'], reason: string, amount: Amount, ts: number): void => {
    enter(symbol, kind, amount, ts);
    if (amount !== 0) tell(symbol, reason, amount);
  };
  const book = (amount: Amount): void => current().venue.account.pay(amount);

  return {
    asset,
    ledger,
    traded: (symbol, realised, fee, execution, ts) => {
      enter(symbol, 'realised', realised, ts, execution);
      enter(symbol, 'fee', -fee, ts, execution);
      tell(symbol, 'ORDER', realised - fee);
    },
    funded: ({ symbol, lots, markPrice, amount, ts }) => {
      const i = states.findIndex(({ instrument }) => instrument.symbol === symbol);
      const change = host.disturbance(i, ts);
      const settled = (paid: Amount, at: number): void => moved(i, 'funding', 'FUNDING_FEE', paid, at);
      const bookLater = (paid: Amount): void => {
        const at = ts + (change?.delayMs ?? 0);
        host.later(at, () => {
          book(paid);
          settled(paid, at);
          settle();
        });
      };
      if (change !== null && change.correctedRate === undefined) {
        book(-amount);
        bookLater(amount);
        return;
      }
      settled(amount, ts);
      if (change?.correctedRate === undefined) return;
      const u = current().markets[i]!.units;
      bookLater(fundingPayment(roundHalfAway(u.notionalOf(u.quantity(lots), markPrice) * 1e8), change.correctedRate) - amount);
    },
    insured: (symbol, amount, ts) => moved(symbol, 'insurance', 'INSURANCE_CLEAR', amount, ts),
    pay: (symbol, amount, kind, reason) => {
      book(amount);
      moved(symbol, kind, reason, amount, host.now());
    },
  };
};
