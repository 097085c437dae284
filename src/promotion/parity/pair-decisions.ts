import { formatDuration } from '../../time.js';
import type { GapCause } from './certificate.js';
import type { Decision, Decisions } from './decisions.js';
import { downAt, downText, type Downtime } from './downtimes.js';
import { barOf, type Refusals } from './refusals.js';

/** One line of the comparison. */
export interface DecisionPair {
  readonly key: string;
  readonly ts: number;
  readonly symbol: string;
  readonly kind: Decision['kind'];
  readonly backtest: Decision | null;
  readonly session: Decision | null;
  /** Of a target: what the backtest wants from here on. */
  readonly exposure: number | null;
  /** Null when both are the same and neither was refused. */
  readonly why: string | null;
  /** What its fills differ by; null where that follows from what was earned before. */
  readonly cause: GapCause | null;
}

/** What explains differences. */
export interface DecisionCircumstances {
  readonly barMs: number;
  readonly downs: readonly Downtime[];
  readonly session: Refusals;
  readonly backtest: Refusals;
  /** From when on both had not earned the same; Infinity where they always have. */
  readonly apartSince: number;
}

/** Why the two of a symbol are apart, until both decide the same again. */
interface Root {
  readonly why: string;
  readonly cause: GapCause;
}

const UNEXPLAINED: Root = { why: 'unexplained', cause: 'unexplained' };

const byTime = (a: DecisionPair, b: DecisionPair): number =>
  a.ts - b.ts || (a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

/** A refusal that only one of both met. */
const refusedAlone = (key: string, bar: string, { session, backtest }: DecisionCircumstances, isShared: boolean): string | null => {
  const find = ({ byKey, byBar }: Refusals): string | undefined => byKey.get(key) ?? (isShared ? undefined : byBar.get(bar));
  const [ours, theirs] = [find(session), find(backtest)];
  if (ours === theirs) return null;
  return ours === undefined ? `refused in the backtest: ${theirs}` : `refused: ${ours}`;
};

/**
 * Pairs what a session decided with what a backtest of the same time decided, by bar, symbol, kind, side and name. A difference is explained where something that the journal says explains it: no session ran
 * then, one was still starting and saw the bars of that time together, the account was not free to trade, or it follows on such a difference. Ascending in time, then symbol.
 */
export const pairDecisions = (backtest: Decisions, session: Decisions, circumstances: DecisionCircumstances): readonly DecisionPair[] => {
  const { barMs, downs, apartSince } = circumstances;
  const wanted = new Map(backtest.all.map(each => [each.key, each]));
  const got = new Map(session.all.map(each => [each.key, each]));
  const plain = [...new Set([...wanted.keys(), ...got.keys()])]
    .map((key): DecisionPair => {
      const [a, b] = [wanted.get(key) ?? null, got.get(key) ?? null];
      const { ts, symbol, kind } = (a ?? b) as Decision;
      return { key, ts, symbol, kind, backtest: a, session: b, exposure: null, why: null, cause: null };
    })
    .sort(byTime);
  const roots = new Map<string, Root>();
  /** Exposure last wanted, in the backtest and in the session. */
  const force = new Map<string, [number, number]>();
  return plain.map(bare => {
    const { key, ts, symbol, kind } = bare;
    const [a, b] = [bare.backtest, bare.session];
    const isSame = a?.text === b?.text;
    const before = force.get(symbol) ?? [0, 0];
    const now: [number, number] = [a?.exposure ?? before[0], b?.exposure ?? before[1]];
    const pair = kind === 'target' ? { ...bare, exposure: now[0] } : bare;
    if (kind === 'target') force.set(symbol, now);
    const refused = refusedAlone(key, barOf(ts, symbol, barMs), circumstances, isSame);
    if (isSame && refused === null) {
      if (kind === 'target') roots.delete(symbol);
      return b?.lateBy === undefined ? pair : { ...pair, why: `decided ${formatDuration(b.lateBy)} late`, cause: 'latency' };
    }
    const root = rootOf();
    if (root === null) return { ...pair, why: 'its size or price follows what was earned until then' };
    if (kind === 'target') roots.set(symbol, root);
    return { ...pair, ...root };

    function rootOf(): Root | null {
      if (refused !== null) return { why: refused, cause: 'rejected' };
      const down = downAt(downs, ts, barMs);
      if (down !== undefined) return { why: downText(down, ts), cause: 'data' };
      const earlier = roots.get(symbol);
      const isMadeUp = kind === 'target' && (b === null ? a?.exposure === before[1] : a === null && b.exposure === before[0]);
      if (isMadeUp && earlier !== undefined) return earlier;
      const isSized = kind !== 'target' && a !== null && b !== null;
      return isSized && ts > apartSince ? null : UNEXPLAINED;
    }
  });
};
