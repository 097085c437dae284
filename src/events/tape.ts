import type { Chunk } from './market.js';

interface Node {
  readonly chunk: Chunk | null;
  next: Node | null;
}

/** Chunks of one series in time order, appended as they arrive. Chunks that every cursor has passed are garbage. */
export class Tape {
  private _tail: Node = { chunk: null, next: null };

  append(chunk: Chunk): void {
    if (chunk.rows === 0) return;
    const node = { chunk, next: null };
    this._tail.next = node;
    this._tail = node;
  }

  /** A cursor that will see everything appended from now on. */
  cursor(): TapeCursor {
    return new TapeCursor(this._tail);
  }
}

/** A place on a tape. Rows ahead of it stay in memory. */
export class TapeCursor {
  private _node: Node;
  /** The chunk at the cursor; valid after `ready()` said true. */
  chunk: Chunk | null;
  /** The row in that chunk. */
  row = 0;

  constructor(node: Node) {
    this._node = node;
    this.chunk = null;
  }

  /** Another cursor at the same place, to look ahead with. */
  copy(): TapeCursor {
    const copy = new TapeCursor(this._node);
    copy.chunk = this.chunk;
    copy.row = this.row;
    return copy;
  }

  /** True when there is a row at the cursor. */
  ready(): boolean {
    while (this.chunk === null || this.row >= this.chunk.rows) {
      if (this._node.next === null) return false;
      this._node = this._node.next;
      this.chunk = this._node.chunk;
      this.row = 0;
    }
    return true;
  }
}
