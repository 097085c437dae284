import type { SessionStatus } from '../session/session-status.js';

type Labels = Readonly<Record<string, string>>;

const escaped = (value: string): string =>
  value
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`);

const sample = (name: string, labels: Labels, value: number): string => {
  const text = Object.entries(labels)
    .map(([key, each]) => `${key}="${escaped(each)}"`)
    .join(',');
  const shown = Number.isNaN(value) ? 'NaN' : value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : String(value);
  return `${name}${text === '' ? '' : `{${text}}`} ${shown}`;
};

const family = (name: string, type: 'gauge' | 'counter', help: string, samples: readonly (readonly [Labels, number])[]): string =>
  [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples.map(([labels, value]) => sample(name, labels, value))].join('\n');

/** A session's status in Prometheus text format, version 0.0.4. `counts` are the facts of this session by type. */
export const sessionMetrics = (status: SessionStatus, counts: ReadonlyMap<string, number>): string => {
  const base: Labels = { account: status.account, venue: status.venue, mode: status.mode, practice: String(status.practice) };
  const each = (of: (strategy: SessionStatus['strategies'][number]) => number): (readonly [Labels, number])[] =>
    status.strategies.map(strategy => [{ ...base, strategy: strategy.name }, of(strategy)]);
  const families = [
    family('quantai_ready', 'gauge', 'Whether new exposure may be opened.', [[base, status.ready ? 1 : 0]]),
    family('quantai_epoch', 'gauge', 'Starts of a session on this account so far.', [[base, status.epoch]]),
    family('quantai_market_time_seconds', 'gauge', 'Market time, seconds since the epoch.', [[base, status.marketTime / 1000]]),
    family(
      'quantai_risk_state',
      'gauge',
      '1 for the state that the account is in.',
      ['ACTIVE', 'REDUCING', 'HALTED'].map(state => [{ ...base, state }, status.risk === state ? 1 : 0]),
    ),
    family(
      'quantai_facts_total',
      'counter',
      'Facts of this session by type.',
      [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([type, count]) => [{ ...base, type }, count]),
    ),
    family('quantai_alarms', 'gauge', 'Alarms that are up.', [[base, status.alarms.length]]),
    family(
      'quantai_equity',
      'gauge',
      'Equity at last prices, settlement asset.',
      each(({ equity }) => equity),
    ),
    family(
      'quantai_realised',
      'gauge',
      'Realised trading profit, settlement asset.',
      each(({ realised }) => realised),
    ),
    family(
      'quantai_fees',
      'gauge',
      'Fees paid, settlement asset.',
      each(({ fees }) => fees),
    ),
    family(
      'quantai_funding',
      'gauge',
      'Funding received, settlement asset.',
      each(({ funding }) => funding),
    ),
    family(
      'quantai_open_orders',
      'gauge',
      'Orders that have not ended.',
      each(({ openOrders }) => openOrders),
    ),
    family(
      'quantai_position',
      'gauge',
      'Signed position, base units.',
      status.strategies.flatMap(({ name, positions }) =>
        Object.entries(positions).map(([symbol, quantity]) => [{ ...base, strategy: name, symbol }, quantity] as const),
      ),
    ),
    family(
      'quantai_strategy_up',
      'gauge',
      'Whether the strategy runs.',
      each(({ phase }) => (phase === 'running' ? 1 : 0)),
    ),
  ];
  return `${families.join('\n')}\n`;
};
