import { joinRecords } from '../models/record-stretch.js';
import { EquityRecorder } from '../portfolio/equity.js';
import type { Assumption, PlotSeries } from '../engine/run-result.js';
import type { Segment } from './segment.js';

/** One series per name and symbol, in time order. */
const joinPlots = (plots: readonly PlotSeries[]): PlotSeries[] => {
  const groups = new Map<string, PlotSeries[]>();
  for (const plot of plots) {
    const key = JSON.stringify([plot.name, plot.symbol]);
    groups.set(key, [...(groups.get(key) ?? []), plot]);
  }
  const join = (parts: readonly Float64Array[]): Float64Array => {
    const joined = new Float64Array(parts.reduce((n, part) => n + part.length, 0));
    let offset = 0;
    for (const part of parts) {
      joined.set(part, offset);
      offset += part.length;
    }
    return joined;
  };
  return [...groups.values()].map(parts => ({
    name: parts[0]!.name,
    symbol: parts[0]!.symbol,
    ts: join(parts.map(({ ts }) => ts)),
    value: join(parts.map(({ value }) => value)),
  }));
};

const unique = (assumptions: readonly Assumption[]): Assumption[] => [
  ...new Map(assumptions.map(assumption => [JSON.stringify(assumption), assumption])).values(),
];

/**
 * Segments that follow one another as one: each began with the equity at which the one before ended, so its money needs no rescaling. Of two points
 * at one moment (a window's last close is the next one's beginning) the first is kept. Fills are numbered through; order ids carry the segment's number.
 */
export const stitch = (segments: readonly Segment[], initialCapital: number): Segment => {
  const recorder = new EquityRecorder();
  let last = -Infinity;
  for (const { curve } of segments)
    for (let i = 0; i < curve.length; i++) {
      if (curve.ts[i]! <= last) continue;
      last = curve.ts[i]!;
      recorder.push(last, curve.equity[i]!, curve.exposure[i]!, curve.gross[i]!);
    }
  const refusals: Record<string, number> = {};
  for (const segment of segments) for (const [code, n] of Object.entries(segment.refusals)) refusals[code] = (refusals[code] ?? 0) + n;
  const total = (pick: (segment: Segment) => number): number => segments.reduce((sum, segment) => sum + pick(segment), 0);
  return {
    initialCapital,
    finalEquity: segments.at(-1)?.finalEquity ?? initialCapital,
    bars: total(({ bars }) => bars),
    curve: recorder.curve(),
    fills: segments
      .flatMap(({ fills }, fold) => fills.map(fill => ({ ...fill, orderId: `${fold}/${fill.orderId}` })))
      .map((fill, seq) => ({ ...fill, seq })),
    roundTrips: segments.flatMap(({ roundTrips }) => roundTrips),
    funding: segments.flatMap(({ funding }) => funding),
    refusals,
    halted: segments.find(({ halted }) => halted !== null)?.halted ?? null,
    assumptions: unique(segments.flatMap(({ assumptions }) => assumptions)),
    plots: joinPlots(segments.flatMap(({ plots }) => plots)),
    notes: segments.flatMap(({ notes }) => notes),
    forecasts: joinRecords(segments.flatMap(({ forecasts }) => forecasts ?? [])),
    closingCosts: total(({ closingCosts }) => closingCosts),
  };
};
