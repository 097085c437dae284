import type { AccountView } from '../../api/accounts-api.js';
import { Badge, RiskBadge } from '../parts/badge.js';
import { span, utc } from '../parts/figures.js';
import { KeyValues } from '../parts/key-values.js';
import { Panel } from '../parts/panel.js';
import { useAnswer } from '../state/answer.js';
import { wayOut } from './risk-exits.js';
import { StateMachine } from './state-machine.js';

const CHANGES = ['RiskStateChanged'];

/** Where the account stands, since when, why, and what would lead out. */
export const StatePanel = ({ view }: { readonly view: AccountView }) => {
  const changes = useAnswer(
    'accounts.facts',
    { params: { account: view.account }, query: { type: 'RiskStateChanged', strategy: '', limit: 1 } },
    0,
    CHANGES,
  );
  const since = changes.value?.facts[0]?.ts ?? null;
  return (
    <Panel title="State" aside={<RiskBadge risk={view.risk} />}>
      <div class="stack">
        <StateMachine view={view} />
        <KeyValues
          items={[
            [
              'Since',
              since === null
                ? changes.loading
                  ? '…'
                  : changes.error !== null
                    ? 'not known'
                    : 'the account began'
                : `${utc(since)} UTC${view.marketTime === null ? '' : `, ${span(Math.max(0, view.marketTime - since))} ago`}`,
            ],
            ['Why', view.riskText ?? (view.risk === 'ACTIVE' ? 'Nothing is held against the account.' : 'Nothing more was said.')],
            [view.risk === 'ACTIVE' ? 'What changes it' : 'Way out', wayOut(view.risk, view.riskCode)],
            ['Ready', view.ready ? 'New exposure may be opened.' : <Badge tone="warn">{view.because ?? 'not ready'}</Badge>],
            ...view.strategies.filter(({ risk }) => risk !== view.risk).map(({ name, risk }) => [name, <RiskBadge risk={risk} />] as const),
          ]}
        />
      </div>
    </Panel>
  );
};
