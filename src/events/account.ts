import type { FactOf } from './fact.js';
import type { Symbol } from '../market/instrument.js';
import type { Amount, Lots } from '../market/units.js';

/** Funding was charged at `ts` on the position held then; positive is received. */
export type FundingSettled = FactOf<'FundingSettled', { symbol: Symbol; rate: number; lots: Lots; markPrice: number; amount: Amount }>;
/** Equity no longer covered the maintenance margin: the venue closed everything. */
export type AccountLiquidated = FactOf<'AccountLiquidated', { equity: Amount; maintenance: Amount }>;
/** The risk state changed; HALTED lets nothing through but reductions. */
export type RiskStateChanged = FactOf<'RiskStateChanged', { state: 'ACTIVE' | 'REDUCING' | 'HALTED'; code: string; text: string }>;

export type AccountFact = FundingSettled | AccountLiquidated | RiskStateChanged;
