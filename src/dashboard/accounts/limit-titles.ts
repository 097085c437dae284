/** What each limit is called on a page, by its name in `quantai limits --set`. */
const TITLES: Readonly<Record<string, string>> = {
  maxOrderNotional: 'Value of one order',
  maxLeverage: 'Leverage, gross notional ÷ equity',
  maxExposure: 'Exposure in one symbol ÷ equity',
  priceCollar: 'Limit price away from the last',
  maxDrawdown: 'Drawdown from the peak',
  maxPosition: 'Position in one symbol',
  maxGross: 'Gross notional',
  maxNet: 'Net exposure ÷ equity',
  maxConcentration: 'Share of one symbol in the gross',
  concentrationFrom: 'Concentration counts from, ÷ equity',
  maxCorrelated: 'Symbols that move together ÷ equity',
  correlationAt: 'Correlation that counts as together',
  correlationWindow: 'Correlation looks back',
  maxOrderRate: 'Orders, amendments and cancels in the window',
  rateWindow: 'Window of the order rate',
  maxOpenOrders: 'Orders at work',
  maxDailyLoss: 'Loss of the UTC day',
  dailyLossHalts: 'Daily loss halts',
  pauseAfterLosses: 'Losing round trips in a row',
  lossPause: 'Pause after losses',
  maxVolatility: 'Volatility per year',
  volatilityWindow: 'Volatility looks back',
  maxSpread: 'Spread',
  maxDataAge: 'Age of the latest price',
  minMarginDistance: 'Room before liquidation, at least',
  haltFlattens: 'A halt by loss closes positions',
};

/** The title of a limit; its name where it has none. */
export const limitTitle = (name: string): string => TITLES[name] ?? name;
