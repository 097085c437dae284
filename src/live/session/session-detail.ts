import type { LimitUse } from '../../risk/limit-use.js';
import type { LiveSession } from './live-session.js';
import type { PositionFigures, StrategyFigures } from './session-meter.js';
import { sessionStatus, type SessionStatus, type StatusScope } from './session-status.js';

/** What only the session knows of itself: prices, figures at these prices, and what of each limit is used. Orders, plans and alarms stand in its journal. Numbers that are not known are null on the wire. */
export interface SessionDetail extends SessionStatus {
  readonly symbols: readonly string[];
  readonly timeframe: string | null;
  readonly equity: number;
  readonly today: number;
  readonly exposure: number;
  readonly gross: number;
  readonly drawdown: number;
  readonly figures: readonly (StrategyFigures & { readonly risk: string })[];
  readonly positions: readonly PositionFigures[];
  readonly limits: readonly (LimitUse & { readonly scope: string })[];
}

/** The session with everything that whoever looks at it wants to see. */
export const sessionDetail = (session: LiveSession, scope: StatusScope): SessionDetail => {
  const { meter, state } = session;
  const { equity, today, exposure, gross, drawdown, strategies, positions } = meter.figures();
  return {
    ...sessionStatus(session, scope),
    symbols: meter.terms.symbols,
    timeframe: meter.terms.timeframe,
    equity,
    today,
    exposure,
    gross,
    drawdown,
    figures: strategies.map(each => ({ ...each, risk: state.risk.get(each.name) ?? 'ACTIVE' })),
    positions,
    limits: meter.limits(),
  };
};
