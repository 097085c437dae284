import { createInterface } from 'node:readline/promises';
import { UserError } from '../errors.js';
import { say } from './terminal.js';

/** What a person types to agree: from --confirm, else asked for at the terminal. `stake` says first what is at stake. Throws (exit code 4) where there is neither, and says what it would have to be. */
export const typedSentence = async (confirm: string | undefined, sentence: string, stake = ''): Promise<string> => {
  if (confirm !== undefined) return confirm;
  if (process.stdin.isTTY !== true)
    throw new UserError('not-confirmed', `${stake} There is no terminal to confirm it on.`.trim(), 4, `Say --confirm "${sentence}".`);
  if (stake !== '') say(stake);
  say('To agree, type this sentence:');
  say(`  ${sentence}`);
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await reader.question('> ');
  } finally {
    reader.close();
  }
};
