import type { Symbol } from '../../market/instrument.js';
import type { LiveClock } from '../live-clock.js';
import type { CcxtExchange } from './ccxt-exchange.js';
import type { OrderIdentities } from './order-identities.js';
import type { SymbolTable } from './symbol-table.js';
import type { VenueCalls } from './venue-calls.js';

/** What both parts of a venue (requests and streams) are made of. */
export interface VenueParts {
  readonly exchange: CcxtExchange;
  readonly calls: VenueCalls;
  readonly clock: LiveClock;
  readonly symbols: SymbolTable;
  readonly identities: OrderIdentities;
  readonly hasKey: boolean;
  /** Symbols whose fees and settings are asked for one by one. */
  readonly chosen: readonly Symbol[];
}
