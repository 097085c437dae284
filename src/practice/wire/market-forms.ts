import type { Symbol } from '../../market/instrument.js';
import type { VenueMarket } from '../../live/venue-transport.js';
import type { PracticeExchange } from '../practice-exchange.js';
import { decimal, decimalsOf } from './decimals.js';

/** `BTC/USDT:USDT` → `BTC`, `USDT`. */
export const assetsOf = (symbol: Symbol): readonly [base: string, quote: string] => {
  const [base = '', quote = ''] = symbol.replace(/:.*$/, '').split('/');
  return [base, quote];
};

/** One market and how its numbers are written now. */
export interface MarketForm {
  readonly id: string;
  readonly symbol: Symbol;
  readonly market: VenueMarket;
  readonly priceDigits: number;
  readonly quantityDigits: number;
  price(value: number): string;
  quantity(value: number): string;
}

/** Markets by the venue's ids. Steps can change while it runs, so the form is made anew when they do. */
export interface MarketForms {
  /** Throws the venue's error for what is no symbol. */
  byId(id: string): MarketForm;
  bySymbol(symbol: Symbol): MarketForm;
  all(): readonly MarketForm[];
  /** Looks whether steps or trading have changed. */
  refresh(): void;
}

/** How a venue names its markets. */
export interface MarketNames {
  readonly idOf: (symbol: Symbol) => string;
  /** The venue's error for what is no symbol. */
  readonly unknown: () => Error;
}

const formOf = (market: VenueMarket, idOf: (symbol: Symbol) => string): MarketForm => {
  const { symbol, tickSize, lotSize } = market.instrument;
  const priceDigits = decimalsOf(tickSize);
  const quantityDigits = decimalsOf(lotSize);
  return {
    id: idOf(symbol),
    symbol,
    market,
    priceDigits,
    quantityDigits,
    price: value => decimal(value, priceDigits),
    quantity: value => decimal(value, quantityDigits),
  };
};

/** The forms of an exchange's markets. */
export const marketForms = (exchange: PracticeExchange, { idOf, unknown }: MarketNames): MarketForms => {
  let forms: readonly MarketForm[] = [];
  let ids = new Map<string, MarketForm>();
  let symbols = new Map<string, MarketForm>();
  const refresh = (): void => {
    const markets = exchange.markets();
    const same = (market: VenueMarket, i: number): boolean =>
      market.instrument === forms[i]?.market.instrument && market.trading === forms[i].market.trading;
    if (markets.length === forms.length && markets.every(same)) return;
    forms = markets.map(market => formOf(market, idOf));
    ids = new Map(forms.map(form => [form.id, form]));
    symbols = new Map(forms.map(form => [form.symbol, form]));
  };
  refresh();
  return {
    byId: id => {
      const form = ids.get(id);
      if (form === undefined) throw unknown();
      return form;
    },
    bySymbol: symbol => {
      const form = symbols.get(symbol);
      if (form === undefined) throw unknown();
      return form;
    },
    all: () => forms,
    refresh,
  };
};
