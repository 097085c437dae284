// sma-cross 20/50 for @backtest/framework, which reads strategies from files. It keeps its own sums: the cheapest way there is.
let closes = [];
let [fast, slow] = [0, 0];

export const startCallback = async () => {
  closes = [];
  [fast, slow] = [0, 0];
};

export const runStrategy = async ({ currentCandle: { close }, orderBook, buy, sell }) => {
  const n = closes.push(close);
  fast += close - (n > 20 ? closes[n - 21] : 0);
  slow += close - (n > 50 ? closes[n - 51] : 0);
  if (n < 50) return;
  const isUp = fast / 20 > slow / 50;
  if (isUp && !orderBook.bought) await buy();
  else if (!isUp && orderBook.bought) await sell();
};
