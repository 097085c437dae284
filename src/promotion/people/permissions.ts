import { ROLES, type Role } from './role.js';

/** What has to be among the options of a command for a row to count: an option that is given (and not false), one with a value, or one that is left out. */
export interface PermissionCase {
  readonly option: string;
  readonly value?: string;
  readonly isAbsent?: true;
}

/** Who may give a command, and whether it is kept on record. */
export interface Permission {
  /** As it is typed, e.g. `data gc`. */
  readonly verb: string;
  /** Null: the row of the verb where none of its cases applies. */
  readonly when: PermissionCase | null;
  /** Any of these. */
  readonly roles: readonly Role[];
  /** `always`: the record begins the audit log where there is none. `once-begun`: only where there is one. `never`: it only looks. */
  readonly recorded: 'always' | 'once-begun' | 'never';
  /** A broken or locked audit log does not stop it, for stopping must always be possible. */
  readonly isUrgent: boolean;
  /** Started by the platform itself, which has no name. */
  readonly isInternal: boolean;
}

const row = (
  verb: string,
  roles: readonly Role[],
  recorded: Permission['recorded'],
  when: PermissionCase | null = null,
  more: Partial<Permission> = {},
): Permission => ({ verb, when, roles, recorded, isUrgent: false, isInternal: false, ...more });

const each = (verbs: string, roles: readonly Role[], recorded: Permission['recorded']): Permission[] =>
  verbs.split(', ').map(verb => row(verb, roles, recorded));

const given = (option: string): PermissionCase => ({ option });

const RESEARCHER: readonly Role[] = ['researcher'];
const OPERATOR: readonly Role[] = ['operator'];
const APPROVER: readonly Role[] = ['approver'];
/** What a desk needs every day, on paper or on data. */
const DESK: readonly Role[] = ['researcher', 'operator'];
/** Whoever may run anything may stop it. */
const HALTING: readonly Role[] = ['researcher', 'operator', 'approver'];
const URGENT = { isUrgent: true };

/** Every verb of the command line, and who may give it. Why: docs/audit.md. */
export const PERMISSIONS: readonly Permission[] = [
  // Looking
  ...each('data list, data check, data export, report, compare, runs, sql, why, status, watch, doctor, logs', ROLES, 'never'),
  // The dashboard itself does nothing: what is done in it is asked for by who logs in, and checked and recorded as a command of that person.
  ...each('dashboard, settings get, settings history', ROLES, 'never'),
  ...each('models list, models show, models compare, keys list, completion', ROLES, 'never'),
  ...each('verify fingerprint, verify replay, verify journal, verify session', ROLES, 'never'),
  ...each('audit verify, audit show, audit export, users, users list', ROLES, 'never'),
  // Experiments: each configuration that is tried counts as a trial
  ...each(
    'backtest, sweep, walkforward, crossvalidate, friction, evidence, features, verify causality, demo, notebook, init',
    RESEARCHER,
    'once-begun',
  ),
  ...each(
    'data import, data pull, data capture, data synth, data bars, data push, data fetch, train, forecast, fit fills, fit latency, fit own-fills',
    DESK,
    'once-begun',
  ),
  row('practice', DESK, 'once-begun'),
  row('data gc', DESK, 'always'),
  ...each('worker, jobs cancel, jobs release', DESK, 'once-begun'),
  ...each('jobs list, jobs quarantine, jobs alarms, jobs workers', ROLES, 'never'),
  // No verb: what the queue's board in the dashboard does to jobs.
  row('queue manage', DESK, 'once-begun'),
  row('lake', DESK, 'once-begun'),
  row('lake', DESK, 'always', given('prune')),
  row('models rollback', DESK, 'always'),
  // Sessions
  row('paper', DESK, 'always'),
  row('parity', DESK, 'always'),
  row('live', OPERATOR, 'always'),
  row('rehearse', OPERATOR, 'always'),
  row('watchdog', OPERATOR, 'always'),
  row('watchdog', ROLES, 'never', given('handed'), { isInternal: true }),
  row('halt', HALTING, 'always', null, URGENT),
  row('halt', OPERATOR, 'always', given('resume')),
  row('halt', OPERATOR, 'always', given('stop'), URGENT),
  row('limits', ROLES, 'never'),
  row('limits', OPERATOR, 'always', given('set')),
  ...each('keys add, keys remove, keys rekey, settings set', OPERATOR, 'always'),
  // Promotion
  row('promote', ROLES, 'never'),
  row('promote', DESK, 'always', { option: 'to', value: 'paper' }),
  row('promote', OPERATOR, 'always', { option: 'to', value: 'live' }),
  row('promote', OPERATOR, 'always', given('ramp')),
  row('promote', HALTING, 'always', given('demote'), URGENT),
  row('promote', HALTING, 'always', given('retire')),
  row('approve', APPROVER, 'always'),
  row('approve', ROLES, 'never', { option: 'request', isAbsent: true }),
  row('approve', ROLES, 'never', given('print')),
  // People and the log itself
  ...each('users add, users role, users remove', APPROVER, 'always'),
  row('users key', ROLES, 'always'),
  // What a team shares. A registry that is not made yet holds no log that could keep a record, and an import writes its own.
  row('registry status', ROLES, 'never'),
  ...each('registry migrate, registry import', ['operator', 'approver'], 'never'),
  row('audit anchor', ['operator', 'approver'], 'always'),
];

type Options = Readonly<Record<string, unknown>>;

const isCase = ({ option, value, isAbsent }: PermissionCase, options: Options): boolean => {
  const found = options[option];
  if (isAbsent === true) return found === undefined;
  return value === undefined ? found !== undefined && found !== false : found === value;
};

/**
 * Rows that a command falls under: those of its verb whose case applies, else the one without a case. Whoever gives the command must be allowed by each. `words` begin with the verb; null when no row has it.
 */
export const permissionsOf = (words: readonly string[], options: Options): readonly Permission[] | null => {
  const verb = [words.slice(0, 2).join(' '), words[0] ?? ''].find(name => PERMISSIONS.some(each => each.verb === name));
  const rows = PERMISSIONS.filter(each => each.verb === verb);
  if (rows.length === 0) return null;
  const cases = rows.filter(({ when }) => when !== null && isCase(when, options));
  return cases.length > 0 ? cases : rows.filter(({ when }) => when === null);
};
