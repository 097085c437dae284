import { MarketPage } from '../market/market-page.js';
import { NoAccount } from '../overview/no-account.js';
import { EmptyNote } from '../parts/empty-note.js';
import { Loading } from '../parts/loading.js';
import { Panel } from '../parts/panel.js';
import { account, accountName, accounts, symbolName } from '../state/stream.js';

/** The market of one symbol, as the session receives it. */
export default function Market() {
  const it = account.value;
  if (accountName.value === null) return accounts.value === null ? <Loading height={480} /> : <NoAccount />;
  if (it === null || it.account !== accountName.value) return <Loading height={640} />;
  const symbol = symbolName.value ?? it.symbols[0];
  if (symbol === undefined)
    return (
      <Panel title="Market">
        <EmptyNote title="This account trades no symbol yet">Its symbols appear when a session starts.</EmptyNote>
      </Panel>
    );
  return <MarketPage key={it.account} account={it} symbol={symbol} />;
}
