import { failed } from '../errors.js';
import { power } from '../numeric/pow.js';

/**
 * The globals that a strategy's bundle sees instead of Node's. A strategy that could tell the wall clock, draw unseeded random numbers
 * or reach the disk would give other results tomorrow; each such access throws with what to use instead. The bundler puts these names
 * inside the bundle only, so the platform's own code is untouched. This keeps honest code honest; it is no sandbox against malice.
 */
const forbid = (what: string, why: string, fix: string): never => {
  throw failed('forbidden-in-strategy', `A strategy cannot use ${what}: ${why}.`, fix);
};

const CLOCK = 'it tells the time of this computer, not of the data';
const CLOCK_FIX = 'Use context.now or bar.ts: the time of the clock fact.';
const TIMER = 'it waits in the time of this computer, not of the data';
const TIMER_FIX = 'Use the scheduler that run() receives, or count bars in memory.';
const RANDOM = 'its numbers differ from run to run';
const RANDOM_FIX = 'Use context.random(), which draws from the seed of the run.';
const ZONE = 'it depends on the time zone of this computer';
const DISK = 'what it reads would not be part of the recorded input';
const DISK_FIX = 'Make values parameters of the strategy, and bring data in with `quantai data import`.';

/** A global object of which no member may be read. */
const forbiddenObject = (name: string, why: string, fix: string): object =>
  new Proxy({}, { get: (_, key) => forbid(`${name}.${String(key)}`, why, fix) });

const forbiddenFunction = (name: string, why: string, fix: string) => (): never => forbid(`${name}()`, why, fix);

const members = Object.getOwnPropertyDescriptors(globalThis.Math);
const MathGuarded: Math = Object.freeze(
  Object.defineProperties(Object.create(null) as Math, {
    ...members,
    random: { value: forbiddenFunction('Math.random', RANDOM, RANDOM_FIX) },
    // Not forbidden but replaced: the built-in gives other bits on other Node versions.
    pow: { value: power },
  }),
);

const HAS_ZONE = /(?:Z|[+-]\d{2}:?\d{2})$/i;
const DATE_ONLY = /^[+-]?\d{4,6}(?:-\d{2}(?:-\d{2})?)?$/;
const checkText = (text: string): string =>
  HAS_ZONE.test(text) || DATE_ONLY.test(text)
    ? text
    : forbid(`the time "${text}"`, ZONE, 'End it with Z for UTC, or with an offset like +09:00.');

const NativeDate = globalThis.Date;
const LOCAL = /^(?:get(?!UTC|Time$)|set(?!UTC|Time$)|to(?:Locale.*|String|DateString|TimeString)$)/;

const dateGuarded = (): DateConstructor => {
  const prototype = Object.create(NativeDate.prototype) as Date;
  for (const name of Object.getOwnPropertyNames(NativeDate.prototype))
    if (LOCAL.test(name))
      Object.defineProperty(prototype, name, {
        value: forbiddenFunction(
          `Date.${name}`,
          ZONE,
          `Use the UTC form${name.startsWith('to') ? ', toISOString' : `, ${name.slice(0, 3)}UTC${name.slice(3)}`}.`,
        ),
      });
  // A template literal or `+` would call toString otherwise.
  Object.defineProperty(prototype, Symbol.toPrimitive, {
    value(this: Date, hint: string) {
      return hint === 'number' ? this.getTime() : this.toISOString();
    },
  });
  const parse = (text: string): number => NativeDate.parse(checkText(text));
  const build = (values: readonly unknown[]): Date => {
    const [first] = values;
    if (values.length === 0) return forbid('new Date() without a time', CLOCK, CLOCK_FIX);
    if (values.length > 1) return forbid('new Date(year, month, …)', ZONE, 'Use new Date(Date.UTC(year, month, …)).');
    const date = new NativeDate(typeof first === 'string' ? checkText(first) : (first as number));
    return Object.setPrototypeOf(date, prototype) as Date;
  };
  return new Proxy(NativeDate, {
    construct: (_, values: unknown[]) => build(values),
    apply: () => forbid('Date()', CLOCK, CLOCK_FIX),
    get: (native, key) =>
      key === 'now' ? forbiddenFunction('Date.now', CLOCK, CLOCK_FIX) : key === 'parse' ? parse : (Reflect.get(native, key) as unknown),
  });
};

const GUARDED: Readonly<Record<string, unknown>> = {
  Date: dateGuarded(),
  Math: MathGuarded,
  setTimeout: forbiddenFunction('setTimeout', TIMER, TIMER_FIX),
  setInterval: forbiddenFunction('setInterval', TIMER, TIMER_FIX),
  setImmediate: forbiddenFunction('setImmediate', TIMER, TIMER_FIX),
  queueMicrotask: forbiddenFunction('queueMicrotask', TIMER, TIMER_FIX),
  performance: forbiddenObject('performance', CLOCK, CLOCK_FIX),
  crypto: forbiddenObject('crypto', RANDOM, RANDOM_FIX),
  fetch: forbiddenFunction('fetch', DISK, DISK_FIX),
  process: forbiddenObject('process', DISK, DISK_FIX),
  require: forbiddenFunction('require', DISK, 'Use an import statement; what it names becomes part of the bundle.'),
};

/** `globalThis.Date` and the like lead to the guarded ones too. */
const guardedGlobalThis: object = new Proxy(globalThis, {
  get: (real, key) => {
    if (key === 'globalThis' || key === 'global') return guardedGlobalThis;
    return typeof key === 'string' && Object.hasOwn(GUARDED, key) ? GUARDED[key] : (Reflect.get(real, key) as unknown);
  },
});

/** Names of the globals that a strategy's modules get from here. */
export const GUARDED_NAMES: readonly string[] = [...Object.keys(GUARDED), 'globalThis', 'global'];

/** What a strategy gets for one of `GUARDED_NAMES`. Bundles import it. @public */
export const guarded = (name: string): unknown => (name === 'globalThis' || name === 'global' ? guardedGlobalThis : GUARDED[name]);

/** What `**` and `Math.pow` become in a bundle. @public */
export { power };
