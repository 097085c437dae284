import type { Fact } from '../../events/fact.js';
import type { Notice } from './notice.js';

/** What people are told of a fact, or null for what is in the log only: alarms, halts, start and stop, and each strategy's failure, which is an alarm too. */
export const noticeOfFact = (fact: Fact): Notice | null => {
  const { ts } = fact;
  switch (fact.type) {
    case 'AlarmRaised':
      return { subject: `alarm:${fact.code}`, state: 'raised', level: fact.severity, text: fact.text, ts };
    case 'AlarmCleared':
      return { subject: `alarm:${fact.code}`, state: 'cleared', level: 'info', text: 'It is over.', ts };
    case 'RiskStateChanged': {
      const level = fact.state === 'HALTED' ? 'critical' : fact.state === 'REDUCING' ? 'warning' : 'info';
      const subject = fact.strategy === '' ? 'risk' : `risk:${fact.strategy}`;
      return { subject, state: fact.state, level, text: `${fact.code}: ${fact.text}`, ts };
    }
    case 'SessionStarted':
      return { subject: 'session', state: 'started', level: 'info', text: `Session ${fact.epoch} of this account has begun.`, ts };
    case 'SessionStopped':
      return { subject: 'session', state: 'stopped', level: 'info', text: `${fact.code}: ${fact.text}`, ts };
    default:
      return null;
  }
};
