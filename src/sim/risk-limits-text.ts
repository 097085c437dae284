import type { RunConfig } from '../engine/run-config.js';
import { LIMIT_DEFAULTS } from '../risk/limits.js';
import { formatDuration } from '../time.js';
import { percent } from './assumption-text.js';

type Limits = RunConfig['risk'];

const on = (limit: number | null | undefined, text: (limit: number) => string): string =>
  limit === null || limit === undefined ? '' : text(limit);

/** What the gate held the run to, in words. */
export const riskLimitsText = (limits: Limits): string => {
  const correlationAt = limits.correlationAt ?? LIMIT_DEFAULTS.correlationAt;
  const correlationWindow = limits.correlationWindow ?? LIMIT_DEFAULTS.correlationWindow;
  const volatilityWindow = limits.volatilityWindow ?? LIMIT_DEFAULTS.volatilityWindow;
  const halts = limits.haltFlattens === false ? 'leaves positions to their protective orders' : 'closes everything';
  const texts = [
    on(limits.maxOrderNotional, x => `no order above ${x}`),
    on(limits.maxLeverage, x => `gross exposure, orders at work included, up to ${x} × equity`),
    on(limits.maxExposure, x => `in one symbol up to ${x} × equity`),
    on(limits.priceCollar, x => `no limit price more than ${percent(x)} through the market`),
    on(limits.maxDrawdown, x => `a fall of ${percent(x)} from the peak of a run, or of one fold, ${halts} and ends trading`),
    on(limits.maxPosition, x => `no position above ${x}`),
    on(limits.maxGross, x => `gross notional up to ${x}`),
    on(limits.maxNet, x => `longs less shorts up to ${x} × equity`),
    on(
      limits.maxConcentration,
      x =>
        `no symbol above ${percent(x)} of gross notional, from ${limits.concentrationFrom ?? LIMIT_DEFAULTS.concentrationFrom} × equity on`,
    ),
    on(
      limits.maxCorrelated,
      x => `symbols with a correlation of ${correlationAt} or more over ${correlationWindow} bars together up to ${x} × equity on one side`,
    ),
    on(limits.maxOrderRate, x => `up to ${x} requests in ${formatDuration(limits.rateWindow ?? LIMIT_DEFAULTS.rateWindow)}`),
    on(limits.maxOpenOrders, x => `up to ${x} orders at work`),
    on(
      limits.maxDailyLoss,
      x =>
        `a loss of more than ${percent(x)} in a UTC day ${limits.dailyLossHalts === true ? `${halts} and ends trading` : 'lets only reductions through up to the next'}`,
    ),
    on(
      limits.pauseAfterLosses,
      x =>
        `${x} losing round trips in a row let only reductions through for ${formatDuration(limits.lossPause ?? LIMIT_DEFAULTS.lossPause)}`,
    ),
    on(
      limits.maxVolatility,
      x => `nothing is opened in a symbol that moves at more than ${percent(x)} a year over ${volatilityWindow} bars`,
    ),
    on(limits.maxSpread, x => `nothing is opened at a quoted spread above ${x} bp`),
    on(limits.maxDataAge, x => `nothing is opened on a price older than ${x} bars`),
    on(limits.minMarginDistance, x => `liquidation stays at least ${percent(x)} away`),
  ].filter(text => text !== '');
  return texts.length === 0 ? 'none' : texts.join('; ');
};
