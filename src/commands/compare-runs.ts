import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { writeFileDurably } from '../durable-file.js';
import { usageError } from '../errors.js';
import { comparisonReport, type ComparedRun } from '../reports/comparison.js';
import { percent, ratio } from './figures.js';
import { readKeptReport } from './kept-report.js';
import { findRun } from './run-list.js';
import { runSummary, type RunSummary } from './run-summary.js';
import { table } from './table.js';
import { present } from './terminal.js';
import { workspaceAt, type Workspace } from './workspace.js';

const load = async (workspace: Workspace, wanted: string): Promise<{ compared: ComparedRun; summary: RunSummary }> => {
  const run = await findRun(workspace, wanted);
  const kept = await readKeptReport(run.folder, run.runId);
  const summary = await runSummary(run);
  const common = { name: run.runId, runId: run.runId, fingerprint: summary.fingerprint, synthetic: kept.input.synthetic };
  const compared: ComparedRun =
    kept.kind === 'backtest'
      ? {
          ...common,
          sample: 'in-sample',
          outcome: kept.input.result,
          params: kept.input.result.manifest.params,
          inputs: kept.input.result.manifest.inputs,
        }
      : { ...common, sample: 'out-of-sample', outcome: kept.input.stitched, params: {}, inputs: kept.input.manifest.inputs };
  return { compared, summary };
};

/** Write the comparison's page and print the figures side by side. */
export const compareRuns = async (args: {
  readonly workspace: string;
  readonly json: boolean;
  readonly runs: readonly string[];
  readonly out?: string | undefined;
}): Promise<void> => {
  const workspace = workspaceAt(args.workspace);
  const wanted = [...new Set(args.runs)];
  if (wanted.length < 2) throw usageError('one-run', 'A comparison needs two runs or more.', 'List them with: quantai runs');
  const loaded = await Promise.all(wanted.map(run => load(workspace, run)));
  const ids = loaded.map(({ summary }) => summary.runId);
  const file = args.out ?? join(workspace.reports, `compare-${createHash('sha256').update(ids.join(' ')).digest('hex').slice(0, 8)}.html`);
  const html = comparisonReport({
    title: 'Comparison',
    runs: loaded.map(({ compared }) => compared),
    command: `quantai compare ${ids.join(' ')}`,
  });
  await writeFileDurably(file, html);
  present(args, { runs: loaded.map(({ summary }) => summary), report: file }, result =>
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
        ],
        result.runs.map(({ runId, kind, metrics }) => [
          runId,
          kind,
          percent(metrics['totalReturn']),
          percent(metrics['cagr']),
          ratio(metrics['sharpe']),
          percent(metrics['maxDrawdown']),
          metrics['trades'] ?? 0,
        ]),
      ),
      `Report ${result.report}`,
    ].join('\n'),
  );
};
