import type { AuditedPlace, AuditWord } from './audit/audit-record.js';

const percent = (share: number): string => `${Number((share * 100).toFixed(4))} %`;
const money = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 2 });

/** `main at binanceusdm (practice)` */
export const placeText = ({ account, venue, practice }: AuditedPlace): string => `${account} at ${venue}${practice ? ' (practice)' : ''}`;

/** `1 % of 10,000` */
export const sizeText = ({ size, share }: { readonly size: number; readonly share: number }): string =>
  share === 1 ? money(size) : `${percent(share)} of ${money(size)}`;

const VOID = ' (no effect: overtaken)';

/** A word of the audit log as a line of its promotion's history; null for one that is about none. `isVoid` where it changed nothing. */
export const stageText = (word: AuditWord, isVoid = false): string | null => {
  switch (word.type) {
    case 'CandidateNamed':
      return `named a candidate by run ${word.run}`;
    case 'GatesJudged': {
      const shut = word.results.filter(({ verdict }) => verdict !== 'pass');
      const all = `${word.results.length - shut.length} of ${word.results.length} gates to ${word.to} pass`;
      return shut.length === 0 ? all : `${all}; not ${shut.map(({ gate, verdict }) => `${gate} (${verdict})`).join(', ')}`;
    }
    case 'ApprovalRequested': {
      const { id, action, currency, worstCaseLoss, approvals } = word.request;
      const what = action === 'ramp' ? 'a larger share' : action;
      return `asks for ${what}: ${sizeText(word.request)} ${currency} on ${placeText(word.request)}, worst-case loss ${money(worstCaseLoss)} (request ${id}, ${approvals} ${approvals === 1 ? 'approval' : 'approvals'})`;
    }
    case 'ApprovalGiven':
      return `approves request ${word.request}`;
    case 'ApprovalRefused':
      return `refused for request ${word.request} (${word.code}): ${word.text}`;
    case 'GateOverridden':
      return `gate ${word.gate} overridden: ${word.reason}`;
    case 'StageEntered':
      return `enters ${word.stage} on ${placeText(word)}, ${sizeText(word)}${isVoid ? VOID : ''}`;
    case 'RampStepped':
      return `share ${percent(word.from)} → ${percent(word.to)} (${word.code}): ${word.text}${isVoid ? VOID : ''}`;
    case 'StageLeft':
      return `${word.to} (${word.code}): ${word.text}`;
    case 'LineageRecorded':
      return `new ${word.kind} by the same recipe: ${word.from} → ${word.to}`;
    case 'ParityCertified':
      return `parity ${word.passed ? 'passed' : 'FAILED'}: ${word.sentence}`;
    case 'ExpectationJudged':
      return `${word.monitor} ${word.verdict}: ${word.sentence}`;
    case 'ModelProposed':
      return `proposed ${word.file}: ${word.sentence}`;
    default:
      return null;
  }
};
