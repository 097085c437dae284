import type { Finding, Severity } from '../datasets/series.js';
import { formatTime } from '../time.js';

const ORDER: readonly Severity[] = ['error', 'warning', 'info'];

/** Findings as lines for a person, the gravest first: severity, where, what, and what was done about it. */
export const findingLines = (findings: readonly Finding[], limit = Infinity): string[] => {
  const sorted = [...findings].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  const lines = sorted.slice(0, limit).map(({ severity, code, file, row, ts, message, repaired }) => {
    const where = `${file}${row === undefined ? '' : `:${row}`}${ts === undefined ? '' : ` (${formatTime(ts)})`}`;
    return `${severity.padEnd(7)} ${code.padEnd(18)} ${where}\n        ${message}${repaired === undefined ? '' : ` Repaired: ${repaired}.`}`;
  });
  if (sorted.length > limit) lines.push(`… and ${sorted.length - limit} more; --json shows all.`);
  return lines;
};

/** `2 errors, 1 warning`, or `nothing found`. */
export const findingCounts = (findings: readonly Finding[]): string => {
  const counts = ORDER.map(severity => [severity, findings.filter(finding => finding.severity === severity).length] as const).filter(
    ([, n]) => n > 0,
  );
  return counts.length === 0
    ? 'nothing found'
    : counts.map(([severity, n]) => `${n} ${severity}${n === 1 || severity === 'info' ? '' : 's'}`).join(', ');
};
