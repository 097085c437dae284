import type { Fact } from '../events/fact.js';
import { riskStateMachine, type RiskDecision, type RiskStateMachine } from '../risk/state.js';
import type { OrderDesk } from './order-desk.js';
import type { RiskDesk } from './risk-desk.js';

/** What became of the risk state, as payloads of facts. */
export type RiskChange =
  | { readonly type: 'RiskStateChanged'; readonly state: 'ACTIVE' | 'REDUCING' | 'HALTED'; readonly code: string; readonly text: string }
  | { readonly type: 'SizeScaled'; readonly factor: number; readonly code: string; readonly text: string };

/** Horizons of the forecast that everything must have been quiet for before size comes back. */
const CALM_HORIZONS = 3;

/**
 * What drift does to trading: a warning scales new entries down, drift lets only reductions pass, and both last until all has been quiet for three horizons. Positions are left to
 * their plans. A halt is for good, whatever drift says.
 */
export class DriftResponse {
  private readonly _machine: RiskStateMachine;
  private _state: RiskDecision['state'] = 'ACTIVE';
  private _factor = 1;

  constructor(
    horizonMs: number,
    private readonly _desk: OrderDesk,
    private readonly _risk: RiskDesk,
    private readonly _publish: (change: RiskChange) => void,
  ) {
    this._machine = riskStateMachine({ calmForMs: CALM_HORIZONS * horizonMs });
  }

  handle(fact: Fact): void {
    if (fact.type === 'DriftChanged') this._apply(this._machine.observe(fact.subject, fact.level, fact.ts));
    else if (fact.type === 'AccountLiquidated' || (fact.type === 'RiskStateChanged' && fact.state === 'HALTED'))
      this._machine.halt('halted', 'the account is halted');
  }

  /** Time has passed. */
  tick(now: number): void {
    this._apply(this._machine.tick(now));
  }

  private _apply(decisions: readonly RiskDecision[]): void {
    for (const { state, factor, code, text } of decisions) {
      if (this._desk.state === 'HALTED' || state === 'HALTED') return;
      if (state !== this._state) {
        this._state = state;
        this._risk.report({ source: 'drift', state, code, text });
      }
      if (factor === this._factor) continue;
      this._factor = factor;
      this._publish({ type: 'SizeScaled', factor, code, text });
    }
  }
}
