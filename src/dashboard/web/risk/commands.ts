import type { AccountView } from '../../api/accounts-api.js';

/** A command to a session, as a button with what it asks before it goes. */
export interface SessionCommand {
  readonly command: 'halt' | 'reduce' | 'flatten' | 'cancel-all' | 'resume' | 'stop';
  readonly title: string;
  /** What it does, in one sentence. */
  readonly text: string;
  readonly kind: 'plain' | 'primary' | 'danger';
  readonly needsReason: boolean;
  /** Who may give it. */
  readonly roles: readonly string[];
}

const HALTING = ['researcher', 'operator', 'approver'];
const OPERATOR = ['operator'];

export const SESSION_COMMANDS: readonly SessionCommand[] = [
  {
    command: 'halt',
    title: 'Halt',
    text: 'Nothing more is opened, and every order is taken back. Protective stops stay, and so do positions.',
    kind: 'danger',
    needsReason: false,
    roles: HALTING,
  },
  {
    command: 'flatten',
    title: 'Halt and flatten',
    text: 'Nothing more is opened, every order is taken back, and every position is closed at the market.',
    kind: 'danger',
    needsReason: false,
    roles: HALTING,
  },
  {
    command: 'reduce',
    title: 'Reduce only',
    text: 'Nothing more is opened. Orders that reduce stay, and positions are left to their strategies.',
    kind: 'plain',
    needsReason: false,
    roles: HALTING,
  },
  {
    command: 'cancel-all',
    title: 'Cancel all orders',
    text: 'Every order of a strategy is taken back. Protective stops of the broker stay, and the strategies go on and may place new ones.',
    kind: 'plain',
    needsReason: false,
    roles: HALTING,
  },
  {
    command: 'resume',
    title: 'Resume',
    text: 'The account trades again. Drawdown, day and losing streak count from now on.',
    kind: 'primary',
    needsReason: true,
    roles: OPERATOR,
  },
  {
    command: 'stop',
    title: 'Stop the session',
    text: 'The session ends in order. Orders stay at the venue, and positions stay.',
    kind: 'plain',
    needsReason: false,
    roles: OPERATOR,
  },
];

/** Why a command cannot be given now; null where it can. A halt is never refused here: it is for the session, and then the watchdog, to say so. */
export const cannotNow = (
  { command, roles }: SessionCommand,
  account: Pick<AccountView, 'risk' | 'running'>,
  own: readonly string[],
): string | null => {
  if (!roles.some(role => own.includes(role))) return `Only ${roles.join(' or ')} may do this.`;
  if (command === 'halt' || command === 'flatten') return null;
  if (!account.running) return 'No session runs on this account.';
  if (command === 'resume' && account.risk === 'ACTIVE') return 'The account is ACTIVE.';
  if (command === 'reduce' && account.risk === 'HALTED') return 'HALTED is stricter. Resume first.';
  if (command === 'reduce' && account.risk === 'REDUCING') return 'The account is REDUCING already.';
  return null;
};
