import { join } from 'node:path';
import { writeFileDurably } from '../durable-file.js';
import { UserError, usageError } from '../errors.js';
import type { Fact } from '../events/fact.js';
import { socketLock } from '../live/session/socket-lock.js';
import { sessionStatus, type SessionStatus } from '../live/session/session-status.js';
import type { LiveSession } from '../live/session/live-session.js';
import { parseMaxLoss } from '../live/watchdog/max-loss.js';
import { settlementAsset } from '../market/instrument.js';
import { timeframeMs } from '../market/timeframe.js';
import type { PromotionConfig } from '../promotion/promotion-config.js';
import { formatTime, parseDuration } from '../time.js';
import { actorName } from './actor.js';
import { requireAgreedLoss } from './agreed-loss.js';
import { confirmReal, stakeOf } from './confirm-stake.js';
import { parityOfDay } from './parity-of-day.js';
import { permitText } from './permit-text.js';
import { riskAtStart, sessionAudit, type SessionAudit } from './session-audit.js';
import { connectSession, type Connection, type Credentials } from './session-connection.js';
import type { LiveArguments, SessionArguments } from './session-options.js';
import { isAgreed, stakeSentence } from './session-confirmation.js';
import { dashboardPort, sessionDashboard, type SessionDashboard } from './session-dashboard.js';
import { sessionDoor } from './session-door.js';
import { sessionLog } from './session-log.js';
import { keptLimitsText } from './session-limits.js';
import { sessionFile } from './session-names.js';
import { supervisePromotions } from './session-promotions.js';
import { prepareSession, type ModeSettings, type PreparedSession } from './session-setup.js';
import type { SessionSupervisor } from './session-supervisor.js';
import { startDesk } from './start-gate.js';
import { present, say, terminal } from './terminal.js';
import { readConfig } from './config-file.js';
import { overlay, overridesOf } from './run-options.js';
import { explainedVenue } from './venue-failure.js';
import { keepUnwritten, writeUnwritten } from './unwritten-audit.js';
import { requireOwnRecords } from './registry/joined-team.js';
import { registryUrl } from './registry/registry-place.js';
import { workspaceAudit } from './workspace-audit.js';
import { workspaceAt } from './workspace.js';
import type { LiveClock } from '../live/live-clock.js';
import { redactor, type Redactor } from '../live/secrets/redactor.js';
import { Secret } from '../live/secrets/secret.js';
import { noticeOfFact } from '../live/notify/notice-of-fact.js';
import type { Handover } from './watchdog-handover.js';
import { noCoreDumps } from './no-core-dumps.js';
import { notifyKeys } from './notify-keys.js';
import { passphraseOnce } from './passphrase-once.js';
import { sessionCredentials } from './session-credentials.js';
import { sessionNotices } from './session-notices.js';
import { sessionWatchdog, type SessionWatchdog } from './session-watchdog.js';

/** What a session comes to, for people and as JSON. */
export interface SessionSummary extends SessionStatus {
  readonly folder: string;
  readonly log: string;
  readonly facts: number;
  readonly targets: number;
  readonly orders: number;
  readonly fills: number;
  readonly denials: number;
  /** Why it ended. */
  readonly ended: string;
}

/** How long the last notices may take to leave. */
const NOTICES_MS = 5_000;

/** The audit log may take so long at the end, and so may what watches over promotions. */
const AUDIT_MS = 10_000;
const SETTLE_MS = 60_000;

/** A connection, and the secrets that the session's watchdog is to be handed. */
interface Connected {
  readonly connection: Connection;
  readonly handover: Handover;
  readonly promotion: PromotionConfig;
}

const connectFor = async (args: SessionArguments, account: string, live: LiveArguments | null, hide: Redactor): Promise<Connected> => {
  const workspace = workspaceAt(args.workspace);
  const settings = await readConfig(workspace);
  const wanted = overlay(settings.run, overridesOf(args, workspace.root));
  const venue = args.venue ?? 'binanceusdm';
  const passphrase = passphraseOnce();
  let credentials: Credentials | null = null;
  const found = async (given: LiveArguments): Promise<Credentials> =>
    (credentials = await sessionCredentials(given.keys ?? account, venue, hide, given['key-file'], passphrase));
  const connection = await connectSession({
    workspace,
    venue,
    sandbox: live?.sandbox ?? false,
    account,
    symbols: wanted.symbols ?? [],
    credentials: live === null ? null : () => found(live),
    hide: text => hide.add(new Secret(text)),
  });
  const { notify, promotion } = settings;
  return { connection, handover: { credentials, notify, keys: await notifyKeys(notify, hide, passphrase) }, promotion };
};

const counted = () => {
  const counts = { targets: 0, orders: 0, fills: 0, denials: 0 };
  return {
    counts,
    hear: (fact: Fact): void => {
      if (fact.type === 'TargetSet') counts.targets++;
      else if (fact.type === 'OrderSubmitted') counts.orders++;
      else if (fact.type === 'OrderFilled') counts.fills++;
      else if (fact.type === 'IntentDenied') counts.denials++;
    },
  };
};

const summaryText = (summary: SessionSummary): string =>
  [
    `${summary.mode === 'paper' ? 'Paper' : 'Live'} session ${summary.epoch} of account ${summary.account} on ${summary.venue}${summary.practice ? ' (PRACTICE)' : ''} ended: ${summary.ended}.`,
    `Market time ${formatTime(summary.marketTime)}; ${summary.targets} targets, ${summary.orders} orders, ${summary.fills} fills, ${summary.denials} denials.`,
    ...summary.strategies.map(
      each =>
        `${each.name}: equity ${each.equity.toFixed(2)}, realised ${each.realised.toFixed(2)}, fees ${each.fees.toFixed(2)}, funding ${each.funding.toFixed(2)}` +
        `${each.failure === null ? '' : `; FAILED: ${each.failure}`}`,
    ),
    ...(summary.alarms.length > 0 ? [`Alarms: ${summary.alarms.join(', ')}`] : []),
    `Journal ${join(summary.folder, 'journal')}`,
    `Log     ${summary.log}`,
  ].join('\n');

const TIME_OVER = 'its time is over';
const MARKET_OVER = 'the market has ended';

/** A look at what others have made of the promotions waits no longer: alarms of the session wait behind it. */
const LOOK_PATIENCE_MS = 5_000;

/** A day that has ended is judged before the session is over, where nobody waits for that. */
const settled = async (supervisor: SessionSupervisor | null, clock: LiveClock): Promise<void> => {
  if (supervisor === null) return;
  let cancel = (): void => {};
  const late = new Promise<void>(resolve => (cancel = clock.after(SETTLE_MS, resolve)));
  await Promise.race([supervisor.settled(), late]);
  cancel();
};

/** Until somebody stops it, its time is over, the market has ended, or it ends by itself. */
const untilOver = (session: LiveSession, connection: Connection, ms: number | null): Promise<string> =>
  new Promise(resolve => {
    const { signal } = terminal();
    if (signal.aborted) resolve('interrupted');
    signal.addEventListener('abort', () => resolve('interrupted'), { once: true });
    session.onEnd = (code, text) => resolve(`${code}: ${text}`);
    if (ms !== null) connection.clock.after(ms, () => resolve(TIME_OVER));
    void connection.ended.then(() => resolve(MARKET_OVER));
  });

/** Start, unless it is over before it has begun: then what stands in the way is let go of, and a usage error says so. */
const begin = async (session: LiveSession, over: Promise<string>): Promise<void> => {
  const started = session.start();
  const early = await Promise.race([started.then(() => null), over]);
  if (early === null) return;
  await session.stop('operator', early);
  await started.catch(() => {});
  terminal().signal.throwIfAborted();
  throw new UserError(
    'not-begun',
    `The session ended before it had begun: ${early}.`,
    1,
    'Look at its log, and at whether the venue has bars of this timeframe.',
  );
};

/** Its own process that takes orders back should this one hang or die. */
const guardOf = (
  args: LiveArguments,
  account: string,
  { connection, handover }: Connected,
  onLost: (text: string) => void,
): SessionWatchdog | null => {
  if (!args.watchdog) return null;
  const { venue, clock } = connection;
  const options = [
    '--after',
    args['watchdog-after'],
    '--grace',
    args['watchdog-grace'],
    ...(args['flatten-on-halt'] ? ['--flatten'] : []),
    ...(args['max-loss'] === undefined ? [] : ['--max-loss', args['max-loss']]),
  ];
  return sessionWatchdog({ workspace: workspaceAt(args.workspace).root, account, venue, handover, options, clock, onLost });
};

const checkGuard = (live: LiveArguments | null): void => {
  if (live === null) return;
  if (live['max-loss'] !== undefined) parseMaxLoss(live['max-loss']);
  if (live['max-loss'] !== undefined && !live.watchdog)
    throw usageError(
      'no-watchdog',
      '--max-loss is for the watchdog, and --no-watchdog leaves it out.',
      'Give it to the watchdog that is begun by hand.',
    );
  for (const text of [live['watchdog-after'], live['watchdog-grace']]) parseDuration(text);
};

const runSession = async (args: SessionArguments, settings: ModeSettings, live: LiveArguments | null): Promise<void> => {
  const { mode } = settings;
  const account = args.account ?? (mode === 'paper' ? 'paper' : 'main');
  if (!/^[a-zA-Z0-9_-]{1,40}$/.test(account))
    throw usageError('bad-account', `"${account}" is no name for an account.`, 'Use up to 40 letters, digits, dashes and underscores.');
  const duration = args.for === undefined ? null : parseDuration(args.for);
  checkGuard(live);
  const dashboardAt = dashboardPort(args.dashboard);
  const isSealed = live === null || noCoreDumps();
  const hide = redactor();
  const connected = await connectFor(args, account, live, hide);
  const { connection, handover } = connected;
  const workspace = workspaceAt(args.workspace);
  const log = await sessionLog(join(workspace.root, 'live', account, 'session.log'), hide);
  if (!isSealed) log.line('warn', 'a core dump of this process would hold its keys: forbid them', { limit: 'LimitCORE=0' });
  const { venue, practice, clock } = connection;
  const source = { account, venue, mode, practice };
  const notices = sessionNotices({ config: handover.notify, keys: handover.keys, source, clock, redact: hide, log });
  const { counts, hear } = counted();
  let prepared: PreparedSession | null = null;
  const scope = () => ({ account, venue: connection.venue, mode, practice: connection.practice, now: connection.clock.market() });
  const door = sessionDoor(() => prepared?.session ?? null, scope);
  const lock = socketLock(connection.venue, account, door);
  const by = actorName(args);
  const place = { account, venue: connection.venue, practice };
  const closing = new AbortController();
  let audit: SessionAudit | null = null;
  let supervisor: SessionSupervisor | null = null;
  let dashboard: SessionDashboard | null = null;
  try {
    const audited = await workspaceAudit(workspace);
    // What the last session left is written by one: two that begin at once would both.
    await lock.claim();
    const mayTrade = async (): Promise<void> => ((await registryUrl(workspace)) === null ? requireOwnRecords(workspace) : undefined);
    await mayTrade();
    const own = join(workspace.root, 'live', account);
    const late = await writeUnwritten(own, audited);
    if (late > 0) say(`${late} words of the last session, which the audit log did not take then, are in it now.`);
    const { sandbox } = connection;
    const desk = await startDesk({ workspace, log: audited, actor: by, mode, ...place, sandbox, progress: args.progress });
    // Markets are asked for before the session begins: its instruments come from there.
    await connection.transport.open(() => {});
    const made = await prepareSession(args, connection, settings, {
      onFact: fact => {
        hear(fact);
        log.fact(fact);
        audit?.hear(fact);
        supervisor?.handle(fact);
        const notice = noticeOfFact(fact);
        if (notice !== null) notices.post(notice);
        if (fact.type === 'AlarmRaised') say(`ALARM ${fact.code}: ${fact.text}`);
      },
      handler: door,
      lock,
      ...desk,
      admit: async plan => {
        await mayTrade();
        const permit = await desk.admit(plan);
        if (live === null) return permit;
        const stake = stakeOf(live, account, venue, plan, permit);
        requireAgreedLoss(await audited.read(), permit, stake);
        if (practice || sandbox) return permit;
        await confirmReal(live, stake);
        // A person may have thought about it for hours: what was changed or taken back meanwhile does not begin.
        await mayTrade();
        const now = await desk.admit(plan);
        if (!isAgreed(stakeSentence(stake), stakeOf(live, account, venue, plan, now)))
          throw new UserError('not-confirmed', 'More may be traded now than was confirmed.', 4, 'Begin again.');
        return now;
      },
    });
    prepared = made;
    const { session, folder, permit } = made;
    const promotions = permit.promoted.map(({ promotion }) => promotion);
    // What happens on a testnet clears no alarm, and resumes nothing, of the venue itself.
    const told = sandbox ? { ...place, venue: `${venue} sandbox` } : place;
    const auditing = sessionAudit({
      log: audited,
      mode,
      place: told,
      promotions,
      clock,
      keep: waiting => keepUnwritten(own, waiting),
      onFailure: text => {
        log.line('error', 'the audit log takes nothing', { text });
        say(`ALARM audit log: ${text}`);
        notices.post({ subject: 'audit', state: 'failed', level: 'critical', text, ts: clock.market() });
      },
    });
    audit = auditing;
    supervisor = await supervisePromotions({
      workspace,
      made,
      mode,
      place,
      config: connected.promotion,
      clock,
      log: await workspaceAudit(workspace, { patienceMs: LOOK_PATIENCE_MS }),
      audit: auditing,
      parity: parityOfDay({ workspace: workspace.root, account, by, barMs: timeframeMs(made.config.timeframe), signal: closing.signal }),
      onTrouble: text => log.line('error', 'not supervised', { text }),
    });
    const named = { account, venue, mode, practice, sandbox, rehearsal: permit.rehearsal, promotions };
    await writeFileDurably(sessionFile(workspace, account), `${JSON.stringify(named)}\n`);
    const guard =
      live === null
        ? null
        : guardOf(live, account, connected, text => {
            log.line('error', 'the watchdog is gone', { text });
            say(`ALARM watchdog: ${text}`);
            notices.post({ subject: 'watchdog', state: 'gone', level: 'critical', text, ts: clock.market() });
          });
    say(`Reading the journal of ${account}, connecting to ${venue} and warming up.`);
    const over = untilOver(session, connection, duration);
    try {
      await begin(session, over);
    } catch (error) {
      if (error instanceof UserError && error.code === 'account-in-use') guard?.dismiss();
      throw error;
    }
    const health = args['metrics-port'] === undefined ? null : await log.serve(args['metrics-port'], session, scope);
    say(
      `${mode === 'paper' ? 'Paper' : 'Live'} session ${session.epoch} of account ${account} on ${connection.venue}${connection.practice ? ' (PRACTICE)' : ''}: ${made.strategies.map(({ name }) => name).join(', ')}. Ctrl-C ends it.`,
    );
    for (const line of permitText(permit, settlementAsset(made.instruments[0]?.symbol ?? ''))) say(line);
    for (const line of keptLimitsText(account, session.keptLimits)) say(line);
    dashboard =
      dashboardAt === null
        ? null
        : sessionDashboard({
            workspace: workspace.root,
            account,
            port: dashboardAt,
            by,
            clock,
            env: process.env,
            onSaid: text => log.line('warn', 'the dashboard says', { text }),
            onStarted: (url, link) => {
              log.line('info', 'the dashboard is served', { url });
              say(link === null ? `Dashboard ${url}` : `Dashboard ${url}; log in as ${by}, once, within 15 minutes: ${link}`);
            },
            onLost: text => {
              log.line('warn', 'the dashboard is gone', { text });
              say(`WARNING: the dashboard is gone, and the session goes on: ${text}`);
            },
          });
    auditing.add(riskAtStart(await audited.read().catch(() => []), told, session.risk));
    supervisor?.start();
    const ended = await over;
    if (ended === TIME_OVER || ended === MARKET_OVER) await settled(supervisor, clock);
    log.line('info', 'ending', { why: ended, by });
    const status = sessionStatus(session, scope());
    try {
      await session.stop(ended === 'interrupted' ? 'operator' : 'ended', ended);
    } finally {
      audit.ended('ended', ended);
      await guard?.release(session.epoch);
    }
    await made.capture?.close();
    await made.equity.close();
    await health?.close();
    const summary: SessionSummary = { ...status, ...counts, folder, log: log.path, ended };
    present(args, summary, summaryText);
  } catch (error) {
    throw explainedVenue(venue, error);
  } finally {
    await dashboard?.close();
    supervisor?.close();
    closing.abort();
    const unwritten = (await audit?.close(AUDIT_MS)) ?? 0;
    if (unwritten > 0)
      say(
        `WARNING: ${unwritten} words of this session are not in the audit log: it took none. The next session of ${account} writes them.`,
      );
    await lock.release();
    await notices.close(NOTICES_MS);
    connection.close();
    await log.close();
  }
};

/** `quantai paper` */
export const runPaper = (args: SessionArguments): Promise<void> => runSession(args, { mode: 'paper' }, null);

/** `quantai live` */
export const runLive = (args: LiveArguments): Promise<void> => runSession(args, { mode: 'live', live: args }, args);
