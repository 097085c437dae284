import { basename } from 'node:path';
import { recordedLatencies } from '../datasets/import/recorded-latency.js';
import { checkModelName, nameFromFile, shortVersion } from '../sim/fills/kept-model.js';
import { keepLatencyModel } from '../sim/fills/latency-model-file.js';
import { quantileOfSorted } from '../statistics/quantile.js';
import { formatTime, parseDuration } from '../time.js';
import { grouped, ratio } from './figures.js';
import type { FitLatencyArguments } from './fit.js';
import { table } from './table.js';
import { present } from './terminal.js';
import { workspaceAt } from './workspace.js';

const duration = (text: string | undefined): number | null => (text === undefined ? null : parseDuration(text));

const SHOWN = [0, 0.5, 0.9, 0.99, 1] as const;

/** Take latencies from a recording, keep them in the workspace and print what they are like. */
export const fitLatency = async (args: FitLatencyArguments): Promise<void> => {
  const workspace = workspaceAt(args.workspace);
  const name = checkModelName(args.name ?? nameFromFile(args.file));
  const floor = duration(args.floor);
  const {
    ts,
    feed,
    version: sha256,
    messages,
    clockOffset,
    floor: least,
  } = await recordedLatencies(args.file, floor === null ? {} : { floor });
  const [order, report] = [duration(args.order), duration(args.report)];
  const source = { file: basename(args.file), sha256, messages, clockOffset, floor: least };
  const kept = await keepLatencyModel(workspace.root, name, { ts, feed, order, report }, source);
  const reference = `${name}@${shortVersion(kept.version)}`;
  const sorted = Float64Array.from(feed).sort();
  const quantiles = SHOWN.map(p => ({ p, feedMs: quantileOfSorted(sorted, p) }));
  present(
    args,
    {
      name,
      version: kept.version,
      reference,
      path: kept.path,
      source,
      points: ts.length,
      from: ts[0],
      to: ts.at(-1),
      order,
      report,
      quantiles,
    },
    () =>
      [
        `${grouped(messages)} messages in ${grouped(ts.length)} stretches, ${formatTime(ts[0] ?? NaN)} to ${formatTime(ts.at(-1) ?? NaN)}`,
        `The receiver’s clock differs from the venue’s by ${ratio(clockOffset, 3)} ms, if the fastest message needed ${ratio(least, 3)} ms`,
        '',
        table(
          [{ title: 'of the stretches' }, { title: 'market data took, ms', align: 'right' }],
          quantiles.map(({ p, feedMs }) => [p === 0 ? 'the fastest' : p === 1 ? 'the slowest' : `${100 * p} % up to`, ratio(feedMs, 3)]),
        ),
        `Orders ${order === null ? 'as long' : `${order} ms`}, answers ${report === null ? 'as long' : `${report} ms`}: neither is in a recording of market data`,
        '',
        `Written to ${kept.path}`,
        `Use it with: --latency recorded:${reference}`,
      ].join('\n'),
  );
};
