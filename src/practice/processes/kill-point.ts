import type { Fact } from '../../events/fact.js';
import { clientIdOf } from '../../live/broker/client-id.js';
import type { OrderRecord } from '../../live/broker/order-record.js';
import type { BrokerState } from '../../live/broker/broker-state.js';
import type { PracticeOrder } from '../practice-exchange.js';

/** Where a process was when it died: how far its start had come, and the most delicate of its orders. */
export interface KillPoint {
  readonly phase: 'starting' | 'reconciling' | 'warming-up' | 'trading' | 'stopping';
  readonly order: string;
}

/** What is known of a death: the durable facts, those of this life apart, and the exchange's orders. */
export interface Death {
  readonly state: BrokerState;
  readonly facts: readonly Fact[];
  readonly unsealed: number;
  readonly orders: ReadonlyMap<string, PracticeOrder>;
  readonly strategies: number;
}

const phaseOf = ({ facts, strategies }: Death): KillPoint['phase'] => {
  const has = (type: Fact['type']): number => facts.reduce((n, fact) => (fact.type === type ? n + 1 : n), 0);
  if (has('SessionStopped') > 0) return 'stopping';
  if (has('SessionStarted') === 0) return 'starting';
  if (has('Reconciled') === 0) return 'reconciling';
  return has('RunStarted') < strategies ? 'warming-up' : 'trading';
};

/** From the most delicate to the least. */
const DELICATE = [
  'torn append',
  'intent durable, not at the exchange',
  'at the exchange, not acknowledged',
  'filled, not booked',
  'ended at the exchange, not told',
  'cancel asked for',
  'change asked for',
  'unknown',
  'part filled',
  'working',
  'approved only',
  'none',
] as const;

/** How one order stands, of which the journal says that it has not ended. */
const standing = (record: OrderRecord, order: PracticeOrder | undefined, filled: number) => {
  if (record.status === 'approved') return 'approved only';
  if (order === undefined) return record.status === 'unknown' ? 'unknown' : 'intent durable, not at the exchange';
  if (record.status === 'unknown') return 'unknown';
  if (record.status === 'submitted') return 'at the exchange, not acknowledged';
  if (filled > record.filled) return 'filled, not booked';
  if (order.status !== 'open' && order.status !== 'untriggered') return 'ended at the exchange, not told';
  if (record.cancelRequested) return 'cancel asked for';
  if (record.amending > 0) return 'change asked for';
  return record.filled > 0 ? 'part filled' : 'working';
};

/** Classifies a death by the journal and the exchange, which is all that is left of it. */
export const killPoint = (death: Death, lotsFilled: (order: PracticeOrder) => number): KillPoint => {
  const found = new Set<string>(death.unsealed > 0 ? ['torn append'] : []);
  for (const record of death.state.open.values()) {
    const order = death.orders.get(clientIdOf(record.ticket.orderId));
    found.add(standing(record, order, order === undefined ? 0 : lotsFilled(order)));
  }
  return { phase: phaseOf(death), order: DELICATE.find(each => found.has(each)) ?? 'none' };
};
