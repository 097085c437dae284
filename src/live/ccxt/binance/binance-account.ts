import type { VenueBalance, VenueIncome, VenuePosition } from '../../venue-transport.js';
import { fieldsOf, finite, id, listOf, positive, text, textOrNone, time, type Fields } from '../reading.js';
import type { SymbolTable } from '../symbol-table.js';

const POSITION_SIDES: Readonly<Record<string, VenuePosition['positionSide']>> = { BOTH: null, LONG: 'long', SHORT: 'short' };

const KINDS: Readonly<Record<string, VenueIncome['kind']>> = {
  FUNDING_FEE: 'funding',
  COMMISSION: 'fee',
  REALIZED_PNL: 'realised',
  TRANSFER: 'transfer',
  INTERNAL_TRANSFER: 'transfer',
  COIN_SWAP_DEPOSIT: 'transfer',
  COIN_SWAP_WITHDRAW: 'transfer',
  STRATEGY_UMFUTURES_TRANSFER: 'transfer',
  CROSS_COLLATERAL_TRANSFER: 'transfer',
  DEPOSIT: 'deposit',
  WITHDRAW: 'withdrawal',
  INSURANCE_CLEAR: 'insurance',
  COMMISSION_REBATE: 'rebate',
  API_REBATE: 'rebate',
  REFERRAL_KICKBACK: 'rebate',
};

/** Leverage of a row: said by version 2 of positionRisk; in version 3 it is what the notional is of its initial margin. */
const leverageOf = (row: Fields, notional: number): number => {
  if (row['leverage'] !== undefined) return positive(row, 'leverage');
  const margin = Number(row['positionInitialMargin'] ?? row['initialMargin'] ?? NaN);
  return margin > 0 ? Math.max(1, Math.round(notional / margin)) : NaN;
};

/** Rows of positionRisk that hold something. */
export const readPositions = (answer: unknown, symbols: SymbolTable): VenuePosition[] =>
  listOf(answer, 'positionRisk')
    .map(entry => fieldsOf(entry))
    .filter(row => finite(row, 'positionAmt') !== 0)
    .map(row => {
      const quantity = finite(row, 'positionAmt');
      const markPrice = positive(row, 'markPrice');
      const liquidation = Number(row['liquidationPrice'] ?? NaN);
      const side = textOrNone(row, 'positionSide');
      return {
        symbol: symbols.nameOf(text(row, 'symbol')),
        quantity,
        entryPrice: positive(row, 'entryPrice'),
        markPrice,
        leverage: leverageOf(row, Math.abs(quantity) * markPrice),
        marginMode:
          row['marginType'] === 'isolated' || (row['marginType'] === undefined && Number(row['isolatedMargin'] ?? 0) > 0)
            ? ('isolated' as const)
            : ('cross' as const),
        liquidationPrice: liquidation > 0 && Number.isFinite(liquidation) ? liquidation : NaN,
        positionSide: POSITION_SIDES[side] ?? null,
      };
    });

/** Assets of the account, of `account` (its `assets`) or `balance` (a list). */
export const readBalances = (answer: unknown): VenueBalance[] =>
  listOf(Array.isArray(answer) ? answer : fieldsOf(answer)['assets'], 'assets').map(entry => {
    const row = fieldsOf(entry);
    return {
      asset: text(row, 'asset'),
      wallet: finite(row, row['walletBalance'] === undefined ? 'balance' : 'walletBalance'),
      available: row['availableBalance'] === undefined ? NaN : finite(row, 'availableBalance'),
    };
  });

/** A row of the income ledger. The venue's transaction ids are unique within a kind of income. */
export const readIncome = (row: Fields, symbols: SymbolTable): VenueIncome => {
  const type = text(row, 'incomeType');
  const symbol = textOrNone(row, 'symbol');
  const trade = row['tradeId'] === undefined || row['tradeId'] === null || row['tradeId'] === '' ? null : id(row, 'tradeId');
  return {
    id: `${type}:${id(row, 'tranId')}`,
    kind: (Object.hasOwn(KINDS, type) ? KINDS[type] : undefined) ?? 'other',
    symbol: symbol === '' ? null : symbols.nameOf(symbol),
    asset: text(row, 'asset'),
    amount: finite(row, 'income'),
    ts: time(row, 'time'),
    execution: trade,
  };
};
