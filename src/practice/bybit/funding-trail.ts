import type { Symbol } from '../../market/instrument.js';
import type { MarketForm } from '../wire/market-forms.js';
import { decimal, money } from '../wire/decimals.js';

/** A settlement of funding as the list of executions has it: no trade, though it stands among them. */
export interface FundingRow {
  readonly id: string;
  readonly symbol: Symbol;
  readonly ts: number;
  /** Signed, of the position that was held. */
  readonly quantity: number;
  readonly mark: number;
  /** Positive is received. */
  readonly amount: number;
}

/** The settlements of each account. */
export interface FundingTrail {
  add(account: string, row: Omit<FundingRow, 'id'>): FundingRow;
  between(account: string, from: number, to: number): readonly FundingRow[];
}

export const fundingTrail = (): FundingTrail => {
  const rows = new Map<string, FundingRow[]>();
  let made = 0;
  return {
    add: (account, row) => {
      const entry = { ...row, id: String(800_000_000 + ++made) };
      const known = rows.get(account) ?? [];
      rows.set(account, known);
      known.push(entry);
      return entry;
    },
    between: (account, from, to) => (rows.get(account) ?? []).filter(({ ts }) => ts >= from && ts <= to),
  };
};

/** A settlement written as an execution. Its fee is what was paid. */
export const fundingShape = (row: FundingRow, form: MarketForm): Record<string, unknown> => {
  const size = Math.abs(row.quantity);
  const value = size * row.mark;
  return {
    symbol: form.id,
    orderId: `funding-${row.id}`,
    orderLinkId: '',
    side: row.quantity < 0 ? 'Sell' : 'Buy',
    orderPrice: '0',
    orderQty: '0',
    leavesQty: '0',
    createType: '',
    orderType: 'UNKNOWN',
    stopOrderType: 'UNKNOWN',
    execFee: money(-row.amount),
    execId: row.id,
    execPrice: decimal(row.mark, 8),
    execQty: form.quantity(size),
    execType: 'Funding',
    execValue: decimal(value, 8),
    execTime: String(row.ts),
    feeCurrency: '',
    isMaker: false,
    feeRate: decimal(value > 0 ? -row.amount / value : 0, 8),
    tradeIv: '',
    markIv: '',
    markPrice: decimal(row.mark, 8),
    indexPrice: '',
    underlyingPrice: '',
    blockTradeId: '',
    closedSize: '0',
    seq: Number(row.id),
  };
};
