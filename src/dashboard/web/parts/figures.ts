/** What stands where there is no number. */
export const NONE = '–';

type Given = number | null | undefined;

const formats = new Map<string, Intl.NumberFormat>();
const format = (least: number, most: number): Intl.NumberFormat => {
  const key = `${least}/${most}`;
  let found = formats.get(key);
  if (found === undefined) {
    found = new Intl.NumberFormat('en-US', { minimumFractionDigits: least, maximumFractionDigits: most });
    formats.set(key, found);
  }
  return found;
};

const isNumber = (value: Given): value is number => typeof value === 'number' && Number.isFinite(value);

const written = (value: number, digits: number, least = digits): string => {
  const text = format(least, digits).format(Math.abs(value));
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
};

const withSign = (text: string): string => (text.startsWith('−') || !/[1-9]/.test(text) ? text : `+${text}`);

/** `12,345.68` with a fixed number of decimals. */
export const decimal = (value: Given, digits = 2): string => (isNumber(value) ? written(value, digits) : NONE);

/** An amount in the settlement asset: two decimals, more below one. `signed` puts a plus before gains. */
export const money = (value: Given, signed = false): string => {
  if (!isNumber(value)) return NONE;
  const size = Math.abs(value);
  const digits = size === 0 || size >= 0.995 ? 2 : Math.min(8, 2 - Math.floor(Math.log10(size)));
  const text = written(value, digits);
  return signed ? withSign(text) : text;
};

/** Decimals that prices of this size deserve: 2 at 60,000, 4 at 1.5, 6 at 0.012. */
export const priceDigits = (price: number): number => {
  const size = Math.abs(price);
  if (size === 0 || size >= 1000) return 2;
  return Math.min(10, Math.max(2, 4 - Math.floor(Math.log10(size))));
};

/** A price in quote currency. Give `digits` where prices stand in one column. */
export const price = (value: Given, digits?: number): string => (isNumber(value) ? written(value, digits ?? priceDigits(value)) : NONE);

/** A quantity in base units, without trailing zeros. `signed` for positions. */
export const quantity = (value: Given, signed = false): string => {
  if (!isNumber(value)) return NONE;
  const size = Math.abs(value);
  const text = written(value, size >= 1000 ? 2 : size >= 1 ? 4 : 8, 0);
  return signed ? withSign(text) : text;
};

/** A fraction as `12.34%`. `signed` puts a plus before gains. */
export const percent = (fraction: Given, digits = 2, signed = false): string => {
  if (!isNumber(fraction)) return NONE;
  const text = `${written(fraction * 100, digits)}%`;
  return signed ? withSign(text) : text;
};

/** A fraction as basis points: `3.2 bp`. */
export const bp = (fraction: Given, digits = 1): string => (isNumber(fraction) ? `${written(fraction * 10_000, digits)} bp` : NONE);

/** A ratio such as a Sharpe ratio: `1.84`. */
export const ratio = (value: Given, digits = 2): string => (isNumber(value) ? written(value, digits) : NONE);

/** `12,345`. */
export const count = (value: Given): string => (isNumber(value) ? written(Math.round(value), 0) : NONE);

/** Bytes as `1.2 MB`. */
export const bytes = (value: Given): string => {
  if (!isNumber(value)) return NONE;
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = value;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${written(size, unit === 0 || size >= 100 ? 0 : 1)} ${units[unit]}`;
};

const iso = (ts: number): string => new Date(ts).toISOString();
const isTime = (ts: Given): ts is number => isNumber(ts) && Math.abs(ts) < 8.64e15;

/** `2024-03-01 14:05:09` UTC. */
export const utc = (ts: Given): string => (isTime(ts) ? iso(ts).slice(0, 19).replace('T', ' ') : NONE);

/** `2024-03-01 14:05` UTC. */
export const utcMinute = (ts: Given): string => (isTime(ts) ? iso(ts).slice(0, 16).replace('T', ' ') : NONE);

/** `2024-03-01`. */
export const utcDay = (ts: Given): string => (isTime(ts) ? iso(ts).slice(0, 10) : NONE);

/** `14:05:09` UTC. */
export const utcClock = (ts: Given): string => (isTime(ts) ? iso(ts).slice(11, 19) : NONE);

const UNITS: readonly (readonly [number, string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
];

/** A stretch of time to two units: `3 d 4 h`, `45 min`, `12 s`, `340 ms`. */
export const span = (ms: Given): string => {
  if (!isNumber(ms)) return NONE;
  const size = Math.abs(ms);
  const sign = ms < 0 ? '−' : '';
  if (size < 1000) return `${sign}${Math.round(size)} ms`;
  const at = UNITS.findIndex(([unit]) => size >= unit);
  const [unit, name] = UNITS[at]!;
  const whole = Math.floor(size / unit);
  const next = UNITS[at + 1];
  const rest = next === undefined ? 0 : Math.floor((size - whole * unit) / next[0]);
  return `${sign}${whole} ${name}${rest > 0 && next !== undefined ? ` ${rest} ${next[1]}` : ''}`;
};

/** A countdown of fixed width: `03:59:07`. */
export const countdown = (ms: Given): string => {
  if (!isNumber(ms)) return NONE;
  const s = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
};
