import { WebSocket } from 'ws';
import { describe, expect, it } from 'vitest';
import { openVenue } from '../binance/practice-venue.js';
import { BTC, MINUTE, T0 } from '../core/practice-ground.js';

const wait = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));
const START = T0 + 60 * MINUTE;

describe('the clock of a practice exchange', () => {
  it('runs on the published epoch and speed, stands when paused and goes on from there', async () => {
    const { server, exchange } = await openVenue({ paused: false, speed: 600 });
    try {
      await wait(200);
      const { epochMarket, epochWall, speed, market } = server.control.state();
      expect([epochMarket, speed]).toEqual([START, 600]);
      // A time-sharing host may run the timer late, never early; what is asked for is brought up to the moment.
      expect(market).toBeGreaterThan(START + 200 * 600 * 0.9);
      expect(market).toBeLessThanOrEqual(epochMarket + (Date.now() - epochWall) * speed);
      server.control.pause(true);
      const stood = server.control.state().market;
      await wait(50);
      expect(server.control.state().market).toBe(stood);
      server.control.setSpeed(60);
      server.control.pause(false);
      await wait(50);
      const went = server.control.state();
      expect(went.epochMarket).toBe(stood);
      expect(went.market - stood).toBeLessThanOrEqual((Date.now() - went.epochWall) * 60);
      expect(exchange.now).toBeGreaterThan(stood);
    } finally {
      await server.close();
    }
  });

  it('above the speed at which a bar lasts under 50 ms it waits at each close until every client is done', async () => {
    // A minute in 10 ms.
    const { server } = await openVenue({ paused: false, speed: 6000 });
    try {
      await wait(60);
      expect(server.control.state()).toMatchObject({ market: START + MINUTE, waiting: START + MINUTE });
      const post = (path: string, body: object) => fetch(`${server.controlUrl}${path}`, { method: 'POST', body: JSON.stringify(body) });
      await post('/ack', { client: 'a', upTo: START + MINUTE });
      await wait(60);
      expect(server.control.state().waiting).toBe(START + 2 * MINUTE);
      server.control.acknowledge('b', START + MINUTE);
      server.control.acknowledge('a', START + 2 * MINUTE);
      await wait(60);
      // The other one is not done.
      expect(server.control.state().waiting).toBe(START + 2 * MINUTE);
      await post('/ack', { client: 'b', gone: true });
      await wait(60);
      expect(server.control.state().waiting).toBe(START + 3 * MINUTE);
    } finally {
      await server.close();
    }
  });

  it('a client that acknowledges every bar sees every bar, whatever the speed, and the end', async () => {
    const { server, exchange } = await openVenue({ paused: true, speed: 1e7 });
    const start = T0 + 1240 * MINUTE;
    exchange.advance(start);
    const socket = new WebSocket(`${server.ws}/market/ws/btcusdt@kline_1m`);
    const seen: number[] = [];
    socket.on('message', data => {
      const { k } = JSON.parse(String(data as Buffer)) as { k: { t: number; x: boolean } };
      if (!k.x) return;
      seen.push(k.t);
      server.control.acknowledge('me', k.t + MINUTE);
    });
    await new Promise(resolve => socket.once('open', resolve));
    try {
      server.control.acknowledge('me', start);
      server.control.pause(false);
      await server.ended;
      await wait(50);
      const truth = exchange.bars(BTC, '1m', start, Infinity, 10_000, false).map(([open]) => open);
      expect(seen).toEqual(truth);
      expect(truth.length).toBe(200);
      expect(server.control.state().finished).toBe(true);
    } finally {
      socket.terminate();
      await server.close();
    }
  });

  it('tells starts, stops and what happens to accounts on the control port, to loopback only', async () => {
    const { server, exchange } = await openVenue();
    const socket = new WebSocket(`${server.controlUrl.replace('http', 'ws')}/events`);
    const heard: { type: string; state?: { paused: boolean }; event?: { event: string } }[] = [];
    socket.on('message', data => heard.push(JSON.parse(String(data as Buffer)) as (typeof heard)[number]));
    await new Promise(resolve => socket.once('open', resolve));
    try {
      exchange.manualTrade('main', BTC, 'buy', 0.01);
      server.control.pause(false);
      await wait(50);
      expect(heard[0]).toMatchObject({ type: 'clock', state: { paused: true } });
      expect(heard.filter(({ type }) => type === 'event').map(({ event }) => event?.event)).toContain('order');
      expect(heard.at(-1)).toMatchObject({ type: 'clock', state: { paused: false } });
      const { request } = await import('node:http');
      const status = await new Promise(resolve => {
        const asked = request(`${server.controlUrl}/state`, { headers: { host: 'evil.example' } }, response =>
          resolve(response.statusCode),
        );
        asked.end();
      });
      expect(status).toBe(403);
    } finally {
      socket.terminate();
      await server.close();
    }
  });

  it('cancels the plain orders of a symbol when the dead man’s timer runs out on wall time, and leaves the protective ones', async () => {
    const { server, exchange } = await openVenue();
    const { ask } = await import('../binance/practice-venue.js');
    try {
      exchange.manualTrade('main', BTC, 'buy', 0.01);
      const price = (share: number): string => (Math.round(exchange.lastPrice(BTC) * share * 10) / 10).toFixed(1);
      const limit = { symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.010', price: price(0.98) };
      await ask(server, 'POST', '/fapi/v1/order', limit);
      const stop = {
        symbol: 'BTCUSDT',
        side: 'SELL',
        type: 'STOP_MARKET',
        algoType: 'CONDITIONAL',
        closePosition: 'true',
        triggerPrice: price(0.9),
      };
      await ask(server, 'POST', '/fapi/v1/algoOrder', stop);
      const countdown = (ms: number) => ask(server, 'POST', '/fapi/v1/countdownCancelAll', { symbol: 'BTCUSDT', countdownTime: ms });
      await countdown(150);
      await wait(80);
      await countdown(150);
      await wait(100);
      // Kept alive: 180 ms after the first.
      expect(exchange.openOrders('main', BTC, false).length).toBe(1);
      await wait(120);
      expect(exchange.openOrders('main', BTC, false).length).toBe(0);
      expect(exchange.openOrders('main', BTC, true).length).toBe(1);
    } finally {
      await server.close();
    }
  });
});
