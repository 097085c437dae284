import type { Bar } from '../../events/market.js';
import type { Outcome } from '../forecast.js';
import { bandKey, bandWidth, checkBand, outcomeBeyond, type Band } from './band.js';
import { barSuccession } from './bar-succession.js';
import type { Label } from './label.js';
import { aboveZero, horizonOf } from './parameters.js';
import type { PrimarySide } from './primary-side.js';

/** Three barriers around a decision. */
export interface TripleBarrierOptions {
  /** Bars after which the vertical barrier ends the wait. */
  readonly horizon: number;
  /** Distance of the barrier in favour of a long, in standard deviations of the return over the horizon. */
  readonly takeProfit: number;
  /** Distance of the barrier against a long, in the same unit. */
  readonly stopLoss: number;
  /** Returns at the vertical barrier that count as flat; a width of 0 when left out. */
  readonly band?: Band;
  /** Where this rule is short, take-profit is below and stop-loss above. */
  readonly side?: PrimarySide;
}

/**
 * Which barrier the price touches first: up for the upper, down for the lower, and at the vertical one by the sign of the return from close to close beyond the band.
 * Barriers stand at close × (1 ± multiple × σ√horizon) and are touched by high and low of later bars; the outcome is the return at the barrier, or at the bar's open
 * when that is beyond it. A bar that opens between the barriers and touches both is flat, with its close, held between the barriers, as the outcome: the order inside
 * a bar is not known, so neither a long nor a short may count it as earned, and the label of mirrored prices stays the mirrored label. A choice of either barrier
 * would lean the classes to one side, most of all in wild times. An entry needs a known volatility, and a lower barrier above 0.
 * Source: López de Prado, Advances in Financial Machine Learning (2018), §3.4. Throws a usage error for bad options.
 */
export const tripleBarrier = ({
  horizon,
  takeProfit,
  stopLoss,
  band = { kind: 'fraction', value: 0 },
  side,
}: TripleBarrierOptions): Label => {
  const name = 'triple-barrier';
  const n = horizonOf(name, horizon);
  aboveZero(name, 'takeProfit', takeProfit);
  aboveZero(name, 'stopLoss', stopLoss);
  checkBand(name, band);
  const root = Math.sqrt(n);
  const parts = [n, `tp=${takeProfit}`, `sl=${stopLoss}`, bandKey(band), ...(side ? [`side=${side.key}`] : [])];
  return {
    key: `${name}(${parts.join(',')})`,
    horizon: n,
    create: emit => {
      const goesOn = barSuccession();
      const sideOf = side?.create();
      // Entries by row modulo the horizon. NaN is no entry.
      const close = new Float64Array(n).fill(NaN);
      const upper = new Float64Array(n);
      const lower = new Float64Array(n);
      const width = new Float64Array(n);
      const openedAt = new Float64Array(n);
      let row = 0;
      let open = 0;

      const settle = (entry: number, bar: Bar, label: Outcome, price: number): void => {
        const slot = entry % n;
        const outcome = price / close[slot]! - 1;
        close[slot] = NaN;
        open--;
        emit({ row: entry, openedAt: openedAt[slot]!, maturedAt: bar.ts, bars: row - entry, label, outcome });
      };
      const decide = (entry: number, bar: Bar): void => {
        const slot = entry % n;
        const above = upper[slot]!;
        const below = lower[slot]!;
        if (bar.open >= above) settle(entry, bar, 2, bar.open);
        else if (bar.open <= below) settle(entry, bar, 0, bar.open);
        else if (bar.high >= above && bar.low <= below) settle(entry, bar, 1, Math.min(Math.max(bar.close, below), above));
        else if (bar.high >= above) settle(entry, bar, 2, above);
        else if (bar.low <= below) settle(entry, bar, 0, below);
        else if (row - entry === n) settle(entry, bar, outcomeBeyond(bar.close / close[slot]! - 1, width[slot]!), bar.close);
      };

      return {
        push(bar, sigma) {
          if (!goesOn(bar)) {
            close.fill(NaN);
            open = 0;
          }
          for (let entry = Math.max(0, row - n); open > 0 && entry < row; entry++) if (close[entry % n]! > 0) decide(entry, bar);
          const short = sideOf?.(bar) === -1;
          const spread = sigma * root;
          const slot = row % n;
          upper[slot] = bar.close * (1 + (short ? stopLoss : takeProfit) * spread);
          lower[slot] = bar.close * (1 - (short ? takeProfit : stopLoss) * spread);
          width[slot] = bandWidth(band, spread);
          openedAt[slot] = bar.ts;
          const enters = upper[slot]! > bar.close && lower[slot]! < bar.close && lower[slot]! > 0 && upper[slot]! < Infinity;
          close[slot] = enters ? bar.close : NaN;
          if (enters) open++;
          row++;
        },
        get open() {
          return open;
        },
      };
    },
  };
};
