import type { LimitValue } from '../../risk/change-limits.js';

/** What only says how a limit counts, by the limit: without that it means nothing. */
const COUNTS_FOR: Readonly<Record<string, string>> = {
  concentrationFrom: 'maxConcentration',
  correlationAt: 'maxCorrelated',
  correlationWindow: 'maxCorrelated',
  rateWindow: 'maxOrderRate',
  lossPause: 'pauseAfterLosses',
  volatilityWindow: 'maxVolatility',
  dailyLossHalts: 'maxDailyLoss',
  haltFlattens: 'maxDrawdown',
};

const isOn = (value: LimitValue | undefined): boolean => value !== null && value !== undefined && value !== false;

/** `maxLeverage 3, priceCollar 0.2`: the limits that are on, with what they count by; `none` without any. */
export const limitsText = (limits: Readonly<Record<string, LimitValue>>): string => {
  const held = Object.entries(limits).filter(([name, value]) => {
    const limit = COUNTS_FOR[name];
    return isOn(value) && (limit === undefined || isOn(limits[limit]));
  });
  return held.length === 0 ? 'none' : held.map(([name, value]) => `${name} ${String(value)}`).join(', ');
};
