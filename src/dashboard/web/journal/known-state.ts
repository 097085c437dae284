/** A table of the state: titles and rows as text and numbers. */
export interface StateList {
  readonly title: string;
  readonly rows: readonly Readonly<Record<string, string | number | boolean | null>>[];
}

/** What one stream knew after a fact. */
export interface StreamState {
  readonly name: string;
  readonly cash: number | null;
  readonly risk: { readonly state: string; readonly code: string; readonly text: string } | null;
  readonly sizeFactor: number | null;
  readonly hash: string;
  /** Those that are not empty. */
  readonly lists: readonly StateList[];
}

/** What an account held after a fact, as `quantai why --at --json` has it. */
export interface StateAfter {
  readonly stream: string;
  readonly seq: number;
  readonly ts: number;
  readonly type: string;
  readonly text: string;
  readonly streams: readonly StreamState[];
  readonly limits: readonly (readonly [string, number | boolean | null])[];
  readonly recorded: { readonly after: string; readonly isSame: boolean } | null;
}

type Json = Readonly<Record<string, unknown>>;
type Plain = string | number | boolean | null;
const record = (value: unknown): Json => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {});
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const isPlain = (value: unknown): value is Plain => value === null || ['string', 'number', 'boolean'].includes(typeof value);

const plainRow = (value: unknown): Readonly<Record<string, Plain>> =>
  Object.fromEntries(Object.entries(record(value)).filter((entry): entry is [string, Plain] => isPlain(entry[1])));

const pairs = (value: unknown, name: string, of: string): StateList['rows'] =>
  Object.entries(record(value)).flatMap(([key, each]) => (isPlain(each) ? [{ [name]: key, [of]: each }] : []));

const list = (title: string, rows: StateList['rows']): readonly StateList[] => (rows.length === 0 ? [] : [{ title, rows }]);
const table = (title: string, value: unknown): readonly StateList[] => list(title, Array.isArray(value) ? value.map(plainRow) : []);

const streamState = ([name, value]: [string, unknown]): StreamState => {
  const state = record(value);
  const risk = record(state['risk']);
  return {
    name,
    cash: number(state['cash']),
    risk: text(risk['state']) === '' ? null : { state: text(risk['state']), code: text(risk['code']), text: text(risk['text']) },
    sizeFactor: number(state['sizeFactor']),
    hash: text(state['hash']),
    lists: [
      ...table('Positions', state['positions']),
      ...table('Orders at work', state['orders']),
      ...table('Plans', state['plans']),
      ...table('Executions', state['executions']),
      ...list('Targets', pairs(state['targets'], 'symbol', 'exposure')),
      ...list('Weights', pairs(state['weights'], 'model', 'weight')),
      ...table('Models', state['models']),
      ...list('Drift', pairs(state['drifts'], 'subject', 'level')),
      ...list('Alarms', pairs(state['alarms'], 'alarm', 'text')),
    ],
  };
};

/** Reads the document of `accounts.stateAt`; what it lacks is left out. */
export const readState = (document: unknown): StateAfter => {
  const { stream, seq, ts, type, text: said, streams, limits, recorded } = record(document);
  const mark = record(recorded);
  return {
    stream: text(stream),
    seq: number(seq) ?? NaN,
    ts: number(ts) ?? NaN,
    type: text(type),
    text: text(said),
    streams: Object.entries(record(streams)).map(streamState),
    limits: Object.entries(record(limits)).flatMap(([name, value]) =>
      value === null || typeof value === 'number' || typeof value === 'boolean' ? [[name, value] as const] : [],
    ),
    recorded: typeof mark['same'] === 'boolean' ? { after: text(mark['after']), isSame: mark['same'] } : null,
  };
};
