import type { FeatureSet } from '../feature-set.js';
import { logReturn } from '../momentum/log-return.js';
import { riskAdjustedMomentum } from '../momentum/risk-adjusted-momentum.js';
import { rsi } from '../momentum/rsi.js';
import { efficiencyRatio } from '../regime/efficiency-ratio.js';
import { returnAutocorrelation } from '../regime/return-autocorrelation.js';
import { donchianPosition } from '../trend/donchian-position.js';
import { emaRatio } from '../trend/ema-ratio.js';
import { relativeRange } from '../volatility/relative-range.js';
import { volatilityRatio } from '../volatility/volatility-ratio.js';
import { relativeVolume } from '../volume/relative-volume.js';
import { signedVolumeShare } from '../volume/signed-volume-share.js';

/** Twelve columns that need nothing but bars and warm up in two days of hours: for examples and tests. */
export const small: FeatureSet = {
  name: 'small',
  version: 1,
  description: 'Twelve columns of the symbol’s own bars, for examples and tests.',
  features: [
    logReturn(1),
    riskAdjustedMomentum(12),
    riskAdjustedMomentum(48),
    rsi(14),
    emaRatio(8, 24),
    donchianPosition(24),
    volatilityRatio(6, 48),
    relativeRange(24),
    efficiencyRatio(12),
    returnAutocorrelation(1, 40),
    relativeVolume(24),
    signedVolumeShare(12),
  ],
  panel: [],
  scaler: 'robust',
};
