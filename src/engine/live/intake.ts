import { Fault } from '../../kernel/fault.js';
import { readEvent } from '../../load/event.js';
import { tooDeepAt, unsoundness } from '../../kernel/json-soundness.js';
import { EVENT_MAX_BYTES, EVENT_MAX_DEPTH } from '../../model/event.js';
import { fromCloudEvent, isCloudEvent } from '../../load/cloud-event.js';
import { withTraceContext } from '../../load/trace-metadata.js';
import type { Clock } from '../../ports/clock.js';
import type { Intake } from '../../ports/source.js';
import type { Daemon } from '../daemon.js';

const TOO_DEEP = `the event nests deeper than ${EVENT_MAX_DEPTH} levels`;

/** Reads the events of sources as the network's are read: unknown fields are dropped, a CloudEvent is one by its `specversion`. */
export function createIntake(daemon: Daemon, clock: Clock, newId: () => string): Intake {
  const refuse = (message: string): never => {
    daemon.rejected(1);
    throw new Fault('event-invalid', message);
  };
  return {
    async json(text, beside = {}) {
      const bytes = Buffer.from(text);
      if (bytes.length > EVENT_MAX_BYTES) refuse('the event is larger than 1 MiB');
      if (tooDeepAt(bytes, EVENT_MAX_DEPTH) >= 0) refuse(TOO_DEEP);
      let raw: unknown;
      try {
        raw = JSON.parse(text);
      } catch (error) {
        refuse(`no JSON: ${error instanceof Error ? error.message : String(error)}`);
      }
      const problem = unsoundness(raw, EVENT_MAX_DEPTH);
      if (problem !== null) refuse(problem === 'deep' ? TOO_DEEP : 'it holds a number that is too large');
      if (isCloudEvent(raw)) {
        const mapped = fromCloudEvent(raw);
        if ('problems' in mapped) return refuse(mapped.problems.map(({ message }) => message).join('; '));
        raw = mapped.raw;
      }
      const { eventId, trace = null } = beside;
      const read = readEvent(raw, {
        mode: 'lenient',
        receivedAt: clock.now(),
        newId: eventId === undefined ? newId : () => eventId,
      });
      if ('problems' in read) return refuse(read.problems.map(({ message }) => message).join('; '));
      await daemon.submit([{ event: withTraceContext(read.event, trace), at: read.at }]);
    },
  };
}
