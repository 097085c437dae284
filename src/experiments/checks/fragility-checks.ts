import type { Check } from './check.js';
import { costStress, type CostStressOptions } from './cost-stress.js';
import { missedFillsCheck } from './missed-fills.js';
import { missingBarsCheck } from './missing-bars.js';
import { noisyClosesCheck } from './noisy-closes.js';
import { oneBarDelay } from './one-bar-delay.js';
import { parameterJitter } from './parameter-jitter.js';
import { randomEntriesCheck } from './random-entries.js';
import { startDateCheck } from './start-date.js';
import { syntheticHistories } from './synthetic-histories.js';
import { tradeOrderCheck } from './trade-order.js';

/** Checks that cost no more than some eight runs of the subject: for every walk-forward. */
export const quickChecks = (options: CostStressOptions = {}): readonly Check[] => [
  costStress(options),
  oneBarDelay(),
  missingBarsCheck(3),
  missedFillsCheck(),
  tradeOrderCheck(),
  randomEntriesCheck(),
];

/** All checks of fragility and chance, some 70 runs of the subject. */
export const fragilityChecks = (options: CostStressOptions = {}): readonly Check[] => [
  costStress(options),
  oneBarDelay([1, 2, 4]),
  parameterJitter(),
  startDateCheck(),
  missingBarsCheck(),
  noisyClosesCheck(),
  missedFillsCheck(),
  tradeOrderCheck(),
  randomEntriesCheck(),
  syntheticHistories(),
];

/** All of them, with the costs that they should survive left at their default. */
export const FRAGILITY_CHECKS: readonly Check[] = fragilityChecks();
