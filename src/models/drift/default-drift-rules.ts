import type { DriftRules } from './drift-monitor.js';
import { pageHinkley } from './page-hinkley.js';
import { psi } from './population-drift.js';

/**
 * Between two trainings there are a few dozen stretches, so means are not learned: honest forecasts have 0 of excess log loss and 1 of squared residual. Labels of neighbouring
 * stretches overlap by half, a correlation of about a quarter, for which the threshold is above that of independent observations.
 */
const OUTCOME = { burnIn: 10, allowance: 0.5, threshold: 12, warningShare: 0.75 };
const FEATURE = { window: 100, least: 30, bins: 5, falseAlarm: 0.01, falseWarning: 0.1 };
/**
 * Rows of one instant resemble each other across symbols, and slow features resemble themselves: in a month most features of several correlated symbols leave their half year
 * without anything being wrong. Only when nearly all have left it is the market another one.
 */
const SHARE = { warning: 0.65, drift: 0.85 };

/**
 * What is watched unless a recipe says otherwise: calibration and residuals by Page–Hinkley, every feature by the population stability index.
 *
 * False alarms on honest forecasts and stationary features: `drift` in at most 5 % of runs of 500 stretches of the horizon for calibration, likewise for residuals; of
 * features with half-lives from hours to a month, five symbols 0.7 alike, in at most 2 % of runs of the 30 stretches between two trainings, `warning` in
 * 20 %. Delay, after 15 quiet stretches of one symbol: outcomes whose mean turns from one standard deviation with the forecast to one against it are `drift` within 20 more in
 * 90 % of runs, returns twice as wild as forecast within 45. Features of five symbols that all shift by one standard deviation are `drift` within 30 stretches in 90 %.
 */
export const defaultDriftRules = (): DriftRules => ({
  options: {
    calibration: ['page-hinkley', { mean: 0, ...OUTCOME }],
    residual: ['page-hinkley', { mean: 1, ...OUTCOME }],
    features: ['psi', FEATURE],
    featureShare: SHARE,
  },
  calibration: pageHinkley({ mean: 0, ...OUTCOME }),
  residual: pageHinkley({ mean: 1, ...OUTCOME }),
  features: psi(FEATURE),
  featureShare: SHARE,
});
