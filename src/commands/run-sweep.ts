import { sweep, type BestSoFar } from '../experiments/sweep.js';
import { writeTables } from '../journal/write-tables.js';
import { metricText } from '../reports/metric-text.js';
import { recommended, reportedSweep } from '../reports/swept.js';
import { findingsOfRun } from './data-errors.js';
import { keepAndDraw, type KeptReport } from './kept-report.js';
import { loadRun } from './pretrained.js';
import { reproducingCommand } from './reproduce.js';
import { setUpRun } from './run-setup.js';
import { sweepFiles } from './run-tables.js';
import { samplerText, type SearchArguments } from './search-options.js';
import { beginSearch, searchExperiment, wantedSearch } from './search-run.js';
import { paramsLine, sweepDocumentOf, sweepLines, type SweepDocument } from './sweep-document.js';
import { terminal } from './terminal.js';

/** The same search, walked forward: what to do with the result of a sweep. */
const walkingCommand = (reproduce: string): string => reproduce.replace(/ sweep(?= |$)/, ' walkforward');

/** Search over the whole window, keep the sweep under `reports/` and every trial in the ledger, and print what was found and how much of it is luck. */
export const runSweep = async (args: SearchArguments): Promise<SweepDocument> => {
  const setup = await setUpRun(args);
  const { workspace, dataset, config, strategy } = setup;
  const wanted = wantedSearch(args, setup);
  const { searched, sampler, objective } = wanted;
  const loaded = await loadRun(setup);
  const { version, synthetic } = dataset.manifest;
  const experiment = searchExperiment(setup, loaded, wanted, {});
  const { folder, spec, tell, settle, conclude } = await beginSearch(args, setup, loaded, wanted, experiment, {
    id: 'sweep',
    bar: 'sweep',
  });
  const bestText = ({ value, params }: BestSoFar): string => `best ${metricText(objective.metric, value)} ${paramsLine(params, searched)}`;
  let found = '';
  const { result, elapsedMs } = await settle(
    sweep({
      ...spec,
      onProgress: progress => {
        found = progress.best ? bestText(progress.best) : '';
        tell(progress, found === '' ? undefined : found);
      },
    }),
    'configurations',
    () => (found === '' ? '' : ` The ${found}.`),
  );
  const reproduce = reproducingCommand(terminal().argv, dataset.id, version);
  const next = walkingCommand(reproduce);
  const kept: KeptReport = {
    version: 1,
    kind: 'sweep',
    dataset: `${dataset.id}@${version}`,
    input: {
      title: `${strategy.strategy.name} on ${dataset.id}, sweep`,
      manifest: experiment,
      sweep: reportedSweep(result),
      search: samplerText(sampler, 'sweep'),
      findings: findingsOfRun(dataset.manifest.findings, config),
      fingerprint: result.fingerprint,
      command: reproduce,
      next,
      synthetic,
    },
  };
  const [files, report] = await Promise.all([writeTables(folder, sweepFiles(result)), keepAndDraw(workspace, folder, kept)]);
  const outcome = sweepDocumentOf(result, setup, { sampler, next, report, elapsedMs });
  const choice = recommended(result);
  const record = {
    command: 'sweep' as const,
    reproduce,
    fingerprint: result.fingerprint,
    /** The configuration to go on with; null when none was eligible. */
    recommended: choice ? result.configurations[choice.index]!.params : null,
    files,
  };
  return conclude(record, outcome, o => sweepLines(o, result));
};
