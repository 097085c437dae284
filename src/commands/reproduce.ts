import { CLUSTER_WORDS } from './cluster-options.js';

const QUIET = new Set(['--json', '--no-progress', '--progress', '--watch', '-w']);
const DROPPED = new RegExp(`^--(?:${['workspace', ...CLUSTER_WORDS].join('|')})(?:=|$)`);

const quote = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/**
 * The command that gives this run again: as it was typed, with the dataset pinned to the version that was read, and without what only
 * shapes the output or says where it is computed.
 */
export const reproducingCommand = (argv: readonly string[], dataset: string, version: string): string => {
  const words: string[] = [];
  const pinned = `${dataset}@${version.slice(0, 16)}`;
  let named = false;
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? '';
    if (QUIET.has(word)) continue;
    if (DROPPED.test(word)) {
      if (!word.includes('=')) i++;
      continue;
    }
    if (word === '--dataset' || word.startsWith('--dataset=')) {
      if (word === '--dataset') i++;
      words.push('--dataset', pinned);
      named = true;
      continue;
    }
    words.push(word);
  }
  if (!named) words.push('--dataset', pinned);
  return ['quantai', ...words.map(quote)].join(' ');
};
