import { EmptyNote } from '../parts/empty-note.js';
import { Panel } from '../parts/panel.js';
import { addressOf } from '../state/route.js';

/** What a page of an account shows where none has traded. */
export const NoAccount = () => (
  <Panel title="No account yet">
    <EmptyNote title="No session has traded in this workspace" command="quantai demo --serve">
      <p>
        A session appears here when it starts: <code>quantai paper</code> on live prices without money, or <code>quantai live</code>. To
        look around first, the practice exchange gives you a session in a minute. Or begin with{' '}
        <a href={addressOf('/research')}>research</a> and <a href={addressOf('/data')}>data</a>.
      </p>
    </EmptyNote>
  </Panel>
);
