import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

/** `quantai runs` */
export const runs: CommandModule<GlobalOptions, GlobalOptions> = {
  command: 'runs',
  describe: 'Runs of the workspace with their figures, the newest first',
  builder: cli => cli.example('$0 runs', 'what was run').example('$0 runs --json', 'with fingerprints and folders'),
  handler: async args => {
    const { runSummaries } = await import('./run-summary.js');
    const { workspaceAt } = await import('./workspace.js');
    const { table } = await import('./table.js');
    const { percent, ratio } = await import('./figures.js');
    const { present } = await import('./terminal.js');
    const workspace = workspaceAt(args.workspace);
    present(args, { runs: await runSummaries(workspace) }, result =>
      result.runs.length === 0
        ? `There is no run in ${workspace.reports}.\nMake one: quantai backtest sma-cross --dataset sample`
        : table(
            [
              { title: 'run' },
              { title: 'kind' },
              { title: 'strategy' },
              { title: 'dataset' },
              { title: 'return', align: 'right' },
              { title: 'Sharpe', align: 'right' },
              { title: 'drawdown', align: 'right' },
              { title: 'trades', align: 'right' },
              { title: 'fingerprint' },
            ],
            result.runs.map(run => [
              run.runId,
              run.kind,
              run.strategy,
              run.dataset,
              percent(run.metrics['totalReturn']),
              ratio(run.metrics['sharpe']),
              percent(run.metrics['maxDrawdown']),
              run.metrics['trades'] ?? '–',
              run.fingerprint.slice(0, 12),
            ]),
          ),
    );
  },
};
