import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pause } from '../../../src/live/live-clock.js';
import { life, type Life } from '../../../src/practice/rig/life.js';
import { machineTime, processClock } from '../../../src/practice/rig/machine-clock.js';
import { marketTime } from '../../../src/practice/rig/market-time.js';
import { simulatedDisk } from '../../../src/practice/rig/simulated-disk.js';
import { intentIndex } from '../../../src/practice/rig/intent-index.js';
import { tally } from '../../../src/practice/rig/tally.js';
import { virtualTime } from '../../../src/practice/rig/virtual-time.js';
import { random } from '../../../src/random.js';

const T0 = Date.UTC(2024, 0, 1);
const immortal = (time = virtualTime(T0)): Life => life({ time, tally: tally(), kill: () => false, onKill: () => undefined });
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('virtual time', () => {
  it('calls what is due in order of time, and at one time in the order in which it was set', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 40 }), async delays => {
        const time = virtualTime(T0);
        const met: [number, number][] = [];
        delays.forEach((delay, i) => time.at(T0 + delay, () => met.push([delay, i])));
        await time.run(T0 + 100);
        expect(met).toEqual(delays.map((delay, i): [number, number] => [delay, i]).toSorted((a, b) => a[0] - b[0] || a[1] - b[1]));
        expect(time.now).toBe(T0 + 100);
      }),
      { numRuns: 50 },
    );
  });

  it('lets every promise settle before time moves on, however deep the chain', async () => {
    const time = virtualTime(T0);
    let depth = 0;
    time.at(T0 + 1, () => {
      const dig = async (n: number): Promise<void> => {
        await Promise.resolve();
        depth++;
        if (n > 0) await dig(n - 1);
      };
      void dig(2000);
    });
    let seen = -1;
    time.at(T0 + 2, () => (seen = depth));
    await time.run(T0 + 3);
    expect(seen).toBe(2001);
  });

  it('stops at the moment at which there is enough', async () => {
    const time = virtualTime(T0);
    for (let k = 1; k <= 5; k++) time.at(T0 + k, () => undefined);
    await time.run(T0 + 100, () => time.now >= T0 + 3);
    expect(time.now).toBe(T0 + 3);
  });
});

describe('a simulated process', () => {
  it('hears nothing after its end, and late what came while it stood still', async () => {
    const time = virtualTime(T0);
    const one = immortal(time);
    const met: string[] = [];
    one.block(T0 + 50);
    one.deliver(T0 + 10, () => met.push(`a at ${time.now - T0}`));
    one.deliver(T0 + 20, () => met.push(`b at ${time.now - T0}`));
    one.deliver(T0 + 80, () => met.push('c'));
    time.at(T0 + 70, () => one.end());
    await time.run(T0 + 100);
    expect(met).toEqual(['a at 50', 'b at 50']);
  });

  it('dies at the point that it is told to, and passes none after it', () => {
    const time = virtualTime(T0);
    const died: string[] = [];
    const one = life({ time, tally: tally(), kill: (_, count) => count === 3, onKill: point => died.push(point) });
    expect([one.pass('a'), one.pass('b'), one.pass('c'), one.pass('d')]).toEqual([true, true, false, false]);
    expect(died).toEqual(['c']);
    expect(one.passed).toBe(3);
  });

  it('has a wall clock that steps and drifts, and others that never run back', async () => {
    const time = virtualTime(T0);
    const machine = machineTime(time);
    const clock = processClock(time, marketTime(time, 1_000_000, 60), machine, immortal(time));
    machine.step(-3_600_000);
    machine.drift(2);
    const rung: number[] = [];
    void pause(clock, 500).then(() => rung.push(clock.monotonic()));
    await time.run(T0 + 10_000);
    expect(clock.wall()).toBe(T0 + 10_000 - 3_600_000 + 20);
    expect(clock.monotonic()).toBe(10_000);
    expect(clock.market()).toBe(1_000_000 + 600_000);
    expect(rung).toEqual([500]);
  });
});

describe('the simulated disk', () => {
  const stage = (seed: number | string) => {
    const time = virtualTime(T0);
    const counts = tally();
    const disk = simulatedDisk({ time, random: random(seed), tally: counts, syncMs: 2 });
    return { time, counts, disk, mounted: disk.mount(immortal(time)) };
  };

  it('keeps after a crash everything that was synced and of the rest a beginning', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.array(fc.tuple(fc.string({ maxLength: 30 }), fc.boolean()), { maxLength: 20 }),
        async (seed, writes) => {
          const { time, disk, mounted } = stage(seed);
          const file = await mounted.append('j/0001.ndjson');
          let synced = 0;
          let all = '';
          for (const [text, sync] of writes) {
            await file.write(bytesOf(text));
            all += text;
            if (sync) {
              const done = file.sync();
              await time.run(time.now + 5);
              await done;
              synced = bytesOf(all).length;
            }
          }
          disk.crash();
          const kept = disk.bytes('j/0001.ndjson');
          expect(kept.length).toBeGreaterThanOrEqual(synced);
          expect([...kept.subarray(0, synced)]).toEqual([...bytesOf(all).subarray(0, synced)]);
          const loose = [...kept.subarray(synced)];
          const expected = bytesOf(all).subarray(synced, kept.length);
          expect(loose.every((byte, i) => byte === expected[i] || byte === 0)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('loses for ever what a failed sync did not write, though a later one succeeds', async () => {
    const { time, disk, mounted, counts } = stage(1);
    const file = await mounted.append('j');
    await file.write(bytesOf('one'));
    disk.fault({ operation: 'sync', code: 'EIO', times: 1 });
    const first = file.sync().then(
      () => 'well',
      error => (error as { code: string }).code,
    );
    await time.run(T0 + 10);
    expect(await first).toBe('EIO');
    const second = file.sync();
    await time.run(T0 + 20);
    await second;
    disk.crash();
    expect(disk.bytes('j').length).toBe(0);
    expect(counts.of('disk:sync:EIO')).toBe(1);
  });

  it('takes a part of a write when it is full, publishes whole or not at all, and answers no dead process', async () => {
    const { disk, mounted, time } = stage(2);
    const file = await mounted.append('j');
    disk.fault({ operation: 'write', code: 'ENOSPC' });
    await expect(file.write(bytesOf('0123456789'))).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(disk.bytes('j').length).toBeLessThan(10);
    disk.heal();
    disk.fault({ operation: 'publish', code: 'EROFS' });
    await expect(mounted.publish('s', bytesOf('whole'))).rejects.toMatchObject({ code: 'EROFS' });
    expect(disk.bytes('s').length).toBe(0);
    const dead = immortal(time);
    dead.end();
    let answered = false;
    const settle = (): void => {
      answered = true;
    };
    void disk.mount(dead).list('').then(settle, settle);
    await time.run(T0 + 5);
    expect(answered).toBe(false);
  });

  const COMMIT = '{"commit":1,"facts":1,"hash":"0"}\n';
  const written = async ({ time, disk, mounted }: ReturnType<typeof stage>) => {
    const index = intentIndex(disk, path => path.startsWith('journal/'));
    const file = await mounted.append('journal/1.ndjson');
    const write = (text: string): Promise<void> => file.write(bytesOf(text));
    const sync = async (): Promise<void> => {
      const done = file.sync();
      await time.run(time.now + 10);
      await done;
    };
    return { index, write, sync };
  };

  it('tells which intents are durable, commit by commit', async () => {
    const { index, write, sync } = await written(stage(3));
    await write('{"type":"OrderSubmitted","orderId":"a.1.1"}\n{"type":"OrderSubmitted","orderId":"a.1.2"}');
    expect(index.has('a.1.1')).toBe(false);
    await sync();
    // On the disk, and of no commit: a crash now, and it is cut off.
    expect(index.has('a.1.1')).toBe(false);
    await write(`\n${COMMIT}`);
    expect(index.has('a.1.1')).toBe(false);
    await sync();
    expect([index.has('a.1.1'), index.has('a.1.2')]).toEqual([true, true]);
    await write(`{"type":"OrderApproved","ticket":{"orderId":"a.1.3"}}\n${COMMIT}{"type":"OrderSubmitted","orderId":"a.1.4"}\n`);
    await sync();
    expect([index.has('a.1.2'), index.has('a.1.3'), index.has('a.1.4')]).toEqual([true, false, false]);
  });

  it('no longer finds an intent whose bytes are gone', async () => {
    const ground = stage(3);
    const { index, write, sync } = await written(ground);
    const kept = `{"type":"SessionStarted"}\n${COMMIT}`;
    await write(`${kept}{"type":"OrderSubmitted","orderId":"a.1.1"}\n${COMMIT}`);
    await sync();
    expect(index.has('a.1.1')).toBe(true);
    await ground.mounted.truncate('journal/1.ndjson', kept.length);
    expect(index.has('a.1.1')).toBe(false);
    await write(`{"type":"OrderSubmitted","orderId":"a.2.1"}\n{"type":"BarClosed","symbol":"AAA"}\n${COMMIT}`);
    await sync();
    expect([index.has('a.1.1'), index.has('a.2.1')]).toEqual([false, true]);
  });

  it('finds an intent in a file that was cut and grew past its old end unasked', async () => {
    const { time, disk, mounted } = stage(3);
    const index = intentIndex(disk, path => path.startsWith('journal/'));
    const file = await mounted.append('journal/1.ndjson');
    const synced = async (text: string, at: number): Promise<void> => {
      await file.write(bytesOf(text));
      const done = file.sync();
      await time.run(T0 + at);
      await done;
    };
    await synced(`{"type":"SessionStarted"}\n{"type":"OrderRequested"}\n${COMMIT}`, 10);
    expect(index.has('a.2.1')).toBe(false);
    await mounted.truncate('journal/1.ndjson', 26);
    await synced(`{"type":"OrderSubmitted","orderId":"a.2.1"}\n{"type":"BarClosed"}\n${COMMIT}`, 20);
    expect(index.has('a.2.1')).toBe(true);
  });
});
