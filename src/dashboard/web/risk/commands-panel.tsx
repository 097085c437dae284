import type { AccountView } from '../../api/accounts-api.js';
import { ConfirmButton } from '../parts/confirm-button.js';
import { Panel } from '../parts/panel.js';
import { call, me, Refusal } from '../state/api.js';
import { cannotNow, SESSION_COMMANDS, type SessionCommand } from './commands.js';

const give = async (account: string, { command, title }: SessionCommand, reason: string): Promise<string> => {
  const { done, through, error } = await call('accounts.command', {
    params: { account },
    body: { command, reason, flatten: command === 'flatten' },
  });
  if (!done) throw new Refusal(0, 'not-done', `Not done: ${error ?? 'the session gave no reason'}.`, 'Look at the venue itself.');
  return `${title}: done by the ${through} of ${account}.`;
};

/** Every command to the session, each with what it does, a confirmation, and what came of it. */
export const CommandsPanel = ({ view }: { readonly view: AccountView }) => (
  <Panel title="Commands" note="Each asks once, and is recorded with who and why">
    <ul class="commands">
      {SESSION_COMMANDS.map(each => {
        const cannot = cannotNow(each, view, me.value?.roles ?? []);
        return (
          <li key={each.command}>
            <ConfirmButton
              kind={each.kind}
              disabled={cannot !== null}
              title={cannot ?? undefined}
              heading={`${each.title}: ${view.account}`}
              text={each.text}
              confirm={each.title}
              reason={each.needsReason ? 'required' : 'optional'}
              act={reason => give(view.account, each, reason)}
            >
              {each.title}
            </ConfirmButton>
            <p class="muted">{cannot ?? each.text}</p>
          </li>
        );
      })}
    </ul>
  </Panel>
);
