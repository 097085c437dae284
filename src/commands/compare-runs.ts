import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { writeFileDurably } from '../durable-file.js';
import { usageError } from '../errors.js';
import { runDifferences, type RunMaking } from '../experiments/run-differences.js';
import { compareTracks } from '../experiments/run-comparison.js';
import type { ReweightOptions } from '../experiments/strategy-portfolio.js';
import { trackOf } from '../metrics/track.js';
import { comparisonCautions, comparisonReport, type ComparedRun } from '../reports/comparison.js';
import { isOneStrategy } from '../reports/sections/matching-compared.js';
import { flattery } from '../reports/sections/matching-flattery.js';
import { matchingRows } from '../reports/sections/matching-rows.js';
import { comparisonDocumentOf } from './comparison-document.js';
import { comparisonText } from './comparison-text.js';
import { grouped, money, percent, ratio } from './figures.js';
import { readKeptReport } from './kept-report.js';
import { findRun } from './run-list.js';
import { runNames, type NamedRun } from './run-names.js';
import { runSummary, type RunSummary } from './run-summary.js';
import { table } from './table.js';
import { present } from './terminal.js';
import { workspaceAt, type Workspace } from './workspace.js';

interface Loaded {
  readonly compared: ComparedRun;
  readonly summary: RunSummary;
  readonly named: NamedRun;
  readonly making: RunMaking;
}

const load = async (workspace: Workspace, wanted: string): Promise<Loaded> => {
  const run = await findRun(workspace, wanted);
  const kept = await readKeptReport(run.folder, run.runId);
  if (kept.kind !== 'backtest' && kept.kind !== 'walkforward')
    throw usageError(
      'not-comparable',
      `Run ${run.runId} is a ${kept.kind} of many results, not one.`,
      'Compare backtests and walk-forwards.',
    );
  const summary = await runSummary(run);
  const common = { name: run.runId, runId: run.runId, fingerprint: summary.fingerprint, synthetic: kept.input.synthetic };
  const compared: ComparedRun =
    kept.kind === 'backtest'
      ? {
          ...common,
          sample: 'in-sample',
          outcome: kept.input.result,
          params: kept.input.result.manifest.params,
          strategy: `${kept.input.result.manifest.strategy.name} ${kept.input.result.manifest.strategy.bundle}`,
          inputs: kept.input.result.manifest.inputs,
          matching: kept.input.matching ? { fills: kept.input.result.manifest.config.fills, quality: kept.input.matching.quality } : null,
        }
      : {
          ...common,
          sample: 'out-of-sample',
          outcome: kept.input.stitched,
          params: {},
          inputs: kept.input.manifest.inputs,
          matching: null,
        };
  const { config } = kept.kind === 'backtest' ? kept.input.result.manifest : kept.input.manifest;
  const { runId, kind, strategy, dataset } = summary;
  const making: RunMaking =
    kept.kind === 'backtest'
      ? { manifest: kept.input.result.manifest, search: {} }
      : {
          manifest: kept.input.manifest,
          search: { scheme: kept.input.scheme, objective: kept.input.objective, configurations: kept.input.trials },
        };
  return { compared, summary, named: { runId, kind, strategy, dataset, params: compared.params, config }, making };
};

/** The default of `--lookback`, `--reweight` and `--move-cost`. */
export const REWEIGHT: ReweightOptions = { lookback: 180, every: 30, moveCost: 0.001 };

/** The options that give a portfolio walked forward so; none for the usual one. */
const portfolioWords = (portfolio: ReweightOptions | null): string[] => {
  if (portfolio === null) return ['--no-portfolio'];
  const { lookback, every, moveCost } = portfolio;
  return [
    ...(lookback === REWEIGHT.lookback ? [] : [`--lookback ${lookback}d`]),
    ...(every === REWEIGHT.every ? [] : [`--reweight ${every}d`]),
    ...(moveCost === REWEIGHT.moveCost ? [] : [`--move-cost ${Number((moveCost * 1e4).toPrecision(10))}`]),
  ];
};

/** Write the comparison's page and print the figures side by side. */
export const compareRuns = async (args: {
  readonly workspace: string;
  readonly json: boolean;
  readonly runs: readonly string[];
  readonly out?: string | undefined;
  readonly portfolio: ReweightOptions | null;
}): Promise<void> => {
  const workspace = workspaceAt(args.workspace);
  const wanted = [...new Set(args.runs)];
  if (wanted.length < 2) throw usageError('one-run', 'A comparison needs two runs or more.', 'List them with: quantai runs');
  const loaded = await Promise.all(wanted.map(run => load(workspace, run)));
  const ids = loaded.map(({ summary }) => summary.runId);
  const names = runNames(loaded.map(({ named }) => named));
  const runs = loaded.map(({ compared }, i) => ({ ...compared, name: names[i] ?? compared.runId }));
  const study = compareTracks(
    runs.map(({ outcome }) => trackOf(outcome)),
    { portfolio: args.portfolio },
  );
  const differences = runDifferences(loaded.map(({ making }) => making));
  const cautions = comparisonCautions(runs);
  const file =
    args.out ??
    join(
      workspace.reports,
      `compare-${createHash('sha256')
        .update([...ids, ...portfolioWords(args.portfolio)].join(' '))
        .digest('hex')
        .slice(0, 8)}.html`,
    );
  const html = comparisonReport({
    title: 'Comparison',
    runs,
    command: ['quantai compare', ...ids, ...portfolioWords(args.portfolio)].join(' '),
    study,
    differences,
  });
  await writeFileDurably(file, html);
  const matching = matchingRows(runs);
  const isNamed = names.some((name, i) => name !== ids[i]);
  const horizons = matching.find(({ markouts }) => markouts.length > 0)?.markouts.map(({ horizon }) => horizon) ?? [];
  const summaries = loaded.map(({ summary }, i) => ({ name: names[i] ?? summary.runId, ...summary }));
  const document = {
    runs: summaries,
    cautions,
    ...comparisonDocumentOf(names, study),
    changed: differences,
    matching,
    flattery: isOneStrategy(runs) ? flattery(matching) : [],
    report: file,
  };
  present(args, document, result =>
    [
      table(
        [
          { title: 'run' },
          { title: 'kind' },
          { title: 'return', align: 'right' },
          { title: 'CAGR', align: 'right' },
          { title: 'Sharpe', align: 'right' },
          { title: 'drawdown', align: 'right' },
          { title: 'trades', align: 'right' },
          ...(isNamed ? [{ title: 'id' }] : []),
        ],
        result.runs.map(({ name, runId, kind, metrics }) => [
          name,
          kind,
          percent(metrics['totalReturn']),
          percent(metrics['cagr']),
          ratio(metrics['sharpe']),
          percent(metrics['maxDrawdown']),
          metrics['trades'] ?? 0,
          ...(isNamed ? [runId] : []),
        ]),
      ),
      ...(result.matching.length === 0
        ? []
        : [
            '',
            table(
              [
                { title: 'run' },
                ...(isNamed ? [] : [{ title: 'matched on' }]),
                { title: 'maker fills', align: 'right' },
                { title: 'taker fills', align: 'right' },
                { title: 'notional', align: 'right' },
                { title: 'fees', align: 'right' },
                { title: 'net PnL', align: 'right' },
                { title: 'bp of notional', align: 'right' },
                ...horizons.map(horizon => ({ title: `after ${horizon}, bp`, align: 'right' as const })),
              ],
              result.matching.map(({ run, depth, maker, taker, notional, fees, pnl, pnlBps, markouts }) => [
                run,
                ...(isNamed ? [] : [depth]),
                maker,
                taker,
                grouped(notional),
                money(fees),
                money(pnl),
                ratio(pnlBps),
                ...horizons.map(horizon => markouts.find(mark => mark.horizon === horizon)?.text ?? '–'),
              ]),
            ),
            ...(horizons.length > 0
              ? ['“after”: where the mid price stood so long after the maker fills, from their side; minus is adverse selection.']
              : []),
            ...(isNamed && new Set(result.matching.map(({ depth }) => depth)).size === 1
              ? [`All matched on ${result.matching[0]?.depth ?? ''}.`]
              : []),
            ...result.flattery,
          ]),
      '',
      ...result.cautions.map(caution => `Caution: ${caution}`),
      ...(result.cautions.length > 0 ? [''] : []),
      ...comparisonText(names, study, differences),
      `Report ${result.report}`,
    ].join('\n'),
  );
};
