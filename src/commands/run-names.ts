import type { RunConfig } from '../engine/run-config.js';
import type { Params } from '../engine/run-result.js';
import { formatDate } from '../time.js';

/** What a run can be told from others by. */
export interface NamedRun {
  readonly runId: string;
  readonly kind: string;
  readonly strategy: string;
  readonly dataset: string;
  readonly params: Params;
  readonly config: RunConfig;
}

/** Longer names are no better in a legend than ids. */
const LONGEST = 48;
/** Names longer than this lose what they can spare. */
const SHORT = 28;
/** What is spared first: it is told elsewhere, and says least about what was tried. */
const SPARED = ['window', 'symbols', 'dataset', 'timeframe', 'kind'];

type Facet = readonly [name: string, text: string];

const spelled = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? Object.entries(value)
        .map(([key, inner]) => (key === 'kind' ? spelled(inner) : `${key}=${spelled(inner)}`))
        .join(' ')
    : String(value);

const fillFacets = (fills: RunConfig['fills']): Facet[] =>
  fills.kind === 'bars'
    ? [
        ['depth', 'bars'],
        ['finer', `along ${fills.finer ?? 'no finer'} bars`],
        ['path', `${fills.path} path`],
        ['limits', `limits ${fills.limits}`],
        ['participation', `participation ${fills.participation ?? 'unbounded'}`],
      ]
    : [
        ['depth', fills.kind === 'book' ? 'order book' : 'trades'],
        ['queue', `queue ${fills.queue.kind === 'power' ? `power ${fills.queue.exponent}` : fills.queue.kind}`],
        ...(fills.kind === 'book' ? ([['impact', fills.ownImpact ? 'own impact' : 'no own impact']] as const) : []),
        ...(fills.kind === 'trades' ? ([['spread', `spread ${fills.spreadBps} bp`]] as const) : []),
      ];

const facetsOf = ({ kind, strategy, dataset, params, config }: NamedRun): Facet[] => [
  ['strategy', strategy],
  ['kind', kind],
  ['dataset', dataset],
  ['timeframe', config.timeframe],
  ['symbols', config.symbols.join(' ')],
  ['window', `${formatDate(config.from)} to ${formatDate(config.to)}`],
  ...fillFacets(config.fills),
  ['latency', `latency ${spelled(config.latency)}`],
  ['fees', `fees ${spelled(config.fees)}`],
  ['slippage', `slippage ${spelled(config.slippage)}`],
  ['funding', `funding ${config.funding.kind}`],
  ['margin', `${config.margin?.mode ?? 'cross'} margin`],
  ['leverage', `leverage ${config.leverage}`],
  ['capital', `capital ${config.capital}`],
  ['seed', `seed ${config.seed}`],
  ...Object.entries(params).map(([name, value]): Facet => [`param ${name}`, `${name} ${String(value)}`]),
];

/**
 * Names of runs that are compared: what differs between them, such as `queue log` and `queue power 3`. What only some of them have (the queue of a run on bars) is left out while those agree on it.
 * Long names leave out windows, symbols and datasets
 * as far as the rest still tells the runs apart. The ids, when two would be called the same or a name would be too long for a legend.
 */
export const runNames = (runs: readonly NamedRun[]): string[] => {
  const facets = runs.map(run => new Map(facetsOf(run)));
  const all = [...new Set(facets.flatMap(each => [...each.keys()]))];
  const telling = all.filter(name => new Set(facets.flatMap(each => each.get(name) ?? [])).size > 1);
  const named = (used: readonly string[]): string[] => facets.map(each => used.flatMap(name => each.get(name) ?? []).join(', '));
  const isApart = (candidate: readonly string[]): boolean => new Set(candidate).size === runs.length && !candidate.includes('');
  const kept = SPARED.reduce((used, spared) => {
    const fewer = used.filter(name => name !== spared);
    return named(used).some(name => name.length > SHORT) && isApart(named(fewer)) ? fewer : used;
  }, telling);
  const names = named(kept);
  const isClear = isApart(names) && names.every(name => name.length <= LONGEST);
  return isClear ? names : runs.map(({ runId }) => runId);
};
