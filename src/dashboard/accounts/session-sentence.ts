import type { Fact } from '../../events/fact.js';
import { toMoney } from '../../market/units.js';
import { factSentence, type UnitsOf } from '../../reports/causes/fact-sentence.js';

const about = (symbol: string): string => (symbol === '' ? '' : ` of ${symbol}`);

/** A fact in one sentence: what a session says of itself in words of its own, the rest as `quantai why` says it. */
export const sessionSentence = (fact: Fact, unitsOf: UnitsOf): string => {
  switch (fact.type) {
    case 'SessionStarted':
      return `Session ${fact.epoch} began: ${fact.mode} on ${fact.venue}${fact.practice ? ' (practice)' : ''}.`;
    case 'SessionStopped':
      return `The session ended: ${fact.text === '' ? fact.code : fact.text}.`;
    case 'ConnectionChanged':
      return `${fact.channel}${about(fact.symbol)}: ${fact.state}. ${fact.text}`;
    case 'GapFound':
      return `A gap in ${fact.channel}${about(fact.symbol)}: ${fact.recovered} found by asking (${fact.code}).`;
    case 'DataQuarantined':
      return `${fact.channel}${about(fact.symbol)} was not believed: ${fact.text}`;
    case 'Reconciled':
      return `Compared with the venue (${fact.cause}): ${fact.differences === 0 ? 'no difference' : `${fact.differences} differences`} in ${fact.orders} orders, ${fact.positions} positions, ${fact.executions} executions and ${fact.balances} balances.`;
    case 'AlarmRaised':
      return `Alarm ${fact.code}: ${fact.text}`;
    case 'AlarmCleared':
      return `Alarm ${fact.code} is over.`;
    case 'CashMoved':
      return `${toMoney(fact.amount)} moved (${fact.kind})${fact.text === '' ? '' : `: ${fact.text}`}.`;
    case 'OperatorCommanded':
      return `${fact.by} said ${fact.command}${fact.reason === '' ? '' : `: ${fact.reason}`}.`;
    case 'SettingChanged':
      return `${fact.by} set ${fact.path} from ${fact.before} to ${fact.after}${fact.reason === '' ? '' : `: ${fact.reason}`}.`;
    case 'RiskStateChanged':
      return `${fact.state} (${fact.code})${fact.text === '' ? '' : `: ${fact.text}`}.`;
    case 'RiskRemembered':
      return 'What marks have shown was written down, for a restart.';
    case 'InputConsumed':
      return `Reads ${fact.input.kind}${about(fact.input.symbol)}.`;
    case 'RunStarted':
      return 'The strategy began.';
    default:
      return factSentence(fact, unitsOf).text;
  }
};
