import { formatDuration, formatTime } from '../../time.js';
import { timeframeMs } from '../../market/timeframe.js';
import type { Finding, Imported } from '../series.js';

/**
 * What shows only between files of one series (a venue's monthly archives): a hole where a month is missing, or an overlap. The finding
 * is attached to the later file.
 */
export const acrossFiles = (imported: readonly Imported[]): Imported[] => {
  const extra = new Map<Imported, Finding[]>();
  const groups = new Map<string, Imported[]>();
  for (const one of imported) {
    const key = `${one.series.kind} ${one.series.symbol} ${one.series.timeframe ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  for (const group of groups.values()) {
    const sorted = group.toSorted((a, b) => (a.series.ts[0] ?? 0) - (b.series.ts[0] ?? 0));
    for (let i = 1; i < sorted.length; i++) {
      const [before, after] = [sorted[i - 1], sorted[i]];
      if (!before || !after) continue;
      const { kind, symbol, timeframe, rows } = after.series;
      const from = before.series.ts[before.series.rows - 1] ?? NaN;
      const to = after.series.ts[0] ?? NaN;
      const common = { file: after.source.file, symbol, kind, ts: to };
      if (to <= from)
        extra.set(after, [
          {
            ...common,
            code: 'file-overlap',
            severity: 'warning',
            count: after.series.ts.subarray(0, rows).filter(ts => ts <= from).length,
            message: `The file begins ${formatTime(to)}, before ${before.source.file} ends (${formatTime(from)}).`,
          },
        ]);
      else if (timeframe && to - from > timeframeMs(timeframe))
        extra.set(after, [
          {
            ...common,
            code: 'gap',
            severity: 'warning',
            count: Math.round((to - from) / timeframeMs(timeframe)) - 1,
            message: `${formatDuration(to - from - timeframeMs(timeframe))} are missing between ${before.source.file} (to ${formatTime(from)}) and this file (from ${formatTime(to)}).`,
          },
        ]);
    }
  }
  return imported.map(one => {
    const more = extra.get(one);
    return more ? { ...one, findings: [...one.findings, ...more] } : one;
  });
};
