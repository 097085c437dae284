import { betaToLeader } from './cross-asset/beta-to-leader.js';
import { breadth } from './cross-asset/breadth.js';
import { correlationToLeader } from './cross-asset/correlation-to-leader.js';
import { dispersion } from './cross-asset/dispersion.js';
import { momentumRank } from './cross-asset/momentum-rank.js';
import { relativeStrength } from './cross-asset/relative-strength.js';
import { residualReturn } from './cross-asset/residual-return.js';
import { basis } from './futures/basis.js';
import { basisZScore } from './futures/basis-z-score.js';
import { fundingClock } from './futures/funding-clock.js';
import { fundingRate } from './futures/funding-rate.js';
import { fundingSum } from './futures/funding-sum.js';
import { fundingZScore } from './futures/funding-z-score.js';
import { openInterestChange } from './futures/open-interest-change.js';
import { openInterestDivergence } from './futures/open-interest-divergence.js';
import type { PanelFeature } from './panel-feature.js';

/** Every built-in feature that looks beyond the symbol's own bars, with its usual parameters, by family as the folders are named. */
export const PANEL_CATALOGUE: Readonly<Record<'cross-asset' | 'futures', readonly PanelFeature[]>> = {
  'cross-asset': [
    betaToLeader(48),
    breadth(24),
    correlationToLeader(48),
    dispersion(24),
    momentumRank(24),
    relativeStrength(24),
    residualReturn(12, 48),
  ],
  futures: [
    basis(),
    basisZScore(48),
    fundingClock(),
    fundingRate(),
    fundingSum(3),
    fundingZScore(6),
    openInterestChange(24),
    openInterestDivergence(24),
  ],
};
