import type { RiskLimits } from '../risk/limits.js';

/** What bounds a strategy's loss, as it is declared. */
export interface DeclaredLimits {
  /** What it may use, settlement asset. */
  readonly size: number;
  readonly limits: RiskLimits;
  /** Gross notional ÷ equity that the account allows. */
  readonly leverage: number;
  readonly symbols: number;
  /** Distance of the protective stop that every position gets, a fraction of its entry price; 0.1 where none is said. */
  readonly stopDistance?: number | undefined;
  /** The watchdog's `--max-loss` where one is given as an amount; a share of it is of the whole account's equity. */
  readonly maxLoss?: number | undefined;
}

/** What can be lost, and how it comes about. */
export interface WorstCase {
  /** Settlement asset, from 0 to the size. */
  readonly loss: number;
  /** Loss at which the account is told to stand still; null where nothing is declared that would stop it. */
  readonly stopsAt: number | null;
  /** What open positions can still lose from there to their protective stops. */
  readonly untilStops: number;
  /** For the one who approves. */
  readonly sentence: string;
}

const STOP_DISTANCE = 0.1;

/**
 * What an account can lose before it stands still, by the limits that are declared for it: an upper bound for ordinary markets that a person can check by hand, and not a forecast.
 *
 * Two parts add up. First what it takes until a rule stops it: the drawdown limit, or a smaller loss at which the watchdog halts. A limit of a day's loss stops
 * nothing that is lost over many days, a little below it on each, and is not counted. A drawdown is counted from the peak, so that from a start at
 * the peak it takes its fraction of the size, and from a later and higher peak less of the size. Then what is open at that moment can run to its protective stops: the largest exposure that the limits allow, all
 * symbols against us at once, times the distance of the stop. A halt that closes positions saves that part when the market lets it; it is counted, as the market may not.
 *
 * Without a drawdown limit nothing stops it: then it is the size. It is never more than the size, which is all that the strategy may use. What it does not bound: a price that jumps past a stop without trading
 * between, a venue that fails or does not pay, funding and fees of positions that cannot be closed, and on cross margin the account's other money, which the venue takes before it liquidates.
 */
export const worstCaseLoss = ({ size, limits, leverage, symbols, stopDistance = STOP_DISTANCE, maxLoss }: DeclaredLimits): WorstCase => {
  const stops = [
    ...(limits.maxDrawdown === null || limits.maxDrawdown === undefined ? [] : [limits.maxDrawdown * size]),
    ...(maxLoss === undefined ? [] : [maxLoss]),
  ];
  const exposure = Math.min(
    leverage,
    typeof limits.maxExposure === 'number' ? limits.maxExposure * symbols : Infinity,
    limits.maxLeverage ?? Infinity,
    ...(typeof limits.maxGross === 'number' ? [limits.maxGross / size] : []),
  );
  const untilStops = Math.min(exposure * size * stopDistance, size);
  if (stops.length === 0)
    return { loss: size, stopsAt: null, untilStops, sentence: 'No drawdown limit is declared: all of the size can be lost.' };
  const stopsAt = Math.min(size, ...stops);
  const loss = Math.min(size, stopsAt + untilStops);
  const percent = (value: number): string => `${Number(((value / size) * 100).toFixed(2))} %`;
  return {
    loss,
    stopsAt,
    untilStops,
    sentence:
      `${percent(stopsAt)} of the size until the limits stop it, and ${percent(untilStops)} more if ${Number(exposure.toFixed(2))} × equity then runs ` +
      `${Number((stopDistance * 100).toFixed(2))} % to its protective stops${loss < stopsAt + untilStops ? '; never more than the size' : ''}. A jump past the stops and a failing venue are not in it.`,
  };
};
