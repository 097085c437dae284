import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { killLane, type KillLaneOptions, type KillReport } from './kill-lane.js';

export interface KillCyclesOptions extends KillLaneOptions {
  /** Accounts that live and die at the same time, each with an exchange of its own: a start waits for the venue more than it works. */
  readonly lanes: number;
}

const add = (all: Record<string, number>, more: Readonly<Record<string, number>>): void => {
  for (const [key, n] of Object.entries(more)) all[key] = (all[key] ?? 0) + n;
};

/** Cycles of several accounts at once, and what they come to together. */
export const killCycles = async ({ lanes, cycles, seed, workspace, say, ...rest }: KillCyclesOptions): Promise<KillReport> => {
  const reports = await Promise.all(
    Array.from({ length: lanes }, async (_, i) => {
      const folder = join(workspace, `lane-${i}`);
      await mkdir(folder, { recursive: true });
      const share = Math.floor(cycles / lanes) + (i < cycles % lanes ? 1 : 0);
      return killLane({
        ...rest,
        seed: seed * 100 + i,
        cycles: share,
        workspace: folder,
        ...(say && { say: line => say(`[${i}] ${line}`) }),
      });
    }),
  );
  const points: Record<string, number> = {};
  const bites: Record<string, number> = {};
  for (const report of reports) {
    add(points, report.points);
    add(bites, report.bites);
  }
  const sum = (of: (report: KillReport) => number): number => reports.reduce((total, each) => total + of(each), 0);
  return {
    cycles: sum(each => each.cycles),
    kills: sum(each => each.kills),
    points: Object.fromEntries(Object.entries(points).sort(([a], [b]) => (a < b ? -1 : 1))),
    violations: reports.flatMap(({ violations }) => violations),
    facts: sum(each => each.facts),
    orders: sum(each => each.orders),
    executions: sum(each => each.executions),
    executedWhileDead: sum(each => each.executedWhileDead),
    torn: sum(each => each.torn),
    convergedMs: Math.max(...reports.map(each => each.convergedMs)),
    wallMs: Math.max(...reports.map(each => each.wallMs)),
    bites,
  };
};
