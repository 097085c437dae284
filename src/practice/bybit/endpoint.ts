import type { Params } from './params.js';

/** A call that an endpoint answers. */
export interface Call {
  readonly params: Params;
  /** Name of the account that signed; empty for public calls. */
  readonly account: string;
}

/** One path and method of the interface. */
export interface Endpoint {
  /** Requests an account may make there in a second; null for public ones, which count by address only. */
  readonly perSecond: number | null;
  /** Whether the key must be allowed to trade. */
  readonly trades: boolean;
  /** Its `result`. */
  readonly answer: (call: Call) => object;
}

/** By `METHOD path`. */
export type Endpoints = ReadonlyMap<string, Endpoint>;

export const open = (answer: (call: Call) => object): Endpoint => ({ perSecond: null, trades: false, answer });
export const signed = (perSecond: number, answer: (call: Call) => object): Endpoint => ({ perSecond, trades: false, answer });
export const trading = (perSecond: number, answer: (call: Call) => object): Endpoint => ({ perSecond, trades: true, answer });
