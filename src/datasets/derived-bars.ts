import { usageError } from '../errors.js';
import type { MarketKind } from '../events/market.js';
import type { Symbol } from '../market/instrument.js';
import { timeframe as timeframeOfText, timeframeMs, type Timeframe } from '../market/timeframe.js';
import { formatTime } from '../time.js';
import { findSeries, type Dataset } from './catalogue.js';
import { loadSeries } from './load-series.js';
import type { SeriesEntry } from './manifest.js';
import { grouped } from './quality/check.js';
import { resampleBars, tradesToBars } from './resample.js';
import type { Finding, Imported } from './series.js';

interface DerivedBarsOptions {
  readonly symbol: Symbol;
  /** Length of the bars to make. */
  readonly timeframe: string;
  /** `trades`, or the timeframe of shorter bars; trades where the dataset has them, else the longest bars that divide, when absent. */
  readonly source?: string | undefined;
  /** The source is known to be whole up to here (epoch ms); its last trade, or its last bar's close, when absent. What ends later is left out. */
  readonly completeUntil?: number | undefined;
}

const sourceOf = (dataset: Dataset, symbol: Symbol, wanted: Timeframe, named: string | undefined): SeriesEntry => {
  const has = (kind: MarketKind): readonly SeriesEntry[] => dataset.entries.filter(entry => entry.symbol === symbol && entry.kind === kind);
  if (named === 'trades' || (named === undefined && has('trades').length > 0)) return findSeries(dataset, { symbol, kind: 'trades' });
  if (named !== undefined) return findSeries(dataset, { symbol, kind: 'bars', timeframe: timeframeOfText(named) });
  const [longest] = has('bars')
    .filter(({ timeframe = '0s' }) => timeframeMs(timeframe) < timeframeMs(wanted) && timeframeMs(wanted) % timeframeMs(timeframe) === 0)
    .sort((a, b) => timeframeMs(b.timeframe ?? '') - timeframeMs(a.timeframe ?? ''));
  if (longest !== undefined) return longest;
  throw usageError(
    'nothing-to-resample',
    `Dataset "${dataset.id}" has neither trades of ${symbol} nor bars that fill bars of ${wanted}.`,
    `See what it holds with: quantai data list ${dataset.id}`,
  );
};

/**
 * Bars that a dataset does not have, out of its trades or of shorter bars: a bar opens at a multiple of its length and has the first, highest, lowest and last price in it, and a stretch without
 * a trade has no bar. Ready to be written into the dataset that they came from; a first bar from trades may lack what was traded before the recording began, and a finding says so.
 */
export const derivedBars = async (dataset: Dataset, options: DerivedBarsOptions): Promise<Imported> => {
  const { symbol, completeUntil } = options;
  const wanted = timeframeOfText(options.timeframe);
  const ms = timeframeMs(wanted);
  const entry = sourceOf(dataset, symbol, wanted, options.source);
  const instrument = dataset.instruments.get(symbol);
  if (instrument === undefined) throw new Error(`the manifest of ${dataset.id} has no instrument ${symbol}`);
  const { kind, timeframe } = entry;
  const chunk = await loadSeries(dataset, { symbol, kind, timeframe });
  const file = `${kind}${timeframe === undefined ? '' : ` ${timeframe}`} of ${symbol}, ${dataset.id}@${dataset.manifest.version.slice(0, 12)}`;
  const made = timeframe === undefined ? undefined : resampleBars(chunk, timeframeMs(timeframe), ms, completeUntil);
  const bars = made?.chunk ?? tradesToBars(chunk, ms, completeUntil);
  if (bars.rows === 0)
    throw usageError('nothing-to-resample', `The ${file}, do not fill one bar of ${wanted}.`, 'Choose a shorter timeframe.');
  const first = bars.ts[0] ?? NaN;
  const last = bars.ts[bars.rows - 1] ?? NaN;
  const say = (code: string, severity: Finding['severity'], count: number, message: string): Finding => ({
    code,
    severity,
    file,
    symbol,
    kind: 'bars',
    ts: first,
    count,
    message,
  });
  const findings: Finding[] = [...(made?.findings ?? [])].map(found => ({ ...found, file }));
  if (made === undefined) {
    const idle = Math.round((last - first) / ms) + 1 - bars.rows;
    if ((chunk.ts[0] ?? NaN) > first)
      findings.push(
        say(
          'partial-first-bar',
          'warning',
          1,
          `The trades begin at ${formatTime(chunk.ts[0] ?? NaN)}: the first bar of ${wanted}, ${formatTime(first)}, may lack what was traded before.`,
        ),
      );
    if (idle > 0)
      findings.push(
        say(
          'no-trades',
          'info',
          idle,
          `${grouped(idle)} of ${grouped(bars.rows + idle)} bars of ${wanted} have no trade in them and are not there.`,
        ),
      );
  }
  return {
    series: { kind: 'bars', symbol, timeframe: wanted, rows: bars.rows, ts: bars.ts, columns: bars.columns },
    instrument,
    source: {
      file,
      sha256: dataset.manifest.version,
      bytes: 0,
      rows: bars.rows,
      reading: {
        derived: `bars of ${wanted} out of ${kind}${timeframe === undefined ? '' : ` ${timeframe}`}`,
        ...(completeUntil === undefined ? {} : { completeUntil: formatTime(completeUntil) }),
      },
    },
    findings,
    synthetic: dataset.manifest.synthetic,
  };
};
