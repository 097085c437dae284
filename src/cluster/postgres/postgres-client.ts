import pg from 'pg';

type Done = ((error: Error) => void) | ((error: null, client: pg.Client) => void);

/**
 * A connection whose socket goes with it when it could not be made. Where `pg` itself gives up, as it does when a server asks for a password and there is none, it leaves the socket open: the process would live on until the
 * server loses its patience, a minute later.
 */
export class PostgresClient extends pg.Client {
  override connect(): Promise<pg.Client>;
  override connect(done: Done): void;
  override connect(done?: Done): Promise<pg.Client> | void {
    const destroyed = (error: unknown): void => {
      if (error) this.connection.stream.destroy();
    };
    if (done === undefined)
      return super.connect().catch((error: unknown) => {
        destroyed(error);
        throw error;
      });
    const told = done as (...answer: unknown[]) => void;
    // At once, as `pg` does: a pool listens for errors from then on.
    super.connect((...answer: unknown[]) => {
      destroyed(answer[0]);
      told(...answer);
    });
  }
}
