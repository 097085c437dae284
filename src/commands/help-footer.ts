/** Commands and pages to look at next, by verb. A verb under a group that has no row of its own takes that of its group. */
const SEE_ALSO: Readonly<Record<string, string>> = {
  data: 'docs/data.md',
  'data capture': 'quantai parity, docs/live-feed.md',
  'data push': 'quantai data fetch, quantai lake, docs/cluster.md',
  'data fetch': 'quantai data push, quantai lake, docs/cluster.md',
  'data bars': 'docs/data.md, docs/microstructure.md',
  backtest: 'quantai walkforward, quantai why, docs/strategies.md, docs/matching-rules.md, docs/venue.md',
  sweep: 'quantai walkforward, quantai crossvalidate, docs/sweep.md',
  walkforward: 'quantai evidence, docs/walk-forward.md',
  crossvalidate: 'quantai walkforward, docs/cross-validation.md',
  friction: 'quantai fit, docs/friction.md',
  evidence: 'quantai promote, docs/evidence.md, docs/checks.md',
  report: 'quantai runs, quantai compare',
  compare: 'quantai runs, docs/compare.md',
  features: 'quantai train, docs/forecasts.md',
  train: 'quantai models, quantai forecast, docs/forecasts.md',
  forecast: 'quantai train, quantai models, docs/forecasts.md',
  models: 'quantai train, quantai forecast, docs/forecasts.md',
  fit: 'quantai friction, docs/frictions.md',
  runs: 'quantai report, quantai compare, quantai sql',
  sql: 'quantai runs, docs/cli.md',
  why: 'quantai verify session, docs/why.md',
  verify: 'quantai why, docs/checks.md',
  'verify causality': 'quantai evidence, docs/checks.md',
  'verify journal': 'docs/live-journal.md',
  'verify session': 'quantai parity, docs/parity.md',
  practice: 'quantai paper, quantai live, docs/practice.md',
  promote: 'quantai approve, quantai parity, docs/promotion.md',
  approve: 'quantai promote, docs/promotion.md',
  paper: 'quantai practice, quantai status, quantai halt, docs/sessions.md',
  live: 'quantai rehearse, quantai status, quantai halt, docs/sessions.md, docs/live.md',
  parity: 'quantai watch, docs/parity.md',
  watch: 'quantai parity, docs/watch.md',
  rehearse: 'quantai promote, docs/sessions.md',
  status: 'quantai halt, quantai limits, docs/sessions.md',
  halt: 'quantai status, quantai limits, docs/sessions.md',
  limits: 'quantai halt, docs/risk.md',
  watchdog: 'quantai live, docs/sessions.md',
  worker: 'quantai jobs, quantai lake, docs/cluster.md',
  jobs: 'quantai worker, docs/cluster.md',
  lake: 'quantai data push, quantai data fetch, docs/cluster.md',
  keys: 'quantai live, docs/keys.md',
  users: 'quantai audit, docs/audit.md',
  audit: 'quantai users, docs/audit.md',
  registry: 'quantai runs, quantai users, docs/team.md',
  settings: 'quantai limits, quantai audit show, docs/cli.md',
  logs: 'quantai why, quantai sql',
  dashboard: 'quantai paper, quantai demo --serve, docs/dashboard.md',
  notebook: 'quantai doctor, docs/notebooks.md',
  init: 'quantai doctor, docs/tutorial.md, docs/strategies.md',
  doctor: 'quantai demo, quantai init',
  demo: 'quantai init, quantai practice, quantai paper, docs/tutorial.md',
  completion: 'docs/cli.md',
};

const EXIT_CODES = 'Exit codes: 0 ok · 1 failed · 2 usage · 3 bad data · 4 refused by a gate or risk · 130 interrupted';

/** A help text with what every one of them ends in: where to look next, and what exit codes mean. `words` are those of the command line. Any other text comes back as it is. */
export const withHelpFooter = (text: string, words: readonly string[]): string => {
  if (!text.includes('-h, --help')) return text;
  const [verb = '', below = ''] = words.filter(word => !word.startsWith('-'));
  const also = SEE_ALSO[`${verb} ${below}`] ?? SEE_ALSO[verb];
  const lines = [...(also === undefined ? [] : [`See also: ${also}`]), ...(text.includes(EXIT_CODES) ? [] : [EXIT_CODES])];
  return lines.length === 0 ? text : `${text.trimEnd()}\n\n${lines.join('\n')}`;
};
