/** A request that no well-meaning client sends, byte for byte. */
export interface HostileRequest {
  readonly name: string;
  readonly raw: string | Buffer;
}

const HOST = 'Host: 127.0.0.1';
const JSON_TYPE = 'Content-Type: application/json';
const EVENT = '{"event_type":"bad.one"}';

/** Lines of a head, and a body behind it. */
function message(lines: readonly string[], body: string | Buffer = ''): Buffer {
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body as string)]);
}

function post(
  body: string | Buffer,
  type = 'application/json',
  path = '/v1/events',
  ...headers: string[]
): Buffer {
  const length = Buffer.byteLength(body as string);
  return message(
    [`POST ${path} HTTP/1.1`, HOST, `Content-Type: ${type}`, `Content-Length: ${length}`, ...headers],
    body,
  );
}

const get = (path: string, ...headers: string[]): Buffer =>
  message([`GET ${path} HTTP/1.1`, HOST, ...headers]);
const named = (group: string, entries: Readonly<Record<string, string | Buffer>>): HostileRequest[] =>
  Object.entries(entries).map(([name, raw]) => ({ name: `${group}: ${name}`, raw }));

const chunked = (body: string, ...headers: string[]): Buffer =>
  message(['POST /v1/events HTTP/1.1', HOST, JSON_TYPE, 'Transfer-Encoding: chunked', ...headers], body);
const whole = `${EVENT.length.toString(16)}\r\n${EVENT}\r\n`;

const REQUEST_LINES = named('request line', {
  'no bytes but a line end, then rubbish': '\r\n\r\nrubbish\r\n\r\n',
  'random bytes': Buffer.from('8f00ff13deadbeef00017f80c3280d0a0d0a', 'hex'),
  'only zeros': Buffer.alloc(64),
  'a TLS client hello': Buffer.from('16030100a5010000a10303aabbccddeeff00112233445566', 'hex'),
  'the HTTP/2 preface': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'an SSH banner': 'SSH-2.0-OpenSSH_9.6\r\n',
  'an SMTP greeting': 'EHLO example.org\r\n',
  'a Redis command': '*1\r\n$4\r\nPING\r\n',
  'HTTP/0.9': 'GET /healthz\r\n\r\n',
  'HTTP/2.0 in words': `GET /healthz HTTP/2.0\r\n${HOST}\r\n\r\n`,
  'HTTP/9.9': `GET /healthz HTTP/9.9\r\n${HOST}\r\n\r\n`,
  'HTTP/1.10': `GET /healthz HTTP/1.10\r\n${HOST}\r\n\r\n`,
  'a version without digits': `GET /healthz HTTP/x.y\r\n${HOST}\r\n\r\n`,
  'lower-case protocol': `GET /healthz http/1.1\r\n${HOST}\r\n\r\n`,
  'no method': ` /healthz HTTP/1.1\r\n${HOST}\r\n\r\n`,
  'no path': `GET  HTTP/1.1\r\n${HOST}\r\n\r\n`,
  'two spaces in the version': `GET /healthz HTTP/ 1.1\r\n${HOST}\r\n\r\n`,
  'tabs for spaces': `GET\t/healthz\tHTTP/1.1\r\n${HOST}\r\n\r\n`,
  'a space in the path': `GET /health z HTTP/1.1\r\n${HOST}\r\n\r\n`,
  'a lower-case method': `get /healthz HTTP/1.1\r\n${HOST}\r\n\r\n`,
  'an unknown method': `FETCH /healthz HTTP/1.1\r\n${HOST}\r\n\r\n`,
  'a very long method': `${'A'.repeat(5_000)} / HTTP/1.1\r\n${HOST}\r\n\r\n`,
  'a path of 20 KB': get(`/${'a'.repeat(20_000)}`),
  'a path of 100 KB': get(`/${'a'.repeat(100_000)}`),
  'a zero byte in the path': `GET /v1/events/a\0b HTTP/1.1\r\n${HOST}\r\n\r\n`,
  'an escape sequence in the path': `GET /\u001b[31m HTTP/1.1\r\n${HOST}\r\n\r\n`,
  'raw UTF-8 in the path': Buffer.from(`GET /v1/évents HTTP/1.1\r\n${HOST}\r\n\r\n`),
  'no version': `GET /healthz \r\n${HOST}\r\n\r\n`,
  'no Host': 'GET /healthz HTTP/1.1\r\n\r\n',
  'never finished': 'GET /healthz HT',
});

const FRAMING = named('framing', {
  'length and chunked': chunked(`${whole}0\r\n\r\n`, 'Content-Length: 6'),
  'chunked and length, the other way round': message(
    ['POST /v1/events HTTP/1.1', HOST, JSON_TYPE, 'Content-Length: 4', 'Transfer-Encoding: chunked'],
    `${whole}0\r\n\r\n`,
  ),
  'two lengths that differ': post(EVENT, 'application/json', '/v1/events', 'Content-Length: 3'),
  'two lengths that agree': post(EVENT, 'application/json', '/v1/events', `Content-Length: ${EVENT.length}`),
  'a list of lengths': message(
    ['POST /v1/events HTTP/1.1', HOST, JSON_TYPE, 'Content-Length: 5, 5'],
    'aaaaa',
  ),
  'a negative length': message(['POST /v1/events HTTP/1.1', HOST, JSON_TYPE, 'Content-Length: -1'], EVENT),
  'a signed length': message(['POST /v1/events HTTP/1.1', HOST, JSON_TYPE, 'Content-Length: +24'], EVENT),
  'a length in hex': message(['POST /v1/events HTTP/1.1', HOST, JSON_TYPE, 'Content-Length: 0x18'], EVENT),
  'a length with a fraction': message(
    ['POST /v1/events HTTP/1.1', HOST, JSON_TYPE, 'Content-Length: 24.0'],
    EVENT,
  ),
  'an empty length': message(['POST /v1/events HTTP/1.1', HOST, JSON_TYPE, 'Content-Length: '], EVENT),
  'a length beyond 64 bits': message(
    ['POST /v1/events HTTP/1.1', HOST, JSON_TYPE, 'Content-Length: 99999999999999999999999'],
    EVENT,
  ),
  'a length of 16 exabytes': message(
    ['POST /v1/events HTTP/1.1', HOST, JSON_TYPE, 'Content-Length: 18446744073709551615'],
    EVENT,
  ),
  'a length of a terabyte': message(
    ['POST /v1/events HTTP/1.1', HOST, JSON_TYPE, 'Content-Length: 1099511627776'],
    EVENT,
  ),
  'one byte over the bound': message(
    ['POST /v1/events HTTP/1.1', HOST, JSON_TYPE, `Content-Length: ${8 * 1024 * 1024 + 1}`],
    EVENT,
  ),
  'a body shorter than its length': message(
    ['POST /v1/events HTTP/1.1', HOST, JSON_TYPE, 'Content-Length: 1000'],
    EVENT,
  ),
  'a body that never begins': message(['POST /v1/events HTTP/1.1', HOST, JSON_TYPE, 'Content-Length: 24']),
  'a space before the colon of the length': message(
    ['POST /v1/events HTTP/1.1', HOST, JSON_TYPE, `Content-Length : ${EVENT.length}`],
    EVENT,
  ),
  'chunked that is not last': message(
    ['POST /v1/events HTTP/1.1', HOST, JSON_TYPE, 'Transfer-Encoding: chunked, identity'],
    `${whole}0\r\n\r\n`,
  ),
  'chunked twice': message(
    ['POST /v1/events HTTP/1.1', HOST, JSON_TYPE, 'Transfer-Encoding: chunked, chunked'],
    `${whole}0\r\n\r\n`,
  ),
  'two transfer encodings': chunked(`${whole}0\r\n\r\n`, 'Transfer-Encoding: identity'),
  xchunked: message(
    ['POST /v1/events HTTP/1.1', HOST, JSON_TYPE, 'Transfer-Encoding: xchunked'],
    `${whole}0\r\n\r\n`,
  ),
  'gzip, chunked': message(
    ['POST /v1/events HTTP/1.1', HOST, JSON_TYPE, 'Transfer-Encoding: gzip, chunked'],
    `${whole}0\r\n\r\n`,
  ),
  'chunked behind a vertical tab': message(
    ['POST /v1/events HTTP/1.1', HOST, JSON_TYPE, 'Transfer-Encoding: \u000bchunked'],
    `${whole}0\r\n\r\n`,
  ),
  'chunked in quotes': message(
    ['POST /v1/events HTTP/1.1', HOST, JSON_TYPE, 'Transfer-Encoding: "chunked"'],
    `${whole}0\r\n\r\n`,
  ),
  'a chunk size that is no number': chunked(`zz\r\n${EVENT}\r\n0\r\n\r\n`),
  'a negative chunk size': chunked(`-18\r\n${EVENT}\r\n0\r\n\r\n`),
  'a chunk size with 0x': chunked(`0x18\r\n${EVENT}\r\n0\r\n\r\n`),
  'a chunk size beyond 64 bits': chunked(`fffffffffffffffff\r\n${EVENT}\r\n0\r\n\r\n`),
  'an empty chunk size': chunked(`\r\n${EVENT}\r\n0\r\n\r\n`),
  'a chunk longer than its size': chunked(`2\r\n${EVENT}\r\n0\r\n\r\n`),
  'a chunk shorter than its size': chunked(`ff\r\n${EVENT}\r\n0\r\n\r\n`),
  'no line end behind a chunk': chunked(`${EVENT.length.toString(16)}\r\n${EVENT}0\r\n\r\n`),
  'line feeds for line ends in chunks': chunked(`${EVENT.length.toString(16)}\n${EVENT}\n0\n\n`),
  'a chunk extension of 32 KB': chunked(
    `${EVENT.length.toString(16)};${'x'.repeat(32_768)}\r\n${EVENT}\r\n0\r\n\r\n`,
  ),
  'a zero byte in a chunk extension': chunked(`${EVENT.length.toString(16)};a=\0\r\n${EVENT}\r\n0\r\n\r\n`),
  'no last chunk': chunked(whole),
  'trailers of 32 KB': chunked(`${whole}0\r\nX-A: ${'x'.repeat(32_768)}\r\n\r\n`),
  'chunks of a HTTP/1.0 request': message(
    ['POST /v1/events HTTP/1.0', HOST, JSON_TYPE, 'Transfer-Encoding: chunked', 'Content-Length: 3'],
    `${whole}0\r\n\r\n`,
  ),
  'chunks past the bound': chunked(
    `${(9 * 1024 * 1024).toString(16)}\r\n${'x'.repeat(9 * 1024 * 1024)}\r\n0\r\n\r\n`,
  ),
  'a request hidden in the body of a GET': message(
    ['GET /healthz HTTP/1.1', HOST, `Content-Length: ${post(EVENT).length}`],
    post(EVENT),
  ),
  'a request behind a body that ends early': Buffer.concat([
    chunked('0\r\n\r\n', 'Content-Length: 400'),
    post(EVENT),
  ]),
});

const HEADERS = named('headers', {
  'a header of 20 KB': get('/healthz', `X-A: ${'a'.repeat(20_000)}`),
  'ten thousand headers': get('/healthz', ...Array.from({ length: 10_000 }, (_, i) => `X-${i}: 1`)),
  'a header without a colon': get('/healthz', 'rubbish'),
  'an empty header name': get('/healthz', ': value'),
  'a header name with a space': get('/healthz', 'X A: 1'),
  'a header name with a bracket': get('/healthz', 'X(A): 1'),
  'a zero byte in a header': get('/healthz', 'X-A: a\0b'),
  'a zero byte in a header name': get('/healthz', 'X\0A: b'),
  'a carriage return alone in a header': get('/healthz', 'X-A: a\rX-B: b'),
  'a folded header': get('/healthz', 'X-A: a', ' folded'),
  'a space before the first header': `GET /healthz HTTP/1.1\r\n ${HOST}\r\n\r\n`,
  'a space before a colon': get('/healthz', 'X-A : 1'),
  'two hosts': get('/healthz', 'Host: 127.0.0.1'),
  'two hosts that differ': get('/healthz', 'Host: evil.example'),
  'an empty host': 'GET /healthz HTTP/1.1\r\nHost:\r\n\r\n',
  'a foreign host': 'GET /v1/stats HTTP/1.1\r\nHost: evil.example\r\n\r\n',
  'a foreign host that begins like ours': 'GET /v1/stats HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\n\r\n',
  'a foreign host with our port': 'GET /v1/stats HTTP/1.1\r\nHost: localhost.evil.example:7878\r\n\r\n',
  'a host with a user': 'GET /v1/stats HTTP/1.1\r\nHost: localhost@evil.example\r\n\r\n',
  'a host with a path': 'GET /v1/stats HTTP/1.1\r\nHost: localhost/evil\r\n\r\n',
  'a HTTP/1.0 request without a host': 'GET /v1/stats HTTP/1.0\r\n\r\n',
  'a foreign origin': post(EVENT, 'application/json', '/v1/events', 'Origin: https://evil.example'),
  'the origin of a sandboxed page': post(EVENT, 'application/json', '/v1/events', 'Origin: null'),
  'the origin of another local port': post(
    EVENT,
    'application/json',
    '/v1/events',
    'Origin: http://127.0.0.1:3000',
  ),
  'an origin that begins like ours': post(
    EVENT,
    'application/json',
    '/v1/events',
    'Origin: http://127.0.0.1.evil.example',
  ),
  'two origins': get('/v1/stats', 'Origin: http://127.0.0.1', 'Origin: https://evil.example'),
  'a request that a browser calls cross-site': get('/v1/stats', 'Sec-Fetch-Site: cross-site'),
  'two content types': post(EVENT, 'application/json', '/v1/events', 'Content-Type: text/plain'),
  'an expectation that nobody has': post(EVENT, 'application/json', '/v1/events', 'Expect: 200-ok'),
  'an unfinished header': 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ',
});

const CONTENT = named('content', {
  'no content type': message(['POST /v1/events HTTP/1.1', HOST, `Content-Length: ${EVENT.length}`], EVENT),
  'an empty content type': post(EVENT, ''),
  'a form': post('event_type=bad.one', 'application/x-www-form-urlencoded'),
  'a multipart form': post(`--x\r\n\r\n${EVENT}\r\n--x--`, 'multipart/form-data; boundary=x'),
  'plain text': post(EVENT, 'text/plain'),
  'text/json': post(EVENT, 'text/json'),
  XML: post('<event/>', 'application/xml'),
  'a content type without a subtype': post(EVENT, 'application'),
  'a content type with a space': post(EVENT, 'application/ json'),
  'two content types in one': post(EVENT, 'application/json, text/plain'),
  'JSON in Latin-1': post(EVENT, 'application/json; charset=iso-8859-1'),
  'JSON in UTF-16': post(Buffer.from(EVENT, 'utf16le'), 'application/json; charset=utf-16'),
  'JSON in UTF-16 that says it is UTF-8': post(Buffer.from(`\ufeff${EVENT}`, 'utf16le')),
  gzip: post(
    Buffer.from('1f8b08000000000000ff', 'hex'),
    'application/json',
    '/v1/events',
    'Content-Encoding: gzip',
  ),
  brotli: post(EVENT, 'application/json', '/v1/events', 'Content-Encoding: br'),
  'gzip that is not said': post(Buffer.from('1f8b08000000000000ff0300000000000000000', 'hex')),
  'NDJSON for a dry run': post(EVENT, 'application/x-ndjson', '/v1/dry-run'),
});

const deep = (open: string, close: string, levels: number, inside = '1'): string =>
  open.repeat(levels) + inside + close.repeat(levels);

const JSON_TEXTS = named('JSON', {
  nothing: post(''),
  blanks: post('   \n  '),
  'a byte order mark alone': post('\ufeff'),
  'a zero byte': post('\0'),
  'half an object': post('{"event_type":"bad.one"'),
  'half a text': post('{"event_type":"bad'),
  'half an escape': post('{"event_type":"bad\\u00"}'),
  'a comma too many': post('{"event_type":"bad.one",}'),
  'a comma too many in a list': post(`[${EVENT},]`),
  'single quotes': post("{'event_type':'bad.one'}"),
  'a key without quotes': post('{event_type:"bad.one"}'),
  'a comment': post('{"event_type":"bad.one"/* */}'),
  'two values': post(`${EVENT} ${EVENT}`),
  'two lines as JSON': post(`${EVENT}\n${EVENT}`),
  'rubbish behind it': post(`${EVENT}x`),
  NaN: post('{"payload":{"a":NaN}}'),
  Infinity: post('{"payload":{"a":-Infinity}}'),
  'a number that begins with zero': post('{"payload":{"a":012}}'),
  'a number in hex': post('{"payload":{"a":0xff}}'),
  'a number past what a number can be': post('{"payload":{"a":1e999}}'),
  'a negative one': post('{"payload":{"a":[-1e400]}}'),
  'a number of a thousand digits': post(`{"payload":{"a":${'9'.repeat(1_000)}}}`),
  'a line break in a text': post('{"event_type":"bad\none"}'),
  'a tab in a text': post('{"source":"a\tb"}'),
  'bytes that are not UTF-8': post(Buffer.from('7b22736f75726365223a22ff227d', 'hex')),
  'an overlong slash': post(Buffer.from('7b22736f75726365223a22c0af227d', 'hex')),
  'a surrogate in UTF-8': post(Buffer.from('7b22736f75726365223a22eda080227d', 'hex')),
  'UTF-8 cut off': post(Buffer.from('7b22736f75726365223a22e282', 'hex')),
  'a hundred thousand brackets': post('['.repeat(100_000)),
  'a hundred thousand levels of lists': post(deep('[', ']', 100_000)),
  'a hundred thousand levels of objects': post(deep('{"a":', '}', 100_000)),
  'two million levels behind a text of brackets': post(
    `["${']'.repeat(1_000)}",${deep('[', ']', 2_000_000)}]`,
  ),
  'a payload of a hundred thousand levels': post(`{"payload":{"a":${deep('[', ']', 100_000)}}}`),
  'a deep value where a text belongs': post(`{"event_type":${deep('[', ']', 60_000)}}`),
  'a deep value where a text belongs, just parsed': post(`{"event_type":${deep('[', ']', 64)}}`),
  'a payload one level too deep': post(`{"payload":${deep('{"a":', '}', 64)}}`),
  'a deep unknown field': post(`{"zzz":${deep('[', ']', 65)}}`),
  'a deep line among lines': post(
    `${EVENT}\n{"payload":${deep('{"a":', '}', 1_000)}}`,
    'application/x-ndjson',
  ),
  'an event over a megabyte': post(`{"payload":{"a":"${'x'.repeat(1_048_576)}"}}`),
  'a line over a megabyte': post(`{"payload":{"a":"${'x'.repeat(1_048_576)}"}}\n`, 'application/x-ndjson'),
  'an element over a megabyte': post(`[{"payload":{"a":"${'x'.repeat(1_048_576)}"}}]`),
  'lines with one that is none': post(`${EVENT}\nrubbish\n${EVENT}`, 'application/x-ndjson'),
  'no lines': post('\n\n\n', 'application/x-ndjson'),
  'too many lines': post(`${EVENT}\n`.repeat(10_001), 'application/x-ndjson'),
  'too many elements': post(`[${'1,'.repeat(10_000)}1]`),
  'ten thousand bad elements': post(`[${'1,'.repeat(9_999)}1]`),
});

const EVENTS = named('event', {
  null: post('null'),
  true: post('true'),
  'a number': post('42'),
  'a text': post('"event"'),
  'a list in a list': post(`[[${EVENT}]]`),
  'a list with null': post(`[${EVENT},null]`),
  'an id that is a number': post('{"event_id":1}'),
  'an empty id': post('{"event_id":""}'),
  'an id of 257 characters': post(`{"event_id":"${'a'.repeat(257)}"}`),
  'an id that is null': post('{"event_id":null}'),
  'a type with a blank': post('{"event_type":"a b"}'),
  'a type that ends in a dot': post('{"event_type":"a."}'),
  'a type of 129 characters': post(`{"event_type":"${'a'.repeat(129)}"}`),
  'a type with a wildcard': post('{"event_type":"order.*"}'),
  'a type that is an object': post('{"event_type":{"toString":"x"}}'),
  'a payload that is a list': post('{"payload":[]}'),
  'a payload that is null': post('{"payload":null}'),
  'a payload that is a text': post('{"payload":"x"}'),
  'metadata that is a number': post('{"metadata":1}'),
  'a time without a zone': post('{"timestamp":"2026-01-01T00:00:00"}'),
  'a time that is no day': post('{"timestamp":"2026-02-30T00:00:00Z"}'),
  'a time that is a number': post('{"timestamp":1767225600}'),
  'a time of the year 10000': post('{"timestamp":"+10000-01-01T00:00:00Z"}'),
  'a priority that is none': post('{"priority":"urgent"}'),
  'a priority that every object has': post('{"priority":"constructor"}'),
  'retryable in words': post('{"retryable":"yes"}'),
  'a hundred and one retries': post('{"max_retries":101}'),
  'half a retry': post('{"max_retries":0.5}'),
  'minus one redelivery': post('{"retry_count":-1}'),
  'a channel that is a list': post('{"channel":["a"]}'),
  'a bad one behind a good one': post(`[${EVENT},{"priority":1}]`),
  'a prototype that makes it bad': post('{"__proto__":{"event_type":"bad.one"},"event_type":1}'),
});

const binary = (body: string, type: string, ...headers: string[]): Buffer =>
  post(body, type, '/v1/events', ...headers);
const CLOUD_EVENTS = named('CloudEvent', {
  'structured, without attributes': post('{"specversion":"1.0"}', 'application/cloudevents+json'),
  'structured, of version 0.3': post(
    '{"specversion":"0.3","id":"1","source":"/a","type":"bad.one"}',
    'application/cloudevents+json',
  ),
  'structured, a list': post('[]', 'application/cloudevents+json'),
  'structured, a text': post('"x"', 'application/cloudevents+json'),
  'structured, with two kinds of data': post(
    '{"specversion":"1.0","id":"1","source":"/a","type":"bad.one","data":1,"data_base64":"AA=="}',
    'application/cloudevents+json',
  ),
  'structured, with an id of an object': post(
    '{"specversion":"1.0","id":{},"source":"/a","type":"bad.one"}',
    'application/cloudevents+json',
  ),
  'structured, with a deep version': post(
    `{"specversion":${deep('[', ']', 65)},"id":"1","source":"/a","type":"bad.one"}`,
    'application/cloudevents+json',
  ),
  'structured, in XML': post('<event/>', 'application/cloudevents+xml'),
  'a batch that is an object': post('{}', 'application/cloudevents-batch+json'),
  'a batch with a number': post('[1]', 'application/cloudevents-batch+json'),
  'binary, without a version': binary(
    '{}',
    'application/json',
    'ce-id: 1',
    'ce-source: /a',
    'ce-type: bad.one',
  ),
  'binary, without an id': binary(
    '{}',
    'application/json',
    'ce-specversion: 1.0',
    'ce-source: /a',
    'ce-type: bad.one',
  ),
  'binary, of version 2': binary(
    '{}',
    'application/json',
    'ce-specversion: 2.0',
    'ce-id: 1',
    'ce-source: /a',
    'ce-type: b',
  ),
  'binary, with half a percent code': binary(
    '{}',
    'application/json',
    'ce-specversion: 1.0',
    'ce-id: %e2%82',
    'ce-source: /a',
    'ce-type: bad.one',
  ),
  'binary, with two ids': binary(
    '{}',
    'application/json',
    'ce-specversion: 1.0',
    'ce-id: 1',
    'ce-id: 2',
    'ce-source: /a',
    'ce-type: bad.one',
  ),
  'binary, with data in a header': binary(
    '',
    'application/json',
    'ce-specversion: 1.0',
    'ce-id: 1',
    'ce-source: /a',
    'ce-type: bad.one',
    'ce-data: x',
  ),
  'binary, with data that is no JSON': binary(
    'x',
    'application/json',
    'ce-specversion: 1.0',
    'ce-id: 1',
    'ce-source: /a',
    'ce-type: bad.one',
  ),
  'binary, with a type that is none': binary(
    '{}',
    'application/json',
    'ce-specversion: 1.0',
    'ce-id: 1',
    'ce-source: /a',
    'ce-type: bad%20one',
  ),
});

const PATHS = named('path', {
  'a slash behind it': get('/v1/stats/'),
  'two slashes before it': get('//v1/stats'),
  'two slashes within': get('/v1//stats'),
  'a dot': get('/v1/./stats'),
  'two dots': get('/v1/events/../stats'),
  'dots in percent codes': get('/v1/%2e%2e/v1/stats'),
  'dots in percent codes, twice': get('/v1/%252e%252e/stats'),
  'a slash in percent codes': get('/v1%2fstats'),
  'a backslash': get('/v1\\stats'),
  'a letter in percent codes': get('/v1/%73tats'),
  capitals: get('/V1/STATS'),
  'a parameter behind a semicolon': get('/v1/stats;x=1'),
  'a fragment': get('/v1/stats#x'),
  'half a percent code': get('/v1/events/%zz'),
  'half a percent code at the end': get('/v1/events/%'),
  'a percent code that is no UTF-8': get('/v1/events/%ff%fe'),
  'a zero byte in percent codes': get('/v1/stats%00'),
  'an id of nothing': get('/v1/events/'),
  'an id of 5 000 characters': get(`/v1/events/${'a'.repeat(5_000)}`),
  'an id that every object has': get('/v1/triggers/__proto__'),
  'another id that every object has': get('/v1/launches/constructor'),
  'a file of the machine': get('/etc/passwd'),
  'a file of the machine, from here': get('/v1/events/..%2f..%2f..%2fetc%2fpasswd'),
  'an absolute target': get('http://127.0.0.1/v1/stats'),
  'an absolute target elsewhere': get('http://evil.example/v1/stats'),
  'an absolute target with another scheme': get('file:///v1/stats'),
  'an asterisk': message(['OPTIONS * HTTP/1.1', HOST]),
  'an authority': message(['CONNECT evil.example:443 HTTP/1.1', HOST]),
});

const METHODS = named('method', {
  TRACE: message(['TRACE /v1/stats HTTP/1.1', HOST]),
  'OPTIONS, as a browser asks': message([
    'OPTIONS /v1/events HTTP/1.1',
    HOST,
    'Origin: https://evil.example',
    'Access-Control-Request-Method: POST',
  ]),
  DELETE: message(['DELETE /v1/events/1 HTTP/1.1', HOST]),
  PUT: message(['PUT /v1/events HTTP/1.1', HOST, JSON_TYPE, `Content-Length: ${EVENT.length}`], EVENT),
  PATCH: message(['PATCH /v1/triggers/a HTTP/1.1', HOST, JSON_TYPE, 'Content-Length: 2'], '{}'),
  PROPFIND: message(['PROPFIND /v1/events HTTP/1.1', HOST]),
  'a GET that says it is a POST': get('/v1/launches/1/redrive', 'X-HTTP-Method-Override: POST'),
  'a POST to what is read': post('{}', 'application/json', '/v1/stats'),
  'a GET with a body': message(['GET /v1/stats HTTP/1.1', HOST, 'Content-Length: 5'], 'abcde'),
  'a GET in chunks': message(['GET /v1/stats HTTP/1.1', HOST, 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
});

const QUERIES = named('query', {
  'a key that is unknown': get('/v1/events?limt=1'),
  'a key that every object has': get('/v1/events?__proto__=1'),
  'a key in brackets': get('/v1/events?type[]=a'),
  'a limit of 0': get('/v1/events?limit=0'),
  'a limit of 1001': get('/v1/events?limit=1001'),
  'a limit of 1e3': get('/v1/events?limit=1e3'),
  'a limit below zero': get('/v1/events?limit=-5'),
  'two limits': get('/v1/events?limit=1&limit=2'),
  'an order that is none': get('/v1/events?order=random'),
  'a cursor that is none': get('/v1/events?cursor=..%2f..'),
  'a time that is none': get('/v1/events?since=yesterday'),
  'a duration of an age': get('/v1/events?since=99999999999w'),
  'a status that is none': get('/v1/launches?status=pending&status=lost'),
  'an empty type': get('/v1/events?type='),
  'wait in other words': post(EVENT, 'application/json', '/v1/events?wait=yes'),
  'a trigger that is not there': post(EVENT, 'application/json', '/v1/dry-run?trigger=nope'),
  'a position past all numbers': get('/v1/events?after=99999999999999999999'),
});

const COMMANDS = named('command', {
  'a reset of nothing': post('{}', 'application/json', '/v1/triggers/ship-order/reset'),
  'a reset without a body': message([
    'POST /v1/triggers/ship-order/reset HTTP/1.1',
    HOST,
    'Content-Length: 0',
  ]),
  'a reset with a typo': post('{"gruop":null}', 'application/json', '/v1/triggers/ship-order/reset'),
  'a reset of a list': post('{"group":["eu"]}', 'application/json', '/v1/triggers/ship-order/reset'),
  'a reset of a deep group': post(
    `{"group":{"a":${deep('[', ']', 60)}}}`,
    'application/json',
    '/v1/triggers/ship-order/reset',
  ),
  'a reset of what is not there': post('{"group":null}', 'application/json', '/v1/triggers/nope/reset'),
  'a snooze until yesterday': post(
    '{"until":"2026-02-28T12:00:00Z"}',
    'application/json',
    '/v1/triggers/notify/snooze',
  ),
  'a snooze for ever': post(
    '{"until":"9999-01-01T00:00:00Z"}',
    'application/json',
    '/v1/triggers/notify/snooze',
  ),
  'a snooze until a number': post('{"until":5}', 'application/json', '/v1/triggers/notify/snooze'),
  'a redrive with something in it': post('{"force":true}', 'application/json', '/v1/launches/1/redrive'),
  'a redrive of what is not there': message([
    'POST /v1/launches/nope/redrive HTTP/1.1',
    HOST,
    'Content-Length: 0',
  ]),
});

/** Each must end in an answer of 4xx, or with the connection. */
export const HOSTILE_REQUESTS: readonly HostileRequest[] = [
  ...REQUEST_LINES,
  ...FRAMING,
  ...HEADERS,
  ...CONTENT,
  ...JSON_TEXTS,
  ...EVENTS,
  ...CLOUD_EVENTS,
  ...PATHS,
  ...METHODS,
  ...QUERIES,
  ...COMMANDS,
];
