/** ACTIVE trades; REDUCING lets only reductions through; HALTED closes what is open and lets nothing through but reduce-only orders. */
export type RiskState = 'ACTIVE' | 'REDUCING' | 'HALTED';
