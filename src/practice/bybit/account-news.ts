import type { PracticeEvent, PracticeOrder } from '../practice-exchange.js';
import type { Desk } from './desk.js';
import { executionFee } from './execution-fee.js';
import { executionShape } from './execution-shape.js';
import { fundingShape } from './funding-trail.js';
import { positionsIn } from './held-positions.js';
import { orderMessage } from './order-shape.js';
import { positionMessage } from './position-shape.js';
import type { PrivateStream } from './private-stream.js';
import { walletShape } from './wallet-shape.js';

/** Tells accounts on the private stream what happens to them. An order is told before its execution: they come by different ways there, in any order. */
export const accountNews = (desk: Omit<Desk, 'turnedAway'>, stream: PrivateStream) => {
  const { exchange, forms, fundingTrail, now } = desk;
  const tellOrder = (account: string, order: PracticeOrder, triggered: boolean): void => {
    if (!stream.isHeard(account)) return;
    const form = forms.bySymbol(order.symbol);
    stream.tell(account, 'order', [orderMessage(order, form, executionFee(exchange, account, order), triggered)]);
  };
  const onAccount = ({ account, reason, symbol, change }: Extract<PracticeEvent, { event: 'account' }>): void => {
    const form = symbol === null ? null : forms.bySymbol(symbol);
    const positions = form === null ? [] : positionsIn(exchange, account, form);
    if (reason === 'FUNDING_FEE' && form !== null) {
      const quantity = positions.reduce((sum, position) => sum + position.quantity, 0);
      const row = fundingTrail.add(account, {
        symbol: form.symbol,
        ts: now(),
        quantity,
        mark: exchange.markPrice(form.symbol),
        amount: change,
      });
      stream.tell(account, 'execution', [{ category: 'linear', ...fundingShape(row, form) }]);
    }
    if (!stream.isHeard(account)) return;
    if (form !== null)
      stream.tell(
        account,
        'position',
        positions.map(position => positionMessage(position, form, now())),
      );
    stream.tell(account, 'wallet', [walletShape(exchange.balances(account), exchange.positions(account))]);
  };
  return {
    tellOrder,
    hear: (event: PracticeEvent): void => {
      switch (event.event) {
        case 'order': {
          const { account, order, execution, change } = event;
          tellOrder(account, order, change === 'triggered');
          if (execution !== null && stream.isHeard(account))
            stream.tell(account, 'execution', [{ category: 'linear', ...executionShape(execution, order, forms.bySymbol(order.symbol)) }]);
          return;
        }
        case 'account':
          onAccount(event);
          return;
        case 'settings': {
          const { account, symbol } = event;
          const form = forms.bySymbol(symbol);
          if (stream.isHeard(account))
            stream.tell(
              account,
              'position',
              positionsIn(exchange, account, form).map(position => positionMessage(position, form, now())),
            );
          return;
        }
        case 'market':
          return;
      }
    },
  };
};
