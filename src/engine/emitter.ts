import { lineageOf } from '../decide/gates/loop.js';
import type { Json, JsonObject } from '../kernel/json.js';
import { formatTime } from '../kernel/time.js';
import { traceIn, traceMetadata } from '../kernel/trace-context.js';
import { launchScope } from '../launch/launch-scope.js';
import { readEvent } from '../load/event.js';
import type { Firing, Launch } from '../model/decision.js';
import type { Event } from '../model/event.js';
import type { Ruleset } from '../model/ruleset.js';
import type { InputTemplate, Templates } from '../ports/templates.js';

/** What workflows of the `emit` executor publish: known without running anything, so dry-run and tests follow it. */
export interface Emitter {
  /** The event a launch publishes, or null when its workflow is no `emit`. */
  published(launch: Launch, firing: Firing): Event | null;
}

export function createEmitter(ruleset: Ruleset, templates: Templates): Emitter {
  const bodies = new Map<string, InputTemplate>();
  for (const workflow of ruleset.workflows.values()) {
    if (workflow.executor !== 'emit') continue;
    const parsed = templates.parse(workflow.with, 'workflow');
    if ('template' in parsed) bodies.set(workflow.workflow_name, parsed.template);
  }
  return {
    published(launch, firing) {
      const body = bodies.get(launch.workflow_name);
      if (body === undefined) return null;
      const rendered = body.render({ input: launch.input, launch: launchScope(launch) }).value;
      return publishedEvent(rendered, launch, firing);
    },
  };
}

/**
 * The event as it enters the bus: id from the launch (so that a repeated launch publishes the same event), one hop further
 * than its cause, and the trigger added to the chain. It goes on in the trace that its cause came in, unless the workflow names
 * another: the same whether spans are made of it or not.
 */
function publishedEvent(body: JsonObject, launch: Launch, firing: Firing): Event | null {
  const cause = firing.event?.event ?? null;
  const lineage = lineageOf(cause);
  const metadata = (body['metadata'] ?? {}) as JsonObject;
  const raw: Record<string, Json> = {
    ...body,
    event_id: `emit-${launch.launch_id}`,
    timestamp: formatTime(launch.at),
    correlation_id: body['correlation_id'] ?? cause?.correlation_id ?? cause?.event_id ?? null,
    metadata: {
      ...('traceparent' in metadata || cause === null ? {} : traceMetadata(traceIn(cause.metadata))),
      ...metadata,
      triggerd: {
        hops: lineage.hops + 1,
        chain: [...lineage.chain, launch.trigger_id],
        launch_id: launch.launch_id,
      },
    },
  };
  const read = readEvent(raw, {
    mode: 'lenient',
    receivedAt: launch.at,
    newId: () => `emit-${launch.launch_id}`,
  });
  return 'event' in read ? read.event : null;
}
