import type { BreakEven } from '../experiments/friction/break-even.js';
import type { FrictionAxis } from '../experiments/friction/friction-point.js';
import type { FrictionResult } from '../experiments/friction/friction.js';
import { decimal, NONE, percent } from './number-text.js';

/** Names of the axes, as headings say them. */
export const AXIS_NAME: Readonly<Record<FrictionAxis, string>> = {
  fee: 'Fees',
  slippage: 'Added slippage',
  latency: 'Latency',
  funding: 'Funding',
};

/** Up to three digits, without trailing zeros. */
const short = (value: number): string => decimal(Number(value.toPrecision(3)), 10).replace(/\.?0+$/, '');

const duration = (ms: number): string =>
  ms < 1_000
    ? `${short(ms)} ms`
    : ms < 120_000
      ? `${short(ms / 1_000)} s`
      : ms < 7_200_000
        ? `${short(ms / 60_000)} min`
        : `${short(ms / 3_600_000)} h`;

/** A value of an axis with its unit: `× 1.5`, `3.2 bp`, `250 ms`. */
export const frictionValue = (axis: FrictionAxis, value: number): string =>
  axis === 'slippage' ? `${short(value)} bp` : axis === 'latency' ? duration(value) : `× ${short(value)}`;

/** The interval of a break-even; an end beyond what was swept says so. */
export const intervalText = ({ axis, low, high }: BreakEven): string => {
  if (Number.isNaN(low) || Number.isNaN(high)) return 'too few returns';
  const end = (value: number): string =>
    value === -Infinity ? 'below the range' : value === Infinity ? 'above the range' : frictionValue(axis, value);
  return low === high ? end(low) : `${end(low)} to ${end(high)}`;
};

const WHAT: Readonly<Record<FrictionAxis, { readonly at: (value: string) => string; readonly none: string; readonly range: string }>> = {
  fee: { at: value => `fees ${value}`, none: 'without any fee', range: 'fees' },
  slippage: { at: value => `${value} a side of added slippage`, none: 'without added slippage', range: 'added slippage' },
  latency: { at: value => `a latency of ${value}`, none: 'without any latency', range: 'latency' },
  funding: { at: value => `funding ${value}`, none: 'without funding', range: 'funding' },
};

/** What the edge does along one axis, behind "the edge": `dies at fees × 1.43 (7.2 bp a side)`. `base` is the friction of the run. */
export const breakEvenText = ({ axis, verdict, at, feeBps, from, to }: BreakEven, base: number): string => {
  const { at: place, none, range } = WHAT[axis];
  switch (verdict) {
    case 'idle':
      return 'is not there: nothing was traded';
    case 'dead':
      return from === 0 && axis !== 'funding'
        ? `is gone already ${none}`
        : `is gone at every ${range} from ${frictionValue(axis, from)} to ${frictionValue(axis, to)}`;
    case 'alive':
      return `lasts through all ${range} up to ${frictionValue(axis, to)}`;
    case 'dies':
    case 'revives': {
      const where = place(frictionValue(axis, at ?? NaN)) + (axis === 'fee' && feeBps !== null ? ` (${short(feeBps)} bp a side)` : '');
      if (verdict === 'revives') return `is there only above ${where}`;
      return (at ?? NaN) < base ? `is there only below ${where}` : `dies at ${where}`;
    }
  }
};

/** Mean return of the run as configured, per year and not compounded. */
export const yearlyMean = ({ meanReturn, periodsPerYear }: { readonly meanReturn: number; readonly periodsPerYear: number }): number =>
  meanReturn * periodsPerYear;

/** The sweep in a sentence or two: what the run earns as configured, and where that ends. */
export const frictionSentence = ({ atBase, base, breakEvens }: FrictionResult): string => {
  if (atBase.tradedNotional === 0) return 'It did not trade as configured: there is no edge to lose.';
  const mean = yearlyMean(atBase);
  const earns =
    mean > 0 ? `As configured it earns ${percent(mean)} a year on average.` : `As configured it loses ${percent(-mean)} a year on average.`;
  const clauses = breakEvens.filter(({ measure }) => measure === 'meanReturn').map(one => breakEvenText(one, base[one.axis]));
  return clauses.length === 0 ? earns : `${earns} The edge ${clauses.join('; it ')}.`;
};

/** A figure of basis points. */
export const bpsText = (bps: number | null): string => (bps === null || !Number.isFinite(bps) ? NONE : `${decimal(bps, 2)} bp`);
