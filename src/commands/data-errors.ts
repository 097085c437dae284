import type { Finding } from '../datasets/series.js';
import type { RunConfig } from '../engine/run-config.js';
import { formatTime } from '../time.js';
import { say } from './terminal.js';

/** Findings about what a run reads: its symbols, and not what is dated after its end. */
export const findingsOfRun = (findings: readonly Finding[], { symbols, to }: RunConfig): Finding[] =>
  findings.filter(({ symbol, ts }) => symbols.includes(symbol) && !(ts !== undefined && ts >= to));

/** Says before the figures that the data under them is known to be wrong. */
export const tellDataErrors = (findings: readonly Finding[]): void => {
  const errors = findings.filter(({ severity, repaired }) => severity === 'error' && repaired === undefined);
  for (const { code, symbol, ts, message } of errors.slice(0, 3))
    say(`Data error: ${code} in ${symbol}${ts === undefined ? '' : ` at ${formatTime(ts)}`}. ${message}`);
  if (errors.length > 3) say(`… and ${errors.length - 3} more errors in the data.`);
  if (errors.length > 0) say('The result below may be theirs. See `quantai data check`.');
};
