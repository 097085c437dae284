import { usageError } from '../errors.js';
import type { RunConfig } from '../engine/run-config.js';
import { parseDuration } from '../time.js';
import { keyValues, numberOf, onlyKeys } from './key-values.js';

type RiskConfig = RunConfig['risk'];
type Read = (text: string) => Partial<RiskConfig>;

const number =
  (key: keyof RiskConfig, option: string): Read =>
  text => ({ [key]: text === 'none' ? null : numberOf(`risk ${option}`, text) });

const flag =
  (key: 'dailyLossHalts' | 'haltFlattens', option: string): Read =>
  text => {
    if (text !== 'true' && text !== 'false') throw usageError('bad-option', `--risk ${option} is true or false, not "${text}".`);
    return { [key]: text === 'true' };
  };

/** A number and after the slash what it is about: `30/1m` orders a minute, `0.5/1` of the gross from 1 × equity on. */
const pair =
  (first: Read, second: Read): Read =>
  text => {
    const slash = text.indexOf('/');
    return slash < 0 ? first(text) : { ...first(text.slice(0, slash)), ...second(text.slice(slash + 1)) };
  };

const LIMITS: Readonly<Record<string, Read>> = {
  leverage: number('maxLeverage', 'leverage'),
  position: number('maxPosition', 'position'),
  gross: number('maxGross', 'gross'),
  net: number('maxNet', 'net'),
  concentration: pair(number('maxConcentration', 'concentration'), number('concentrationFrom', 'concentration')),
  correlated: pair(number('maxCorrelated', 'correlated'), number('correlationAt', 'correlated')),
  'correlation-bars': number('correlationWindow', 'correlation-bars'),
  'order-rate': pair(number('maxOrderRate', 'order-rate'), text => ({ rateWindow: parseDuration(text) })),
  'open-orders': number('maxOpenOrders', 'open-orders'),
  'daily-loss': number('maxDailyLoss', 'daily-loss'),
  'daily-loss-halts': flag('dailyLossHalts', 'daily-loss-halts'),
  'pause-after-losses': pair(number('pauseAfterLosses', 'pause-after-losses'), text => ({ lossPause: parseDuration(text) })),
  volatility: pair(number('maxVolatility', 'volatility'), number('volatilityWindow', 'volatility')),
  spread: number('maxSpread', 'spread'),
  'data-age': number('maxDataAge', 'data-age'),
  'margin-distance': number('minMarginDistance', 'margin-distance'),
  'halt-flattens': flag('haltFlattens', 'halt-flattens'),
};

/** Names that `--risk` takes. */
export const RISK_OPTIONS = Object.keys(LIMITS);

/** `--risk net=1,order-rate=30/1m` as limits; `none` switches one off. Throws usage errors that name the part. */
export const riskLimitsOf = (text: string): Partial<RiskConfig> => {
  const given = keyValues('risk', text);
  if (given.kind !== undefined || given.bare !== undefined)
    throw usageError(
      'bad-option',
      `--risk takes name=value, not "${given.bare ?? `${given.kind}:`}".`,
      'For example --risk net=1,daily-loss=0.05.',
    );
  const values = onlyKeys('risk', given, RISK_OPTIONS);
  return Object.assign({}, ...Object.entries(values).map(([name, value]) => LIMITS[name]?.(value))) as Partial<RiskConfig>;
};
