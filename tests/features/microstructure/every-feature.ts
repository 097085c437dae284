import { bookImbalance } from '../../../src/features/microstructure/book-imbalance.js';
import { depthSlope } from '../../../src/features/microstructure/depth-slope.js';
import { effectiveSpread } from '../../../src/features/microstructure/effective-spread.js';
import { kylesLambda } from '../../../src/features/microstructure/kyles-lambda.js';
import { microprice } from '../../../src/features/microstructure/microprice.js';
import type { MicrostructureFeature } from '../../../src/features/microstructure/microstructure-feature.js';
import { orderFlowImbalance } from '../../../src/features/microstructure/order-flow-imbalance.js';
import { realisedSpread } from '../../../src/features/microstructure/realised-spread.js';
import { signedVolume } from '../../../src/features/microstructure/signed-volume.js';
import { spread } from '../../../src/features/microstructure/spread.js';
import { tradeAmihud } from '../../../src/features/microstructure/trade-amihud.js';
import { tradeFlowImbalance } from '../../../src/features/microstructure/trade-flow-imbalance.js';
import { tradeRollSpread } from '../../../src/features/microstructure/trade-roll-spread.js';
import { vpin } from '../../../src/features/microstructure/vpin.js';

/** Every feature of the microstructure, with lengths that a test reaches soon. */
export const EVERY_FEATURE: readonly MicrostructureFeature[] = [
  bookImbalance(),
  bookImbalance({ levels: 5 }),
  bookImbalance({ levels: 10, weighting: 'distance' }),
  depthSlope({ levels: 5 }),
  depthSlope({ side: 'ask' }),
  effectiveSpread({ last: 20 }),
  effectiveSpread({ ms: 700 }),
  kylesLambda({ intervalMs: 100, intervals: 10 }),
  microprice(),
  microprice({ output: 'price' }),
  orderFlowImbalance({ last: 15 }),
  orderFlowImbalance({ ms: 500 }),
  realisedSpread(250, { last: 20 }),
  realisedSpread(250, { ms: 900 }),
  signedVolume({ last: 10 }),
  signedVolume({ ms: 300 }),
  spread(),
  spread({ unit: 'ticks' }),
  tradeAmihud(100, 8),
  tradeFlowImbalance({ last: 10 }),
  tradeFlowImbalance({ ms: 300 }),
  tradeRollSpread(12),
  vpin({ bucket: 0.25, buckets: 5 }),
  vpin({ bucket: 0.25, buckets: 5, bulk: { barMs: 50, bars: 6 } }),
];
