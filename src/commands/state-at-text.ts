import type { KnownState } from '../engine/known-state.js';
import { limitsText } from '../reports/causes/limits-text.js';
import { formatTime } from '../time.js';
import type { StateAt } from './state-at.js';
import { table } from './table.js';

const short = (value: number): string => String(Number(value.toPrecision(9)));
const priced = (value: number | null): string => (value === null ? '' : short(value));
const listed = (entries: readonly (readonly [string, string | number | boolean | null])[]): string =>
  entries.map(([name, value]) => `${name} ${typeof value === 'number' ? short(value) : String(value)}`).join(', ');
const indented = (text: string): string =>
  text
    .split('\n')
    .map(line => `  ${line}`)
    .join('\n');

const right = (title: string) => ({ title, align: 'right' as const });

const blocks = (state: KnownState): readonly (string | null)[] => [
  `Cash ${short(state.cash)}; ${state.risk.state}${state.risk.code === '' ? '' : ` (${state.risk.code}${state.risk.text === '' ? '' : `: ${state.risk.text}`})`}${state.sizeFactor === 1 ? '' : `; new entries are sized by ${short(state.sizeFactor)}`}`,
  state.positions.length === 0
    ? 'No position'
    : table(
        [{ title: 'Position' }, right('Quantity'), right('Average entry')],
        state.positions.map(({ symbol, leg, quantity, entry }) => [
          leg === null ? symbol : `${symbol} ${leg}`,
          short(quantity),
          short(entry),
        ]),
      ),
  state.orders.length === 0
    ? 'No order at work'
    : table(
        [{ title: 'Order' }, { title: 'Symbol' }, { title: 'Side' }, { title: 'Type' }, right('Left'), right('Limit'), right('Trigger')],
        state.orders.map(o => [
          o.orderId,
          o.symbol,
          o.side,
          o.reduceOnly ? `${o.type}, reduce-only` : o.type,
          short(o.remaining),
          priced(o.limit),
          priced(o.stop),
        ]),
      ),
  state.plans.length === 0
    ? null
    : table(
        [
          { title: 'Plan' },
          { title: 'Symbol' },
          { title: 'Side' },
          right('Quantity'),
          right('Entry'),
          right('Stop-loss'),
          right('Take-profit'),
        ],
        state.plans.map(p => [p.plan, p.symbol, p.side, short(p.quantity), short(p.entry), short(p.stopLoss), short(p.takeProfit)]),
      ),
  state.executions.length === 0
    ? null
    : `At work: ${state.executions.map(({ execution, symbol, quantity }) => `${execution} of ${short(quantity)} ${symbol}`).join('; ')}`,
  Object.keys(state.targets).length === 0 ? null : `Latest targets (× equity): ${listed(Object.entries(state.targets))}`,
  Object.keys(state.weights).length === 0 ? null : `Weights of the models: ${listed(Object.entries(state.weights))}`,
  ...state.models.map(
    ({ model, checkpoint, rows, since, calibration }) =>
      `Model ${model}: checkpoint ${checkpoint.slice(0, 12)}, ${rows} rows, in force since ${formatTime(since)}${calibration === null ? '' : `; calibration ${calibration}`}`,
  ),
  Object.keys(state.drifts).length === 0 ? null : `Drift: ${listed(Object.entries(state.drifts))}`,
  ...Object.entries(state.alarms).map(([code, text]) => `ALARM ${code}: ${text}`),
];

/** The state after a fact for the terminal: streams one below the other, then the limits in force and what was recorded. */
export const stateText = ({ of, stream, seq, ts, type, text, streams, limits, recorded }: StateAt): string => {
  const names = Object.entries(streams);
  return [
    `State of ${of} after fact ${names.length > 1 || stream === 'account' ? `${stream}:${seq}` : seq}, ${type} at ${formatTime(ts)}`,
    text,
    ...names.flatMap(([name, state]) => [
      '',
      name,
      ...blocks(state)
        .filter(block => block !== null)
        .map(indented),
    ]),
    '',
    `Limits in force: ${limitsText(limits)}`,
    recorded === null
      ? 'No state was recorded.'
      : `The state recorded after ${recorded.after} ${recorded.same ? 'comes out of the facts again' : 'does NOT come out of the facts'} (${recorded.hash.slice(0, 16)}…).`,
  ].join('\n');
};
