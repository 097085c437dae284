import { SelectField } from '../parts/select-field.js';
import { setQuery } from '../state/route.js';

/** Which symbol the page shows; kept in the address. */
export const SymbolChoice = ({ symbols, chosen }: { readonly symbols: readonly string[]; readonly chosen: string }) => (
  <SelectField
    bare
    label="Symbol"
    value={chosen}
    options={(symbols.includes(chosen) ? symbols : [chosen, ...symbols]).map(symbol => ({ value: symbol, text: symbol }))}
    onChange={symbol => setQuery({ symbol })}
  />
);
