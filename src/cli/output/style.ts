import pc from 'picocolors';

export type Paint = (text: string) => string;

/** How a formatter may write: which colours, whether tables and signs, how wide. */
export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
  /** True on a terminal: tables and signs. False in a pipe: plain lines that other programs can cut. */
  readonly terminal: boolean;
  /** Cells per line that a formatter keeps to where it cuts or lays out in columns. */
  readonly width: number;
}

export const PIPE_WIDTH = 100;

export function createStyle(options: {
  readonly colour: boolean;
  readonly terminal: boolean;
  readonly width: number;
}): Style {
  const { bold, dim, red, green, yellow, cyan } = pc.createColors(options.colour);
  return { bold, dim, red, green, yellow, cyan, terminal: options.terminal, width: options.width };
}

/** No colours, no signs: what a pipe gets. */
export const plainStyle: Style = createStyle({ colour: false, terminal: false, width: PIPE_WIDTH });

/** Signs for what holds and what does not, in colour. */
export function sign(holds: boolean, style: Style): string {
  if (style.terminal) return holds ? style.green('✔') : style.red('✘');
  return holds ? style.green('+') : style.red('-');
}
