import type { Symbol } from '../../market/instrument.js';
import type { BrokerCore } from './broker-core.js';

/** A look that comes so much later than two ticks, ms, means that the process stood still. */
const STOOD_STILL_MS = 500;

/** Notices that nobody knows how the account stands. */
export interface SilenceWatch {
  /** At each tick, with the symbols that have something at stake. */
  look(atStake: readonly Symbol[]): void;
}

/**
 * Where something is at stake and the venue has answered nothing for longer than a position may be without protection, fills and lost stops go unseen: the account is halted. A process that stood still asks
 * first. `answeredAt`: monotonic time of the venue's last answer about a symbol; `askAll`: everything is to be asked for at once.
 */
export const silenceWatch = (core: BrokerCore, answeredAt: (symbol: Symbol) => number, askAll: () => void): SilenceWatch => {
  const { config, ports } = core;
  const { clock } = ports;
  /** Monotonic time from which on each symbol has had something at stake, or the process has been awake. */
  const since = new Map<Symbol, number>();
  let lookedAt = NaN;

  return {
    look: atStake => {
      const now = clock.monotonic();
      const stoodStill = now - lookedAt > 2 * config.tickMs + STOOD_STILL_MS;
      lookedAt = now;
      if (stoodStill) askAll();
      for (const symbol of since.keys()) if (!atStake.includes(symbol)) since.delete(symbol);
      if (!config.defences.pollExecutions || !config.defences.catastropheStop || !config.catastrophe.enabled) return;
      for (const symbol of atStake) {
        if (stoodStill || !since.has(symbol)) since.set(symbol, now);
        const silentFor = now - Math.max(answeredAt(symbol), since.get(symbol) ?? now);
        const isSilent = silentFor > config.executionsMs + config.protectBoundMs;
        const text = `the venue has said nothing of ${symbol} for ${Math.round(silentFor)} ms: whether its position is protected is not known`;
        core.alarm(`unverified ${symbol}`, isSilent, text, 'critical');
        if (isSilent && !core.isHalted) ports.halt('unverified', text);
      }
    },
  };
};
