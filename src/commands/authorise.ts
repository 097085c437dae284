import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf, UserError } from '../errors.js';
import type { Person } from '../promotion/people/people.js';
import type { Role } from '../promotion/people/role.js';
import type { GlobalOptions } from './global-options.js';
import { say, terminal } from './terminal.js';

/** A halt waits no longer for its record. */
const HALT_MS = 1_000;
/** And gives the record up after this. */
const HALT_PATIENCE_MS = 5_000;

/** Nor does it wait longer than this to be told who may give it, a refusal and its record included. */
const HALT_AT_ONCE_MS = 10_000;

/** Options whose value is secret, or holds a secret. */
const SECRET = new Set(['accounts', 'on', 'registry', 'token']);
const HIDDEN = '[secret]';

/** Words of a command line as they are kept on record: secrets are hidden. */
export const recordedWords = (argv: readonly string[]): readonly string[] =>
  argv.map((word, i) => {
    const [, name = ''] = /^--([a-z-]+)=/.exec(word) ?? [];
    if (SECRET.has(name)) return `--${name}=${HIDDEN}`;
    const before = argv[i - 1] ?? '';
    return before.startsWith('--') && SECRET.has(before.slice(2)) ? HIDDEN : word;
  });

/** Verbs that fail by what is the matter with the log, or look without it: they tell it better, and once. */
const LOOKS_THERE_ITSELF = /^(?:audit|registry|users|runs|sql|promote|approve|status|settings history)\b/;

/** What keeps even something urgent from being done. A halt meets the last of them never: what a demotion takes off its stage is not there yet. */
const REFUSED = new Set(['not-permitted', 'unknown-user', 'audit-not-imported']);

/** Verbs that show what the log says: who knows their users and promotions must not take them for gone. */
const TELLS_OF_LOG = /^(?:users|audit|promote|approve|limits|status|registry status)\b/;

type Parsed = GlobalOptions & { readonly _: readonly (string | number)[] } & Readonly<Record<string, unknown>>;

/**
 * Stands before every verb: refuses (exit code 4) who lacks the role, and keeps on record what acts, in the workspace's audit log. What only looks leaves no record. Where nobody has set up users one person has all roles; where
 * there is no log yet, only what has to do with money, keys and people begins one. A halt is never kept from its work by a log that is broken, locked, slow or not brought to its team yet: it warns and goes on.
 */
export const authorise = async (args: Parsed): Promise<void> => {
  const { permissionsOf } = await import('../promotion/people/permissions.js');
  const words = args._.map(String);
  const rows = permissionsOf(words, args);
  if (rows === null || rows.some(({ isInternal }) => isInternal)) return;
  const verb = rows[0]!.verb;
  const isUrgent = rows.every(each => each.isUrgent);
  const acts = rows.some(({ recorded }) => recorded !== 'never');
  const begins = rows.some(({ recorded }) => recorded === 'always');
  const [{ actorAmong, actorName }, { isAudited, workspaceAudit }, { workspaceAt }] = await Promise.all([
    import('./actor.js'),
    import('./workspace-audit.js'),
    import('./workspace.js'),
  ]);
  // What needs no workspace says so itself where there is none.
  if (!existsSync(args.workspace)) return;
  const workspace = workspaceAt(args.workspace);
  // A configuration that cannot be read is told by what reads it.
  const isBegun = await isAudited(workspace).catch(() => false);
  if (!isBegun && !begins) return;
  const name = actorName(args);

  const goOn = (error: unknown): void => {
    say(`WARNING: this is not in the audit log, and goes on without it: ${messageOf(error)}`);
  };
  const look = async (): Promise<void> => {
    const { auditNotImported, isAuditUnimported } = await import('./registry/unimported-audit.js');
    if (await isAuditUnimported(workspace)) {
      const error = auditNotImported();
      if (isUrgent && verb === 'halt') {
        // Nobody of this workspace is known there, and a record would begin the team's log: unchecked and unrecorded, as where no log can be read.
        goOn(error);
        return;
      }
      if (acts) throw error;
      if (TELLS_OF_LOG.test(verb)) say(`warning: ${error.message} What follows is without them. ${error.fix ?? ''}`);
    }
    const audit = await workspaceAudit(workspace, isUrgent ? { patienceMs: HALT_PATIENCE_MS } : {});
    const { people } = await import('../promotion/people/people.js');
    const notRecorded = (why: unknown): void => say(`warning: the refusal is not in the audit log: ${messageOf(why)}`);
    let isCopy = false;
    /** Returns where it cannot be known: whoever was made an operator since the last look may halt, and a halt too many costs little. */
    const refuse = async (code: string, error: UserError): Promise<void> => {
      if (isUrgent && isCopy) {
        say(`WARNING: ${error.message} That was so at the last look at the audit log, which does not answer now; this goes on.`);
        return;
      }
      // Refused all the same where the log cannot say so.
      if (acts) await audit.append(name, [{ type: 'CommandDenied', verb, code, text: error.message }]).catch(notRecorded);
      throw error;
    };
    let users: ReadonlyMap<string, Person>;
    try {
      // What acts is permitted by what the log says now; a halt, and who only looks, by what it said last.
      const found = acts && !isUrgent ? { records: await audit.read(), isCopy: false } : await audit.readLast();
      users = people(found.records);
      ({ isCopy } = found);
    } catch (error) {
      if (acts) throw error;
      if (!LOOKS_THERE_ITSELF.test(verb)) say(`warning: ${messageOf(error)}`);
      return;
    }
    let roles: readonly Role[] | null = null;
    try {
      ({ roles } = actorAmong(name, users));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      await refuse(error.code, error);
    }
    const missing = roles === null ? undefined : rows.find(each => !each.roles.some(role => roles.includes(role)));
    if (missing !== undefined)
      await refuse(
        'not-permitted',
        new UserError(
          'not-permitted',
          `${spelled(missing)} needs the role ${missing.roles.join(' or ')}; ${name} is ${roles === null || roles.length === 0 ? 'nothing' : roles.join(' and ')}.`,
          4,
          'Somebody with that role can do it, or an approver gives it to you: quantai users role.',
        ),
      );
    if (!acts) return;
    const record = audit.append(name, [{ type: 'CommandGiven', verb, words: recordedWords(terminal().argv) }]);
    if (!isUrgent) {
      await record;
      return;
    }
    record.catch(goOn);
    await Promise.race([record.catch(() => undefined), pause(HALT_MS, undefined, { ref: false })]);
  };
  const looked = look();
  try {
    if (!isUrgent) return await looked;
    // Nor by a disk that does not answer, or a configuration that never ends: then nobody can say who it is, and it is a halt all the same.
    looked.catch(() => undefined);
    const controller = new AbortController();
    const patience = pause(HALT_AT_ONCE_MS, true, { signal: controller.signal });
    patience.catch(() => undefined);
    const isLate = await Promise.race([looked.then(() => false), patience]).finally(() => controller.abort());
    if (isLate) say('WARNING: the audit log does not answer; this goes on without it.');
  } catch (error) {
    if (!isUrgent || (error instanceof UserError && REFUSED.has(error.code))) throw error;
    goOn(error);
  }
};

/** A row as a person would type it. */
const spelled = ({
  verb,
  when,
}: {
  readonly verb: string;
  readonly when: { readonly option: string; readonly value?: string } | null;
}): string => (when === null ? `quantai ${verb}` : `quantai ${verb} --${when.option}${when.value === undefined ? '' : ` ${when.value}`}`);
