import { canonicalJson } from '../../datasets/canonical-json.js';
import type { RunConfig } from '../../engine/run-config.js';

type Costs = Pick<RunConfig, 'fees' | 'slippage' | 'latency' | 'funding' | 'fills'>;

/** Rates that an account with nothing traded pays; null where a fee is no rate. */
const rates = (fees: RunConfig['fees']): { readonly maker: number; readonly taker: number } | null => {
  switch (fees.kind) {
    case 'maker-taker':
      return fees;
    case 'tiered': {
      const reached = fees.tiers.filter(({ volume }) => volume <= fees.volume).sort((a, b) => b.volume - a.volume)[0];
      if (reached === undefined) return null;
      const paid = 1 - (fees.coin?.discount ?? 0);
      return { maker: reached.maker > 0 ? reached.maker * paid : reached.maker, taker: reached.taker * paid };
    }
    case 'per-order':
      return null;
  }
};

/** Settings in which more is dearer. An exponent is none: which way it goes hangs on the size. */
const DEARER = [
  'bps',
  'spreadBps',
  'coefficient',
  'multiple',
  'temporary',
  'permanent',
  'order',
  'cancel',
  'report',
  'feed',
  'fixed',
  'rate',
];

/** Names in which a model with the same kind is cheaper than another; every name in which two models cannot be compared. */
const milder = (name: string, evidence: object, session: object): string[] => {
  const [a, b] = [new Map<string, unknown>(Object.entries(evidence)), new Map<string, unknown>(Object.entries(session))];
  if (a.get('kind') === 'none' && b.get('kind') !== 'none') return [`${name}: none in the evidence`];
  if (b.get('kind') === 'none') return [];
  if (a.get('kind') !== b.get('kind'))
    return [`${name}: ${String(a.get('kind'))} in the evidence, ${String(b.get('kind'))} in the session`];
  return [...new Set([...a.keys(), ...b.keys()])].sort().flatMap(key => {
    const [x, y] = [a.get(key), b.get(key)];
    if (canonicalJson(x ?? 0) === canonicalJson(y ?? 0)) return [];
    if (!DEARER.includes(key)) return [`${name}.${key}`];
    return Number(x ?? 0) < Number(y ?? 0) ? [`${name}.${key}: ${String(x ?? 0)} in the evidence, ${String(y ?? 0)} in the session`] : [];
  });
};

const milderFees = (evidence: RunConfig['fees'], session: RunConfig['fees']): string[] => {
  const [a, b] = [rates(evidence), rates(session)];
  if (a === null || b === null) return milder('fees', evidence, session);
  return (['maker', 'taker'] as const).flatMap(side =>
    a[side] < b[side] ? [`fees.${side}: ${a[side]} in the evidence, ${b[side]} in the session`] : [],
  );
};

const milderFills = (evidence: RunConfig['fills'], session: RunConfig['fills']): string[] => {
  if (evidence.kind !== 'bars' || session.kind !== 'bars') return [];
  return [
    ...(evidence.limits === 'touch' && session.limits === 'through' ? ['fills.limits: touch in the evidence, through in the session'] : []),
    ...((evidence.participation ?? Infinity) > (session.participation ?? Infinity)
      ? [`fills.participation: ${evidence.participation ?? 'no bound'} in the evidence, ${session.participation} in the session`]
      : []),
  ];
};

/** Where trading cost less in the evidence than it would in the session, or where that cannot be compared; empty where nothing did. */
export const milderCosts = (evidence: Costs, session: Costs): readonly string[] => [
  ...milderFees(evidence.fees, session.fees),
  ...milder('slippage', evidence.slippage, session.slippage),
  ...milder('latency', evidence.latency, session.latency),
  ...milder('funding', evidence.funding, session.funding),
  ...milderFills(evidence.fills, session.fills),
];
