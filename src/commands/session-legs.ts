import { canonicalJson } from '../datasets/canonical-json.js';
import { EngineMemory, type EngineState } from '../engine/engine-memory.js';
import type { Fact } from '../events/fact.js';
import { timeframeMs } from '../market/timeframe.js';
import type { SessionManifest, SessionRecord } from './session-record.js';

/** A stretch of a strategy's sessions in which nothing of its configuration changed: one backtest can be laid beside it. */
export interface SessionLeg {
  readonly strategy: SessionManifest['strategies'][number];
  readonly manifest: SessionManifest;
  /** SHA-256 of the manifest of its first session. */
  readonly hash: string;
  /** Number of that session. */
  readonly epoch: number;
  /** From when on the strategy decided, and the last moment whose bar it surely saw. */
  readonly from: number;
  readonly to: number;
  /** The account's facts from its first session's start to the end of its last. */
  readonly facts: readonly Fact[];
  /** What the strategy had when the leg began; null for nothing but its budget. */
  readonly state: EngineState | null;
}

/** What must not change within a leg; the windows of a session's configuration mean nothing. */
const sameness = (manifest: SessionManifest, strategy: SessionManifest['strategies'][number]): string =>
  canonicalJson({ strategy, config: { ...manifest.config, capital: 0, from: 0, to: 0 } });

/** Capital that a promotion allots otherwise than before, and the marks that move with it: without them the replay would take it for a profit or a loss. */
const isAllotment = (fact: Fact): boolean =>
  (fact.type === 'CashMoved' && fact.kind === 'transfer' && fact.income === '') || fact.type === 'RiskRemembered';

/** Stretches of one strategy, oldest first; none where it never began. A restart with the same configuration goes on, another one begins a new leg with what was held. */
export const sessionLegs = ({ facts, manifests, instruments }: SessionRecord, name: string): readonly SessionLeg[] => {
  const starts = facts.flatMap((fact, index) => (fact.type === 'SessionStarted' ? [{ fact, index }] : []));
  const legs: { first: (typeof starts)[number]; end: number; key: string; manifest: SessionManifest }[] = [];
  starts.forEach(({ fact, index }, i) => {
    const manifest = manifests.get(fact.manifest)!;
    const strategy = manifest.strategies.find(each => each.name === name);
    const end = starts[i + 1]?.index ?? facts.length;
    if (strategy === undefined) return;
    const key = sameness(manifest, strategy);
    const last = legs.at(-1);
    if (last?.key === key && last.end === index) last.end = end;
    else legs.push({ first: { fact, index }, end, key, manifest });
  });
  return legs.flatMap(({ first, end, manifest }): SessionLeg[] => {
    const within = facts.slice(first.index, end);
    const own = within.filter(fact => fact.strategy === name);
    const begun = own.find(({ type }) => type === 'RunStarted') ?? own.find(({ type }) => type !== 'CashMoved');
    if (begun === undefined) return [];
    const earlier = facts.slice(0, first.index).filter(fact => fact.strategy === name);
    const { config } = manifest;
    const barMs = timeframeMs(config.timeframe);
    const last = within.reduce((latest, { ts }) => Math.max(latest, ts), begun.ts);
    // A bar that closes as the session ends may have been seen or not.
    const to = Math.floor(last / barMs) * barMs - barMs;
    const from = earlier.length === 0 ? begun.ts : first.fact.ts;
    if (!(to > from)) return [];
    const strategy = manifest.strategies.find(each => each.name === name)!;
    let state: EngineState | null = null;
    if (earlier.length > 0) {
      const memory = new EngineMemory(instruments, 0, config.margin?.positions === 'hedge');
      for (const fact of [...earlier, ...own.slice(0, own.indexOf(begun)).filter(isAllotment)]) memory.apply(fact);
      state = memory.stateOf([...config.symbols].sort());
    }
    return [{ strategy, manifest, hash: first.fact.manifest, epoch: first.fact.epoch, from, to, facts: within, state }];
  });
};
