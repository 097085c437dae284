import type { Random } from '../../random.js';
import type { PracticeOrderChange } from '../practice-exchange.js';
import type { WireRequest } from '../server/front.js';

/** When a session process is killed. `nth` counts from its start. */
export type KillPlan =
  | { readonly on: 'time'; readonly ms: number }
  | { readonly on: 'request'; readonly what: RequestKind; readonly moment: 'before' | 'after'; readonly nth: number }
  | { readonly on: 'event'; readonly change: PracticeOrderChange; readonly nth: number }
  /** Something was written to the journal; `torn` leaves half a line there, as a write that was cut short does. */
  | { readonly on: 'append'; readonly nth: number; readonly torn: boolean }
  /** It is asked to stop, and stops. */
  | { readonly on: 'stop'; readonly ms: number };

const KINDS = ['submit', 'conditional', 'cancel', 'amend', 'open-orders', 'executions', 'account', 'history', 'settings'] as const;
export type RequestKind = (typeof KINDS)[number];

const isConditional = (path: string): boolean => /algo/i.test(path);

/** What a request to Binance's or Bybit's interface asks for; null for what no kill waits for. */
export const requestKind = ({ method, path }: WireRequest): RequestKind | null => {
  if (/kline/i.test(path)) return 'history';
  if (/(openOrders|openAlgoOrders|order\/realtime)$/.test(path)) return 'open-orders';
  if (/(userTrades|execution\/list)$/.test(path)) return 'executions';
  if (/(positionRisk|balance|v\d\/account|position\/list|wallet-balance)$/.test(path)) return 'account';
  if (path.endsWith('order/create')) return 'submit';
  if (path.endsWith('order/cancel')) return 'cancel';
  if (path.endsWith('order/amend')) return 'amend';
  if (/(order|algoOrder)$/i.test(path))
    switch (method) {
      case 'POST':
        return isConditional(path) ? 'conditional' : 'submit';
      case 'DELETE':
        return 'cancel';
      case 'PUT':
        return 'amend';
      default:
        return 'open-orders';
    }
  return /(leverage|positionSide|listenKey|countdownCancelAll|disconnected-cancel-all)/.test(path) ? 'settings' : null;
};

const CHANGES: readonly PracticeOrderChange[] = ['new', 'amended', 'triggered', 'trade', 'ended'];
const pick = <T>(chance: Random, from: readonly T[]): T => from[chance.int(from.length)] as T;

/** Draws when the next process dies. `bootMs`: how long a start takes on this machine. */
export const drawPlan = (chance: Random, bootMs: number): KillPlan => {
  const dice = chance.next();
  if (dice < 0.2) return { on: 'time', ms: bootMs * (0.3 + 1.2 * chance.next()) };
  if (dice < 0.55)
    return {
      on: 'request',
      what: pick(chance, KINDS),
      moment: chance.next() < 0.5 ? 'before' : 'after',
      nth: 1 + (chance.next() < 0.7 ? 0 : chance.int(4)),
    };
  if (dice < 0.75) return { on: 'event', change: pick(chance, CHANGES), nth: 1 + chance.int(3) };
  if (dice < 0.95) return { on: 'append', nth: 1 + chance.int(12), torn: chance.next() < 0.3 };
  return { on: 'stop', ms: 200 };
};

export const planText = (plan: KillPlan): string => {
  switch (plan.on) {
    case 'time':
      return `after ${plan.ms.toFixed(0)} ms`;
    case 'request':
      return `${plan.moment} ${plan.what} is carried out, ${plan.nth}.`;
    case 'event':
      return `at the exchange's "${plan.change}", ${plan.nth}.`;
    case 'append':
      return `at append ${plan.nth}${plan.torn ? ', torn' : ''}`;
    case 'stop':
      return 'stopped in order';
  }
};
