import type { AccountView } from '../../api/accounts-api.js';
import { RiskBadge } from '../parts/badge.js';
import { count, money, percent } from '../parts/figures.js';
import { Tile, Tiles } from '../parts/tile.js';
import { toneOf } from '../parts/tone.js';

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);

/** Am I making money, at what risk, and is everything all right? */
export const AccountTiles = ({ account: it }: { readonly account: AccountView }) => {
  // Without a price of every position there is no sum, and certainly not 0.
  const unrealised = it.positions.some(each => each.unrealised === null) ? null : sum(it.positions.map(each => each.unrealised ?? 0));
  const start = it.equity === null || it.today === null ? null : it.equity - it.today;
  const critical = it.alarms.filter(alarm => alarm.critical).length;
  return (
    <Tiles>
      <Tile
        label={`Equity, ${it.asset}`}
        value={money(it.equity)}
        title="Realised are price differences of what was closed, before fees and funding"
        delta={`${money(sum(it.strategies.map(each => each.realised)), true)} realised`}
      />
      <Tile
        label="PnL today"
        title="Since the UTC day of market time began, without money that was moved"
        tone={toneOf(it.today)}
        value={money(it.today, true)}
        delta={start === null || it.today === null || start <= 0 ? undefined : percent(it.today / start, 2, true)}
      />
      <Tile
        label="Open PnL"
        tone={toneOf(unrealised)}
        value={money(unrealised, true)}
        delta={`${count(it.positions.length)} ${it.positions.length === 1 ? 'position' : 'positions'}`}
      />
      <Tile
        label="Net exposure"
        title="Net notional ÷ equity"
        value={percent(it.exposure, 1, true)}
        delta={`gross ${percent(it.gross, 1)}`}
      />
      <Tile
        label="Drawdown"
        title="Equity below its highest mark, as a fraction of it. Resuming begins a new peak, and moved money moves the peak along"
        tone={it.drawdown !== null && it.drawdown < 0 ? 'loss' : 'neutral'}
        value={percent(it.drawdown, 2)}
        delta={`fees ${money(sum(it.strategies.map(each => each.fees)))}`}
      />
      <Tile
        label="State"
        tone={it.risk === 'HALTED' ? 'alarm' : it.risk === 'REDUCING' ? 'warn' : 'neutral'}
        value={it.running ? <RiskBadge risk={it.risk} /> : 'Stopped'}
        delta={
          critical > 0
            ? `${count(critical)} critical ${critical === 1 ? 'alarm' : 'alarms'}`
            : it.running
              ? it.ready
                ? 'ready to trade'
                : (it.because ?? 'not ready')
              : (it.notice ?? 'no session')
        }
        title={it.because ?? undefined}
      />
    </Tiles>
  );
};
