/** What a run in `reports/` can be, as its manifest's `command` says, and in words. */
export const RUN_KINDS = {
  backtest: 'a backtest',
  walkforward: 'a walk-forward',
  friction: 'a friction sweep',
  sweep: 'a parameter sweep',
  crossvalidate: 'a cross-validation',
} as const;
export type RunKind = keyof typeof RUN_KINDS;

/** The kind that a manifest names; undefined for none that this release knows. */
export const runKind = (manifest: Readonly<Record<string, unknown>>): RunKind | undefined =>
  (Object.keys(RUN_KINDS) as RunKind[]).find(kind => kind === manifest['command']);
