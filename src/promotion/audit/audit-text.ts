import type { AuditWord } from './audit-record.js';

/** Hashes and keys are told apart by their beginning. */
const short = (text: string): string => (/^[0-9a-f]{40,}$/.test(text) ? text.slice(0, 8) : text);

const spelled = (value: unknown): string =>
  Array.isArray(value) ? value.map(spelled).join(' and ') : typeof value === 'object' && value !== null ? '' : short(String(value));

/** Fields that say nothing a reader of one line looks for. */
const LEFT_OUT = new Set(['type', 'signature', 'publicKey', 'certificate', 'manifest', 'pins', 'practice']);

/** Which workspace it is and who says it stands beside it. */
const isAside = (word: string): boolean => word === '--workspace' || word === '--as';

/** What a record says, in one line. */
export const auditText = (word: AuditWord): string => {
  switch (word.type) {
    case 'CommandGiven':
      return word.words.length === 0
        ? word.verb
        : word.words.filter((each, i, all) => !isAside(each) && !isAside(all[i - 1] ?? '')).join(' ');
    case 'CommandDenied':
      return word.text;
    case 'UserAdded':
    case 'UserRolesChanged':
      return `${word.user} is ${spelled(word.roles)}`;
    case 'ApprovalRequested': {
      const { id, action, strategy, account, venue, size, share, currency, worstCaseLoss, overrides } = word.request;
      const opened = overrides.length === 0 ? '' : `, overriding ${overrides.map(({ gate }) => gate).join(', ')}`;
      return `${id}: ${action} ${strategy} on ${account} at ${venue}, ${share} of ${size} ${currency}, worst-case loss ${worstCaseLoss}${opened}`;
    }
    case 'GatesJudged': {
      const shut = word.results.filter(({ verdict }) => verdict !== 'pass').map(({ gate }) => gate);
      return `${word.promotion} to ${word.to}: ${shut.length === 0 ? `all ${word.results.length} pass` : `shut by ${shut.join(', ')}`}`;
    }
    case 'ParityCertified':
    case 'ExpectationJudged':
    case 'ModelProposed':
      return word.sentence;
    default:
      return Object.entries(word)
        .filter(([name, value]) => !LEFT_OUT.has(name) && value !== null && spelled(value) !== '')
        .map(([name, value]) => (name === 'text' || name === 'reason' ? spelled(value) : `${name} ${spelled(value)}`))
        .join(', ');
  }
};
