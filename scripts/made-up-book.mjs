// A made-up order book with trades, the same every time: `writeMadeUpBook(folder)` writes book.csv and trades.csv as venues' recordings look.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const START = Date.UTC(2024, 0, 1);
const SECONDS = 120;

/** Park and Miller's generator: whole numbers below 2^31, the same on every machine. */
const draws = seed => {
  let state = seed;
  return n => {
    state = (state * 48271) % 2147483647;
    return state % n;
  };
};

export const writeMadeUpBook = folder => {
  const draw = draws(20240101);
  const book = ['ts,kind,first_id,last_id,prev_id,side,price,qty'];
  const trades = ['ts,id,side,price,qty'];
  let id = 1;
  let mid = 600_000;
  const price = ticks => (ticks / 10).toFixed(1);
  const quantity = lots => (lots / 1000).toFixed(3);
  for (let n = 1; n <= 50; n++)
    for (const [side, way] of [
      ['bid', -1],
      ['ask', 1],
    ])
      book.push([START, 'snapshot', '', id, '', side, price(mid + way * n), quantity(1 + draw(4000))].join(','));
  let tradeId = 0;
  for (let t = 100; t < SECONDS * 1000; t += 50) {
    const previous = id;
    id += 1 + draw(20);
    const row = (side, ticks, lots) =>
      book.push([START + t, 'update', previous + 1, id, previous, side, price(ticks), quantity(lots)].join(','));
    const step = draw(8) === 0 ? draw(3) - 1 : 0;
    if (draw(3) === 0) {
      const buys = draw(2) === 0;
      trades.push([START + t - 1, ++tradeId, buys ? 'buy' : 'sell', price(mid + (buys ? 1 : -1)), quantity(1 + draw(900))].join(','));
    }
    mid += step;
    row('bid', mid, 0);
    row('ask', mid, 0);
    row('bid', mid - 1, 200 + draw(3000));
    row('ask', mid + 1, 200 + draw(3000));
    for (let n = 2 + draw(6); n > 0; n--) {
      const bid = draw(2) === 0;
      const distance = 2 + draw(40);
      row(bid ? 'bid' : 'ask', bid ? mid - distance : mid + distance, draw(4) === 0 ? 0 : 1 + draw(3000));
    }
  }
  writeFileSync(join(folder, 'book.csv'), `${book.join('\n')}\n`);
  writeFileSync(join(folder, 'trades.csv'), `${trades.join('\n')}\n`);
};
