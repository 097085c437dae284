/** ACTIVE trades; REDUCING lets only reductions through; HALTED closes what is open and lets nothing else through. */
export type RiskState = 'ACTIVE' | 'REDUCING' | 'HALTED';
