import type { Symbol } from '../../market/instrument.js';
import type { BrokerCore } from './broker-core.js';
import { openRecords } from './broker-state.js';
import { isConditional } from './order-record.js';
import { disowned } from './ownership.js';
import { PRIORITY } from './request-budget.js';

/** The venue's own timer that cancels plain orders when we fall silent. */
export interface DeadMan {
  /** Wind it up for symbols with plain orders at work, while the account is healthy; a third of its time apart. */
  wind(isHealthy: boolean): void;
  /** Take it off where it is wound up. */
  release(): Promise<void>;
}

export const deadMan = (core: BrokerCore): DeadMan => {
  const { config, state, budget, ports } = core;
  const { transport, clock } = ports;
  const wound = new Map<Symbol, number>();
  let isSupported = config.deadManMs > 0 && config.defences.deadMan;

  const set = async (symbol: Symbol, ms: number): Promise<void> => {
    try {
      const isTaken = await budget.request(
        PRIORITY.query,
        10,
        () => transport.cancelAllAfter(symbol, ms),
        () => disowned(core, true),
      );
      if (!isTaken) isSupported = false;
    } catch {
      // Wound up again at the next look.
      wound.delete(symbol);
    }
  };

  return {
    wind: isHealthy => {
      if (!isSupported || !isHealthy) return;
      const now = clock.monotonic();
      const working = new Set<Symbol>();
      for (const { ticket, status } of openRecords(state)) if (status === 'working' && !isConditional(ticket)) working.add(ticket.symbol);
      for (const symbol of working)
        if (now - (wound.get(symbol) ?? -Infinity) >= config.deadManMs / 3) {
          wound.set(symbol, now);
          void set(symbol, config.deadManMs);
        }
      for (const symbol of wound.keys())
        if (!working.has(symbol)) {
          wound.delete(symbol);
          void set(symbol, 0);
        }
    },
    release: async () => {
      await Promise.all([...wound.keys()].map(symbol => set(symbol, 0)));
      wound.clear();
    },
  };
};
