import fc from 'fast-check';
import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { PHASE, type Chunk, type MarketKind } from '../../src/events/market.js';
import { MarketLines } from '../../src/engine/market-lines.js';
import { units } from '../../src/market/units.js';
import { random } from '../../src/random.js';
import { ONES } from '../sim/tick-venue.js';

type Row = readonly [kind: MarketKind, index: number, ts: number];
const KINDS = ['funding', 'mark', 'trades', 'quotes', 'index'] as const;
const STREAMED = new Set<MarketKind>(['trades', 'quotes']);
const DELAYS = { funding: 3, mark: 2 };
const WIDTH: Partial<Record<MarketKind, number>> = { quotes: 4, trades: 3, funding: 2 };

const anyRows = fc.array(fc.tuple(fc.constantFrom(...KINDS), fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 40 })), {
  maxLength: 40,
});

/** Rows of one series are named by their number, which is their price, so that each can be told from the others. */
const chunksOf = (rows: readonly Row[]): Chunk[] => {
  const series = new Map<string, Row[]>();
  for (const row of rows) series.set(`${row[0]} ${row[1]}`, [...(series.get(`${row[0]} ${row[1]}`) ?? []), row]);
  return [...series.values()].map(own => {
    const [kind, index] = own[0]!;
    const ts = own.map(row => row[2]).sort((a, b) => a - b);
    const columns = Array.from({ length: WIDTH[kind] ?? 1 }, () => Float64Array.from(ts, (_, i) => i));
    return { kind, symbol: `S${index}`, rows: ts.length, ts: Float64Array.from(ts), columns };
  });
};

const cut = (chunk: Chunk, from: number, to: number): Chunk => {
  const start = chunk.ts.findIndex(ts => ts >= from);
  const end = chunk.ts.findLastIndex(ts => ts < to) + 1;
  if (start < 0 || end <= start)
    return { ...chunk, rows: 0, ts: new Float64Array(0), columns: chunk.columns.map(() => new Float64Array(0)) };
  return { ...chunk, rows: end - start, ts: chunk.ts.slice(start, end), columns: chunk.columns.map(c => c.slice(start, end)) };
};

interface Given {
  readonly at: number;
  readonly kind: MarketKind;
  readonly index: number;
  readonly ts: number;
  readonly row: number;
}

/** Deliver all of it, slab by slab, as the engine does. */
const deliver = (chunks: readonly Chunk[], cuts: readonly number[], latency: (ts: number) => number): Given[] => {
  const given: Given[] = [];
  let now = -Infinity;
  const lines = new MarketLines({
    // Nobody listens: what is delivered is seen by `observe`.
    host: {
      mark$: new Subject(),
      trades$: new Subject(),
      quotes$: new Subject(),
      settled: () => {},
      bookUpdated: () => {},
      membership: () => {},
      give: act => act(),
    },
    units: [units(ONES), units(ONES), units(ONES)],
    delays: DELAYS,
    feedLatency: latency,
    wantsBook: () => false,
    observe: (index, kind, ts, row) => given.push({ at: now, kind, index, ts, row }),
  });
  const edges = [-Infinity, ...cuts, Infinity];
  for (let k = 1; k < edges.length; k++) {
    for (const chunk of chunks) {
      const part = cut(chunk, edges[k - 1]!, edges[k]!);
      if (part.rows > 0) lines.load(part, Number(chunk.symbol.slice(1)));
    }
    while (lines.nextAt < edges[k]!) {
      now = lines.nextAt;
      lines.deliver(now);
    }
  }
  return given;
};

/** A latency that hangs on the time only, so that the order of questions does not matter. */
const latencyOf = (seed: number) => (ts: number) => random(`${seed}/${ts}`).int(12);
const anyCuts = fc.array(fc.integer({ min: 0, max: 45 }), { maxLength: 4 }).map(cuts => [...new Set(cuts)].sort((a, b) => a - b));

describe('market data on its way to the strategy', () => {
  it('arrives by the moment at which it can be known, then kind, then symbol, then row', () => {
    fc.assert(
      fc.property(anyRows, anyCuts, fc.integer(), (rows, cuts, seed) => {
        const latency = latencyOf(seed);
        const chunks = chunksOf(rows);
        // From the rule itself: its own time plus delay, no earlier than the datum before it on the same line where it is streamed.
        const expected = chunks
          .flatMap(({ kind, symbol, ts }) => {
            let before = -Infinity;
            return [...ts].map((t, row): Given => {
              const delay = kind === 'funding' ? DELAYS.funding : kind === 'mark' ? DELAYS.mark : 0;
              let at = t + delay;
              if (STREAMED.has(kind)) before = at = Math.max(before, t + latency(t));
              return { at, kind, index: Number(symbol.slice(1)), ts: t, row };
            });
          })
          .sort((a, b) => a.at - b.at || PHASE[a.kind] - PHASE[b.kind] || a.index - b.index || a.row - b.row);
        const named = (list: readonly Given[]): string[] => list.map(g => `${g.at} ${g.kind} ${g.index} ${g.ts}`);
        expect(named(deliver(chunks, cuts, latency))).toEqual(named(expected));
      }),
      { numRuns: 300 },
    );
  });

  it('does not come before its time, keeps the order of its line, and is the same however the slabs cut the data', () => {
    fc.assert(
      fc.property(anyRows, anyCuts, anyCuts, fc.integer(), (rows, cuts, others, seed) => {
        const latency = latencyOf(seed);
        const given = deliver(chunksOf(rows), cuts, latency);
        expect(given.length).toBe(rows.length);
        const last = new Map<string, Given>();
        for (const each of given) {
          if (STREAMED.has(each.kind)) expect(each.at).toBeGreaterThanOrEqual(each.ts + latency(each.ts));
          else expect(each.at).toBeGreaterThanOrEqual(each.ts);
          const key = `${each.kind} ${each.index}`;
          expect(each.row).toBe((last.get(key)?.row ?? -1) + 1);
          last.set(key, each);
        }
        expect(deliver(chunksOf(rows), others, latency)).toEqual(given);
      }),
      { numRuns: 300 },
    );
  });
});
