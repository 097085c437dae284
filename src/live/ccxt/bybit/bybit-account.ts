import { kindOfSymbol } from '../../../market/instrument.js';
import { venueUnits } from '../../../market/venue-units.js';
import type { KeyPermissions, VenueBalance, VenueIncome, VenueMarket, VenuePosition } from '../../venue-transport.js';
import type { CcxtMarket } from '../ccxt-exchange.js';
import {
  fieldsOf,
  finite,
  id,
  listOf,
  numberIn,
  oneOf,
  positive,
  positiveOrNull,
  size,
  sizeIn,
  text,
  textOrNone,
  time,
  type Fields,
} from '../reading.js';
import type { SymbolTable } from '../symbol-table.js';
import { positionSideOf } from './bybit-orders.js';

/** A perpetual of the instruments information. The first tier's margin rate is the preset's, or half of what the highest leverage leaves, as the venue's tables have it. */
export const readBybitMarket = ({ symbol, info }: CcxtMarket): VenueMarket => {
  const row = fieldsOf(info);
  const price = fieldsOf(row['priceFilter'], 'priceFilter');
  const lot = fieldsOf(row['lotSizeFilter'], 'lotSizeFilter');
  const maxLeverage = positive(fieldsOf(row['leverageFilter'], 'leverageFilter'), 'maxLeverage');
  const minNotional = lot['minNotionalValue'];
  return {
    instrument: {
      symbol,
      exchange: 'bybit',
      kind: kindOfSymbol(symbol),
      tickSize: positive(price, 'tickSize'),
      lotSize: positive(lot, 'qtyStep'),
      minNotional: minNotional === undefined || minNotional === '' ? 0 : numberIn(minNotional, 'minNotionalValue'),
      contractSize: 1,
      maxLeverage,
      maintenanceMarginRate: venueUnits('bybit', symbol)?.maintenanceMarginRate ?? 0.5 / maxLeverage,
      source: 'Bybit v5 instruments information, as loaded',
    },
    trading: row['status'] === 'Trading',
    minQuantity: sizeIn(lot['minOrderQty'], 'minOrderQty'),
    maxQuantity: sizeIn(lot['maxOrderQty'], 'maxOrderQty'),
    makerFee: null,
    takerFee: null,
  };
};

/** Rows of the position list that hold something. Sizes have no sign there: the side says it. */
export const readBybitPositions = (rows: readonly unknown[], symbols: SymbolTable): VenuePosition[] =>
  rows
    .map(entry => fieldsOf(entry))
    .filter(row => size(row, 'size') !== 0)
    .map(row => ({
      symbol: symbols.nameOf(text(row, 'symbol')),
      quantity: size(row, 'size') * oneOf({ Buy: 1, Sell: -1 }, row, 'side'),
      entryPrice: positive(row, row['avgPrice'] === undefined ? 'entryPrice' : 'avgPrice'),
      markPrice: positive(row, 'markPrice'),
      leverage: positiveOrNull(row, 'leverage') ?? NaN,
      marginMode: Number(row['tradeMode']) === 1 ? ('isolated' as const) : ('cross' as const),
      liquidationPrice: positiveOrNull(row, 'liqPrice') ?? NaN,
      positionSide: positionSideOf(row['positionIdx']),
    }));

/** Coins of the unified account. */
export const readBybitBalances = (result: Fields): VenueBalance[] =>
  listOf(result['list'], 'list')
    .flatMap(account => listOf(fieldsOf(account)['coin'], 'coin'))
    .map(entry => {
      const row = fieldsOf(entry);
      const free = textOrNone(row, 'availableToWithdraw');
      return {
        asset: text(row, 'coin'),
        wallet: finite(row, 'walletBalance'),
        available: free === '' ? NaN : numberIn(free, 'availableToWithdraw'),
      };
    });

const KINDS: Readonly<Record<string, VenueIncome['kind']>> = {
  SETTLEMENT: 'funding',
  TRANSFER_IN: 'transfer',
  TRANSFER_OUT: 'transfer',
  DEPOSIT: 'deposit',
  WITHDRAW: 'withdrawal',
  FEE_REFUND: 'rebate',
  BONUS: 'other',
};

/** Entries of one row of the transaction log: a trade has its fee and what it realised, each with an id of its own. */
export const readBybitIncome = (row: Fields, symbols: SymbolTable): VenueIncome[] => {
  const type = text(row, 'type');
  const symbol = textOrNone(row, 'symbol');
  const trade = textOrNone(row, 'tradeId');
  const base = {
    id: id(row, 'id'),
    symbol: symbol === '' ? null : symbols.nameOf(symbol),
    asset: text(row, 'currency'),
    ts: time(row, 'transactionTime'),
    execution: trade === '' ? null : trade,
  };
  const part = (name: string): number => (row[name] === undefined || row[name] === '' ? 0 : finite(row, name));
  if (type === 'SETTLEMENT')
    return [{ ...base, kind: 'funding', amount: row['funding'] === undefined || row['funding'] === '' ? part('change') : part('funding') }];
  if (Object.hasOwn(KINDS, type)) return [{ ...base, kind: KINDS[type] ?? 'other', amount: part('change') }];
  const fee = part('fee');
  const realised = part('cashFlow');
  const entries: VenueIncome[] = [];
  if (fee !== 0) entries.push({ ...base, id: `${base.id}:fee`, kind: 'fee', amount: -fee });
  if (realised !== 0) entries.push({ ...base, id: `${base.id}:realised`, kind: 'realised', amount: realised });
  if (entries.length === 0 && part('change') !== 0) entries.push({ ...base, kind: 'other', amount: part('change') });
  return entries;
};

/** What the key may do. */
export const readBybitPermissions = (result: Fields): KeyPermissions => {
  const permissions = fieldsOf(result['permissions'] ?? {}, 'permissions');
  const granted = (section: string): readonly unknown[] =>
    permissions[section] === undefined ? [] : listOf(permissions[section], section);
  const addresses = result['ips'] === undefined ? [] : listOf(result['ips'], 'ips');
  return {
    trade: Number(result['readOnly']) !== 1 && granted('ContractTrade').includes('Order'),
    withdraw: granted('Wallet').includes('Withdraw'),
    ipRestricted: addresses.length > 0 && !addresses.includes('*'),
  };
};
