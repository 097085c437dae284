import { z } from 'zod';
import type { WireRequest } from '../server/front.js';
import { paramsError } from './bybit-error.js';

/** The parameters of a request, from its query or, of a POST, its JSON body. */
export interface Params {
  /** Undefined for one that was not sent or is empty. */
  text(name: string): string | undefined;
  /** Throws 10001 when it is missing. */
  required(name: string): string;
  /** Throws 10001 for what is no number. */
  number(name: string): number | undefined;
  flag(name: string): boolean;
}

const body = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

/** Reads parameters. Throws 10001 for a body that is no JSON object of plain values. */
export const paramsOf = ({ method, query, body: sent }: WireRequest): Params => {
  const all = new Map<string, string>();
  if (method !== 'POST') for (const [name, value] of new URLSearchParams(query)) all.set(name, value);
  else
    try {
      for (const [name, value] of Object.entries(body.parse(JSON.parse(sent === '' ? '{}' : sent))))
        if (value !== null) all.set(name, String(value));
    } catch {
      throw paramsError('the body is no JSON object of plain values');
    }
  const text = (name: string): string | undefined => {
    const value = all.get(name);
    return value === '' ? undefined : value;
  };
  return {
    text,
    required: name => {
      const value = text(name);
      if (value === undefined) throw paramsError(`${name} is required`);
      return value;
    },
    number: name => {
      const value = text(name);
      if (value === undefined) return undefined;
      const number = Number(value);
      if (!Number.isFinite(number)) throw paramsError(`${name} invalid`);
      return number;
    },
    flag: name => text(name) === 'true',
  };
};
