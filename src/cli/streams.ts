/** Where text goes: standard output or standard error, or a buffer in tests. */
export interface TextSink {
  /** Throws `OutputClosed` when nobody reads any more. */
  write(text: string): void;
  /** Hands on what is still held back. */
  flush(): void;
  readonly isTerminal: boolean;
  /** Cells per line; 0 when it is not known. */
  readonly columns: number;
}

/** Everything of the process that a command touches. */
export interface Streams {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdinIsTerminal: boolean;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds from some start, for rates only. */
  elapsedMs(): number;
  /** Epoch ms. */
  now(): number;
  wait(delayMs: number): Promise<void>;
}

/** Thrown out of a command when its reader has gone (`| head`): not a failure, there is just nobody to tell. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}
