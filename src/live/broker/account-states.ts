import { accountState, type AccountState } from '../../engine/account-state.js';
import { openRecords, type BrokerState } from './broker-state.js';
import { remainingOf } from './order-record.js';

/** What each stream of an account holds, has at work and may do, by its name; the account's own is the empty one. A stream in which nothing is, is left out. */
export const accountStates = (state: BrokerState): Readonly<Record<string, AccountState>> => {
  const records = openRecords(state);
  const streams = new Set([...state.books.keys(), ...state.risk.keys(), ...records.map(({ strategy }) => strategy)]);
  const states: [string, AccountState][] = [];
  for (const stream of [...streams].sort()) {
    const account = state.books.get(stream)?.account;
    const orders = records
      .filter(({ strategy }) => strategy === stream)
      .map(record => [record.ticket.orderId, remainingOf(record)] as const);
    const risk = state.risk.get(stream) ?? 'ACTIVE';
    const found = account === undefined ? { cash: 0, positions: [], orders, risk } : accountState(account, orders, risk);
    if (found.cash !== 0 || found.positions.length > 0 || orders.length > 0 || risk !== 'ACTIVE') states.push([stream, found]);
  }
  return Object.fromEntries(states);
};
