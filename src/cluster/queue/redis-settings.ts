import type { QueuePlace } from './queue-place.js';

/** How ioredis is told what a URL means, the same for all that connect. */
export const redisSettings = (place: QueuePlace) => {
  const { hostname, port, username, password, pathname, protocol } = new URL(place.url);
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? 6379 : Number(port),
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(pathname.length > 1 ? { db: Number(pathname.slice(1)) } : {}),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  };
};
