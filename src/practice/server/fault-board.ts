import { random } from '../../random.js';
import { faultSpec, meetsRequests, meetsStreams, type FaultInput, type FaultSpec } from './fault.js';
import type { StreamLabel, WireRequest } from './front.js';

/** A fault in force and how often it really met something. */
export interface Fault {
  readonly id: number;
  readonly spec: FaultSpec;
  readonly bit: number;
}

/** The faults of a server. What they do is the server's; this says which of them meet what, and counts. */
export interface FaultBoard {
  /** Throws a `ZodError` for what is no fault. */
  add(input: FaultInput): Fault;
  list(): readonly Fault[];
  /** One, or all when null. What they bit stays counted in `bites`. */
  clear(id: number | null): void;
  /** Those that meet this request now, in the order in which they were added. Each is counted. */
  request(request: WireRequest, account: string | null): readonly FaultSpec[];
  stream(label: StreamLabel): readonly FaultSpec[];
  /** Whether no connection is taken now. */
  refuses(): boolean;
  /** Whether the pings of this connection go unanswered. */
  deaf(label: StreamLabel): boolean;
  /** What the venue's clock is off by now, ms. */
  clockError(): number;
  /** A fault that acts once met so many. */
  count(id: number, times: number): void;
  /** How often each kind ever bit: the "sometimes" counters. */
  bites(): Readonly<Record<string, number>>;
}

interface Live {
  readonly id: number;
  readonly spec: FaultSpec;
  readonly since: number;
  readonly chance: () => number;
  seen: number;
  bit: number;
}

/** These last until they are cleared unless told how long or how often. */
const LASTING: ReadonlySet<string> = new Set(['silent', 'black-hole', 'refuse', 'clock']);

const pathMatches = (pattern: string | undefined, path: string): boolean =>
  pattern === undefined || (pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern);

/** Faults by a seeded chance and a steady clock. */
export const faultBoard = (seed: number, steady: () => number): FaultBoard => {
  let faults: Live[] = [];
  let next = 1;
  const totals = new Map<string, number>();
  const root = random(seed);

  const bite = (fault: Live, times = 1): void => {
    fault.bit += times;
    totals.set(fault.spec.kind, (totals.get(fault.spec.kind) ?? 0) + times);
  };
  const running = ({ spec, since }: Live): boolean => {
    const age = steady() - since - spec.afterMs;
    return age >= 0 && (spec.forMs === undefined || age < spec.forMs);
  };
  /** Counts the match; whether this one is met. */
  const meets = (fault: Live): boolean => {
    const { spec } = fault;
    fault.seen++;
    const most = spec.count ?? (spec.rate === undefined && spec.forMs === undefined && !LASTING.has(spec.kind) ? 1 : Infinity);
    if (fault.seen < spec.nth || fault.bit >= most) return false;
    if (spec.rate !== undefined && fault.chance() >= spec.rate) return false;
    bite(fault);
    return true;
  };
  const concerns = (spec: FaultSpec, account: string | null): boolean => spec.account === undefined || spec.account === account;
  const onStream = (spec: FaultSpec, label: StreamLabel): boolean =>
    concerns(spec, label.account) && (spec.stream === undefined || label.stream.includes(spec.stream));

  return {
    add: input => {
      const spec = faultSpec.parse(input);
      const id = next++;
      const chance = root.fork(`fault-${id}`);
      const fault: Live = { id, spec, since: steady(), chance: () => chance.next(), seen: 0, bit: 0 };
      faults.push(fault);
      return fault;
    },
    list: () => faults.map(({ id, spec, bit }) => ({ id, spec, bit })),
    clear: id => {
      faults = id === null ? [] : faults.filter(fault => fault.id !== id);
    },
    request: (request, account) =>
      faults
        .filter(
          fault =>
            meetsRequests(fault.spec) &&
            running(fault) &&
            concerns(fault.spec, account) &&
            (fault.spec.method === undefined || fault.spec.method === request.method) &&
            pathMatches(fault.spec.path, request.path) &&
            meets(fault),
        )
        .map(({ spec }) => spec),
    stream: label =>
      faults
        .filter(fault => meetsStreams(fault.spec) && running(fault) && onStream(fault.spec, label) && meets(fault))
        .map(({ spec }) => spec),
    refuses: () => faults.some(fault => fault.spec.kind === 'refuse' && running(fault) && meets(fault)),
    deaf: label => faults.some(fault => fault.spec.kind === 'black-hole' && running(fault) && onStream(fault.spec, label)),
    clockError: () => {
      let error = 0;
      for (const fault of faults)
        if (fault.spec.kind === 'clock' && running(fault)) {
          error += fault.spec.ms + ((steady() - fault.since - fault.spec.afterMs) / 1000) * fault.spec.drift;
          bite(fault);
        }
      return Math.round(error);
    },
    count: (id, times) => {
      const fault = faults.find(each => each.id === id);
      if (fault !== undefined) bite(fault, times);
    },
    bites: () => Object.fromEntries([...totals].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
};
