import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunConfig } from '../../src/engine/run-config.js';
import { comparisonDocument } from '../../src/reports/comparison.js';
import { recordedMarket } from '../features/microstructure/recorded-market.js';
import { comparedRun, madeUpMinutes, minutesOf, play, touchQuotes, type Minutes } from './quoted-minutes.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const DEPTHS = {
  touch: { kind: 'bars', path: 'pessimistic', limits: 'touch', participation: 0.1 },
  through: { kind: 'bars', path: 'pessimistic', limits: 'through', participation: 0.1 },
  trades: { kind: 'trades', queue: { kind: 'pessimistic' }, spreadBps: 1 },
  book: { kind: 'book', queue: { kind: 'pessimistic' }, ownImpact: true },
} as const satisfies Record<string, RunConfig['fills']>;
type Depth = keyof typeof DEPTHS;
const NAMES = Object.keys(DEPTHS) as Depth[];

type Played = Record<Depth, Awaited<ReturnType<typeof play>>>;

const playAll = async (minutes: Minutes, ticks: number): Promise<Played> => {
  const strategy = await touchQuotes();
  const runs = await Promise.all(NAMES.map(name => play(minutes, strategy, DEPTHS[name], { ticks })));
  return Object.fromEntries(NAMES.map((name, i) => [name, runs[i]!])) as Played;
};

const pageOf = (played: Played) =>
  comparisonDocument({ title: 'Depths', runs: NAMES.map(name => comparedRun(name, played[name])), command: 'quantai compare' });

/** Time and text of every order that a run asked for. */
const decisions = ({ result }: Played[Depth]): string[] =>
  result.facts.flatMap(fact =>
    fact.type === 'OrderRequested' ? [`${fact.ts} ${fact.side} ${fact.quantity} ${fact.limit} ${fact.goodTill}`] : [],
  );

/** Net PnL ÷ notional in basis points, from the fills and the last equity. */
const pnlBps = ({ result }: Played[Depth]): number =>
  (1e4 * (result.finalEquity - result.initialCapital)) / result.fills.reduce((sum, { price, quantity }) => sum + price * quantity, 0);

const second = ({ quality }: Played[Depth]) => quality.markouts!['BTC/USDT:USDT']!.find(({ horizonMs }) => horizonMs === 1_000)!;

const theSame = (played: Played): void => {
  for (const name of NAMES) {
    expect(decisions(played[name])).toEqual(decisions(played.book));
    expect(played[name].quality.taker.fills).toBe(0);
    expect(played[name].quality.maker.fills).toBeGreaterThan(10);
  }
};

const flatters = (played: Played): void => {
  expect(second(played.touch).bps).toBeGreaterThan(second(played.book).bps + 2 * second(played.book).error);
  const gap = pnlBps(played.touch) - pnlBps(played.book);
  expect(gap).toBeGreaterThan(0);
  const page = pageOf(played);
  const sentence = `“touch” flatters by ${gap.toFixed(2)} bp of notional against “book”: it trades `;
  expect(page.verdict).toContain(sentence);
  const [text] = page.sections.find(({ id }) => id === 'fills')!.blocks;
  expect(text?.kind === 'text' && text.paragraphs.length).toBe(3);
  expect(text?.kind === 'text' && text.paragraphs[0]).toContain(sentence);
  expect(page.verdict).not.toContain('different data');
};

describe('one-second bars against trades against the book, on a made-up market', () => {
  let played: Played;
  beforeAll(async () => {
    played = await playAll(madeUpMinutes(240), 0);
  });

  it('see the same decisions, and fill them as a maker', () => theSame(played));

  it('flatter where limits fill at a touch, by what the page says', () => flatters(played));
});

describe.skipIf(!existsSync('../shared/data'))(
  'one-second bars against trades against the book, on six recorded minutes (needs ../shared/data)',
  () => {
    let played: Played;
    beforeAll(async () => {
      played = await playAll(minutesOf(recordedMarket(Infinity)), 1);
    });

    it('see the same decisions, and fill them as a maker', () => theSame(played));

    it('flatter where limits fill at a touch, by what the page says', () => flatters(played));

    it('agree where the data agree: trades with quotes fill within a tenth of what the book fills', () => {
      const [trades, book] = [played.trades, played.book].map(({ quality }) => quality.maker.notional);
      expect(trades! / book!).toBeGreaterThan(0.9);
      expect(trades! / book!).toBeLessThan(1.1);
    });
  },
);
