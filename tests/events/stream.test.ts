import { describe, expect, it } from 'vitest';
import { FactStream } from '../../src/events/stream.js';
import { note } from './note.js';

describe('the fact stream', () => {
  it('calls its components in the order of registration, then whoever looks on', () => {
    const stream = new FactStream();
    const seen: string[] = [];
    stream.facts$.subscribe({ next: () => seen.push('onlooker'), complete: () => seen.push('end') });
    stream.handle(() => seen.push('first'));
    stream.handle(() => seen.push('second'));
    stream.publish(note(stream, 'a'));
    stream.complete();
    expect(seen).toEqual(['first', 'second', 'onlooker', 'end']);
  });

  it('names the fact at hand as the cause of what follows, and none between facts', () => {
    const stream = new FactStream();
    const causes: number[] = [];
    stream.handle(fact => {
      causes.push(fact.causationId);
      if (fact.seq === 0) stream.publish(note(stream, 'follows'));
    });
    expect(stream.current).toBe(-1);
    stream.publish(note(stream, 'root'));
    stream.publish(note(stream, 'another root'));
    expect(causes).toEqual([-1, 0, -1]);
    expect(stream.published).toBe(3);
  });

  it('delivers what comes after a component threw, and nothing of what was waiting then', () => {
    const stream = new FactStream();
    const seen: number[] = [];
    stream.handle(fact => {
      seen.push(fact.seq);
      if (fact.seq !== 0) return;
      stream.publish(note(stream, 'waits'));
      throw new Error('a defect');
    });
    expect(() => stream.publish(note(stream, 'root'))).toThrow('a defect');
    expect(stream.current).toBe(-1);
    stream.publish(note(stream, 'later'));
    expect(seen).toEqual([0, 2]);
  });
});
