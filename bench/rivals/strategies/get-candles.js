// sma-cross 20/50 for @backtest/framework as its documentation writes strategies: the closes come from getCandles, which looks for the current candle from the first one on.
const mean = values => values.reduce((sum, x) => sum + x, 0) / values.length;
let seen = 0;

export const startCallback = async () => {
  seen = 0;
};

export const runStrategy = async ({ getCandles, orderBook, buy, sell }) => {
  if (++seen < 50) return;
  const closes = await getCandles('close', 50, 0);
  const isUp = mean(closes.slice(-20)) > mean(closes);
  if (isUp && !orderBook.bought) await buy();
  else if (!isUp && orderBook.bought) await sell();
};
