import { join } from 'node:path';
import { failed, UserError, usageError } from '../errors.js';
import type { Fact } from '../events/fact.js';
import type { LiveSession } from '../live/session/live-session.js';
import { isPlaceHeld } from '../live/session/socket-lock.js';
import { redactor } from '../live/secrets/redactor.js';
import { Secret } from '../live/secrets/secret.js';
import { takeBack } from '../live/watchdog/take-back.js';
import type { VenueMarket } from '../live/venue-transport.js';
import { settlementAsset } from '../market/instrument.js';
import { timeframeMs } from '../market/timeframe.js';
import { units } from '../market/units.js';
import type { AuditedPlace } from '../promotion/audit/audit-record.js';
import { runConfig } from '../sim/run-defaults.js';
import { parseDuration } from '../time.js';
import { actorName } from './actor.js';
import { readConfig } from './config-file.js';
import { mortalTransport } from './mortal-transport.js';
import { passphraseOnce } from './passphrase-once.js';
import { rehearsalSession } from './rehearsal-session.js';
import { rehearsalStrategy } from './rehearsal-strategy.js';
import { leftBehind, openAtVenue, rehearseDeadMan, rehearseKillSwitch, type Rehearsal, type RehearsalStage } from './rehearsals.js';
import type { RehearseArguments } from './rehearse.js';
import { tellSession } from '../live/session/tell-session.js';
import { sessionConfig, sessionWishes } from './session-config.js';
import { connectSession, type Connection } from './session-connection.js';
import { sessionCredentials } from './session-credentials.js';
import { sessionDoor } from './session-door.js';
import { bookedInstruments, chosenInstruments } from './session-setup.js';
import { present, say } from './terminal.js';
import { typedSentence } from './typed-sentence.js';
import { explainedVenue } from './venue-failure.js';
import { workspaceAudit } from './workspace-audit.js';
import { workspaceAt } from './workspace.js';

/** How far below the market the order rests: nobody trades there, and no venue's price band forbids it. */
const DISTANCE = 0.04;
/** An order is placed with the next bar. */
const PLACED_MS = 180_000;
/** An order a little larger than the smallest is the smallest still when the price has moved. */
const ROOM = 1.02;

const confirmed = async (args: RehearseArguments, venue: string): Promise<void> => {
  const wanted = `rehearse with ${args.account} at ${venue}`;
  const ask = `This places a real order with account ${args.account} at ${venue}, the smallest there is, far from the market, and takes it back.`;
  const typed = await typedSentence(args.confirm, wanted, ask);
  if (typed.trim() !== wanted)
    throw new UserError('not-confirmed', `${ask} That was another sentence: nothing was sent.`, 4, `It is: ${wanted}`);
};

/** The smallest quantity that the venue takes at a price. */
const smallest =
  ({ instrument, minQuantity }: VenueMarket) =>
  (limit: number): number => {
    const { lotSize, minNotional } = instrument;
    const wanted = Math.max(minQuantity, lotSize, (minNotional * ROOM) / limit);
    const u = units(instrument);
    return u.quantity(Math.ceil(wanted / lotSize - 1e-9));
  };

/** What the account's orders do, for who waits for one of them. */
const orderWatch = () => {
  let settle: { readonly resolve: (orderId: string) => void; readonly reject: (error: Error) => void } | null = null;
  let hasFilled = false;
  const isOurs = (fact: Fact): boolean => fact.strategy === 'rehearsal';
  return {
    hasFilled: (): boolean => hasFilled,
    hear: (fact: Fact): void => {
      if (!isOurs(fact)) return;
      hasFilled ||= fact.type === 'OrderFilled';
      if (fact.type === 'OrderAccepted') settle?.resolve(fact.orderId);
      else if (fact.type === 'OrderRejected') settle?.reject(new Error(`it was rejected as ${fact.code}`));
      else if (fact.type === 'IntentDenied') settle?.reject(new Error(`it was refused here as ${fact.code}`));
    },
    next: (): Promise<string> => new Promise((resolve, reject) => (settle = { resolve, reject })),
  };
};

const resultText = ({ account, venue, results }: { account: string; venue: string; results: readonly Rehearsal[] }): string =>
  [
    `Rehearsed with ${account} at ${venue}:`,
    ...results.map(
      ({ what, passed, text }) => `  ${what === 'kill-switch' ? 'Kill switch' : 'Dead man   '}  ${passed ? 'passed' : 'FAILED'}  ${text}`,
    ),
  ].join('\n');

/** Put the session together and begin it. */
const staged = async (args: RehearseArguments, connection: Connection, symbol: string, deadManMs: number) => {
  const workspace = workspaceAt(args.workspace);
  const file = await readConfig(workspace);
  const folder = join(workspace.root, 'live', args.account);
  const { clock, transport, shortest } = connection;
  const markets = await transport.markets();
  const [instrument] = await chosenInstruments(transport, [symbol]);
  const market = markets.find(each => each.instrument.symbol === symbol);
  if (instrument === undefined || market === undefined) throw usageError('unknown-symbol', `${transport.venue} has no market ${symbol}.`);
  const { all: booked, keep } = await bookedInstruments(folder, [instrument]);
  const [[, , , , close] = []] = await transport.history.bars(
    symbol,
    shortest,
    clock.market() - 3 * timeframeMs(shortest),
    clock.market(),
    3,
  );
  if (!(close !== undefined && close > 0)) throw failed('no-price', `${transport.venue} has no price of ${symbol} now.`);
  const quantityAt = smallest(market);
  const value = quantityAt(close) * close;
  const asset = settlementAsset(symbol);
  const wallet = (await transport.balances()).find(balance => balance.asset === asset)?.wallet ?? 0;
  const capital = Math.ceil(2 * value);
  if (wallet < value)
    throw usageError(
      'no-money',
      `The smallest order is worth ${value.toFixed(2)} ${asset}, and the account holds ${wallet}.`,
      'Name a smaller --symbol.',
    );
  await keep();
  const wishes = sessionWishes({ ...file.run, symbols: [symbol], timeframe: shortest }, {}, workspace.root);
  const { risk } = runConfig({ exchange: connection.preset, symbols: [symbol], timeframe: shortest, from: 0, to: 1 });
  const config = { ...sessionConfig(wishes, connection.preset), risk, funding: { kind: 'none' as const }, capital };
  const hedge = config.margin?.positions === 'hedge';
  const { strategy, place } = rehearsalStrategy({ symbol, distance: DISTANCE, quantityAt, hedge });
  const mortal = mortalTransport(transport);
  const watch = orderWatch();
  const scope = () => ({
    account: args.account,
    venue: connection.venue,
    mode: 'live' as const,
    practice: connection.practice,
    now: clock.market(),
  });
  let made: LiveSession | null = null;
  const session = await rehearsalSession({
    connection,
    folder,
    transport: mortal.transport,
    strategy,
    config,
    instrument: booked.find(each => each.symbol === symbol) ?? instrument,
    booked,
    deadManMs,
    handler: sessionDoor(() => made, scope),
    onFact: watch.hear,
  });
  made = session;
  const placed = (): Promise<string> => {
    const next = watch.next();
    place();
    let cancel = (): void => {};
    const late = new Promise<never>((_, reject) => {
      cancel = clock.after(PLACED_MS, () => reject(new Error('no bar closed in time')));
    });
    return Promise.race([next, late]).finally(cancel);
  };
  return { session, mortal, placed, hasFilled: watch.hasFilled };
};

/** `quantai rehearse` */
export const runRehearse = async (args: RehearseArguments): Promise<void> => {
  const workspace = workspaceAt(args.workspace);
  const { account } = args;
  const venue = args.venue ?? 'binanceusdm';
  const timerMs = parseDuration(args.timer);
  const file = await readConfig(workspace);
  const symbol = args.symbol ?? file.run.symbols?.[0];
  if (symbol === undefined) throw usageError('which-symbol', 'No symbol is named.', 'Say --symbol BTC/USDT:USDT.');
  if (venue !== 'practice' && !args.sandbox) await confirmed(args, venue);
  const hide = redactor();
  const passphrase = passphraseOnce();
  const connect = (): Promise<Connection> =>
    connectSession({
      workspace,
      venue,
      sandbox: args.sandbox,
      account,
      symbols: [symbol],
      credentials: () => sessionCredentials(args.keys ?? account, venue, hide, args['key-file'], passphrase),
      hide: text => hide.add(new Secret(text)),
    });
  const connection = await connect();
  const asked = await connect();
  const place: AuditedPlace = { account, venue: connection.venue, practice: connection.practice };
  const by = actorName(args);
  try {
    if (await isPlaceHeld(connection.venue, account))
      throw usageError(
        'account-in-use',
        `A session of this host trades account ${account} on ${connection.venue}.`,
        'Stop it first: quantai halt --stop.',
      );
    await Promise.all([connection.transport.open(() => {}), asked.transport.open(() => {})]);
    const asking = asked.transport;
    const { clock } = connection;
    const before = await openAtVenue(asking);
    if (before === null) throw failed('venue-unreachable', 'The venue did not say which orders are open.', 'Try again when it does.');
    if (before.length > 0)
      throw usageError(
        'orders-open',
        `Account ${account} has ${before.length} orders of ours at the venue, which a rehearsal would take back.`,
        'Rehearse before it trades, or take them back first.',
      );
    const { session, mortal, placed, hasFilled } = await staged(args, connection, symbol, timerMs);
    const letGo = (): void => connection.acknowledge(clock.market() + timeframeMs(connection.shortest));
    const because = (): string | null => (session.readiness.ready ? null : session.readiness.text);
    const stage: RehearsalStage = { symbol, because, letGo, asking, clock, place: placed, hasFilled };
    const log = await workspaceAudit(workspace);
    const results: Rehearsal[] = [];
    const record = async (result: Rehearsal): Promise<void> => {
      results.push(result);
      say(`${result.what} ${result.passed ? 'passed' : 'FAILED'}: ${result.text}`);
      await log.append(by, [{ type: 'Rehearsed', sandbox: args.sandbox, ...result, ...place }]);
    };
    say(`Reading the journal of ${account}, connecting to ${venue} and warming up.`);
    await session.start();
    try {
      if (session.risk !== 'ACTIVE')
        throw usageError(
          'account-halted',
          `Account ${account} is ${session.risk}.`,
          'Resume it in a session first: quantai halt --resume --reason "why".',
        );
      const request = { ask: 'command', command: 'halt', by, reason: 'rehearsal', flatten: false } as const;
      await record(await rehearseKillSwitch(stage, () => tellSession(account, connection.venue, request)));
      await session.command('resume', by, 'the rehearsal goes on');
      await record(await rehearseDeadMan(stage, mortal, timerMs));
    } finally {
      await session.stop('ended', 'the rehearsal is over').catch(() => undefined);
      // Whatever came of it, nothing of it stays at the venue, and no timer runs on.
      const ports = { transport: asking, clock, log: () => {}, nextClientId: () => '' };
      const began = clock.monotonic();
      await takeBack(ports, { all: false, flatten: false }, () => clock.monotonic() - began > PLACED_MS);
      await asking.cancelAllAfter(symbol, 0).catch(() => false);
      const left = await leftBehind(asking);
      if (left !== null) say(`WARNING: ${left} Look there yourself.`);
    }
    present(args, { ...place, results }, resultText);
    const bad = results.filter(({ passed }) => !passed);
    if (bad.length > 0)
      throw failed(
        'rehearsal-failed',
        `${bad.map(({ what }) => what).join(' and ')} failed at ${venue}.`,
        'Do not trade there before it works.',
      );
  } catch (error) {
    throw explainedVenue(venue, error);
  } finally {
    await Promise.allSettled([connection.transport.close(), asked.transport.close()]);
    connection.close();
    asked.close();
  }
};
