import type { RunManifest } from '../engine/run-result.js';
import { formatTime } from '../time.js';

/** What is told of a run when it is asked how it was made. */
export interface RunMaking {
  /** Without parameters or instruments where each fold has its own. */
  readonly manifest: Pick<RunManifest, 'platform' | 'strategy' | 'config' | 'inputs'> &
    Partial<Pick<RunManifest, 'params' | 'instruments'>>;
  /** How parameters were searched for; empty for a single backtest. */
  readonly search: Readonly<Record<string, unknown>>;
}

/** One thing that is not the same in all runs. */
export interface RunDifference {
  readonly group: 'code' | 'data' | 'params' | 'search' | 'config';
  /** Its path, as `fees.taker`. */
  readonly name: string;
  /** One a run, in order; null where a run has no such thing. */
  readonly values: readonly (string | null)[];
}

type Entry = readonly [name: string, value: string];

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const MOMENTS = new Set(['from', 'to']);

/** Every value with its path; lists of plain values are one. */
const leaves = (value: unknown, path: string): Entry[] => {
  if (isRecord(value)) return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}.${key}`));
  if (Array.isArray(value) && value.some(isRecord)) return value.flatMap((inner, i) => leaves(inner, `${path}.${i + 1}`));
  if (value === undefined) return [];
  const isMoment = MOMENTS.has(path.slice(path.lastIndexOf('.') + 1)) && typeof value === 'number' && Math.abs(value) > 1e11;
  return [[path, isMoment ? formatTime(value) : Array.isArray(value) ? value.join(', ') : String(value)]];
};

/** Stands between what is told of a symbol and the symbol. */
const OF = ' of ';
/** More symbols than this are counted. */
const MOST_SYMBOLS = 3;

/** One line for all symbols of which the same is told: a market of thirty symbols changes its window once. */
const acrossSymbols = (differences: readonly RunDifference[]): RunDifference[] => {
  const alike = new Map<string, { difference: RunDifference; topic: string; symbols: string[] }>();
  for (const difference of differences) {
    const [topic = '', symbol] = difference.name.split(OF);
    const key = JSON.stringify([difference.group, symbol === undefined ? difference.name : topic, difference.values]);
    const known = alike.get(key) ?? { difference, topic, symbols: [] };
    if (symbol !== undefined) known.symbols.push(symbol);
    alike.set(key, known);
  }
  return [...alike.values()].map(({ difference, topic, symbols }) => ({
    ...difference,
    name:
      symbols.length === 0
        ? difference.name
        : `${topic}${OF}${symbols.length > MOST_SYMBOLS ? `${symbols.length} symbols` : symbols.join(', ')}`,
  }));
};

const GROUPS: Readonly<Record<RunDifference['group'], (making: RunMaking) => Entry[]>> = {
  code: ({ manifest: { platform, strategy } }) => [
    ['strategy', strategy.name],
    ['code', strategy.bundle],
    ['platform', platform],
  ],
  data: ({ manifest: { inputs, instruments } }) => [
    ...inputs.flatMap(({ kind, symbol, timeframe, dataset, version, from, to, rows }): Entry[] => {
      const name = `${timeframe === undefined ? '' : `${timeframe} `}${kind}`;
      return [
        [`${name}: version${OF}${symbol}`, `${dataset}@${version}`],
        [`${name}: time${OF}${symbol}`, `${formatTime(from)} to ${formatTime(to)}, ${rows} rows`],
      ];
    }),
    ...(instruments ?? []).flatMap(({ symbol, ...terms }) =>
      leaves(terms, '').map(([name, value]): Entry => [`${name}${OF}${symbol}`, value]),
    ),
  ],
  params: ({ manifest: { params } }) => leaves(params ?? {}, ''),
  search: ({ search }) => leaves(search, ''),
  config: ({ manifest: { config } }) => leaves(config, ''),
};

/** What is not the same in all runs: code, data, parameters, search and configuration, value by value. What is equal is not listed. */
export const runDifferences = (made: readonly RunMaking[]): RunDifference[] => {
  // What only some of them recorded is no difference.
  const recorded = made.every(({ manifest }) => manifest.instruments !== undefined);
  const runs = recorded ? made : made.map(run => ({ ...run, manifest: { ...run.manifest, instruments: [] } }));
  const differences = (Object.keys(GROUPS) as RunDifference['group'][]).flatMap(group => {
    const told = runs.map(run => new Map(GROUPS[group](run)));
    const names = [...new Set(told.flatMap(each => [...each.keys()]))];
    return names.flatMap(name => {
      const values = told.map(each => each.get(name) ?? null);
      return new Set(values).size > 1 ? [{ group, name, values }] : [];
    });
  });
  return acrossSymbols(differences);
};
