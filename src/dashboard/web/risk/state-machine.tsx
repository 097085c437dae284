import type { AccountView } from '../../api/accounts-api.js';
import { codeWords } from '../orders/code-words.js';
import { STATE_MEANING, TRANSITIONS, type RiskStateName } from './risk-exits.js';

const NAMES: readonly RiskStateName[] = ['ACTIVE', 'REDUCING', 'HALTED'];

const byWhat = (from: RiskStateName, to: RiskStateName): string => TRANSITIONS.find(each => each.from === from && each.to === to)?.by ?? '';

const Hop = ({ from, to, back }: { readonly from: RiskStateName; readonly to: RiskStateName; readonly back: string }) => (
  <li class="hop" aria-hidden="true">
    <span class="hop-out">{byWhat(from, to)}</span>
    <span class="hop-back">{back}</span>
  </li>
);

/** The three risk states, what leads from one to the next, and which one the account is in. */
export const StateMachine = ({ view }: { readonly view: AccountView }) => (
  <div class="state-machine">
    <ol aria-label="Risk states">
      {NAMES.flatMap((name, place) => {
        const isCurrent = view.risk === name;
        const next = NAMES[place + 1];
        return [
          <li
            key={name}
            class={`risk-state risk-${name.toLowerCase()} ${isCurrent ? 'current' : ''}`}
            aria-current={isCurrent ? 'step' : undefined}
          >
            <strong>{name}</strong>
            <span>{STATE_MEANING[name]}</span>
            <em>
              {isCurrent
                ? view.riskCode === null
                  ? 'The account is here.'
                  : `Here: ${codeWords(view.riskCode) ?? view.riskCode}.`
                : '\u00a0'}
            </em>
          </li>,
          ...(next === undefined
            ? []
            : [<Hop key={`${name}-${next}`} from={name} to={next} back={next === 'HALTED' ? '' : byWhat(next, name)} />]),
        ];
      })}
    </ol>
    <p class="return-way">
      <span>{byWhat('HALTED', 'ACTIVE')}</span>
    </p>
  </div>
);
