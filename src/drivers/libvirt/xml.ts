/** An element with its attributes, the elements in it, and the text that stands directly in it. */
export interface Xml {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Xml[];
  readonly text: string;
}

interface Open {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Xml[];
  text: string;
}

const MARKUP =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<[?!][^>]*>|<\/([^\s>]+)\s*>|<([^\s/>]+)((?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/g;
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** Reads what libvirt writes; throws where an element is not closed by its name. */
export function parseXml(source: string): Xml {
  const top: Open = { name: '', attributes: {}, children: [], text: '' };
  const open: Open[] = [top];
  let at = 0;
  for (const match of source.matchAll(MARKUP)) {
    const inner = open.at(-1)!;
    inner.text += unescaped(source.slice(at, match.index)) + (match[1] ?? '');
    at = match.index + match[0].length;
    const [, , closes, opens, attributes = '', alone] = match;
    if (opens !== undefined) {
      const element = { name: opens, attributes: attributesOf(attributes), children: [], text: '' };
      inner.children.push(element);
      if (alone === '') open.push(element);
    } else if (closes !== undefined) {
      if (closes !== inner.name) throw new SyntaxError(`</${closes}> closes <${inner.name}>`);
      open.pop();
    }
  }
  const [root] = top.children;
  if (root === undefined || open.length > 1) throw new SyntaxError(`<${open.at(-1)?.name}> is not closed`);
  return root;
}

function attributesOf(source: string): Record<string, string> {
  const pairs = [...source.matchAll(ATTRIBUTE)];
  return Object.fromEntries(pairs.map(([, name, double, single]) => [name!, unescaped(double ?? single ?? '')]));
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&(#x[\da-f]+|#\d+|\w+);/gi, (whole, entity: string) => {
    if (entity.startsWith('#x')) return String.fromCodePoint(Number.parseInt(entity.slice(2), 16));
    if (entity.startsWith('#')) return String.fromCodePoint(Number(entity.slice(1)));
    return NAMED[entity] ?? whole;
  });
}

/** The first element along the path, or nothing. */
export function at(xml: Xml | undefined, ...path: readonly string[]): Xml | undefined {
  let element = xml;
  for (const name of path) element = element?.children.find((child) => child.name === name);
  return element;
}

export function all(xml: Xml | undefined, name: string): readonly Xml[] {
  return xml?.children.filter((child) => child.name === name) ?? [];
}

export function textAt(xml: Xml | undefined, ...path: readonly string[]): string | undefined {
  return at(xml, ...path)?.text.trim();
}
