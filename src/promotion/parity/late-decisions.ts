import type { Decision, Decisions } from './decisions.js';

/** So many bars late a decision may be and still be the same one: a machine that stood still, a bar that came late. */
const LATEST = 2;

/**
 * A session's decisions with those that it made late under the name of the backtest's: the same thing wanted of the same symbol, at most two bars later, that only the session decided then and only the backtest at the
 * earlier bar, and nothing else decided about the symbol in between.
 */
export const withLateOnes = (session: Decisions, backtest: Decisions, barMs: number): Decisions => {
  const ours = new Set(session.all.map(({ key }) => key));
  const theirs = new Set(backtest.all.map(({ key }) => key));
  const missed = backtest.all.filter(({ key }) => !ours.has(key));
  if (missed.length === 0) return session;
  const renamed = new Map<string, Decision>();
  for (const late of session.all) {
    if (theirs.has(late.key)) continue;
    const due = missed.findLast(({ symbol, ts }) => symbol === late.symbol && ts < late.ts);
    if (due === undefined || due.text !== late.text || due.kind !== late.kind || late.ts - due.ts > LATEST * barMs) continue;
    const isBetween = ({ symbol, ts, key }: Decision): boolean =>
      symbol === late.symbol && ts > due.ts && ts <= late.ts && key !== late.key;
    if ([...session.all, ...backtest.all].some(isBetween) || [...renamed.values()].some(({ key }) => key === due.key)) continue;
    renamed.set(late.key, { ...late, key: due.key, ts: due.ts, lateBy: late.ts - due.ts });
  }
  if (renamed.size === 0) return session;
  const of = (decision: Decision): Decision => renamed.get(decision.key) ?? decision;
  return { all: session.all.map(of), bySeq: new Map([...session.bySeq].map(([seq, decision]) => [seq, of(decision)])) };
};
