import type { Attempting, ExecutorHost } from '../../ports/executor-kind.js';

/** What of the daemon's environment a child sees: it holds the daemon's secrets too. */
const PASSED_ON = ['PATH', 'HOME', 'LANG', 'TZ'];

/**
 * The environment of a launch's process: a few variables of the daemon's, the trace it belongs into, the workflow's own, and
 * who it is run for.
 */
export function childEnvironment(
  attempting: Attempting,
  host: ExecutorHost,
  own: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const name of PASSED_ON) {
    const value = host.environment[name];
    if (value !== undefined) environment[name] = value;
  }
  return { ...environment, ...traceVariables(attempting), ...own, ...launchVariables(attempting) };
}

/** As OpenTelemetry's conventions have them for what runs in a process of its own. */
function traceVariables({ trace }: Attempting): Record<string, string> {
  if (trace === null) return {};
  const { traceparent, tracestate } = trace;
  return { TRACEPARENT: traceparent, ...(tracestate === null ? {} : { TRACESTATE: tracestate }) };
}

/** The variables by which a process knows its launch; empty = there is none. */
function launchVariables(attempting: Attempting): Record<string, string> {
  return {
    TRIGGERD_LAUNCH_ID: attempting.launch_id,
    TRIGGERD_TRIGGER_ID: attempting.trigger_id,
    TRIGGERD_WORKFLOW: attempting.workflow_name,
    TRIGGERD_EVENT_ID: attempting.event_id ?? '',
    TRIGGERD_ATTEMPT: String(attempting.attempt),
    TRIGGERD_CORRELATION_ID: attempting.correlation_id ?? '',
  };
}
