import type { FactLine } from '../../api/accounts-api.js';

/** One moment of an order's life. Times are epoch ms of market time. */
export interface TimelineStep {
  readonly position: number;
  readonly seq: number;
  readonly event: string;
  readonly tone: 'neutral' | 'accent' | 'warn' | 'alarm';
  readonly at: number;
  /** ms since the step before; null for the first. */
  readonly since: number | null;
  /** ms until we knew it; 0 for what is our own. */
  readonly heardAfter: number;
  readonly text: string;
  readonly code: string | null;
}

const EVENTS: Readonly<Record<string, readonly [event: string, tone: TimelineStep['tone']]>> = {
  OrderApproved: ['approved', 'neutral'],
  OrderSubmitted: ['submitted', 'neutral'],
  OrderUnknown: ['unknown', 'alarm'],
  OrderAccepted: ['accepted', 'neutral'],
  OrderTriggered: ['triggered', 'neutral'],
  AmendRequested: ['amendment asked for', 'neutral'],
  OrderAmended: ['amended', 'neutral'],
  AmendRejected: ['amendment refused', 'warn'],
  CancelRequested: ['cancel asked for', 'neutral'],
  CancelRejected: ['cancel refused', 'warn'],
  OrderFilled: ['filled', 'accent'],
  OrderCancelled: ['cancelled', 'neutral'],
  OrderExpired: ['expired', 'neutral'],
  OrderRejected: ['rejected', 'alarm'],
};

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

/** The order that a fact is about; null for one that is about none. */
export const orderIdOf = ({ payload }: Pick<FactLine, 'payload'>): string | null => {
  const { orderId, ticket } = record(payload);
  const id = orderId ?? record(ticket)['orderId'];
  return typeof id === 'string' ? id : null;
};

/** The life of one order from facts of its account, in any order and with repeats; facts of other orders are passed over. */
export const orderTimeline = (facts: readonly FactLine[], orderId: string): readonly TimelineStep[] => {
  const own = [
    ...new Map(facts.filter(fact => orderIdOf(fact) === orderId && fact.type in EVENTS).map(fact => [fact.position, fact])).values(),
  ];
  own.sort((a, b) => a.position - b.position);
  return own.map((fact, place) => {
    const [event, tone] = EVENTS[fact.type] ?? [fact.type, 'neutral' as const];
    const before = own[place - 1];
    const { code } = record(fact.payload);
    return {
      position: fact.position,
      seq: fact.seq,
      event,
      tone,
      at: fact.ts,
      since: before === undefined ? null : fact.ts - before.ts,
      heardAfter: Math.max(0, fact.knownAt - fact.ts),
      text: fact.text,
      code: typeof code === 'string' && code !== '' ? code : null,
    };
  });
};

/** Milliseconds from leaving for the venue to its first answer, and to the first trade; null where there is none yet. */
export const orderLatencies = (steps: readonly TimelineStep[]): { readonly accept: number | null; readonly fill: number | null } => {
  const at = (events: readonly string[]): number | null => steps.find(({ event }) => events.includes(event))?.at ?? null;
  const sent = at(['submitted']);
  const after = (time: number | null): number | null => (sent === null || time === null ? null : time - sent);
  return { accept: after(at(['accepted', 'rejected'])), fill: after(at(['filled'])) };
};
