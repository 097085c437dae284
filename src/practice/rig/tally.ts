/**
 * The "sometimes" counters: how often each fault really bit, each defence was really asked for and each point of a kill was really reached. A fault that was armed and never met proves nothing.
 */
export interface Tally {
  count(name: string, times?: number): void;
  of(name: string): number;
  /** All counters by name, names ascending. */
  all(): Readonly<Record<string, number>>;
}

export const tally = (): Tally => {
  const counts = new Map<string, number>();
  return {
    count: (name, times = 1) => counts.set(name, (counts.get(name) ?? 0) + times),
    of: name => counts.get(name) ?? 0,
    all: () => Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
};
