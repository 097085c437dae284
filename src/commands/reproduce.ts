const QUIET = new Set(['--json', '--no-progress', '--progress', '--watch', '-w']);
const DROPPED = /^--(?:workspace)(?:=|$)/;

const quote = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/**
 * The command that gives this run again: as it was typed, with the dataset pinned to the version that was read, and without what only
 * shapes the output. `demo` takes no dataset, so it is told as the walk-forward that it is.
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
    if (i === 0 && word === 'demo') words.push('walkforward', 'sma-cross', '--symbols', 'BTC/USDT:USDT');
    else words.push(word);
  }
  if (!named) words.push('--dataset', pinned);
  return ['quantai', ...words.map(quote)].join(' ');
};
