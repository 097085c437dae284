import type { z } from 'zod';
import { usageError } from '../../errors.js';
import type { PromotionChange } from '../api/promotion-api.js';
import { strategyReference } from './strategy-reference.js';

type Change = z.output<typeof PromotionChange>;

/** A change of a promotion as words of the command line. Never the passphrase, which goes another way. */
export const promotionWords = (workspace: string, body: Change): readonly string[] => {
  const words = ['promote', strategyReference(workspace, body.strategy)];
  const confirmed = 'confirm' in body && body.confirm !== undefined ? [`--confirm=${body.confirm}`] : [];
  switch (body.change) {
    case 'paper': {
      if (body.symbols.some(symbol => symbol.includes(',')))
        throw usageError('bad-name', 'A symbol has no comma.', 'Give the symbols one by one.');
      const symbols = body.symbols.length === 0 ? [] : [`--symbols=${body.symbols.join(',')}`];
      const timeframe = body.timeframe === undefined ? [] : [`--timeframe=${body.timeframe}`];
      return [...words, '--to=paper', `--run=${body.run}`, `--account=${body.account}`, `--venue=${body.venue}`, ...symbols, ...timeframe];
    }
    case 'live':
      return [...words, '--to=live', `--account=${body.account}`, `--venue=${body.venue}`, `--size=${body.size}`, ...confirmed];
    case 'ramp':
      return [...words, '--ramp', ...confirmed];
    case 'demote':
    case 'retire':
      return [...words, `--${body.change}`, `--reason=${body.reason}`];
  }
};
