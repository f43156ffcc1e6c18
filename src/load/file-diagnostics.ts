import type { DiagnosticCode } from '../kernel/codes.js';
import type { Diagnostic } from '../model/diagnostic.js';
import { createSourceText } from './source-text.js';

/** An error about a whole file or folder. */
export function fileDiagnostic(
  code: DiagnosticCode,
  file: string,
  message: string,
  hint: string | null,
): Diagnostic {
  return {
    code,
    severity: 'error',
    message,
    hint,
    file,
    line: 0,
    column: 0,
    length: 1,
    pointer: '',
    sourceLine: null,
  };
}

/** An error at the first byte sequence that is not UTF-8. */
export function invalidUtf8(file: string, bytes: Buffer): Diagnostic {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const source = createSourceText(bytes.toString('utf8'));
  const at = Math.max(0, source.text.indexOf('\ufffd'));
  const place = source.position(at, at + 1);
  return {
    ...fileDiagnostic(
      'yaml-syntax',
      file,
      utf16 ? 'the file is UTF-16' : 'the file is not valid UTF-8',
      'save it as UTF-8',
    ),
    ...place,
    sourceLine: source.line(place.line) ?? null,
  };
}
