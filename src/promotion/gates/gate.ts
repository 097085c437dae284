/** `cannot-tell`: a figure that the gate needs is not there; it keeps the door shut like `fail`. */
export type GateVerdict = 'pass' | 'fail' | 'cannot-tell';

/** What one gate says. */
export interface GateResult {
  /** Kebab-case, unique among the gates of a stage, e.g. `deflated-sharpe`. */
  readonly gate: string;
  /** E.g. `Deflated Sharpe`. */
  readonly title: string;
  readonly verdict: GateVerdict;
  /** What was measured, and what is asked for, in the unit of the title; null where it is no number. */
  readonly figure: number | null;
  readonly limit: number | null;
  /** One sentence with the figures, for a trader. */
  readonly sentence: string;
  /** What would change the verdict; empty for a pass. */
  readonly change: string;
  /** False where no approval can open it, such as synthetic data before a real venue. */
  readonly overridable: boolean;
}
