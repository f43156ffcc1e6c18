import type { Json, JsonObject } from '../kernel/json.js';
import type { Firing } from '../model/decision.js';
import type { Occurrence } from '../model/event.js';
import type { Trigger } from '../model/trigger.js';
import type { TemplateScope } from '../ports/templates.js';

/** An event is plain JSON; its interface only lacks the index signature. */
function wireForm(occurrence: Occurrence | null): Json {
  return occurrence === null ? null : (occurrence.event as unknown as JsonObject);
}

/** What the templates of one firing may read. Lists and maps are built when a template first reads them. */
export class FiringScope implements TemplateScope {
  readonly group: JsonObject;
  readonly vars: JsonObject;
  readonly now: string;
  private readonly firing: Firing;
  private readonly source: Trigger;
  private eventList: Json | undefined;
  private stepMap: Json | undefined;

  constructor(firing: Firing, source: Trigger, group: JsonObject, vars: JsonObject, now: string) {
    this.firing = firing;
    this.source = source;
    this.group = group;
    this.vars = vars;
    this.now = now;
  }

  get event(): Json {
    return wireForm(this.firing.event);
  }

  get events(): Json {
    this.eventList ??= this.firing.events.map(wireForm);
    return this.eventList;
  }

  get steps(): Json {
    this.stepMap ??= Object.fromEntries(
      Object.entries(this.firing.steps).map(([name, step]) => [name, wireForm(step)]),
    );
    return this.stepMap;
  }

  get trigger(): Json {
    const { trigger_id, description, tags, mode } = this.source;
    return { trigger_id, description, tags, mode, stands_for: this.firing.standsFor };
  }

  get value(): Json {
    return this.firing.value;
  }

  get item(): Json {
    return this.firing.event?.item ?? null;
  }
}
