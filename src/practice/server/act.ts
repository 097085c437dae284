import { z } from 'zod';
import type { PracticeExchange } from '../practice-exchange.js';

const side = z.enum(['buy', 'sell']);
const account = z.string();
const symbol = z.string();

/** What can be made to happen to an account or a market from outside. Symbols as the platform writes them; quantities in base units. */
export const act = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('manualTrade'), account, symbol, side, quantity: z.number().positive() }),
  z.strictObject({ act: z.literal('liquidate'), account, symbol }),
  z.strictObject({ act: z.literal('deleverage'), account, symbol, quantity: z.number().positive() }),
  z.strictObject({ act: z.literal('transfer'), account, amount: z.number(), kind: z.enum(['deposit', 'withdrawal', 'transfer']) }),
  z.strictObject({ act: z.literal('correctFee'), account, symbol, amount: z.number() }),
  z.strictObject({
    act: z.literal('expire'),
    account,
    symbol,
    clientId: z.string().nullable(),
    venueId: z.string().nullable(),
    conditional: z.boolean(),
  }),
  z.strictObject({ act: z.literal('setSteps'), symbol, tickSize: z.number().positive(), lotSize: z.number().positive() }),
  z.strictObject({ act: z.literal('setTrading'), symbol, trading: z.boolean() }),
  z.strictObject({ act: z.literal('setLeverage'), account, symbol, leverage: z.number().positive() }),
  z.strictObject({
    act: z.literal('disturbFunding'),
    symbol,
    at: z.number(),
    delayMs: z.number().optional(),
    correctedRate: z.number().optional(),
  }),
]);

export type Act = z.output<typeof act>;

/** Does it. What the exchange refuses is thrown. */
export const perform = (exchange: PracticeExchange, what: Act): void => {
  switch (what.act) {
    case 'manualTrade':
      return exchange.manualTrade(what.account, what.symbol, what.side, what.quantity);
    case 'liquidate':
      return exchange.liquidate(what.account, what.symbol);
    case 'deleverage':
      return exchange.deleverage(what.account, what.symbol, what.quantity);
    case 'transfer':
      return exchange.transfer(what.account, what.amount, what.kind);
    case 'correctFee':
      return exchange.correctFee(what.account, what.symbol, what.amount);
    case 'expire':
      return exchange.expire(what.account, what);
    case 'setSteps':
      return exchange.setSteps(what.symbol, what.tickSize, what.lotSize);
    case 'setTrading':
      return exchange.setTrading(what.symbol, what.trading);
    case 'setLeverage':
      return exchange.setLeverage(what.account, what.symbol, what.leverage);
    case 'disturbFunding':
      return exchange.disturbFunding(what.symbol, what.at, {
        ...(what.delayMs !== undefined && { delayMs: what.delayMs }),
        ...(what.correctedRate !== undefined && { correctedRate: what.correctedRate }),
      });
  }
};
