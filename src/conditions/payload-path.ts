/**
 * The path of a field that the classic form names inside the payload: `error` → `payload.error`, `["a.b"]` →
 * `payload["a.b"]`.
 */
export function payloadPath(field: string): string {
  return field.startsWith('[') ? `payload${field}` : `payload.${field}`;
}
