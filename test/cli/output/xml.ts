export interface XmlElement {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: XmlElement[];
  text: string;
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decode(text: string): string {
  if (/[<]/.test(text)) throw new Error(`a bare < in ${text}`);
  return text.replace(/&(#\d+|\w+)?(;?)/g, (whole, name: string | undefined, end) => {
    if (end !== ';' || name === undefined) throw new Error(`a bare & in ${text}`);
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)));
    const character = ENTITIES[name];
    if (character === undefined) throw new Error(`an unknown entity ${whole}`);
    return character;
  });
}

/** Reads the XML that the formatters may write: elements, double-quoted attributes, text. Throws on anything malformed. */
export function parseXml(xml: string): XmlElement {
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(xml))
    throw new Error('a forbidden character');
  const body = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '').trim();
  const root: XmlElement = { name: '', attributes: {}, children: [], text: '' };
  const open: XmlElement[] = [root];
  const token = /<(\/?)([\w-]+)((?: [\w-]+="[^"<]*")*)(\/?)>|([^<]+)/y;
  for (let match: RegExpExecArray | null; token.lastIndex < body.length; ) {
    const at = token.lastIndex;
    match = token.exec(body);
    const parent = open.at(-1);
    if (match === null || parent === undefined) throw new Error(`malformed at ${body.slice(at, at + 40)}`);
    const [, closing, name = '', attributes = '', empty, text] = match;
    if (text !== undefined) parent.text += decode(text);
    else if (closing === '/') {
      if (parent.name !== name) throw new Error(`${parent.name} closed by ${name}`);
      open.pop();
    } else {
      const element: XmlElement = { name, attributes: {}, children: [], text: '' };
      for (const [, key = '', value = ''] of attributes.matchAll(/ ([\w-]+)="([^"]*)"/g))
        element.attributes[key] = decode(value);
      parent.children.push(element);
      if (empty !== '/') open.push(element);
    }
  }
  const [only] = root.children;
  if (open.length !== 1 || root.children.length !== 1 || only === undefined)
    throw new Error('not one element');
  return only;
}
