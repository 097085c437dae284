import type { FactLine } from '../../api/accounts-api.js';
import { factName } from '../orders/fact-name.js';

/** A word for a POSIX shell, in double quotes where those are enough, for SQL has single ones. */
const quoted = (word: string): string => {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return /["$`\\!]/.test(word) ? `'${word.replaceAll("'", `'\\''`)}'` : `"${word}"`;
};

/** The command that explains a fact on the command line. */
export const whyCommand = (account: string, fact: Pick<FactLine, 'strategy' | 'seq'>): string =>
  `quantai why ${quoted(factName(fact))} --account ${quoted(account)}`;

/** The command that shows what the account held after a fact. */
export const stateCommand = (account: string, fact: Pick<FactLine, 'strategy' | 'seq'>): string =>
  `quantai why --at ${quoted(factName(fact))} --account ${quoted(account)}`;

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The command that selects a fact from the account's events. */
export const sqlCommand = (account: string, fact: Pick<FactLine, 'strategy' | 'seq'>): string =>
  `quantai sql ${quoted(`SELECT * FROM live_events WHERE account = ${literal(account)} AND strategy = ${literal(fact.strategy)} AND seq = ${fact.seq}`)}`;
