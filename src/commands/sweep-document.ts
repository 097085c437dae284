import type { Params } from '../engine/run-result.js';
import type { SamplerConfig } from '../experiments/samplers/sampler-config.js';
import type { SweepPick, SweepResult } from '../experiments/sweep.js';
import { metricLabel, metricText } from '../reports/metric-text.js';
import { recommended, scoreInOwnSign } from '../reports/swept.js';
import { grouped, pValue, percent, ratio } from './figures.js';
import type { RunSetup } from './run-setup.js';
import { objectiveText, samplerText } from './search-options.js';
import { table } from './table.js';

/** Configurations that are printed, and those of the document. */
const PRINTED = 10;
const LISTED = 100;

const configurationOut = ({ configurations, periodsPerYear, objective: { metric, also = [] } }: SweepResult, index: number) => {
  const { params, metrics, score, sharpe, fingerprint } = configurations[index]!;
  return {
    params,
    score,
    objectives: Object.fromEntries([metric, ...also].map(name => [name, metrics[name] ?? null])),
    sharpe: sharpe === null ? null : sharpe * Math.sqrt(periodsPerYear),
    totalReturn: metrics['totalReturn'] ?? null,
    maxDrawdown: metrics['maxDrawdown'] ?? null,
    trades: metrics['trades'] ?? null,
    fingerprint,
  };
};

const pickOut = (result: SweepResult, { index, psr, dsr }: SweepPick) => ({
  ...configurationOut(result, index),
  psr: psr.value,
  dsr: dsr.value,
  reasons: Object.fromEntries(Object.entries({ psr, dsr }).flatMap(([name, { reason }]) => (reason === null ? [] : [[name, reason]]))),
});

/** The document of a sweep. */
export const sweepDocumentOf = (
  result: SweepResult,
  { dataset }: RunSetup,
  more: { readonly sampler: SamplerConfig; readonly next: string; readonly report: string; readonly elapsedMs: number },
) => {
  const { configurations, ranking, peak, plateau, front, evidence, lucky, importance, trials } = result;
  const choice = recommended(result);
  const { logits: _logits, ...tested } = evidence;
  return {
    runId: result.runId,
    strategy: result.strategy,
    dataset: dataset.id,
    fingerprint: result.fingerprint,
    inSample: true,
    window: result.window,
    search: samplerText(more.sampler, 'sweep'),
    objective: objectiveText(result.objective),
    configurations: configurations.length,
    eligible: ranking.length,
    /** Configurations that ended with a profit after costs. */
    profitable: configurations.filter(({ metrics }) => (metrics['totalReturn'] ?? 0) > 0).length,
    rungs: result.rungs,
    trials: trials.run,
    trialsEver: trials.total,
    effectiveTrials: trials.effective,
    /** Of the recommended configuration. */
    metrics: choice ? configurations[choice.index]!.metrics : {},
    recommended: choice ? { by: plateau ? ('plateau' as const) : ('peak' as const), params: configurations[choice.index]!.params } : null,
    peak: peak && pickOut(result, peak),
    plateau: plateau && {
      ...pickOut(result, plateau),
      level: plateau.level,
      neighbours: plateau.neighbours,
      peakLevel: plateau.peakLevel,
    },
    top: ranking.slice(0, LISTED).map(index => configurationOut(result, index)),
    front: front.slice(0, LISTED).map(index => configurationOut(result, index)),
    importance,
    luckySharpe: lucky.value,
    evidence: tested,
    bounds: result.bounds,
    synthetic: dataset.manifest.synthetic,
    next: more.next,
    report: more.report,
    elapsedMs: more.elapsedMs,
  };
};

/** What `sweep --json` prints. */
export type SweepDocument = ReturnType<typeof sweepDocumentOf>;

/** `fast=10 slow=50`, of the parameters that were searched. */
export const paramsLine = (params: Params, searched: readonly string[]): string =>
  searched.map(name => `${name}=${typeof params[name] === 'number' ? Number(params[name].toPrecision(6)) : params[name]}`).join(' ');

/** The same in lines. */
export const sweepLines = (o: SweepDocument, result: SweepResult): string => {
  const searched = Object.keys(result.space);
  const { metric } = result.objective;
  const label = metricLabel(metric);
  const shown = (index: number): string => metricText(metric, result.configurations[index]!.metrics[metric]);
  const level = (score: number): string => metricText(metric, scoreInOwnSign(result, score));
  const { peak, plateau, importance, evidence } = result;
  const extra = metric === 'sharpe' ? [] : [{ title: label, align: 'right' as const }];
  const same = peak !== null && plateau !== null && peak.index === plateau.index;
  const mains = importance?.effects.filter(({ names }) => names.length === 1) ?? [];
  const partial = o.rungs.filter(({ share }) => share < 1);
  return [
    `${o.strategy} on ${o.dataset}, in sample: ${grouped(o.configurations)} configurations${
      partial.length > 0 ? ` in full after ${grouped(partial[0]!.configurations)} on ${percent(partial[0]!.share, 0)} of the time` : ''
    }, ${grouped(o.profitable)} with a profit; ${grouped(o.trials)} trials (${grouped(o.trialsEver)} of this strategy ever)`,
    '',
    table(
      [
        { title: '#', align: 'right' },
        { title: 'parameters' },
        ...extra,
        { title: 'Sharpe', align: 'right' },
        { title: 'return', align: 'right' },
        { title: 'drawdown', align: 'right' },
        { title: 'trades', align: 'right' },
        { title: '' },
      ],
      o.top.slice(0, PRINTED).map((one, rank) => {
        const index = result.ranking[rank]!;
        return [
          rank + 1,
          paramsLine(one.params, searched),
          ...extra.map(() => shown(index)),
          ratio(one.sharpe),
          percent(one.totalReturn),
          percent(one.maxDrawdown),
          one.trades ?? 0,
          index === plateau?.index ? 'plateau' : '',
        ];
      }),
    ),
    '',
    ...(peak === null
      ? [`No configuration had ${metric} defined and at least ${result.objective.minimumTrades} closed trades.`]
      : [
          `Peak     ${paramsLine(result.configurations[peak.index]!.params, searched)}: ${label} ${shown(peak.index)}${
            plateau === null || plateau.peakLevel === null ? '' : `; three quarters of its neighbours reach ${level(plateau.peakLevel)}`
          }`,
        ]),
    ...(plateau === null
      ? []
      : [
          `Plateau  ${paramsLine(result.configurations[plateau.index]!.params, searched)}: ${label} ${shown(plateau.index)}; three quarters of its ${plateau.neighbours} neighbours reach ${level(plateau.level)}`,
          same
            ? 'The peak is the middle of the plateau: recommended.'
            : 'Recommended is the plateau: a lone peak is the likeliest gift of luck.',
        ]),
    ...(mains.length > 0
      ? [
          `Importance: ${mains.map(({ names, share }) => `${names[0]} ${percent(share, 0)}`).join(', ')} of the variance of ${label} (the model explains ${percent(Math.max(0, importance!.explained), 0)})`,
        ]
      : peak === null
        ? []
        : ['Importance: not defined with fewer than 12 eligible configurations, or where the objective does not vary']),
    ...(o.front.length > 0 ? [`${o.front.length} trade-offs between ${o.objective.replaceAll(',', ' and ')}: see the report`] : []),
    '',
    `Best Sharpe ${ratio(o.peak?.sharpe)}; ${grouped(o.trialsEver)} worthless trials would show about ${ratio(o.luckySharpe)}. Probability that it is above 0 after these trials: ${percent(o.peak?.dsr)} (plateau ${percent(o.plateau?.dsr)})`,
    `Probability that the search overfitted: ${percent(evidence.pbo.value)}; reality check p ${pValue(evidence.realityCheck.value)}, SPA p ${pValue(evidence.spa.value)}`,
    ...o.bounds,
    'All of this is in sample: the days that chose are the days that judge.',
    `Next: ${o.next}`,
    `Fingerprint ${o.fingerprint}`,
    `Run ${o.runId}`,
    `Report ${o.report}`,
  ].join('\n');
};
