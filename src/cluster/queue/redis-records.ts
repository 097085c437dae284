import { Redis, type Result } from 'ioredis';
import { ABANDONED_MS, ALIVE_MS, KEPT_MS, NEWS_AT_ONCE } from './record-times.js';
import { auditId } from './job-content.js';
import { outcomeBody, outcomeFrom, type Death, type JobOutcome } from './job-outcome.js';
import type { QueuePlace } from './queue-place.js';
import type { DeterminismAlarm, QuarantinedJob, QueueRecords, RunStanding, WorkerRecord, WorkerStanding } from './queue-records.js';
import { redisSettings } from './redis-settings.js';

const NOW = `local t = redis.call('TIME') local now = t[1] * 1000 + math.floor(t[2] / 1000)`;

/** KEYS[1] is what all keys of the queue begin with: they are made in the scripts, which one Redis, not a cluster of them, can run. */
const SCRIPTS = {
  /** run, about as JSON, submitter, alive → virtual time, base, own, others */
  quantaiEnter: `${NOW} local p = KEYS[1]
    if redis.call('HEXISTS', p..'begun', ARGV[1]) == 0 then redis.call('HSET', p..'begun', ARGV[1], now) end
    redis.call('HSET', p..'runs', ARGV[1], ARGV[2]) redis.call('ZADD', p..'runs-seen', now, ARGV[1])
    local own, others = 1, 0
    for _, run in ipairs(redis.call('ZRANGEBYSCORE', p..'runs-seen', now - ARGV[4], '+inf')) do
      if run ~= ARGV[1] then
        others = others + 1
        local about = redis.call('HGET', p..'runs', run)
        if about and cjson.decode(about).submitter == ARGV[3] then own = own + 1 end
      end
    end
    local clock = redis.call('HMGET', p..'clock', 'virtual', 'base')
    return { clock[1] or '0', clock[2] or '0', tostring(own), tostring(others), tostring(redis.call('SISMEMBER', p..'cancelled', ARGV[1])) }`,
  /** run, kept, ids… → ids that are known as `k…`, to be done again as `a…`, that others want too as `s…` */
  quantaiWant: `local p = KEYS[1] local run = ARGV[1] local found = {}
    local begun = tonumber(redis.call('HGET', p..'begun', run) or '0')
    -- A run that has left wants nothing more: nobody would take it back.
    local isThere = redis.call('HEXISTS', p..'runs', run) == 1
    for i = 3, #ARGV do
      local id = ARGV[i]
      if isThere then redis.call('SADD', p..'want:'..id, run) redis.call('SADD', p..'pending:'..run, id) end
      local kind = redis.call('HMGET', p..'outcome:'..id, 'kind', 'at')
      if kind[1] == 'defect' and tonumber(kind[2]) < begun then
        redis.call('DEL', p..'outcome:'..id) found[#found + 1] = 'a'..id
      elseif kind[1] then
        if kind[1] == 'result' or kind[1] == 'mistake' then redis.call('PEXPIRE', p..'outcome:'..id, ARGV[2]) end
        found[#found + 1] = 'k'..id
      elseif redis.call('SCARD', p..'want:'..id) > 1 then found[#found + 1] = 's'..id end
    end
    return found`,
  /** run, at most → ids that were told */
  quantaiNews: `local p = KEYS[1] local told = {}
    local ids = redis.call('SPOP', p..'news:'..ARGV[1], ARGV[2])
    for _, id in ipairs(ids) do
      redis.call('SREM', p..'pending:'..ARGV[1], id) redis.call('SREM', p..'want:'..id, ARGV[1]) told[#told + 1] = id
    end
    return told`,
  /** run, ids… (none: all) → ids that nobody waits for */
  quantaiRelease: `local p = KEYS[1] local run = ARGV[1] local free = {} local ids = {}
    if #ARGV == 1 then ids = redis.call('SMEMBERS', p..'pending:'..run) else for i = 2, #ARGV do ids[#ids + 1] = ARGV[i] end end
    for _, id in ipairs(ids) do
      redis.call('SREM', p..'pending:'..run, id)
      if redis.call('SREM', p..'want:'..id, run) == 1 and redis.call('SCARD', p..'want:'..id) == 0 then free[#free + 1] = id end
    end
    if #ARGV == 1 then redis.call('DEL', p..'news:'..run) end
    if #ids > 0 then redis.call('PUBLISH', p..'heard', 'released') end
    return free`,
  /** id, worker, tag, alive, attempt or nothing to look only, whether one with deaths is begun, kept → done, wanted, deaths as JSON */
  quantaiBegin: `${NOW} local p = KEYS[1] local id = ARGV[1]
    if tonumber(ARGV[3]) > tonumber(redis.call('HGET', p..'clock', 'virtual') or '0') then redis.call('HSET', p..'clock', 'virtual', ARGV[3]) end
    local deaths = {} local known = false
    for _, text in ipairs(redis.call('LRANGE', p..'attempts:'..id, 0, -1)) do
      local a = cjson.decode(text)
      if a.token == ARGV[5] then known = true end
      local seen = redis.call('ZSCORE', p..'seen', a.worker)
      if a.died then deaths[#deaths + 1] = { worker = a.worker, at = a.at, seen = a.died }
      elseif not seen or tonumber(seen) < now - ARGV[4] or tonumber(redis.call('HGET', p..'worker-begun', a.worker) or '0') > a.at then deaths[#deaths + 1] = { worker = a.worker, at = a.at, seen = 'the worker is gone' } end
    end
    if ARGV[5] ~= '' and not known and (ARGV[6] == '1' or #deaths == 0) then
      redis.call('RPUSH', p..'attempts:'..id, cjson.encode({ worker = ARGV[2], at = now, token = ARGV[5] }))
      redis.call('PEXPIRE', p..'attempts:'..id, ARGV[7])
    end
    return { redis.call('EXISTS', p..'outcome:'..id), redis.call('EXISTS', p..'want:'..id), #deaths == 0 and '[]' or cjson.encode(deaths) }`,
  /** id, worker, what was seen, or nothing when the job is given back */
  quantaiEnded: `local p = KEYS[1] local key = p..'attempts:'..ARGV[1]
    local all = redis.call('LRANGE', key, 0, -1) local ttl = redis.call('PTTL', key)
    redis.call('DEL', key)
    for _, text in ipairs(all) do
      local a = cjson.decode(text)
      if a.worker == ARGV[2] and not a.died then
        if ARGV[3] ~= '' then a.died = ARGV[3] redis.call('RPUSH', key, cjson.encode(a)) end
      else redis.call('RPUSH', key, text) end
    end
    if ttl > 0 then redis.call('PEXPIRE', key, ttl) end
    return 1`,
  /** id, kind, hash, worker, body or nothing, whether there is one, kept, whether it was made of others' results → 1 when it was the first */
  quantaiFinish: `${NOW} local p = KEYS[1] local id = ARGV[1] local key = p..'outcome:'..id
    local kind = redis.call('HGET', key, 'kind') local first = 0
    if not kind or kind == 'defect' or kind == 'poison' then
      first = 1
      redis.call('DEL', key)
      redis.call('HSET', key, 'kind', ARGV[2], 'hash', ARGV[3], 'worker', ARGV[4], 'at', now)
      if ARGV[6] == '1' then redis.call('HSET', key, 'body', ARGV[5]) end
      if ARGV[2] ~= 'poison' then
        redis.call('PEXPIRE', key, ARGV[7])
        if ARGV[8] == '1' then redis.call('ZADD', p..'combined', now, id) end
      end
    elseif kind == 'result' or kind == 'mistake' then redis.call('PEXPIRE', key, ARGV[7]) end
    redis.call('DEL', p..'attempts:'..id)
    for _, run in ipairs(redis.call('SMEMBERS', p..'want:'..id)) do
      redis.call('SADD', p..'news:'..run, id) redis.call('PUBLISH', p..'heard', 'news '..run)
    end
    return first`,
  /** from, to → the base that holds */
  quantaiMoveBase: `local p = KEYS[1] local base = redis.call('HGET', p..'clock', 'base') or '0'
    if tonumber(base) ~= tonumber(ARGV[1]) then return base end
    redis.call('HSET', p..'clock', 'base', ARGV[2])
    return ARGV[2]`,
  /** name, host, process, about as JSON, alive, host and process of one that is gone → now, and about and last seen of who lives under that name and is another */
  quantaiBeat: `${NOW} local p = KEYS[1] local name = ARGV[1]
    local old = redis.call('HGET', p..'workers', name) local isOwn = false
    if old then
      local a = cjson.decode(old) local seen = redis.call('ZSCORE', p..'seen', name)
      isOwn = a.host == ARGV[2] and tostring(a.pid) == ARGV[3]
      local isGone = a.host == ARGV[6] and tostring(a.pid) == ARGV[7]
      if not isOwn and not isGone and seen and tonumber(seen) > now - ARGV[5] then return { tostring(now), old, seen } end
    end
    if not isOwn then redis.call('HSET', p..'worker-begun', name, now) end
    redis.call('HSET', p..'workers', name, ARGV[4]) redis.call('ZADD', p..'seen', now, name)
    return { tostring(now) }`,
  /** run */
  quantaiLeave: `local p = KEYS[1] redis.call('HDEL', p..'begun', ARGV[1]) redis.call('HDEL', p..'runs', ARGV[1]) redis.call('ZREM', p..'runs-seen', ARGV[1]) redis.call('SREM', p..'cancelled', ARGV[1])
    redis.call('DEL', p..'news:'..ARGV[1], p..'pending:'..ARGV[1]) return 1`,
} as const;

type ScriptName = keyof typeof SCRIPTS;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    quantaiEnter(prefix: string, ...given: string[]): Result<string[], Context>;
    quantaiWant(prefix: string, ...given: string[]): Result<string[], Context>;
    quantaiNews(prefix: string, ...given: string[]): Result<string[], Context>;
    quantaiRelease(prefix: string, ...given: string[]): Result<string[], Context>;
    quantaiBegin(prefix: string, ...given: string[]): Result<[number, number, string], Context>;
    quantaiEnded(prefix: string, ...given: string[]): Result<number, Context>;
    quantaiFinish(prefix: string, ...given: string[]): Result<number, Context>;
    quantaiMoveBase(prefix: string, ...given: string[]): Result<string, Context>;
    quantaiBeat(prefix: string, ...given: string[]): Result<[string, string?, string?], Context>;
    quantaiLeave(prefix: string, ...given: string[]): Result<number, Context>;
  }
}

/** Ids that one script is given: Lua keeps arguments on a stack of limited depth. */
const IDS_AT_ONCE = 1000;

const slices = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / IDS_AT_ONCE) }, (_, i) => items.slice(i * IDS_AT_ONCE, (i + 1) * IDS_AT_ONCE));

/** Names of all queues that were ever opened. */
const QUEUES = 'quantai:queues';
const prefixOf = (queue: string): string => `quantai:${queue}:`;

/** The records of one queue in Redis. Rejects when nothing answers. */
export const redisRecords = async (place: QueuePlace, queue: string): Promise<QueueRecords> => {
  const p = prefixOf(queue);
  let connected = false;
  const redis = new Redis({
    ...redisSettings(place),
    lazyConnect: true,
    connectTimeout: 5000,
    maxRetriesPerRequest: 2,
    retryStrategy: times => (connected ? Math.min(times * 100, 1000) : null),
  });
  const ear = redis.duplicate();
  let said: Error | undefined;
  // Said by the command that fails, but for the first connection: of that ioredis says no more than that it is closed. What came first is the cause of the others.
  redis.on('error', error => (said ??= error));
  ear.on('error', () => undefined);
  for (const name of Object.keys(SCRIPTS) as ScriptName[]) redis.defineCommand(name, { numberOfKeys: 1, lua: SCRIPTS[name] });
  try {
    await redis.connect();
    // It connects all the same where there is no database of that number, and goes on in another.
    if (said) throw said;
    connected = true;
    await redis.sadd(QUEUES, queue);
  } catch (error) {
    redis.disconnect();
    throw connected ? error : (said ?? error);
  }

  const outcomes: QueueRecords['outcomes'] = async ids => {
    const found = new Map<string, JobOutcome>();
    for (const slice of slices(ids)) {
      const batch = redis.pipeline();
      for (const id of slice) batch.hgetall(`${p}outcome:${id}`);
      const answers = (await batch.exec()) ?? [];
      for (const [i, [error, answer]] of answers.entries()) {
        if (error) throw error;
        const { kind, hash = '', worker = '', body } = answer as Record<string, string | undefined>;
        if (kind !== undefined) found.set(slice[i]!, outcomeFrom(kind, hash, worker, body ?? null));
      }
    }
    return found;
  };

  const now = async (): Promise<number> => {
    const [seconds, micros] = await redis.time();
    return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
  };

  const workersOf = async (prefix: string): Promise<readonly WorkerStanding[]> => {
    const [at, about, begun, seen] = await Promise.all([
      now(),
      redis.hgetall(`${prefix}workers`),
      redis.hgetall(`${prefix}worker-begun`),
      redis.zrange(`${prefix}seen`, 0, -1, 'WITHSCORES'),
    ]);
    const lastSeen = new Map(seen.flatMap((name, i) => (i % 2 === 0 ? [[name, Number(seen[i + 1])] as const] : [])));
    return Object.entries(about)
      .map(([name, text]) => {
        const when = lastSeen.get(name) ?? 0;
        return { ...(JSON.parse(text) as WorkerRecord), begun: Number(begun[name] ?? 0), seen: when, alive: when > at - ALIVE_MS };
      })
      .sort((a, b) => a.begun - b.begun);
  };

  const alarm: QueueRecords['alarm'] = async differing => {
    await redis.rpush(`${p}alarms`, JSON.stringify({ ...differing, at: await now() }));
  };

  return {
    enter: async run => {
      const [virtualTime, base, own, others, cancelled] = await redis.quantaiEnter(
        p,
        run.key,
        JSON.stringify(run),
        run.submitter,
        String(ALIVE_MS),
      );
      return {
        virtualTime: Number(virtualTime),
        base: Number(base),
        runsOfSubmitter: Number(own),
        otherRuns: Number(others),
        isCancelled: cancelled === '1',
      };
    },
    cancel: async run => {
      await redis.sadd(`${p}cancelled`, run);
    },
    leave: async run => {
      await redis.quantaiLeave(p, run);
    },
    want: async (run, ids) => {
      const found = (await Promise.all(slices(ids).map(slice => redis.quantaiWant(p, run, String(KEPT_MS), ...slice)))).flat();
      const marked = (mark: 'k' | 'a' | 's'): string[] => found.filter(text => text.startsWith(mark)).map(text => text.slice(1));
      return { known: await outcomes(marked('k')), again: marked('a'), shared: marked('s') };
    },
    news: async run => {
      const ids = await redis.quantaiNews(p, run, String(NEWS_AT_ONCE));
      return [...(await outcomes(ids))].map(([id, outcome]) => ({ id, outcome }));
    },
    release: async (run, ids) => {
      if (ids === undefined) return redis.quantaiRelease(p, run);
      return (await Promise.all(slices(ids).map(slice => redis.quantaiRelease(p, run, ...slice)))).flat();
    },
    outcomes,
    begin: async (id, { worker, attempt }, tag, takesSuspects) => {
      const [done, wanted, deaths] = await redis.quantaiBegin(
        p,
        id,
        worker,
        String(tag),
        String(ALIVE_MS),
        attempt,
        takesSuspects ? '1' : '0',
        String(KEPT_MS),
      );
      return { done: done === 1, wanted: wanted === 1, deaths: JSON.parse(deaths) as readonly Death[] };
    },
    finish: async (id, outcome, isCombined = false) => {
      const body = outcomeBody(outcome);
      const { kind, hash, worker } = outcome;
      const given = [id, kind, hash, worker, body ?? '', body === null ? '0' : '1', String(KEPT_MS), isCombined ? '1' : '0'];
      const first = (await redis.quantaiFinish(p, ...given)) === 1;
      if (first || kind === 'defect' || kind === 'poison') return { first, alarm: null };
      const known = (await outcomes([id])).get(id);
      if (known === undefined || known.hash === hash) return { first, alarm: null };
      const differing = { job: id, first: { worker: known.worker, hash: known.hash }, second: { worker, hash } };
      await alarm(differing);
      return { first, alarm: { ...differing, at: Date.now() } };
    },
    giveBack: async (id, worker) => {
      await redis.quantaiEnded(p, id, worker, '');
    },
    died: async (id, worker, seen) => {
      await redis.quantaiEnded(p, id, worker, seen);
      const [, , deaths] = await redis.quantaiBegin(p, id, worker, '0', String(ALIVE_MS), '');
      return JSON.parse(deaths) as readonly Death[];
    },
    unwanted: async ids => {
      if (ids.length === 0) return [];
      const batch = redis.pipeline();
      for (const id of ids) batch.exists(`${p}want:${id}`);
      const answers = (await batch.exec()) ?? [];
      return ids.filter((_, i) => answers[i]?.[1] === 0);
    },
    beat: async (worker, gone) => {
      const { name, host, pid } = worker;
      const alive = String(ALIVE_MS);
      const given = [name, host, String(pid), JSON.stringify(worker), alive, gone?.host ?? '', gone === undefined ? '' : String(gone.pid)];
      const [at, other, seen] = await redis.quantaiBeat(p, ...given);
      return { now: Number(at), holder: other === undefined ? null : { ...(JSON.parse(other) as WorkerRecord), seen: Number(seen) } };
    },
    withdraw: async worker => {
      await redis.multi().hdel(`${p}workers`, worker).zrem(`${p}seen`, worker).hdel(`${p}worker-begun`, worker).exec();
    },
    moveBase: async (from, to) => Number(await redis.quantaiMoveBase(p, String(from), String(to))),
    alarm,
    quarantine: async job => {
      await redis.hset(`${p}quarantine`, job.job, JSON.stringify({ ...job, at: await now() }));
    },
    forget: async id => {
      const own = [id, auditId(id)];
      const alarms = await redis.lrange(`${p}alarms`, 0, -1);
      const about = alarms.filter(text => own.includes((JSON.parse(text) as DeterminismAlarm).job));
      const combined = await redis.zrange(`${p}combined`, 0, -1);
      await Promise.all([
        redis.del(...own.map(each => `${p}attempts:${each}`)),
        redis.hdel(`${p}quarantine`, ...own),
        ...about.map(text => redis.lrem(`${p}alarms`, 0, text)),
      ]);
      const gone = [...new Set([...own, ...combined])];
      for (const slice of slices(gone)) {
        await redis.del(...slice.map(each => `${p}outcome:${each}`));
        await redis.zrem(`${p}combined`, ...slice);
      }
      return gone;
    },
    runs: async () => {
      const [about, begun, seen] = await Promise.all([
        redis.hgetall(`${p}runs`),
        redis.hgetall(`${p}begun`),
        redis.zrange(`${p}runs-seen`, 0, -1, 'WITHSCORES'),
      ]);
      const lastSeen = new Map(seen.flatMap((key, i) => (i % 2 === 0 ? [[key, Number(seen[i + 1])] as const] : [])));
      const standings: RunStanding[] = [];
      for (const [key, text] of Object.entries(about))
        standings.push({
          ...(JSON.parse(text) as RunStanding),
          waiting: await redis.scard(`${p}pending:${key}`),
          begun: Number(begun[key] ?? 0),
          seen: lastSeen.get(key) ?? 0,
        });
      return standings.sort((a, b) => a.begun - b.begun);
    },
    workers: () => workersOf(p),
    otherWorkers: async () => {
      const others = (await redis.smembers(QUEUES)).filter(name => name !== queue);
      return (await Promise.all(others.map(name => workersOf(prefixOf(name))))).flat().filter(({ alive }) => alive);
    },
    alarms: async () => (await redis.lrange(`${p}alarms`, 0, -1)).map(text => JSON.parse(text) as DeterminismAlarm),
    quarantined: async () => Object.values(await redis.hgetall(`${p}quarantine`)).map(text => JSON.parse(text) as QuarantinedJob),
    // Of all queues: nobody may ever serve that of an older build again.
    tidy: async () => {
      const at = await now();
      const before = at - KEPT_MS;
      for (const name of await redis.smembers(QUEUES)) {
        const q = prefixOf(name);
        for (const run of await redis.zrangebyscore(`${q}runs-seen`, 0, at - ABANDONED_MS)) {
          await redis.quantaiRelease(q, run);
          await redis.quantaiLeave(q, run);
        }
        await redis.zremrangebyscore(`${q}combined`, 0, before);
        for (const text of await redis.lrange(`${q}alarms`, 0, -1)) {
          const { job, at: raised } = JSON.parse(text) as DeterminismAlarm;
          // As long as a result is kept, so is the doubt about it.
          if (raised < before && (await redis.exists(`${q}outcome:${job}`)) === 0) await redis.lrem(`${q}alarms`, 0, text);
        }
        const old = await redis.zrangebyscore(`${q}seen`, 0, before);
        if (old.length > 0)
          await redis
            .multi()
            .hdel(`${q}workers`, ...old)
            .hdel(`${q}worker-begun`, ...old)
            .zrem(`${q}seen`, ...old)
            .exec();
      }
    },
    hear: async listener => {
      ear.on('message', (_channel: string, text: string) => listener(text.startsWith('news ') ? { news: text.slice(5) } : 'released'));
      await ear.subscribe(`${p}heard`);
    },
    close: () => {
      redis.disconnect();
      ear.disconnect();
      return Promise.resolve();
    },
  };
};
