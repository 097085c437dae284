import { join } from 'node:path';
import { grouped, percent, ratio } from './figures.js';
import type { GlobalOptions } from './global-options.js';
import { registryUrl } from './registry/registry-place.js';
import type { RegisteredRun } from './registry/run-registry.js';
import { runManifests } from './run-list.js';
import { runSummaries, type RunSummary } from './run-summary.js';
import { table } from './table.js';
import { present } from './terminal.js';
import { workspaceAt, type Workspace } from './workspace.js';

/** A run of the team: what a run of the workspace shows, who made it, when (epoch ms) and where. */
interface TeamRun extends RunSummary {
  readonly by: string | null;
  readonly at: number;
  readonly place: string;
}

interface Listed {
  readonly runs: readonly (RunSummary | TeamRun)[];
  /** Only of a team: its registry, and runs of this workspace that it does not know. */
  readonly registry?: string;
  readonly unregistered?: readonly string[];
}

const teamRun = (run: RegisteredRun): TeamRun => {
  const { runId, kind, strategy, dataset, fingerprint, metrics, folder, by, at, place } = run;
  return { runId, kind, strategy, dataset, fingerprint, metrics, report: join(folder, 'report.html'), folder, by, at, place };
};

const listed = async (workspace: Workspace): Promise<Listed> => {
  if ((await registryUrl(workspace)) === null) return { runs: await runSummaries(workspace) };
  const { registryOf } = await import('./registry/registry.js');
  const registry = await registryOf(workspace);
  const [known, own] = [await registry.runs(null).list(), await runManifests(workspace)];
  const here = new Set(known.filter(({ place }) => place === registry.place).map(({ runId }) => runId));
  return {
    runs: known.map(teamRun),
    ...(registry.shown !== null && { registry: registry.shown }),
    unregistered: own.map(({ runId }) => runId).filter(runId => !here.has(runId)),
  };
};

const textOf = ({ runs, registry, unregistered = [] }: Listed, workspace: Workspace): string => {
  const isTeam = registry !== undefined;
  const missing =
    unregistered.length === 0
      ? []
      : [
          `${grouped(unregistered.length)} ${unregistered.length === 1 ? 'run' : 'runs'} of this workspace the registry does not know. Bring them there with: quantai registry import`,
        ];
  if (runs.length === 0)
    return [
      `There is no run in ${isTeam ? `the registry ${registry}` : workspace.reports}.`,
      ...(missing.length > 0 ? missing : ['Make one: quantai backtest sma-cross --dataset sample']),
    ].join('\n');
  const rows = table(
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
      ...(isTeam ? [{ title: 'by' }, { title: 'in' }] : []),
    ],
    runs.map(run => [
      run.runId,
      run.kind,
      run.strategy,
      run.dataset,
      percent(run.metrics['totalReturn']),
      ratio(run.metrics['sharpe']),
      percent(run.metrics['maxDrawdown']),
      run.metrics['trades'] ?? '–',
      run.fingerprint.slice(0, 12),
      ...('place' in run ? [run.by ?? '–', run.place] : []),
    ]),
  );
  return [rows, ...missing].join('\n');
};

/** Lists the runs of a workspace, or of the team that it belongs to. */
export const listRuns = async (args: GlobalOptions): Promise<void> => {
  const workspace = workspaceAt(args.workspace);
  present(args, await listed(workspace), result => textOf(result, workspace));
};
