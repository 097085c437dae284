import { usageError } from '../../errors.js';
import { pause } from '../live-clock.js';
import { VenueFailure } from '../venue-transport.js';
import type { BrokerCore } from './broker-core.js';
import { openRecords } from './broker-state.js';
import { sampled, type ClockOffset } from './clock-offset.js';
import { marketRules } from './market-rules.js';
import type { OrderDesk } from './order-desk.js';
import { disowned } from './ownership.js';
import { PRIORITY } from './request-budget.js';

/** Load the markets' rules. Rejects when the venue does not answer. */
export const loadMarkets = async (core: BrokerCore): Promise<void> => {
  const markets = await core.budget.request(PRIORITY.poll, 1, () => core.ports.transport.markets());
  const halted: string[] = [];
  for (const market of markets) {
    const { symbol, tickSize, lotSize } = market.instrument;
    if (!core.unitsOf(symbol)) continue;
    if (
      core.config.defences.validateNumbers &&
      (!(tickSize > 0) || !(lotSize > 0) || !Number.isFinite(tickSize) || !Number.isFinite(lotSize))
    ) {
      void core.record([
        {
          type: 'DataQuarantined',
          ts: core.now(),
          channel: 'requests',
          symbol,
          code: 'bad-market',
          text: `tick ${tickSize}, lot ${lotSize}`,
        },
      ]);
      continue;
    }
    core.rules.set(symbol, marketRules(market));
    if (!market.trading) halted.push(symbol);
  }
  const known = new Set(markets.map(({ instrument }) => instrument.symbol));
  for (const { symbol } of core.instruments) if (markets.length > 0 && !known.has(symbol)) halted.push(symbol);
  core.alarm('not-trading', halted.length > 0, `not traded at the venue now: ${halted.join(', ')}`);
};

/** Ask for the venue's clock. */
export const askClock = async ({ budget, ports: { transport, clock } }: BrokerCore): Promise<ClockOffset> => {
  let asked = 0;
  const server = await budget.request(PRIORITY.query, 1, () => {
    asked = clock.wall();
    return transport.serverTime();
  });
  return sampled(server, asked, clock.wall(), clock.monotonic());
};

/** Ask until there is an answer, for a while. Refusals of the key and of the request are the caller's to explain. */
const insist = async <T>(core: BrokerCore, what: string, ask: () => Promise<T>): Promise<T> => {
  const { clock } = core.ports;
  const began = clock.monotonic();
  for (let wait = core.config.queryMs; ; wait = Math.min(wait * 2, core.config.queryMaxMs)) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof VenueFailure) || error.kind === 'refused' || error.kind === 'absent') throw error;
      if (error.kind === 'unauthorised')
        throw usageError(
          'key-refused',
          'The venue does not take the key of this account.',
          'Check the key, its permissions and its list of addresses.',
        );
      if (core.isFenced) throw usageError('fenced', 'Another session trades this account.', 'Stop it, or use another account.');
      if (clock.monotonic() - began > core.config.openBoundMs)
        throw usageError(
          'venue-unreachable',
          `The venue did not answer in time (${what}: ${error.code}).`,
          'Try again when it does; nothing was concluded and nothing was sent.',
        );
    }
    await pause(clock, wait);
  }
};

const permissions = async (core: BrokerCore): Promise<void> => {
  const { transport } = core.ports;
  const may = await insist(core, 'permissions', () => core.budget.request(PRIORITY.poll, 1, () => transport.permissions()));
  if (may === null) return;
  if (may.withdraw && !core.config.allowWithdrawKey)
    throw usageError('key-may-withdraw', 'The key of this account may withdraw.', 'Make a key that may trade and nothing else.');
  if (!may.trade) throw usageError('key-may-not-trade', 'The key of this account may not trade.', 'Let it trade, or use another key.');
  core.alarm('key-unrestricted', !may.ipRestricted, 'the key works from any address: restrict it to yours at the venue');
};

const settings = async (core: BrokerCore): Promise<void> => {
  const { config, state, budget } = core;
  const { transport } = core.ports;
  if (core.instruments.every(({ kind }) => kind === 'spot')) return;
  const ask = <T>(what: string, send: () => Promise<T>): Promise<T> => insist(core, what, () => budget.request(PRIORITY.poll, 5, send));
  const set = (what: string, send: () => Promise<void>): Promise<void> =>
    insist(core, what, () => budget.request(PRIORITY.poll, 5, send, () => disowned(core, false)));
  if ((await ask('position mode', () => transport.positionMode())) !== state.hedge)
    try {
      await set('position mode', () => transport.setPositionMode(state.hedge));
    } catch (error) {
      if (!(error instanceof VenueFailure)) throw error;
      throw usageError(
        'position-mode',
        `The account is ${state.hedge ? 'not ' : ''}in hedge mode and the venue will not change it (${error.code}).`,
        'Close positions and orders at the venue, or change the mode there.',
      );
    }
  const positions = await ask('positions', () => transport.positions());
  for (const { symbol } of core.instruments) {
    const now = positions.find(p => p.symbol === symbol);
    if (config.marginMode !== null && now?.marginMode !== config.marginMode) {
      const { marginMode } = config;
      await tolerant(core, `margin mode of ${symbol}`, () => set('margin mode', () => transport.setMarginMode(symbol, marginMode)));
    }
    if (config.leverage !== null && now?.leverage !== config.leverage) {
      const { leverage } = config;
      await tolerant(core, `leverage of ${symbol}`, () => set('leverage', () => transport.setLeverage(symbol, leverage)));
    }
  }
};

const tolerant = async (core: BrokerCore, what: string, set: () => Promise<void>): Promise<void> => {
  try {
    await set();
  } catch (error) {
    if (!(error instanceof VenueFailure)) throw error;
    core.alarm('margin-settings', true, `the venue does not change the ${what} (${error.code})`);
  }
};

/** Everything that must be known before a strategy may begin. */
export const startUp = async (
  core: BrokerCore,
  desk: OrderDesk,
  compare: (cause: string) => Promise<number>,
  onClock: (offset: ClockOffset) => void,
): Promise<void> => {
  await permissions(core);
  onClock(await insist(core, 'clock', () => askClock(core)));
  await insist(core, 'markets', () => loadMarkets(core));
  const unknown = core.instruments.filter(({ symbol }) => !core.rules.has(symbol)).map(({ symbol }) => symbol);
  if (unknown.length > 0)
    throw usageError('unknown-symbol', `The venue does not trade ${unknown.join(', ')}.`, 'Take symbols that it trades.');
  await settings(core);
  core.ports.transport.listen();
  // Written and never sent: the last session ended between the two.
  for (const record of openRecords(core.state))
    if (record.status === 'approved')
      core.say(record.strategy, {
        type: 'OrderRejected',
        ts: core.now(),
        orderId: record.ticket.orderId,
        symbol: record.ticket.symbol,
        code: 'not-sent',
      });
  const doubtful = openRecords(core.state).filter(record => record.status === 'submitted' || record.status === 'unknown');
  await Promise.all(doubtful.map(record => desk.resolve(record)));
  await insist(core, 'the account', () => compare('start'));
  for (const record of openRecords(core.state)) if (record.cancelRequested) void desk.cancel(record);
};
