import { HOUR, MINUTE, formatDate, formatDuration } from '../../time.js';
import type { Finding, Imported, Severity } from '../series.js';
import { grouped, medianOf } from './check.js';
import { explainShifts, type ShiftRun } from './local-clock.js';
import { correlate, stretchesOf, window, type Pairing, type Stretches } from './stretches.js';
import { formatOffset } from './zone.js';

const candidateShifts = (a: Stretches, good: Stretches): number[] => {
  const shifts = new Set<number>([0]);
  const unit = Math.min(a.step, good.step) <= HOUR / 2 ? HOUR / 2 : HOUR;
  for (let s = unit; s <= 14 * HOUR; s += unit) shifts.add(s).add(-s);
  for (const step of [a.step, good.step, a.step / 2]) if (step >= MINUTE) shifts.add(step).add(-step);
  return [...shifts].sort((x, y) => Math.abs(x) - Math.abs(y));
};

interface Chunk {
  readonly from: number;
  readonly to: number;
  readonly shift: number;
  readonly best: number;
  readonly asRead: number;
}

const MOST_ROWS = 60_000;

/** Best shift of each of up to 400 chunks of at least 60 stretches; of long series only evenly spread chunks are looked at. */
const chunksOf = (pairing: Pairing, shifts: readonly number[]): Chunk[] => {
  const { rows } = pairing.coarse;
  const size = Math.max(60, Math.ceil(Math.min(rows, MOST_ROWS) / 400));
  const stride = size * Math.max(1, Math.ceil(rows / MOST_ROWS));
  const chunks: Chunk[] = [];
  for (let from = 0; from < rows; from += stride) {
    const to = Math.min(rows, from + size);
    const all = shifts.map(shift => ({ shift, ...correlate(pairing, from, to, shift) }));
    const usable = all.filter(({ r, n }) => n >= Math.max(15, 0.3 * (to - from)) && !Number.isNaN(r));
    const [head] = usable;
    if (!head) continue;
    // The smallest shift wins unless another is clearly better.
    const best = usable.reduce((x, y) => (y.r > x.r + 0.02 ? y : x), head);
    chunks.push({ from, to, shift: best.shift, best: best.r, asRead: all[0]?.r ?? NaN });
  }
  return chunks;
};

interface Levels {
  readonly bars: number;
  readonly differing: number;
  /** Median of ln(a ÷ good), basis points: signed and absolute. */
  readonly basis: number;
  readonly distance: number;
  /** Share of bars whose difference has the sign of the median. */
  readonly sameSign: number;
  readonly volumeRatio: number;
  readonly firstDiffering: number;
}

const levelsOf = (pairing: Pairing, chunks: readonly Chunk[]): Levels => {
  const { coarse, fine, sign } = pairing;
  const logs: number[] = [];
  const volumes: number[] = [];
  let differing = 0;
  let firstDiffering = -1;
  for (const chunk of chunks)
    for (let i = chunk.from; i < chunk.to; i++) {
      const found = window(pairing, i, chunk.shift);
      if (!found) continue;
      const difference = sign * Math.log((coarse.close[i] ?? NaN) / (fine.close[found[1]] ?? NaN));
      if (!Number.isFinite(difference)) continue;
      logs.push(difference);
      if (Math.abs(difference) > 1e-9 && differing++ === 0) firstDiffering = i;
      if (!coarse.volume || !fine.volume) continue;
      let sum = 0;
      for (let k = found[0]; k <= found[1]; k++) sum += fine.volume[k] ?? NaN;
      const ratio = (coarse.volume[i] ?? NaN) / sum;
      if (ratio > 0 && ratio < Infinity) volumes.push(sign > 0 ? ratio : 1 / ratio);
    }
  const basis = medianOf(Float64Array.from(logs));
  return {
    bars: logs.length,
    differing,
    basis: basis * 1e4,
    distance: medianOf(Float64Array.from(logs, Math.abs)) * 1e4,
    sameSign: logs.filter(value => value * basis > 0).length / logs.length,
    volumeRatio: medianOf(Float64Array.from(volumes)),
    firstDiffering,
  };
};

const LEAST_CORRELATION = (step: number): number => (step >= HOUR ? 0.95 : step >= 5 * MINUTE ? 0.85 : 0.7);

const shiftText = (shift: number): string => (shift === 0 ? 'nothing' : `${shift < 0 ? '−' : '+'}${formatDuration(Math.abs(shift))}`);

const labelText = (shift: number, step: number): string =>
  shift === -step
    ? `the times are the bars' closes: import with --label close`
    : shift === -step / 2
      ? `the times are the middle of the bars, ${formatDuration(step / 2)} after they open`
      : shift === step
        ? `the times are one bar too early`
        : `the times are ${formatDuration(Math.abs(shift))} too ${shift < 0 ? 'late' : 'early'}`;

/** Bars and prices: correlation of returns finds zone, label and symbol; then levels, volumes and ticks find market and scale. */
export const compareBars = (a: Imported, good: Imported): Finding[] => {
  const { file } = a.source;
  const say = (code: string, severity: Severity, count: number, message: string, ts?: number): Finding => ({
    code,
    severity,
    file,
    symbol: a.series.symbol,
    kind: a.series.kind,
    count,
    message,
    ...(ts !== undefined && { ts }),
  });
  const own = stretchesOf(a.series);
  const other = stretchesOf(good.series);
  const aIsCoarse = own.step >= other.step;
  const pairing: Pairing = aIsCoarse ? { coarse: own, fine: other, sign: 1 } : { coarse: other, fine: own, sign: -1 };
  if (!(pairing.coarse.step % pairing.fine.step === 0))
    return [
      say(
        'not-compared',
        'warning',
        0,
        `Bars of ${formatDuration(own.step)} and ${formatDuration(other.step)} do not fit into each other.`,
      ),
    ];
  const chunks = chunksOf(pairing, candidateShifts(own, other));
  const bars = chunks.reduce((sum, chunk) => sum + chunk.to - chunk.from, 0);
  const [first] = chunks;
  const last = chunks.at(-1);
  if (!first || !last) return [say('not-compared', 'warning', 0, `${file} and ${good.source.file} have too few bars in common.`)];
  const timeAt = (index: number, shift: number): number => (pairing.coarse.start[index] ?? NaN) - (aIsCoarse ? 0 : shift);
  const findings: Finding[] = [];

  const least = LEAST_CORRELATION(pairing.coarse.step);
  const agreeing = chunks.filter(chunk => chunk.best >= Math.min(least, 0.8));
  const asRead = medianOf(Float64Array.from(chunks.map(chunk => chunk.asRead).filter(r => !Number.isNaN(r))));
  const corrected = medianOf(Float64Array.from(chunks, chunk => chunk.best));
  const shifts = new Map<number, number>();
  for (const { shift, from, to } of agreeing) shifts.set(shift, (shifts.get(shift) ?? 0) + to - from);
  const total = agreeing.reduce((sum, chunk) => sum + chunk.to - chunk.from, 0);
  const main = [...shifts].filter(([, n]) => n >= 0.05 * total).sort((x, y) => y[1] - x[1]);
  // A chunk across a change of shift carries the shift of its larger part only.
  const settled = chunks.filter(
    (chunk, i) =>
      main.length === 0 ||
      (main.some(([shift]) => shift === chunk.shift) && [chunks[i - 1], chunks[i + 1]].every(near => !near || near.shift === chunk.shift)),
  );
  const levels = levelsOf(pairing, settled);
  const period = `${formatDate(timeAt(first.from, first.shift))} to ${formatDate(timeAt(last.to - 1, last.shift))}`;
  const figures =
    `correlation of returns ${Number.isNaN(asRead) ? 'none as read (no bar has the same time)' : `${asRead.toFixed(3)} as read`}, ${corrected.toFixed(3)} at best; ` +
    `${grouped(levels.differing)} of ${grouped(levels.bars)} closes differ (${((100 * levels.differing) / Math.max(1, levels.bars)).toFixed(1)} %), median difference ${levels.basis.toFixed(2)} bp, ${levels.distance.toFixed(2)} bp without the sign` +
    (Number.isNaN(levels.volumeRatio) ? '' : `, median volume ratio ${levels.volumeRatio.toPrecision(3)}`);
  findings.push(
    say(
      'compared',
      'info',
      bars,
      `Compared with ${good.source.file} over ${grouped(bars)} bars of ${formatDuration(pairing.coarse.step)}, ${period}: ${figures}.`,
    ),
  );

  if (main.length === 0 || corrected < least) {
    const severity: Severity = corrected < least - 0.05 ? 'error' : 'warning';
    findings.push(
      say(
        'wrong-symbol',
        severity,
        bars,
        `Returns do not move with those of ${good.source.file} (correlation ${corrected.toFixed(3)}, ${least} is usual for one market): another symbol.`,
        timeAt(first.from, 0),
      ),
    );
    return findings;
  }

  const runs: ShiftRun[] = settled.map(chunk => ({
    from: timeAt(chunk.from, chunk.shift),
    to: timeAt(chunk.to - 1, chunk.shift),
    shift: chunk.shift,
  }));
  const shares = main.map(([shift, n]) => `${shiftText(shift)} over ${grouped(n)} bars`).join(', ');
  const [only] = main;
  if (only && main.length === 1 && only[0] !== 0) {
    const [shift] = only;
    const byLabel = Math.abs(shift) === own.step || Math.abs(shift) === own.step / 2;
    const zone = a.source.reading['zone'] ?? 'UTC';
    const zoned = zone.startsWith('UTC')
      ? `a clock of ${formatOffset(-shift)} (--zone ${formatOffset(-shift)})`
      : `another clock than ${zone}, in which they were read`;
    const why = byLabel ? `${labelText(shift, own.step)}, or they come from ${zoned}` : `the times come from ${zoned}`;
    findings.push(
      say(
        byLabel ? 'wrong-label' : 'wrong-zone',
        'error',
        only[1],
        `Bars agree only when moved by ${shares}: ${why}.`,
        timeAt(first.from, shift),
      ),
    );
  } else if (main.length > 1) {
    const explanation = explainShifts(runs, own.step);
    const jumping = `Bars agree only when moved by amounts that change with the date: ${shares}.`;
    if (explanation) {
      const { zone, rest } = explanation;
      findings.push(
        say(
          'wrong-zone',
          'error',
          total,
          `${jumping} That is the clock of ${zone.name}: read it with --zone ${zone.name}.`,
          timeAt(first.from, first.shift),
        ),
      );
      if (rest !== 0)
        findings.push(
          say(
            'wrong-label',
            'error',
            total,
            `Read in ${zone.name} the bars still have to be moved by ${shiftText(rest)}: ${labelText(rest, own.step)}. Taken as opens they would show prices that were not yet known.`,
            timeAt(first.from, first.shift),
          ),
        );
    } else
      findings.push(say('wrong-zone', 'error', total, `${jumping} No known zone changes its clock so.`, timeAt(first.from, first.shift)));
  }

  if (levels.distance > 300) {
    findings.push(
      say(
        'different-scale',
        'error',
        levels.bars,
        `Returns agree but prices are ×${Number(Math.exp(levels.basis / 1e4).toPrecision(4))} those of ${good.source.file}: another unit or contract.`,
        timeAt(first.from, first.shift),
      ),
    );
    return findings;
  }
  findings.push(...marketFindings(a, good, levels, say, timeAt(Math.max(0, levels.firstDiffering), first.shift)));
  return findings;
};

const marketFindings = (
  a: Imported,
  good: Imported,
  levels: Levels,
  say: (code: string, severity: Severity, count: number, message: string, ts?: number) => Finding,
  ts: number,
): Finding[] => {
  const share = levels.differing / Math.max(1, levels.bars);
  if (share <= 0.02) return [];
  const evidence: string[] = [];
  const ticks = a.instrument.tickSize / good.instrument.tickSize;
  if (a.series.kind === 'bars' && (ticks > 1.5 || ticks < 0.67))
    evidence.push(`prices move in ${a.instrument.tickSize} and not ${good.instrument.tickSize}`);
  if (Math.abs(levels.basis) > 1 && levels.sameSign > 0.65)
    evidence.push(
      `${(100 * levels.sameSign).toFixed(0)} % of closes are ${levels.basis < 0 ? 'below' : 'above'}, by ${Math.abs(levels.basis).toFixed(1)} bp in the median`,
    );
  if (levels.volumeRatio > 2 || levels.volumeRatio < 0.5) evidence.push(`volume is ${levels.volumeRatio.toPrecision(2)} times the other's`);
  const figures = `${grouped(levels.differing)} of ${grouped(levels.bars)} closes (${(100 * share).toFixed(1)} %) differ from ${good.source.file}`;
  if (evidence.length >= 2)
    return [
      say(
        'wrong-market',
        'error',
        levels.differing,
        `${figures} though returns agree; ${evidence.join('; ')}: another market of the same asset, such as spot for a perpetual.`,
        ts,
      ),
    ];
  return [
    say(
      'other-market',
      'warning',
      levels.differing,
      `${figures}, by ${levels.distance.toFixed(2)} bp up or down in the median${evidence.length > 0 ? ` (${evidence.join('; ')})` : ''}: another venue, or another price of the same market.`,
      ts,
    ),
  ];
};
