import type { JsonObject } from '../../src/kernel/json.js';
import type { Event } from '../../src/model/event.js';

/** What one call of the reference's `_send_notification` is given. */
export interface Notification {
  readonly channel: string;
  readonly recipients: readonly string[];
  readonly message: string;
  readonly type: string;
}

/** The types that the reference's notification handler is subscribed to. */
export const HEARD: readonly string[] = [
  'workflow.completed',
  'workflow.failed',
  'system.error',
  'user.authenticated',
];
const CHANNELS = ['email', 'slack', 'webhook'];

/** `_process_event_async` of the reference: what it sends of an event it has been handed. */
export function notificationsOf(event: Event): readonly Notification[] {
  const recipients = determineRecipients(event);
  const message = createMessage(event);
  const type = determineNotificationType(event);
  return CHANNELS.filter((channel) => shouldSendToChannel(event, channel)).map((channel) => ({
    channel,
    recipients,
    message,
    type,
  }));
}

function determineNotificationType({ event_type }: Event): string {
  if (event_type === 'workflow.completed') return 'success';
  if (event_type === 'workflow.failed') return 'error';
  if (event_type === 'system.error') return 'critical';
  if (event_type === 'user.authenticated') return 'info';
  return 'general';
}

function determineRecipients(event: Event): readonly string[] {
  const recipients = new Set<string>();
  if (event.user_id) recipients.add(event.user_id);
  if (event.priority === 'critical') recipients.add('admin@example.com').add('ops-team');
  if (event.event_type.startsWith('workflow.')) {
    const owner = event.payload['workflow_owner'];
    if (typeof owner === 'string' && owner !== '') recipients.add(owner);
  }
  return [...recipients].sort();
}

/** Python's `payload.get(key, fallback)`, of texts. */
function get(payload: JsonObject, key: string, fallback: string): string {
  return Object.hasOwn(payload, key) ? (payload[key] as string) : fallback;
}

function createMessage({ event_type, payload, user_id }: Event): string {
  if (event_type === 'workflow.completed')
    return `Workflow '${get(payload, 'workflow_name', 'Unknown')}' completed successfully`;
  if (event_type === 'workflow.failed')
    return `Workflow '${get(payload, 'workflow_name', 'Unknown')}' failed: ${get(payload, 'error', 'Unknown error')}`;
  if (event_type === 'system.error') return `System Error: ${get(payload, 'error', 'System error occurred')}`;
  if (event_type === 'user.authenticated')
    return `User ${user_id || 'Unknown user'} authenticated successfully`;
  return `Event ${event_type} occurred`;
}

function shouldSendToChannel({ priority, event_type }: Event, channel: string): boolean {
  if (priority === 'critical') return true;
  if (event_type === 'workflow.failed' && ['email', 'slack'].includes(channel)) return true;
  if (event_type === 'workflow.completed' && channel === 'webhook') return true;
  return event_type === 'user.authenticated' && channel === 'email';
}
