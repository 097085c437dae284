import type { FactLine } from '../../api/accounts-api.js';
import type { FactName } from '../orders/fact-name.js';
import { useAnswer } from '../state/answer.js';

/** A fact by its stream and number: from those that are loaded, else asked for. `isMissing` says that the journal has none. */
export const useFact = (
  account: string,
  name: FactName,
  loaded: readonly FactLine[],
): { readonly fact: FactLine | null; readonly isMissing: boolean; readonly answer: ReturnType<typeof useAnswer<'accounts.facts'>> } => {
  const isNamed = ({ strategy, seq }: FactLine): boolean => strategy === name.strategy && seq === name.seq;
  const known = loaded.find(isNamed) ?? null;
  const answer = useAnswer(
    'accounts.facts',
    known === null ? { params: { account }, query: { strategy: name.strategy, seq: name.seq, limit: 1 } } : null,
  );
  const fact = known ?? answer.value?.facts.find(isNamed) ?? null;
  return { fact, isMissing: fact === null && answer.value !== null, answer };
};
