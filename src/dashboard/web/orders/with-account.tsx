import type { ComponentChildren } from 'preact';
import type { AccountView } from '../../api/accounts-api.js';
import { EmptyNote } from '../parts/empty-note.js';
import { ErrorNote } from '../parts/error-note.js';
import { Loading } from '../parts/loading.js';
import { useAnswer } from '../state/answer.js';
import { account, accountName, accounts } from '../state/stream.js';

/** The account that the pages show, as the stream tells it, or as it was asked for until the stream does. */
const OfAccount = ({ name, children }: { readonly name: string; readonly children: (view: AccountView) => ComponentChildren }) => {
  const streamed = account.value?.account === name ? account.value : null;
  const asked = useAnswer('accounts.show', streamed === null ? { params: { account: name } } : null);
  const view = streamed ?? asked.value;
  if (view !== null) return <>{children(view)}</>;
  return asked.error === null ? <Loading height={420} /> : <ErrorNote error={asked.error} retry={asked.refresh} />;
};

/** Shows a page of an account: what is there of it, that it loads, or that the workspace has none yet. */
export const WithAccount = ({ children }: { readonly children: (view: AccountView) => ComponentChildren }) => {
  const name = accountName.value;
  if (name !== null)
    return (
      <OfAccount key={name} name={name}>
        {children}
      </OfAccount>
    );
  if (accounts.value === null) return <Loading height={420} />;
  return (
    <EmptyNote
      title="No account trades in this workspace yet."
      command="quantai paper sma-cross --venue practice --symbols BTC/USDT:USDT --timeframe 1h"
    >
      A paper or live session makes one.
    </EmptyNote>
  );
};
