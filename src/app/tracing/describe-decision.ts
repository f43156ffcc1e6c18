import { SAMPLED } from '../../kernel/trace-context.js';
import { decisionSpanId, derivedTraceId, eventSpanId } from '../../launch/trace/span-ids.js';
import { eventPlace, launchPlace, type TracePlace } from '../../launch/trace/trace-place.js';
import type { Suppression } from '../../model/decision.js';
import type { LaunchRecord, StoredDecision } from '../../model/record.js';
import { LISTED_MAX, type PastLookup, type SpanDescription } from './span-description.js';

/** What came of one event at one time: mostly all of a decision. */
interface Part {
  readonly event_id: string | null;
  readonly at: number;
  readonly launches: LaunchRecord[];
  readonly suppressed: Suppression[];
}

/** The spans of a decision: one for each event and time that its launches say they come from, below that event's. */
export function describeDecision(
  decision: StoredDecision,
  toldAt: number,
  past: PastLookup,
): SpanDescription[] {
  const parts = new Map<string, Part>();
  const partOf = (about: LaunchRecord | Suppression): Part => {
    const spanId = decisionSpanId(about);
    let part = parts.get(spanId);
    if (part === undefined) {
      part = { event_id: about.event_id, at: about.at, launches: [], suppressed: [] };
      parts.set(spanId, part);
    }
    return part;
  };
  for (const id of decision.launches) {
    const launch = past.launch(id);
    if (launch !== null) partOf(launch).launches.push(launch);
  }
  for (const suppression of decision.suppressed) partOf(suppression).suppressed.push(suppression);
  return [...parts].flatMap(([spanId, part]) => {
    const { traceId, flags, tracestate } = placeOf(part, past);
    if ((flags & SAMPLED) === 0) return [];
    const startMs = Math.min(part.at, decision.at);
    return [
      {
        name: 'decide',
        kind: 'internal' as const,
        traceId,
        spanId,
        parentId: part.event_id === null ? null : eventSpanId(part.event_id),
        isParentRemote: false,
        tracestate,
        startMs,
        endMs: Math.max(startMs, toldAt),
        attributes: attributesOf(decision, part),
        error: null,
      },
    ];
  });
}

/** Which trace a part belongs into. */
function placeOf(
  { event_id, at, launches, suppressed }: Part,
  past: PastLookup,
): Pick<TracePlace, 'traceId' | 'flags' | 'tracestate'> {
  const [launch] = launches;
  if (launch !== undefined) return launchPlace(launch, past.launch);
  // Of an event that is no longer in the journal its id is known.
  if (event_id !== null) return eventPlace(past.event(event_id) ?? { event_id, metadata: {} }, past.launch);
  return {
    traceId: derivedTraceId('timer', suppressed[0]?.trigger_id ?? '', at),
    flags: SAMPLED,
    tracestate: null,
  };
}

function attributesOf(
  { ruleset_hash, event_id }: StoredDecision,
  { launches, suppressed }: Part,
): SpanDescription['attributes'] {
  const triggers = new Set([...launches, ...suppressed].map(({ trigger_id }) => trigger_id));
  return {
    'triggerd.ruleset.hash': ruleset_hash,
    'triggerd.decision.cause': event_id === null ? 'timer' : 'event',
    'triggerd.decision.triggers': [...triggers].slice(0, LISTED_MAX),
    'triggerd.decision.launched': launches.filter(({ mode }) => mode === 'launch').length,
    'triggerd.decision.observed': launches.filter(({ mode }) => mode === 'observe').length,
    'triggerd.decision.launches': launches.slice(0, LISTED_MAX).map(({ launch_id }) => launch_id),
    'triggerd.decision.suppressed': suppressed.length,
    'triggerd.decision.gates': suppressed
      .slice(0, LISTED_MAX)
      .map(({ trigger_id, gate }) => `${trigger_id}: ${gate}`),
  };
}
