/** Verbs under each group, and what stands behind a verb: the shell is offered names of ours there. */
type Names = 'strategy' | 'run' | 'dataset' | 'set' | 'account' | 'promotion';

const TAKES: Readonly<Record<string, Names>> = {
  backtest: 'strategy',
  sweep: 'strategy',
  walkforward: 'strategy',
  crossvalidate: 'strategy',
  friction: 'strategy',
  train: 'strategy',
  forecast: 'strategy',
  causality: 'strategy',
  promote: 'strategy',
  paper: 'strategy',
  live: 'strategy',
  evidence: 'run',
  report: 'run',
  compare: 'run',
  fingerprint: 'run',
  replay: 'run',
  journal: 'run',
  '--run': 'run',
  'data list': 'dataset',
  'data check': 'dataset',
  'data export': 'dataset',
  'data push': 'dataset',
  'data bars': 'dataset',
  show: 'set',
  rollback: 'set',
  'models list': 'set',
  'models compare': 'set',
  parity: 'account',
  session: 'account',
  '--account': 'account',
  watch: 'promotion',
  'own-fills': 'promotion',
  '--models': 'set',
  '--dataset': 'dataset',
  '--against': 'dataset',
};

const namesOf = async (what: Names, workspace: string): Promise<readonly string[]> => {
  switch (what) {
    case 'strategy':
      return Object.keys((await import('../strategies/built-in.js')).BUILT_IN);
    case 'dataset':
      return (await (await import('../datasets/catalogue.js')).listDatasets(workspace)).map(({ id }) => id);
    case 'set': {
      const { modelRegistry } = await import('../models/registry/model-registry.js');
      const { workspaceAt } = await import('./workspace.js');
      return modelRegistry(workspaceAt(workspace).models).sets();
    }
    case 'account': {
      const { namedSessions } = await import('./session-names.js');
      const { workspaceAt } = await import('./workspace.js');
      return (await namedSessions(workspaceAt(workspace), {})).map(({ account }) => account);
    }
    case 'promotion': {
      const { readdir } = await import('node:fs/promises');
      const { join } = await import('node:path');
      return readdir(join(workspace, 'promotions')).catch(() => []);
    }
    case 'run': {
      const { runManifests } = await import('./run-list.js');
      const { workspaceAt } = await import('./workspace.js');
      return (await runManifests(workspaceAt(workspace))).map(({ runId }) => runId);
    }
  }
};

const verbsIn = (help: string): string[] => {
  const block = /^Commands:\n((?: {2}.*\n?)*)/m.exec(help)?.[1] ?? '';
  return [...block.matchAll(/^ {2}quantai ((?:[a-z]+ )*?)([a-z]+)(?= {2,}| \[| <|$)/gm)].map(match => match[2] ?? '');
};

const optionsIn = (help: string): string[] => [...help.matchAll(/^ {2,}(?:-\w, )?(--[a-z][a-z-]*)/gm)].map(match => match[1] ?? '');

const choicesIn = (help: string, option: string): string[] => {
  const entry = new RegExp(`^ {2,}(?:-\\w, )?${option} [\\s\\S]*?(?=^ {2,}(?:-\\w, )?--|$(?![\\s\\S]))`, 'm').exec(help)?.[0] ?? '';
  return [...(/\[choices: ([^\]]*)\]/.exec(entry)?.[1] ?? '').matchAll(/"([^"]+)"/g)].map(match => match[1] ?? '');
};

/**
 * What could stand in place of the last word of a command line. An empty answer leaves the shell to offer files. `help` gives the help text
 * behind some verbs; what it does not list is not offered.
 */
export const complete = async (
  words: readonly string[],
  workspace: string,
  help: (verbs: readonly string[]) => Promise<string>,
): Promise<string[]> => {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const previous = before.at(-1);
  const verbs: string[] = [];
  let text = await help([]);
  for (const word of before) {
    if (!verbsIn(text).includes(word)) break;
    verbs.push(word);
    text = await help(verbs);
  }
  const matching = (found: readonly string[]): string[] => found.filter(name => name.startsWith(current));
  if (current.startsWith('-')) return matching(optionsIn(text));
  const choices = previous?.startsWith('--') ? choicesIn(text, previous) : [];
  if (choices.length > 0) return matching(choices);
  // Several groups may have a verb of one name.
  const takes = previous === undefined ? undefined : ((previous === verbs.at(-1) ? TAKES[verbs.join(' ')] : undefined) ?? TAKES[previous]);
  if (takes !== undefined) return matching(await namesOf(takes, workspace).catch(() => []));
  return previous?.startsWith('--') || previous !== verbs.at(-1) ? [] : matching(verbsIn(text));
};
