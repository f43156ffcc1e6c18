import { sha256 } from '../../kernel/hash.js';
import type { Json } from '../../kernel/json.js';
import { asText } from './coerce.js';
import { FilterProblem, type TemplateFilter } from './template-filter.js';

function encoding(
  name: string,
  summary: string,
  example: readonly [template: string, gives: Json],
  apply: (value: string) => string,
): TemplateFilter {
  return {
    name,
    summary,
    example: { template: example[0], gives: example[1] },
    takes: [0, 0],
    apply: (value) => apply(asText(value)),
  };
}

const HTML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};

function urlEncode(value: string): string {
  // encodeURIComponent throws on half a surrogate pair.
  return encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\ufffd')).replaceAll('%20', '+');
}

function urlDecode(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch (cause) {
    throw new FilterProblem('the text is not URL-encoded', { cause });
  }
}

const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

function base64Decode(value: string): string {
  if (!BASE64.test(value)) throw new FilterProblem('the text is not base64');
  return Buffer.from(value, 'base64').toString('utf8');
}

/** Filters that write a text in another notation. */
export const encodeFilters: readonly TemplateFilter[] = [
  {
    name: 'json',
    summary: 'The value as compact JSON text.',
    example: { template: '{{ event.payload.tags | json }}', gives: '["prod","eu","prod"]' },
    takes: [0, 0],
    apply: (value) => JSON.stringify(value),
  },
  encoding(
    'escape',
    'Writes the characters that mean something in HTML and XML as entities.',
    ['{{ "a < b" | escape }}', 'a &lt; b'],
    (value) => value.replace(/[&<>"']/g, (character) => HTML[character] as string),
  ),
  encoding(
    'url_encode',
    'Writes a text for the query of a URL.',
    ['{{ "a b&c" | url_encode }}', 'a+b%26c'],
    urlEncode,
  ),
  encoding(
    'url_decode',
    'Reads a text from the query of a URL.',
    ['{{ "a+b%26c" | url_decode }}', 'a b&c'],
    urlDecode,
  ),
  encoding(
    'base64_encode',
    'Writes a text (its UTF-8 bytes) as base64.',
    ['{{ "héllo" | base64_encode }}', 'aMOpbGxv'],
    (value) => Buffer.from(value, 'utf8').toString('base64'),
  ),
  encoding(
    'base64_decode',
    'Reads a text from base64.',
    ['{{ "aMOpbGxv" | base64_decode }}', 'héllo'],
    base64Decode,
  ),
  encoding(
    'sha256',
    'SHA-256 of a text (its UTF-8 bytes), in hexadecimal digits.',
    ['{{ "abc" | sha256 }}', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    sha256,
  ),
];
