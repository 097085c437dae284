import { BinanceError } from './binance-error.js';

/** The parameters of a request, from its query and its body. */
export interface Params {
  /** Undefined for one that was not sent or is empty. */
  text(name: string): string | undefined;
  /** Throws -1102 when it is missing. */
  required(name: string): string;
  /** Throws -1102 for what is no number. */
  number(name: string): number | undefined;
  flag(name: string): boolean;
  readonly all: ReadonlyMap<string, string>;
}

const malformed = (name: string): BinanceError =>
  new BinanceError(-1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`);

/** Reads parameters off what `URLSearchParams` decoded. */
export const paramsOf = (all: ReadonlyMap<string, string>): Params => {
  const text = (name: string): string | undefined => {
    const value = all.get(name);
    return value === '' ? undefined : value;
  };
  return {
    all,
    text,
    required: name => {
      const value = text(name);
      if (value === undefined) throw malformed(name);
      return value;
    },
    number: name => {
      const value = text(name);
      if (value === undefined) return undefined;
      const number = Number(value);
      if (!Number.isFinite(number)) throw malformed(name);
      return number;
    },
    flag: name => text(name)?.toLowerCase() === 'true',
  };
};

/** A call that an endpoint answers. */
export interface Call {
  readonly params: Params;
  /** Name of the account that signed; empty for public calls. */
  readonly account: string;
}

/** `none`: public. `key`: the API key alone. `signed`: key, time stamp and signature. */
export type Security = 'none' | 'key' | 'signed';

/** One path and method of the interface. */
export interface Endpoint {
  readonly security: Security;
  /** Weight by the parameters. */
  readonly weight: (params: Params) => number;
  /** Orders that it counts as, for the order limits. */
  readonly orders: number;
  /** What a missing order is called in its answer. */
  readonly asking: 'query' | 'change';
  readonly answer: (call: Call) => unknown;
}

/** By `METHOD path`. */
export type Endpoints = ReadonlyMap<string, Endpoint>;

/** What of an endpoint has to be said. */
export interface EndpointTerms {
  readonly security?: Security;
  readonly weight?: number | ((params: Params) => number);
  readonly orders?: number;
  readonly asking?: 'query' | 'change';
}

/** An endpoint: public, of weight 1 and no order unless said otherwise. */
export const endpoint = (terms: EndpointTerms, answer: (call: Call) => unknown): Endpoint => {
  const { security = 'none', weight = 1, orders = 0, asking = 'query' } = terms;
  return { security, weight: typeof weight === 'number' ? () => weight : weight, orders, asking, answer };
};
