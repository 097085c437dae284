import type { RunConfig } from '../../engine/run-config.js';
import type { Params } from '../../engine/run-result.js';
import type { CheckResult } from '../../experiments/checks/check.js';
import type { Estimate } from '../../experiments/estimate.js';
import type { PromotionConfig } from '../promotion-config.js';
import type { PinFault } from '../pins/pin-fault.js';

/** Days, ms, counts and shares that nobody could say are null: a gate never takes them for zero. */
type Known = number | null;

/** What the evidence of the run says, as far as a gate asks. */
export interface GateEvidence {
  readonly run: string;
  readonly kind: 'backtest' | 'walkforward' | 'sweep';
  /** False where parameters were chosen on the days that are judged. */
  readonly outOfSample: boolean;
  /** Calendar days of returns, and closed trades, in what is judged. */
  readonly days: Known;
  readonly trades: Known;
  readonly dsr: Estimate;
  /** Probability of overfitting that decides, see `decidingPbo`. */
  readonly pbo: Known;
  /** Configurations that each training window chose among; null without a search. */
  readonly configurations: Known;
  readonly spa: Estimate;
  readonly realityCheck: Estimate;
  /** Deepest fall of equity from a peak, a positive fraction. */
  readonly drawdown: Known;
  readonly checks: readonly CheckResult[];
  readonly synthetic: boolean;
  /** Errors of the data that were not repaired; null where nobody looked. */
  readonly dataErrors: readonly string[] | null;
  /** Chosen by the newest fold of a walk-forward, or those of the run; null where it chose none. */
  readonly params: Params | null;
  /** Terms that it was traded under. */
  readonly config: RunConfig;
}

/** Where and how a session would trade. */
export interface GateSession {
  readonly account: string;
  readonly venue: string;
  readonly practice: boolean;
  readonly params: Params;
  readonly config: Omit<RunConfig, 'from' | 'to' | 'capital'>;
}

/** What the gates of paper look at. */
export interface PaperInputs {
  readonly evidence: GateEvidence;
  readonly session: GateSession;
}

/** A stretch of market time, epoch ms. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Sessions that traded exactly these pins, at a venue of the same kind. */
export interface SessionRecord {
  /** Market time during which one ran, ascending. */
  readonly stretches: readonly Stretch[];
  /** Closed trades of the strategy. */
  readonly trades: Known;
}

/** What a parity certificate says, the one made last being the last of its list. */
export interface GateParity extends Stretch {
  readonly passed: boolean;
  /** Gap of profit, basis points of what was traded; null where nothing was traded. */
  readonly bps: Known;
  /** By which it was judged. */
  readonly tolerance: { readonly bps: number; readonly unexplained: number };
}

/** Something that nobody has looked after yet. */
export interface OpenAlarm {
  readonly code: string;
  readonly text: string;
  readonly account: string;
}

/** A rehearsal at the venue where it is to trade. */
export interface GateRehearsal {
  readonly what: 'kill-switch' | 'dead-man';
  readonly account: string;
  /** Wall time, epoch ms. */
  readonly at: number;
  readonly passed: boolean;
  readonly tookMs: Known;
  readonly text: string;
}

/** What the gates of live look at. Null where it could not be read. */
export interface LiveInputs extends PaperInputs {
  readonly paper: SessionRecord | null;
  readonly parity: readonly GateParity[] | null;
  readonly alarms: readonly OpenAlarm[] | null;
  readonly rehearsals: readonly GateRehearsal[] | null;
  readonly pinFaults: readonly PinFault[] | null;
  /** Wall time, epoch ms. */
  readonly now: number;
}

/** What the gates of the next step of capital look at. Null where it could not be read. */
export interface RampInputs {
  /** Share that is traded now, and the one that is asked for. */
  readonly from: number;
  readonly to: number;
  /** Live sessions begun since the step was entered. */
  readonly step: SessionRecord | null;
  /** Newest word of each monitor of live against expected. */
  readonly watch: readonly { readonly monitor: string; readonly verdict: 'inside' | 'alarm'; readonly sentence: string }[] | null;
  /** Certificates of the live account that were made on this step. */
  readonly parity: readonly GateParity[] | null;
  readonly alarms: readonly OpenAlarm[] | null;
  readonly risk: { readonly state: 'ACTIVE' | 'REDUCING' | 'HALTED'; readonly text: string } | null;
  readonly pinFaults: readonly PinFault[] | null;
}

/** What is asked for. */
export type GateConfig = Pick<PromotionConfig, 'paper' | 'live' | 'ramp'>;
