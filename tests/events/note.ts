import type { Fact } from '../../src/events/fact.js';
import type { FactStream } from '../../src/events/stream.js';

/** A fact that means nothing, with the stream's next number. */
export const note = (stream: FactStream, text: string): Fact => ({
  type: 'NoteWritten',
  seq: stream.takeSeq(),
  version: 1,
  ts: 0,
  knownAt: 0,
  account: '',
  strategy: '',
  correlationId: 0,
  causationId: stream.current,
  text,
});
