type Words = Readonly<Record<string, unknown>>;

/** A fact of the fake session as a sentence, as the real server writes them. */
export const factText = (type: string, payload: unknown): string => {
  const f = payload as Words & { readonly ticket?: Words };
  const t = f.ticket ?? {};
  switch (type) {
    case 'TargetSet':
      return `A target of ${String(f['exposure'])} × equity in ${String(f['symbol'])} (“${String(f['reason'])}”).`;
    case 'OrderApproved':
      return `Order ${String(t['orderId'])} passed the risk gate: ${String(t['side'])} ${Number(t['lots']) / 1000} ${String(t['symbol'])}, market, gtc.`;
    case 'OrderSubmitted':
      return `Order ${String(f['orderId'])} left for the venue.`;
    case 'OrderAccepted':
      return `The venue has order ${String(f['orderId'])}.`;
    case 'OrderFilled':
      return `${f['side'] === 'buy' ? 'Bought' : 'Sold'} ${String(f['quantity'])} ${String(f['symbol'])} at ${String(f['price'])} as ${String(f['liquidity'])} (order ${String(f['orderId'])}).`;
    case 'IntentDenied':
      return `Refused (${String(f['code'])}): ${String(f['text'])}.`;
    case 'FundingSettled':
      return `Funding of ${String(f['amount'])} on ${String(f['symbol'])} at a rate of ${String(f['rate'])}.`;
    case 'OperatorCommanded':
      return `${String(f['by'])} said ${String(f['command'])}${f['reason'] === '' ? '' : ` (“${String(f['reason'])}”)`}.`;
    default:
      return `${type}.`;
  }
};

/** ms after the decision at which such a fact happens. */
export const FACT_LAG: Readonly<Record<string, number>> = { OrderSubmitted: 2, OrderAccepted: 40, OrderFilled: 57 };
