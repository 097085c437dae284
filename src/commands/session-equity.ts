import { mkdirSync, readFileSync } from 'node:fs';
import { equityFile, equityFiles, equityHoursFile, readEquity, type EquityPoint } from '../live/record/equity-file.js';
import type { SessionFigures } from '../live/session/session-meter.js';
import { DAY, HOUR } from '../time.js';
import { rollingLog } from './rolling-log.js';

/** Size at which the newest points are put aside, once: a year of minutes stays below three times this. */
const MOST_BYTES = 16 << 20;

/** Writes down what an account is worth. Nothing waits for it, and what a disk does not take is left out. */
export interface SessionEquity {
  add(figures: SessionFigures): void;
  /** `profit` of a strategy as it was last written before the day of this moment began; null where nothing was. */
  profitBefore(strategy: string, now: number): number | null;
  close(): Promise<void>;
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** The record of the account in `folder`, which is continued. */
export const sessionEquity = (folder: string, { maxBytes = MOST_BYTES }: { readonly maxBytes?: number } = {}): SessionEquity => {
  mkdirSync(folder, { recursive: true });
  const before = readEquity(
    equityFiles(folder).map(path => {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return '';
      }
    }),
  );
  const fine = rollingLog(equityFile(folder), { maxBytes, keep: 1 });
  const hours = rollingLog(equityHoursFile(folder), { maxBytes: MOST_BYTES, keep: 1 });
  let hour = Math.floor((before.at(-1)?.ts ?? -Infinity) / HOUR);
  let newest = before.at(-1)?.ts ?? -Infinity;
  // A line of an earlier session may have been cut off: this one begins on its own.
  let start = before.length > 0 ? '\n' : '';
  return {
    add: ({ ts, equity, exposure, gross, strategies }) => {
      if (!Number.isFinite(equity) || !(ts > newest)) return;
      newest = ts;
      const point: EquityPoint = {
        ts,
        equity,
        exposure: finite(exposure),
        gross: finite(gross),
        strategies: Object.fromEntries(
          strategies
            .filter(each => each.name !== '' || each.equity !== 0)
            .map(({ name, equity: own, profit }) => [name, { equity: own, profit }]),
        ),
      };
      const line = `${JSON.stringify(point)}\n`;
      fine.write(`${start}${line}`);
      if (Math.floor(ts / HOUR) !== hour) {
        hour = Math.floor(ts / HOUR);
        hours.write(`${start}${line}`);
      }
      start = '';
    },
    profitBefore: (strategy, now) => {
      const midnight = Math.floor(now / DAY) * DAY;
      const known = before.findLast(point => point.ts <= midnight && strategy in point.strategies);
      return known?.strategies[strategy]?.profit ?? null;
    },
    close: async () => {
      await Promise.all([fine.close(), hours.close()]);
    },
  };
};
