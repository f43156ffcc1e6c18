/** The process's environment variables, for surfaces that must know what the person set (`NO_COLOR` and the like). */
export function processEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}
