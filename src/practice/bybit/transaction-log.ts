import type { VenueIncome } from '../../live/venue-transport.js';
import type { PracticeExecution } from '../practice-exchange.js';
import { money } from '../wire/decimals.js';

/** One row of the ledger there: what a trade realised and its fee are one entry. */
export interface LogRow {
  readonly first: VenueIncome;
  readonly fee: number;
  readonly cash: number;
  readonly funding: number;
}

/** Puts the entries of one trade together. They follow each other in the ledger. */
export const logRows = (income: readonly VenueIncome[]): readonly LogRow[] => {
  const rows: LogRow[] = [];
  for (const entry of income) {
    const last = rows.at(-1);
    if (entry.kind === 'fee' && entry.execution !== null && last?.first.execution === entry.execution && last.first.symbol === entry.symbol)
      rows[rows.length - 1] = { ...last, fee: last.fee - entry.amount };
    else
      rows.push({
        first: entry,
        fee: entry.kind === 'fee' ? -entry.amount : 0,
        funding: entry.kind === 'funding' ? entry.amount : 0,
        cash: entry.kind === 'fee' || entry.kind === 'funding' ? 0 : entry.amount,
      });
  }
  return rows;
};

const typeOf = ({ kind, amount }: VenueIncome, cause: PracticeExecution['cause'] | null): string => {
  switch (kind) {
    case 'realised':
    case 'fee':
      return cause === 'liquidation' ? 'LIQUIDATION' : cause === 'adl' ? 'ADL' : 'TRADE';
    case 'funding':
      return 'SETTLEMENT';
    case 'deposit':
    case 'withdrawal':
    case 'transfer':
      return amount < 0 ? 'TRANSFER_OUT' : 'TRANSFER_IN';
    case 'insurance':
      return 'LIQUIDATION';
    case 'rebate':
      return 'FEE_REFUND';
    case 'other':
      return 'BONUS';
  }
};

/** A row of `GET /v5/account/transaction-log`. Its change is cash flow + funding − fee. */
export const logShape = (
  { first, fee, cash, funding }: LogRow,
  symbolId: string,
  execution: PracticeExecution | undefined,
): Record<string, unknown> => ({
  id: first.id,
  symbol: symbolId,
  category: symbolId === '' ? '' : 'linear',
  side: execution === undefined ? 'None' : execution.side === 'buy' ? 'Buy' : 'Sell',
  transactionTime: String(first.ts),
  type: typeOf(first, execution?.cause ?? null),
  transSubType: '',
  qty: execution === undefined ? '' : money(execution.quantity),
  size: '',
  currency: first.asset,
  tradePrice: execution === undefined ? '' : money(execution.price),
  funding: funding === 0 ? '' : money(funding),
  fee: money(fee),
  cashFlow: money(cash),
  change: money(cash + funding - fee),
  cashBalance: '',
  feeRate: '',
  bonusChange: '',
  tradeId: first.execution ?? '',
  orderId: execution?.venueOrderId ?? '',
  orderLinkId: execution?.clientId ?? '',
});
