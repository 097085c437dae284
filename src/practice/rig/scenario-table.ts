import { lostAck } from './scenarios/01-lost-ack.js';
import { killEveryStep } from './scenarios/02-kill-every-step.js';
import { fillsWhileDisconnected } from './scenarios/03-fills-while-disconnected.js';
import { fillsOmitted } from './scenarios/04-fills-omitted.js';
import { duplicatesAndReorder } from './scenarios/05-duplicates-and-reorder.js';
import { errorIsNotAbsence, outageAfterLostAck } from './scenarios/06-error-is-not-absence.js';
import { cancelFillRace } from './scenarios/07-cancel-fill-race.js';
import { oldPosition } from './scenarios/08-old-position.js';
import { barsOmitted, silentStaleData } from './scenarios/09-silent-stale-data.js';
import { reconnectThenQuiet, userStreamExpires } from './scenarios/10-user-stream-expires.js';
import { baseCoinFees, partialFills } from './scenarios/11-partial-fills.js';
import { fiveRefusals, neverTwoStops, stopRefused } from './scenarios/12-stop-refused.js';
import { budgetAtItsEnd, cancelsFirst, rateLimit } from './scenarios/13-rate-limit.js';
import { clockSkew } from './scenarios/14-clock-skew.js';
import { outsideEvents } from './scenarios/15-outside-events.js';
import { diskFailures, flippedBit, tornCommit, tornTail } from './scenarios/16-disk-failures.js';
import { fencedHosts, stalePaused, twoEngines } from './scenarios/17-two-engines.js';
import { feeCorrected, fundingLate } from './scenarios/18-funding.js';
import { delisting, maintenance } from './scenarios/19-maintenance.js';
import { deadMan, fiftyOrders, killSwitch, oppositeHolders } from './scenarios/20-kill-switch.js';
import { bookGap, brokenBook } from './scenarios/21-book-gap.js';
import { blockedLoop } from './scenarios/22-blocked-loop.js';
import { hostileData } from './scenarios/23-hostile-data.js';
import { poisonStrategy } from './scenarios/24-poison-strategy.js';
import { soak } from './scenarios/25-soak.js';
import type { Scenario } from './scenario.js';

/** Every row of the table of faults, in its order; some rows have more than one scenario. */
export const SCENARIOS: readonly Scenario[] = [
  lostAck,
  killEveryStep,
  fillsWhileDisconnected,
  fillsOmitted,
  duplicatesAndReorder,
  errorIsNotAbsence,
  outageAfterLostAck,
  cancelFillRace,
  oldPosition,
  silentStaleData,
  barsOmitted,
  userStreamExpires,
  reconnectThenQuiet,
  partialFills,
  baseCoinFees,
  stopRefused,
  fiveRefusals,
  neverTwoStops,
  rateLimit,
  cancelsFirst,
  budgetAtItsEnd,
  clockSkew,
  outsideEvents,
  diskFailures,
  flippedBit,
  tornTail,
  tornCommit,
  twoEngines,
  fencedHosts,
  stalePaused,
  fundingLate,
  feeCorrected,
  maintenance,
  delisting,
  killSwitch,
  fiftyOrders,
  oppositeHolders,
  deadMan,
  bookGap,
  brokenBook,
  blockedLoop,
  hostileData,
  poisonStrategy,
  soak,
];
