import { HOUR, MINUTE, formatTime } from '../../time.js';
import type { Finding, Imported } from '../series.js';
import { grouped } from './check.js';
import { explainShifts, type ShiftRun } from './local-clock.js';
import { formatOffset } from './zone.js';

const SAME_RATE = 1.5e-8;

interface Tally {
  both: number;
  equal: number;
}

/** Funding of the same market settles the same rates at the same times: the shift at which most rates agree tells a wrong zone. */
export const compareRates = (a: Imported, good: Imported): Finding[] => {
  const rates = new Map<number, number>();
  const snap = (ts: number): number => Math.round(ts / MINUTE) * MINUTE;
  const goodRate = good.series.columns[0];
  for (let i = 0; i < good.series.rows; i++) rates.set(snap(good.series.ts[i] ?? NaN), goodRate?.[i] ?? NaN);
  const rate = a.series.columns[0];
  const tally = (from: number, to: number, shift: number): Tally => {
    let both = 0;
    let equal = 0;
    for (let i = from; i < to; i++) {
      const other = rates.get(snap(a.series.ts[i] ?? NaN) + shift);
      if (other === undefined) continue;
      both++;
      if (Math.abs(other - (rate?.[i] ?? NaN)) <= SAME_RATE) equal++;
    }
    return { both, equal };
  };
  const { file } = a.source;
  const common = { file, symbol: a.series.symbol, kind: a.series.kind } as const;
  const shifts = Array.from({ length: 29 }, (_, k) => (k - 14) * HOUR).sort((x, y) => Math.abs(x) - Math.abs(y));
  const best = (from: number, to: number): { shift: number; tally: Tally } =>
    shifts.map(shift => ({ shift, tally: tally(from, to, shift) })).reduce((x, y) => (y.tally.equal > x.tally.equal ? y : x));
  const whole = best(0, a.series.rows);
  const asRead = tally(0, a.series.rows, 0);
  if (whole.tally.both < 10)
    return [
      {
        ...common,
        code: 'not-compared',
        severity: 'warning',
        count: 0,
        message: `${file} and ${good.source.file} have too few settlements in common.`,
      },
    ];
  const findings: Finding[] = [
    {
      ...common,
      code: 'compared',
      severity: 'info',
      count: asRead.both,
      message: `Compared with ${good.source.file}: ${grouped(asRead.both)} settlements at the same time, ${grouped(asRead.equal)} of them with the same rate.`,
    },
  ];
  const chunk = 60;
  const runs: ShiftRun[] = [];
  let agreeing: Tally = { both: 0, equal: 0 };
  for (let from = 0; from < a.series.rows; from += chunk) {
    const to = Math.min(from + chunk, a.series.rows);
    const local = best(from, to);
    if (local.tally.equal < 0.8 * local.tally.both || local.tally.both < 0.3 * (to - from)) continue;
    agreeing = { both: agreeing.both + local.tally.both, equal: agreeing.equal + local.tally.equal };
    runs.push({ from: a.series.ts[from] ?? NaN, to: a.series.ts[to - 1] ?? NaN, shift: local.shift });
  }
  const distinct = new Set(runs.map(run => run.shift));
  if (runs.length > 0 && (distinct.size > 1 || !distinct.has(0))) {
    const explanation = distinct.size > 1 ? explainShifts(runs, 8 * HOUR) : undefined;
    const constant = runs[0]?.shift ?? 0;
    const cure = explanation
      ? `Read it with --zone ${explanation.zone.name}`
      : distinct.size === 1
        ? `Read it with --zone ${formatOffset(-constant)}`
        : 'No known zone explains it';
    findings.push({
      ...common,
      code: 'wrong-zone',
      severity: 'error',
      count: agreeing.equal,
      ts: a.series.ts[0] ?? NaN,
      message: `Rates agree only when times are moved by ${[...distinct].map(formatOffset).join(' or ')}: then ${grouped(agreeing.equal)} of ${grouped(agreeing.both)} are the same, as read ${grouped(asRead.equal)} of ${grouped(asRead.both)}. ${cure}.`,
    });
  } else if (asRead.both >= 10 && asRead.equal < 0.9 * asRead.both) {
    let first = 0;
    while (first < a.series.rows) {
      const other = rates.get(snap(a.series.ts[first] ?? NaN));
      if (other !== undefined && Math.abs(other - (rate?.[first] ?? NaN)) > SAME_RATE) break;
      first++;
    }
    findings.push({
      ...common,
      code: 'wrong-market',
      severity: 'error',
      count: asRead.both - asRead.equal,
      ts: a.series.ts[first] ?? NaN,
      message: `${grouped(asRead.both - asRead.equal)} of ${grouped(asRead.both)} rates differ from those of ${good.source.file}, first at ${formatTime(a.series.ts[first] ?? NaN)}: another exchange, symbol or kind of contract.`,
    });
  }
  return findings;
};
