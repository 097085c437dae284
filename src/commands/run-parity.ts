import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { openDataset, type Dataset } from '../datasets/catalogue.js';
import { writeFileDurably } from '../durable-file.js';
import { didYouMean, failed, usageError } from '../errors.js';
import { nodeDisk } from '../journal/node-disk.js';
import { readCapture } from '../live/feed/read-capture.js';
import { timeframeMs } from '../market/timeframe.js';
import type { AuditRecord } from '../promotion/audit/audit-record.js';
import { certifyParity } from '../promotion/parity/certify.js';
import type { ParityCertificate } from '../promotion/parity/certificate.js';
import { closingPrice, quotedPrice } from '../promotion/parity/closing-price.js';
import { parityPage } from '../promotion/parity/parity-page.js';
import { formatTime, MINUTE, parseTime } from '../time.js';
import { actorName } from './actor.js';
import { readConfig } from './config-file.js';
import { parityText } from './parity-text.js';
import type { ParityArguments } from './parity.js';
import { startProgress } from './progress.js';
import { hasDepth, ofDataset, ofLeg, replayLeg, type MarketData } from './replay-session.js';
import { sessionLegs, type SessionLeg } from './session-legs.js';
import { tradedStrategies, checkJournal, readSession, type SessionRecord } from './session-record.js';
import { present } from './terminal.js';
import { workspaceAudit } from './workspace-audit.js';
import { workspaceAt, type Workspace } from './workspace.js';

/** A certificate with the files that it is in. */
interface Written extends ParityCertificate {
  readonly file: string;
  readonly page: string;
}

/** What a session recorded of the market, as a dataset that is in memory. */
interface Captured {
  readonly data: MarketData;
  readonly name: string;
  readonly version: string;
}

const readCaptured = async (workspace: Workspace, account: string): Promise<Captured | null> => {
  const name = `live/${account}/capture`;
  const folder = join(workspace.root, name);
  if (!existsSync(folder)) return null;
  const { imported } = await readCapture(nodeDisk(), folder);
  const version = imported[0]?.source.sha256;
  if (version === undefined) return null;
  return {
    name,
    version,
    data: {
      chunks: imported.map(({ series }) => series),
      inputs: imported.map(({ series: { kind, symbol, timeframe, rows, ts }, synthetic }) => ({
        dataset: name,
        version,
        kind,
        symbol,
        ...(timeframe === undefined ? {} : { timeframe }),
        from: ts[0] ?? 0,
        to: ts[rows - 1] ?? 0,
        rows,
        synthetic,
      })),
      synthetic: imported.some(({ synthetic }) => synthetic),
    },
  };
};

/** The promotion that a session traded a strategy as; null for a rehearsal. */
const promotionOf = (records: readonly AuditRecord[], account: string, leg: SessionLeg): string | null => {
  const begun = records.findLast(
    ({ word }) => word.type === 'SessionBegun' && word.account === account && word.manifest === leg.hash && word.epoch === leg.epoch,
  )?.word;
  if (begun?.type !== 'SessionBegun') return null;
  const named = records.find(
    ({ word }) => word.type === 'CandidateNamed' && word.strategy === leg.strategy.name && begun.promotions.includes(word.promotion),
  )?.word;
  return named?.type === 'CandidateNamed' ? named.promotion : null;
};

/** `20250601T000000Z`: a moment as part of a file's name. */
const stamp = (ts: number): string => new Date(ts).toISOString().replace(/[-:]|\.\d+/g, '');

interface Subject {
  readonly account: string;
  readonly record: SessionRecord;
  readonly captured: Captured | null;
  readonly reference: Dataset | null;
  readonly tolerance: ParityCertificate['tolerance'];
  readonly audit: readonly AuditRecord[];
}

const certifyLeg = async (
  subject: Subject,
  leg: SessionLeg,
  window: { readonly from: number; readonly to: number },
): Promise<ParityCertificate> => {
  const { account, record, captured, reference, tolerance, audit } = subject;
  const { manifest, strategy } = leg;
  const { folder, instruments } = record;
  const history = reference === null ? null : await ofDataset(reference, leg);
  const seen = captured === null ? null : ofLeg(leg, captured.data);
  const base = seen ?? history;
  if (base === null)
    throw usageError(
      'no-market-data',
      `The session of ${account} recorded no market data to replay it on.`,
      'Name recorded history with --dataset, or let the next session keep what it receives.',
    );
  for (const [data, name] of [
    [seen, captured?.name],
    [history, reference?.id],
  ] as const)
    if (data !== null && !hasDepth(manifest.config, data))
      throw usageError(
        'missing-depth',
        `${name} has no ${manifest.config.fills.kind === 'book' ? 'order book' : 'trades'}, on which the session’s orders were matched.`,
        seen === data ? 'The session ended before it had received any.' : 'Name a dataset that has them, or leave --dataset out.',
      );
  const replay = await replayLeg(folder, leg, base, instruments);
  const recorded = seen !== null && history !== null ? await replayLeg(folder, leg, history, instruments) : null;
  const { config } = manifest;
  const symbols = [...config.symbols].sort();
  const own = instruments.filter(({ symbol }) => symbols.includes(symbol));
  const opening = new Map(symbols.map((symbol, i) => [symbol, (leg.state?.lots[i] ?? 0) + (leg.state?.lots[i + symbols.length] ?? 0)]));
  return certifyParity({
    account,
    venue: manifest.venue,
    practice: manifest.practice,
    mode: manifest.mode,
    strategy: strategy.name,
    bundle: strategy.bundle,
    promotion: promotionOf(audit, account, leg),
    manifest: leg.hash,
    ...window,
    capture: captured === null ? null : { dataset: captured.name, version: captured.version },
    reference: reference === null ? null : { dataset: reference.id, version: reference.manifest.version },
    tolerance,
    synthetic: base.synthetic || (history?.synthetic ?? false),
    instruments: own,
    barMs: timeframeMs(config.timeframe),
    journal: leg.facts,
    replay,
    recorded,
    opening,
    close: closingPrice(base.chunks, config.timeframe),
    market: manifest.mode === 'paper' ? null : quotedPrice(captured?.data.chunks ?? [], MINUTE),
    assumed: [
      ...(config.fills.kind === 'bars'
        ? [`The backtest fills on bars, ${config.fills.path} inside them, as the session’s configuration says.`]
        : [`The backtest fills on ${config.fills.kind === 'book' ? 'the recorded book' : 'recorded trades and quotes'}.`]),
      ...(leg.state === null
        ? []
        : ['The configuration had changed before: the replay begins with what the strategy held then, warmed up on what came before.']),
    ],
  });
};

const write = async (folder: string, certificate: ParityCertificate): Promise<Written & { readonly sha256: string }> => {
  await mkdir(folder, { recursive: true });
  const name = `${stamp(certificate.from)}-${stamp(certificate.to)}-${certificate.strategy.replace(/[^a-zA-Z0-9_-]/g, '_')}`;
  const file = join(folder, `${name}.json`);
  const page = join(folder, `${name}.html`);
  const text = `${JSON.stringify(certificate, null, 2)}\n`;
  await writeFileDurably(file, text);
  await writeFileDurably(page, parityPage(certificate));
  return { ...certificate, file, page, sha256: createHash('sha256').update(text).digest('hex') };
};

const chosen = (record: SessionRecord, wanted: string | undefined): readonly string[] => {
  const all = tradedStrategies(record);
  if (wanted === undefined) return all;
  if (!all.includes(wanted))
    throw usageError('unknown-strategy', `The account never traded "${wanted}".${didYouMean(wanted, all)}`, `It traded ${all.join(', ')}.`);
  return [wanted];
};

/** A window of whole bars inside a leg; null where they do not meet. */
const windowOf = (leg: SessionLeg, from: number, to: number): { readonly from: number; readonly to: number } | null => {
  const barMs = timeframeMs(leg.manifest.config.timeframe);
  const window = { from: Math.max(leg.from, Math.ceil(from / barMs) * barMs), to: Math.min(leg.to, Math.floor(to / barMs) * barMs) };
  return window.to > window.from ? window : null;
};

/** Certify what an account's strategies did. Every stretch of one configuration has a certificate of its own. Throws exit code 1 when one is not within tolerance, after everything was written, recorded and printed. */
export const runParity = async (args: ParityArguments): Promise<void> => {
  const { account } = args;
  const workspace = workspaceAt(args.workspace);
  const folder = join(workspace.root, 'live', account);
  if (!existsSync(join(folder, 'journal')))
    throw usageError('no-session', `Account ${account} has no journal in this workspace.`, 'Its sessions are listed by: quantai status');
  const checked = await checkJournal(folder);
  if (!checked.ok) throw failed('journal-damaged', `The journal of ${account} is damaged: ${checked.fault}.`, 'See docs/live-journal.md.');
  const record = await readSession(folder);
  const [from, to] = [args.from === undefined ? -Infinity : parseTime(args.from), args.to === undefined ? Infinity : parseTime(args.to)];
  const legs = chosen(record, args.strategy).flatMap(name =>
    sessionLegs(record, name).flatMap(leg => {
      const window = windowOf(leg, from, to);
      return window === null ? [] : [{ leg, window }];
    }),
  );
  if (legs.length === 0)
    throw usageError(
      'nothing-to-compare',
      `Account ${account} has no whole bars to compare${args.from === undefined && args.to === undefined ? '' : ' in this window'}.`,
      'A session is compared up to the bar before its last.',
    );
  const { promotion } = await readConfig(workspace);
  const log = await workspaceAudit(workspace);
  const subject: Subject = {
    account,
    record,
    captured: await readCaptured(workspace, account),
    reference: args.dataset === undefined ? null : await openDataset(workspace.root, args.dataset),
    tolerance: { bps: promotion.live.parityBps, unexplained: promotion.live.unexplained },
    audit: await log.read(),
  };
  const progress = await startProgress(args, 'Replaying', legs.length, 'replays');
  const certificates: Written[] = [];
  for (const { leg, window } of legs) {
    const { sha256, ...written } = await write(
      args.out === undefined ? join(folder, 'parity') : resolve(args.out),
      await certifyLeg(subject, leg, window),
    );
    const { venue, practice, strategy, passed, sentence } = written;
    await log.append(actorName(args), [
      {
        type: 'ParityCertified',
        account,
        venue,
        practice,
        promotion: written.promotion,
        strategy,
        from: window.from,
        to: window.to,
        certificate: sha256,
        passed,
        sentence,
      },
    ]);
    certificates.push(written);
    progress.update(certificates.length);
  }
  progress.stop();
  present(args, { certificates }, parityText);
  const apart = certificates.filter(({ passed }) => !passed);
  if (apart.length > 0)
    throw failed(
      'parity-breach',
      `${apart.map(({ strategy, from: start }) => `${strategy} from ${formatTime(start)}`).join(', ')}: session and backtest are not within tolerance.`,
      `Read ${apart[0]!.page}.`,
    );
};
