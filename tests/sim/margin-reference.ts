import type { Fact } from '../../src/events/fact.js';

/** A slow account: it looks at equity and maintenance margin at every turn of every path and between them, and computes both from nothing. */
export interface ReferenceInput {
  readonly symbols: readonly string[];
  /** Open, high, low, close by symbol; null is a hole. */
  readonly bars: Readonly<Record<string, readonly (readonly number[] | null)[]>>;
  /** Mark prices by symbol as [ts, price]; a symbol that is left out is judged by its last price. */
  readonly marks: Readonly<Record<string, readonly (readonly [number, number])[]>>;
  readonly start: number;
  readonly barMs: number;
  readonly lowFirst: boolean;
  readonly capital: number;
  readonly inverse: boolean;
  readonly isolated: boolean;
  readonly leverage: number;
  readonly rate: number;
  /** The run's facts: what the strategy's own orders filled and what funding cost is taken from them, liquidations are not. */
  readonly facts: readonly Fact[];
  readonly tick: number;
  readonly lot: number;
}

export interface ReferenceLiquidation {
  readonly ts: number;
  readonly symbol: string;
  readonly leg: string;
  readonly price: number;
}

interface Holding {
  readonly symbol: string;
  readonly leg: string;
  quantity: number;
  /** Signed worth at entry. */
  cost: number;
  margin: number;
}

/** Liquidations in order, and the least that ever was to spare relative to what was held: near 0 a rounding may decide. */
export const referenceLiquidations = (
  input: ReferenceInput,
): { readonly liquidations: ReferenceLiquidation[]; readonly closest: number } => {
  const { symbols, bars, marks, start, barMs, inverse, isolated } = input;
  const worth = (q: number, p: number): number => (inverse ? -q / p : q * p);

  const row = (symbol: string, i: number): readonly number[] | null => bars[symbol]?.[i] ?? null;
  const path = ([open, high, low, close]: readonly number[]): number[] =>
    input.lowFirst ? [open!, low!, high!, close!] : [open!, high!, low!, close!];
  /** Price of the market; at a bar's open after (`opened`) or before the jump. */
  const traded = (symbol: string, t: number, opened: boolean): number => {
    const place = (t - start) / barMs;
    let i = Math.floor(place);
    if (!opened && place === i) i--;
    const bar = row(symbol, i);
    if (bar !== null) {
      const knots = path(bar);
      const x = Math.max(0, Math.min(3, 3 * (place - i)));
      const k = Math.min(2, Math.floor(x));
      return knots[k]! + (knots[k + 1]! - knots[k]!) * (x - k);
    }
    for (; i >= 0; i--) if (row(symbol, i) !== null) return row(symbol, i)![3]!;
    return NaN;
  };
  const judged = (symbol: string, t: number, opened: boolean): number =>
    marks[symbol]?.findLast(([ts]) => ts <= t)?.[1] ?? traded(symbol, t, opened);

  let cash = input.capital;
  const holdings: Holding[] = [];
  const holdingOf = (symbol: string, leg: string): Holding => {
    let found = holdings.find(h => h.symbol === symbol && h.leg === leg);
    if (!found) holdings.push((found = { symbol, leg, quantity: 0, cost: 0, margin: 0 }));
    return found;
  };
  const fill = (h: Holding, q: number, p: number): number => {
    let profit = 0;
    let rest = q;
    if (h.quantity * q < 0) {
      const part = Math.min(1, Math.abs(q) / Math.abs(h.quantity));
      profit = worth(h.quantity * part, p) - h.cost * part;
      rest = q + h.quantity * part;
      h.margin *= 1 - part;
      h.cost *= 1 - part;
      h.quantity *= 1 - part;
    }
    h.quantity += rest;
    h.cost += worth(rest, p);
    h.margin += Math.abs(worth(rest, p)) / input.leverage;
    cash += profit;
    return profit;
  };

  const maintenance = (h: Holding, p: number): number => (h.quantity === 0 ? 0 : Math.abs(worth(h.quantity, p)) * input.rate);
  const profitOf = (h: Holding, p: number): number => (h.quantity === 0 ? 0 : worth(h.quantity, p) - h.cost);
  /** What is to spare of each thing that is judged by itself, as a share of what is held. */
  const spare = (t: number, opened: boolean): { value: number; of: Holding | null }[] => {
    const price = (h: Holding): number => judged(h.symbol, t, opened);
    const held = holdings.filter(h => h.quantity !== 0);
    if (isolated)
      return held.map(h => ({
        value: (h.margin + profitOf(h, price(h)) - maintenance(h, price(h))) / Math.abs(worth(h.quantity, price(h))),
        of: h,
      }));
    if (held.length === 0) return [];
    const gross = held.reduce((sum, h) => sum + Math.abs(worth(h.quantity, price(h))), 0);
    return [{ value: held.reduce((sum, h) => sum + profitOf(h, price(h)) - maintenance(h, price(h)), cash) / gross, of: null }];
  };

  const liquidations: ReferenceLiquidation[] = [];
  let closest = Infinity;
  let over = false;
  const close = (h: Holding, t: number, opened: boolean): void => {
    liquidations.push({ ts: t, symbol: h.symbol, leg: h.leg, price: judged(h.symbol, t, opened) });
    const p = traded(h.symbol, t, opened);
    const sells = h.quantity > 0;
    const margin = h.margin;
    const whole = (sells ? Math.floor(p / input.tick + 1e-9) : Math.ceil(p / input.tick - 1e-9)) * input.tick;
    const left = margin + fill(h, -h.quantity, whole);
    if (isolated && left < 0) cash -= left;
  };
  const look = (t: number, opened: boolean): void => {
    const order = symbols.flatMap(symbol => holdings.filter(h => h.symbol === symbol && h.leg !== 'short'));
    order.push(...symbols.flatMap(symbol => holdings.filter(h => h.symbol === symbol && h.leg === 'short')));
    if (isolated) {
      const bad = spare(t, opened).filter(({ value }) => value <= 0);
      for (const h of order) if (bad.some(({ of }) => of === h)) close(h, t, opened);
      return;
    }
    let any = false;
    for (;;) {
      const [all] = spare(t, opened);
      if (!all) break;
      if (all.value > 0) return;
      any = true;
      const held = order.filter(h => h.quantity !== 0);
      const worst = held.reduce((a, b) => (profitOf(b, judged(b.symbol, t, opened)) < profitOf(a, judged(a.symbol, t, opened)) ? b : a));
      close(worst, t, opened);
    }
    if (any) over = true;
  };
  const note = (t: number, opened: boolean): void => {
    for (const { value } of spare(t, opened)) closest = Math.min(closest, Math.abs(value));
  };

  type Happening = { readonly ts: number; readonly apply: () => void };
  const lasts = Math.max(...symbols.map(s => bars[s]!.length));
  const happenings: Happening[] = input.facts.flatMap((fact): Happening[] => {
    if (fact.type === 'OrderFilled' && !fact.orderId.startsWith('liquidation')) {
      const q = fact.lots * input.lot * (fact.side === 'buy' ? 1 : -1);
      return [{ ts: fact.ts, apply: () => void fill(holdingOf(fact.symbol, fact.positionSide ?? ''), q, fact.price * input.tick) }];
    }
    if (fact.type === 'FundingSettled')
      return [
        {
          ts: fact.ts,
          apply: () => {
            cash += fact.amount / 1e8;
            holdingOf(fact.symbol, fact.positionSide ?? '').margin += fact.amount / 1e8;
          },
        },
      ];
    return [];
  });
  const turns = new Set<number>();
  for (let k = 0; k <= 3 * lasts; k++) turns.add(k % 3 === 0 ? start + (k / 3) * barMs : start + (k * barMs) / 3);
  for (const { ts } of happenings) turns.add(ts);
  const times = [...turns].sort((a, b) => a - b);
  const isBad = (t: number, opened: boolean): boolean => spare(t, opened).some(({ value }) => value <= 0);
  for (let k = 1; k < times.length && !over; k++) {
    // Between two turns: a grid for what bends, then the moment by halving. Marks only change at turns.
    let from = times[k - 1]!;
    const to = times[k]!;
    while (!over) {
      const steps = inverse ? 64 : 8;
      let found = NaN;
      let before = from;
      for (let s = 1; s <= steps; s++) {
        const t = s === steps ? to : from + ((to - from) * s) / steps;
        const opened = t !== to;
        if (isBad(t, opened)) {
          found = t;
          break;
        }
        note(t, opened);
        before = t;
      }
      if (Number.isNaN(found)) break;
      if (found === to && symbols.every(s => marks[s] !== undefined)) {
        look(to, false);
        break;
      }
      for (let n = 0; n < 80; n++) {
        const middle = (before + found) / 2;
        if (middle <= before || middle >= found) break;
        if (isBad(middle, true)) found = middle;
        else before = middle;
      }
      look(found, found !== to);
      from = found;
      if (found === to) break;
    }
    if (over) break;
    // The moment itself: what the path brought, funding and fills inside bars, then the opens with their fills.
    const isOpen = Number.isInteger((to - start) / barMs);
    const here = happenings.filter(h => h.ts === to);
    const funding = here.filter((_, i) => input.facts.filter(f => isHappening(f) && f.ts === to)[i]?.type === 'FundingSettled');
    for (const h of funding) h.apply();
    look(to, !isOpen);
    if (over) break;
    for (const h of here) if (!funding.includes(h)) h.apply();
    look(to, true);
    note(to, true);
  }
  return { liquidations, closest };
};

const isHappening = (fact: Fact): boolean =>
  fact.type === 'FundingSettled' || (fact.type === 'OrderFilled' && !fact.orderId.startsWith('liquidation'));
