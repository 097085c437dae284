/** One step of the database's shape. A step that was released is never changed: the next one changes what it made. */
export interface Migration {
  /** From 1, without gaps. */
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}
