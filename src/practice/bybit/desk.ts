import type { FrontContext } from '../server/front.js';
import type { MarketForms } from '../wire/market-forms.js';
import type { DisconnectGuard } from './disconnect-guard.js';
import type { FundingTrail } from './funding-trail.js';
import type { TurnedAway } from './turned-away.js';

/** What the endpoints work with. */
export interface Desk extends FrontContext {
  readonly forms: MarketForms;
  readonly guard: DisconnectGuard;
  readonly turnedAway: TurnedAway;
  readonly fundingTrail: FundingTrail;
  /** Market time, whole ms. */
  readonly now: () => number;
}
