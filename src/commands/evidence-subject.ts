import type { RunConfig } from '../engine/run-config.js';
import type { TriedWalk } from '../experiments/evidence/seen-before.js';
import type { Params } from '../engine/run-result.js';
import { usageError } from '../errors.js';
import type { InputRange } from '../events/feed.js';
import type { Step } from '../experiments/checks/check.js';
import type { Estimate } from '../experiments/estimate.js';
import type { EvidenceRecord } from '../experiments/evidence/evidence-record.js';
import type { SearchEvidence } from '../experiments/search-evidence.js';
import type { Finding } from '../datasets/series.js';
import type { Instrument } from '../market/instrument.js';
import type { TrackInput } from '../metrics/track.js';
import { recommended } from '../reports/swept.js';
import { readKeptReport } from './kept-report.js';
import { readKeptSearch } from './kept-search.js';
import { recordedConfig } from './recorded-run.js';
import type { RunOnDisk } from './run-list.js';

/** A kept run as its evidence sees it. */
export interface EvidenceSubject {
  readonly kind: EvidenceRecord['run']['kind'];
  readonly outOfSample: boolean;
  /** Of a walk-forward: its folds with what each tried, and whether they searched. */
  readonly walk?: Pick<TriedWalk, 'folds' | 'searched'>;
  readonly strategy: { readonly name: string; readonly bundle: string };
  readonly instruments: readonly Instrument[];
  readonly inputs: readonly InputRange[];
  readonly config: RunConfig;
  readonly platform: string;
  /** Parameters from which a strategy with models says what it forecasts. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly steps: readonly Step[];
  /** What was traded; null when it must be run again, as the best of a sweep. */
  readonly outcome: TrackInput | null;
  readonly search: SearchEvidence | null;
  readonly noSearch: string;
  readonly foldPbo: Estimate | null;
  /** Distinct trials of this run, and the Sharpe ratios of what it tried; null where only the ledger knows them. */
  readonly trials: number;
  readonly sharpes: readonly number[] | null;
  readonly findings: readonly Finding[];
  readonly synthetic: boolean;
  readonly fingerprint: string;
  /** The command that gives the run again. */
  readonly reproduce: string;
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

const instrumentsOf = ({ manifest }: RunOnDisk): readonly Instrument[] =>
  isList(manifest['instruments']) ? (manifest['instruments'] as readonly Instrument[]) : [];

const fixedOf = ({ manifest }: RunOnDisk): Readonly<Record<string, unknown>> => {
  const { fixed } = manifest;
  return typeof fixed === 'object' && fixed !== null ? { ...fixed } : {};
};

const isSearch = (sampler: unknown): boolean =>
  typeof sampler === 'object' && sampler !== null && 'kind' in sampler && sampler.kind !== 'list';

/** What evidence is made of a run in its folder. Throws a usage error for a run of a kind that claims no profit. */
export const evidenceSubject = async (run: RunOnDisk): Promise<EvidenceSubject> => {
  const { runId, folder, manifest } = run;
  const { command } = manifest;
  const fixed = fixedOf(run);
  if (command !== 'backtest' && command !== 'walkforward' && command !== 'sweep')
    throw usageError(
      'no-evidence',
      `Run ${runId} is of the kind ${String(command)}: evidence is of a backtest, a walk-forward or a sweep.`,
      'List runs with: quantai runs',
    );
  const kept = await readKeptReport(folder, runId);
  const common = {
    instruments: instrumentsOf(run),
    config: recordedConfig(run),
    fingerprint: String(manifest['fingerprint']),
    reproduce: String(manifest['reproduce']),
  };
  if (kept.kind === 'backtest') {
    const { result, findings, synthetic } = kept.input;
    const { strategy, params, config, inputs, platform } = result.manifest;
    return {
      ...common,
      kind: 'backtest',
      outOfSample: false,
      strategy,
      inputs,
      platform,
      params,
      steps: [{ params, window: { from: config.from, to: config.to } }],
      outcome: result,
      search: null,
      noSearch: 'one configuration was run; the trials before it are in the ledger without their returns',
      foldPbo: null,
      trials: 1,
      sharpes: null,
      findings,
      synthetic,
    };
  }
  if (kept.kind === 'walkforward') {
    const { folds, stitched, findings, synthetic, trials, manifest: experiment } = kept.input;
    const searched = await readKeptSearch(folder, runId);
    return {
      ...common,
      kind: 'walkforward',
      outOfSample: true,
      walk: { folds, searched: isSearch(manifest['sampler']) },
      strategy: experiment.strategy,
      inputs: experiment.inputs,
      platform: experiment.platform,
      params: fixed,
      steps: folds.map(({ params, test }) => ({ params, window: test })),
      outcome: stitched,
      search: searched?.search ?? null,
      noSearch: 'the run kept nothing of its search; run it again with this release',
      foldPbo: searched?.foldPbo ?? null,
      trials: searched?.trials.run ?? trials,
      sharpes: searched?.trials.sharpes ?? null,
      findings,
      synthetic,
    };
  }
  if (kept.kind !== 'sweep') throw usageError('no-evidence', `Run ${runId} kept the report of a ${kept.kind}.`, 'Run it again.');
  const { sweep, findings, synthetic, manifest: experiment } = kept.input;
  const choice = recommended(sweep);
  const params: Params | null = choice ? sweep.configurations[choice.index]!.params : null;
  return {
    ...common,
    kind: 'sweep',
    outOfSample: false,
    strategy: experiment.strategy,
    inputs: experiment.inputs,
    platform: experiment.platform,
    params: fixed,
    steps: [{ params, window: sweep.window }],
    outcome: null,
    search: sweep.evidence,
    noSearch: '',
    foldPbo: null,
    trials: sweep.trials.run,
    sharpes: sweep.configurations.flatMap(({ sharpe }) => sharpe ?? []),
    findings,
    synthetic,
  };
};
