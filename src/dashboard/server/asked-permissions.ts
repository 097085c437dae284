import { UserError } from '../../errors.js';
import { permissionsOf, type Permission } from '../../promotion/people/permissions.js';
import type { Caller } from '../api/endpoint.js';
import type { EndpointName } from '../api/routes.js';

/** Words and options of the command line that a request comes down to, as far as its permission goes. */
type AskedCommand = readonly [words: readonly string[], options: Readonly<Record<string, unknown>>];

const JOBS: Readonly<Record<string, readonly string[]>> = {
  backtest: ['backtest'],
  walkforward: ['walkforward'],
  sweep: ['sweep'],
  friction: ['friction'],
  evidence: ['evidence'],
  train: ['train'],
  pull: ['data', 'pull'],
  synth: ['data', 'synth'],
  check: ['data', 'check'],
  parity: ['parity'],
};

const textOf = (body: unknown, key: string): string => {
  const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, key) : undefined;
  return typeof value === 'string' ? value : '';
};

/** Null where all that the endpoint does is for the same roles. */
const commandOf = (name: EndpointName, body: unknown): AskedCommand | null => {
  switch (name) {
    case 'accounts.command': {
      const command = textOf(body, 'command');
      const flatten = typeof body === 'object' && body !== null && Reflect.get(body, 'flatten') === true;
      return [['halt'], { [command === 'halt' ? 'reason' : command]: true, ...(flatten && { flatten }) }];
    }
    case 'jobs.begin':
      return [JOBS[textOf(body, 'kind')] ?? [], {}];
    case 'promotions.change': {
      const change = textOf(body, 'change');
      return [['promote'], change === 'paper' || change === 'live' ? { to: change } : { [change]: true }];
    }
    default:
      return null;
  }
};

/** The rows of the command line's table that a checked body falls under; null where the endpoint's own roles say all. */
export const permissionsAsked = (name: EndpointName, body: unknown): readonly Permission[] | null => {
  const command = commandOf(name, body);
  return command === null ? null : permissionsOf(...command);
};

/** Throws `not-permitted` unless the caller has a role of each. */
export const requireRoles = ({ name, roles }: Caller, wanted: readonly { readonly roles: readonly string[] }[]): void => {
  const missing = wanted.find(each => !each.roles.some(role => roles.some(own => own === role)));
  if (missing === undefined) return;
  throw new UserError(
    'not-permitted',
    `This needs the role ${missing.roles.join(' or ')}; ${name} is ${roles.length === 0 ? 'nothing' : roles.join(' and ')} here.`,
    4,
    'Somebody with that role can do it, or an approver gives it to you: quantai users role.',
  );
};
