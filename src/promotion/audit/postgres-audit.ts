import { randomBytes, type KeyObject } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Postgres, Queries } from '../../cluster/postgres/postgres.js';
import { canonicalJson } from '../../datasets/canonical-json.js';
import { failed, messageOf, UserError } from '../../errors.js';
import { formatTime } from '../../time.js';
import { anchorHeads, lastAnchored } from './anchors.js';
import { auditLine, ORIGIN, readChain, type AuditFault, type ChainEnd } from './audit-chain.js';
import { headText, readHead, signHead, type AuditHead } from './audit-head.js';
import { findAuditKey, requireAuditKey } from './audit-key.js';
import { requireUnmoved, type AuditStore, type Follows } from './audit-log.js';
import type { AuditRecord, AuditWord } from './audit-record.js';
import { keepTeamCopy, readTeamCopy, registryName, type TeamCopy } from './team-copy.js';
import { judgeLog } from './verify-audit-log.js';

/** A team's log and who this workspace is in it. */
export interface PostgresAuditOptions {
  readonly postgres: Postgres;
  /** This workspace, beside each head that it signs. */
  readonly place: string;
  /** This machine's signing key; a new one is made where there is none. */
  readonly key: string;
  /** Where the last look is kept. */
  readonly copy: string;
  /** Folder elsewhere that every head signed here goes to as well; null for none. */
  readonly anchor: string | null;
  /** Wall clock, epoch ms. */
  readonly now: () => number;
  /** Given by who cannot wait: so long an append waits at most, and a read a little. */
  readonly patienceMs?: number;
  /** Asked before each append; throws where this workspace may not write here yet. */
  readonly mayAppend?: () => Promise<void>;
  readonly warn?: (text: string) => void;
}

const PATIENCE_MS = 30_000;
/** Who is in a hurry waits no longer for a look. */
const HURRIED_READ_MS = 1_500;
/** An append in which nothing happens for so long is of a process that stands still: the server ends it, for the whole team waits. */
const STILL_MS = 15_000;

export const AUDIT_LOCK = `SELECT pg_advisory_xact_lock(hashtextextended('quantai.audit', 0))`;
const STAGES = 'quantai.stages';

/** The log as the database has it, checked. */
export interface TeamLog {
  /** Null before the first record. */
  readonly chain: string | null;
  /** Up to the first fault. */
  readonly records: readonly AuditRecord[];
  /** All lines, as they are written. */
  readonly lines: readonly string[];
  readonly head: AuditHead | null;
  /** Keys that signed the heads that were looked at. */
  readonly signers: ReadonlySet<string>;
  readonly fault: AuditFault | null;
}

interface Row {
  readonly chain: string;
  readonly kind: 'chain' | 'head' | 'record';
  readonly seq: number;
  readonly text: string;
}

const at = (seq: number, reason: string): AuditFault => ({ seq, line: seq + 1, reason });

const earlier = (a: AuditFault | null, b: AuditFault | null): AuditFault | null => (a === null ? b : b === null || a.seq <= b.seq ? a : b);

interface ReadHead {
  readonly row: Row;
  /** Null for one that was changed. */
  readonly head: AuditHead | null;
}

/** The first head that is not a signature over the record that it names. */
const headFault = (heads: readonly ReadHead[], chain: string, records: readonly AuditRecord[]): AuditFault | null => {
  for (const {
    row: { seq },
    head,
  } of heads) {
    if (head === null) return at(Math.max(0, Math.min(seq, records.length - 1)), 'the head that signs for it was changed');
    if (head.seq !== seq || head.workspace !== chain) return at(Math.max(0, seq), 'the head that signs for it is of another place');
    const record = records[seq];
    if (record !== undefined && record.hash !== head.hash) return at(seq, 'the signed head names another record there');
  }
  return null;
};

/** Whether a log goes on, letter by letter, from what was seen and checked of it. */
const goesOn = (chain: string, lines: readonly Row[], { head, lines: seen }: TeamCopy): boolean =>
  head.workspace === chain && lines.length >= seen.length && seen.every((line, i) => lines[i]?.seq === i && lines[i].text === line);

/** The team's whole log, in one look at the database. What goes on from `known` is checked from there on: that was checked before, and a signature takes longer than all else. */
export const readTeamLog = async ({ query }: Queries, known: TeamCopy | null = null): Promise<TeamLog> => {
  const rows = await query<Row>(`
    WITH team AS (SELECT chain FROM quantai.audit_chains WHERE is_team)
    SELECT chain, 'chain' AS kind, -1 AS seq, '' AS text FROM team
    UNION ALL SELECT chain, 'head', seq, head FROM quantai.audit_heads JOIN team USING (chain)
    UNION ALL SELECT chain, 'record', seq, line FROM quantai.audit_records JOIN team USING (chain)
    ORDER BY kind, seq`);
  const chain = rows.find(({ kind }) => kind === 'chain')?.chain ?? null;
  if (chain === null) return { chain, records: [], lines: [], head: null, signers: new Set(), fault: null };
  const lines = rows.filter(({ kind }) => kind === 'record');
  const from = known !== null && goesOn(chain, lines, known) ? known : null;
  const seen = from?.records ?? [];
  const heads = rows
    .filter(({ kind, seq }) => kind === 'head' && seq >= seen.length - 1)
    .map(row => ({ row, head: from !== null && row.text === headText(from.head) ? from.head : readHead(row.text) }));
  const walked = readChain(
    Buffer.from(
      lines
        .slice(seen.length)
        .map(({ text }) => `${text}\n`)
        .join(''),
    ),
    from?.head ?? ORIGIN,
  );
  const records = [...seen, ...walked.records];
  const misplaced = records.findIndex((record, i) => lines[i]?.seq !== record.seq);
  const last = heads.at(-1)?.row;
  const end = records.length;
  const ending =
    walked.fault !== null
      ? null
      : last === undefined || last.seq < end - 1
        ? at((last?.seq ?? -1) + 1, 'it is behind the signed head: nobody signed it')
        : last.seq > end - 1
          ? at(end, `it is missing: the signed head covers ${last.seq + 1} records, and ${end} are there`)
          : null;
  const fault = [
    walked.fault,
    misplaced < 0 ? null : at(misplaced, 'it stands under another number'),
    headFault(heads, chain, records),
    end === 0 && last === undefined ? null : ending,
  ].reduce(earlier, null);
  const read = heads.flatMap(({ head }) => head ?? []);
  return {
    chain,
    records: fault === null ? records : records.slice(0, fault.seq),
    lines: lines.map(({ text }) => text),
    head: read.at(-1) ?? null,
    signers: new Set(read.map(({ publicKey }) => publicKey)),
    fault,
  };
};

/** Where the registry tells another story than the one that this machine has seen; null where it goes on from there. */
const memoryFault = ({ chain, records, fault }: TeamLog, copy: TeamCopy | null): AuditFault | null => {
  if (copy === null) return null;
  if (chain !== copy.head.workspace) return at(0, 'this machine has seen another log in this registry');
  const differs = copy.records.findIndex((record, i) => records[i] !== undefined && records[i].hash !== record.hash);
  if (differs >= 0) return at(differs, 'this machine has seen another record here');
  if (fault === null && records.length < copy.records.length)
    return at(records.length, `it is missing: this machine has seen records up to ${copy.head.seq}`);
  return null;
};

const broken = (postgres: Postgres, { seq, reason }: AuditFault): UserError =>
  new UserError(
    'broken-audit-log',
    `The audit log in ${postgres.shown} is not what was written. First bad record: ${seq}, for ${reason}.`,
    4,
    'Look at it with: quantai audit verify. Restore a backup, and find out who changed it.',
  );

/** The end of the log, looked at without the rest. */
interface Tail {
  readonly chain: string;
  readonly seq: number | null;
  readonly line: string | null;
  readonly head: string | null;
  readonly seen: string | null;
}

/** What the next record follows; null when the end is not in order, and all of it must be looked at. */
const quickEnd = (tail: Tail, copy: TeamCopy | null): ChainEnd | null => {
  const head = tail.head === null ? null : readHead(tail.head);
  if (head === null || tail.line === null || head.seq !== tail.seq || head.workspace !== tail.chain) return null;
  const prev = /"prev":"([0-9a-f]{64})"/.exec(tail.line)?.[1] ?? '';
  const { records } = readChain(Buffer.from(`${tail.line}\n`), { seq: head.seq - 1, hash: prev });
  if (records[0]?.hash !== head.hash) return null;
  if (copy !== null && copy.head.workspace === tail.chain && tail.seen?.includes(`"hash":"${copy.head.hash}"`) !== true) return null;
  return { seq: head.seq, hash: head.hash };
};

/** Words of one try to append them, each as its own text, and the records that they would be. */
interface Batch {
  readonly actor: string;
  readonly words: readonly string[];
  readonly records: readonly AuditRecord[];
}

const within = async <T>(ms: number | undefined, work: Promise<T>, late: () => UserError): Promise<T> => {
  if (ms === undefined) return work;
  work.catch(() => undefined);
  const controller = new AbortController();
  const over = pause(ms, undefined, { signal: controller.signal }).then(() => {
    throw late();
  });
  over.catch(() => undefined);
  return Promise.race([work, over]).finally(() => controller.abort());
};

/**
 * The audit log of a team, in its registry: one chain, whoever appends on whatever machine. Each machine signs the heads of what it appends with its own key, and remembers what it has seen: a database that was put back, or
 * written anew by somebody with all its rights, does not go on from there.
 */
export const postgresAudit = (options: PostgresAuditOptions): AuditStore => {
  const { postgres, place, anchor, now, patienceMs, warn = () => undefined } = options;
  const registry = registryName(postgres.shown);
  const anchoredAs = `registry:${registry}`;
  const late = (): UserError =>
    failed('registry-away', `The registry ${postgres.shown} does not answer in time.`, 'Look whether it is up.');

  const lastSeen = (): Promise<TeamCopy | null> => readTeamCopy(options.copy, registry);

  /** `all`: signatures too that were checked in an earlier look. */
  const look = async (queries: Queries, how: 'new' | 'all' = 'new'): Promise<TeamLog> => {
    // First, or another process may have seen more by the time that it is read.
    const copy = await lastSeen();
    const found = await readTeamLog(queries, how === 'all' ? null : copy);
    const fault = earlier(found.fault, memoryFault(found, copy));
    return fault === found.fault ? found : { ...found, fault, records: found.records.slice(0, fault?.seq) };
  };

  /** What is followed; a new chain where a log begins. Names the first bad record of one that is not in order. */
  const endOf = async (queries: Queries): Promise<ChainEnd & { readonly chain: string }> => {
    const copy = await lastSeen();
    const [tail] = await queries.query<Tail>(
      `SELECT c.chain, r.seq, r.line, h.head, s.line AS seen FROM quantai.audit_chains c
       LEFT JOIN LATERAL (SELECT seq, line FROM quantai.audit_records WHERE chain = c.chain ORDER BY seq DESC LIMIT 1) r ON true
       LEFT JOIN LATERAL (SELECT head FROM quantai.audit_heads WHERE chain = c.chain ORDER BY seq DESC LIMIT 1) h ON true
       LEFT JOIN quantai.audit_records s ON s.chain = c.chain AND s.seq = $1
       WHERE c.is_team`,
      [copy?.head.seq ?? -1],
    );
    const quick = tail === undefined ? null : quickEnd(tail, copy);
    if (tail !== undefined && quick !== null) return { ...quick, chain: tail.chain };
    const found = await look(queries);
    if (found.fault !== null) throw broken(postgres, found.fault);
    const { seq, hash } = found.head ?? ORIGIN;
    if (found.chain !== null) return { seq, hash, chain: found.chain };
    const chain = randomBytes(8).toString('hex');
    await queries.query('INSERT INTO quantai.audit_chains (chain, is_team, place) VALUES ($1, true, $2)', [chain, place]);
    return { seq, hash, chain };
  };

  /** The last head that the anchor has of this log. Asked for before the whole team waits: a share that hangs takes seconds. */
  const lastHead = async (): Promise<AuditHead | null> => {
    if (anchor === null) return null;
    const [team] = await postgres.query<{ chain: string }>('SELECT chain FROM quantai.audit_chains WHERE is_team');
    if (team === undefined) return null;
    return lastAnchored(anchor, team.chain).catch((error: unknown) => {
      warn(`The anchor ${anchor} of the audit log cannot be reached: ${messageOf(error)}. It is caught up with the next record.`);
      return null;
    });
  };

  /** A head that the anchor has and the log does not go through: the log was put back. */
  const refuseForgotten = async ({ query }: Queries, chain: string, last: AuditHead | null): Promise<void> => {
    if (last === null || last.workspace !== chain) return;
    const [row] = await query<{ line: string }>('SELECT line FROM quantai.audit_records WHERE chain = $1 AND seq = $2', [chain, last.seq]);
    if (row?.line.includes(`"hash":"${last.hash}"`) !== true)
      throw broken(postgres, at(last.seq, `${anchor ?? ''} has seen another record there`));
  };

  /** What was on its way when the database stopped answering: whether it is there is found out when it is appended again. */
  const unsure = new Set<Batch>();

  /** Records of an earlier try to append these words, or the first of them, that came through unheard. */
  const cameThrough = async (
    { query }: Queries,
    chain: string,
    { actor, words, follows }: { readonly actor: string; readonly words: readonly AuditWord[]; readonly follows: Follows | undefined },
  ): Promise<readonly AuditRecord[]> => {
    for (const batch of unsure) {
      if (batch.actor !== actor || batch.words.some((word, i) => words[i] === undefined || word !== canonicalJson(words[i]))) continue;
      // Decided on something else: it is meant again.
      if (follows !== undefined && batch.records[0]?.seq !== follows.after + 1) continue;
      const last = batch.records.at(-1);
      const [row] = await query<{ line: string }>('SELECT line FROM quantai.audit_records WHERE chain = $1 AND seq = $2', [
        chain,
        last?.seq,
      ]);
      unsure.delete(batch);
      if (row !== undefined && row.line.includes(`"hash":"${last?.hash ?? ''}"`)) return batch.records;
    }
    return [];
  };

  const signingKey = async (): Promise<KeyObject> => (await findAuditKey(options.key)) ?? requireAuditKey(options.key, true);

  /** The log as it is now. Its copy is kept however late it comes: for the next who cannot wait so long. */
  const current = async (): Promise<readonly AuditRecord[]> => {
    const found = await look(postgres);
    if (found.fault !== null) throw broken(postgres, found.fault);
    const { head, records, lines } = found;
    if (head !== null)
      // A copy that cannot be kept keeps nobody from work; the next look tries again.
      await keepTeamCopy(options.copy, { registry, head, records, lines, at: now() }).catch((error: unknown) => {
        warn(`What the registry says was not kept for when it does not answer: ${messageOf(error)}`);
      });
    return records;
  };

  const store: AuditStore = {
    append: async (actor, words, follows) => {
      if (words.length === 0) return [];
      await options.mayAppend?.();
      const key = await signingKey();
      let isGivenUp = false;
      let batch: Batch | null = null;
      const put = async (): Promise<{ readonly head: AuditHead | null; readonly records: readonly AuditRecord[] }> => {
        const anchored = await lastHead();
        return postgres.transaction(async queries => {
          await queries.query(
            `SET LOCAL lock_timeout = ${Math.max(1, Math.round(patienceMs ?? PATIENCE_MS))}; SET LOCAL idle_in_transaction_session_timeout = ${STILL_MS}`,
          );
          await queries.query(AUDIT_LOCK);
          // Whoever asked has been told that it is not in the log.
          if (isGivenUp) throw late();
          const { chain, ...before } = await endOf(queries);
          await refuseForgotten(queries, chain, anchored);
          const there = await cameThrough(queries, chain, { actor, words, follows });
          const missing = words.slice(there.length);
          if (missing.length === 0) return { head: null, records: there };
          requireUnmoved(follows === undefined ? undefined : { after: there.at(-1)?.seq ?? follows.after }, before.seq);
          const time = now();
          let end: ChainEnd = before;
          const lines = missing.map(word => {
            const next = auditLine(end, time, actor, word);
            end = next.end;
            return next.line.slice(0, -1);
          });
          const head = signHead({ workspace: chain, ...end, at: time }, key);
          await queries.query(
            `INSERT INTO quantai.audit_records (chain, seq, line) SELECT $1, $2 + n, line FROM unnest($3::text[]) WITH ORDINALITY AS l(line, n)`,
            [chain, before.seq, lines],
          );
          await queries.query('INSERT INTO quantai.audit_heads (chain, seq, head, place) VALUES ($1, $2, $3, $4)', [
            chain,
            end.seq,
            headText(head),
            place,
          ]);
          const records = [...there, ...lines.map(line => JSON.parse(line) as AuditRecord)];
          batch = { actor, words: words.map(word => canonicalJson(word)), records };
          unsure.add(batch);
          return { head, records };
        });
      };
      const forget = (): void => void (batch !== null && unsure.delete(batch));
      const { head, records } = await within(patienceMs, put(), late).catch((error: unknown) => {
        isGivenUp = true;
        // Otherwise the database has said that it did not take it.
        if (!(error instanceof UserError && error.code === 'registry-away')) forget();
        throw error;
      });
      forget();
      if (anchor !== null && head !== null)
        await anchorHeads(anchor, anchoredAs, [head]).catch((error: unknown) => {
          warn(`The anchor ${anchor} of the audit log was not written: ${messageOf(error)}. It is caught up with the next record.`);
        });
      return records;
    },
    read: () => within(patienceMs === undefined ? undefined : Math.min(patienceMs, HURRIED_READ_MS), current(), late),
    readLast: async () => {
      try {
        return { records: await store.read(), isCopy: false };
      } catch (error) {
        const copy = error instanceof UserError && error.code === 'registry-away' ? await lastSeen() : null;
        if (copy === null) throw error;
        warn(`${messageOf(error)} Users and stages are those of ${formatTime(copy.at)}.`);
        return { records: copy.records, isCopy: true };
      }
    },
    verify: async () => {
      const { records, head, fault, signers } = await look(postgres, 'all');
      const notes =
        head === null ? [] : [`${signers.size === 1 ? 'One key' : `${signers.size} keys`} signed it: each machine has its own.`];
      return judgeLog({ records, head, fault, anchor, place: anchoredAs, signers: 'many', notes });
    },
    mark: async () => {
      const newest = postgres.query<{ seq: number }>(
        'SELECT h.chain, h.seq, h.head FROM quantai.audit_heads h JOIN quantai.audit_chains c USING (chain) WHERE c.is_team ORDER BY h.seq DESC LIMIT 1',
      );
      return JSON.stringify(await within(HURRIED_READ_MS, newest, late));
    },
    movingStages: work => postgres.alone(STAGES, PATIENCE_MS, work),
  };
  return store;
};
