import assert from 'node:assert/strict';

export type XmlElement = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its own text, decoded. */
  readonly text: string;
};

/** Anything but a Char of XML 1.0 (section 2.2). */
const ILLEGAL = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

const TOKEN = /<\/([\w-]+)>|<([\w-]+)((?: [\w-]+="[^"<]*")*)(\/?)>|([^<]+)/y;

/**
 * Reads the part of XML 1.0 that a report needs, and refuses everything else: a declaration, elements, attributes in
 * double quotes, text, the five entities. No comments, no CDATA, no processing instructions.
 */
export function readXml(xml: string): XmlElement {
  assert.doesNotMatch(xml, ILLEGAL, 'a character that XML 1.0 does not know');
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
  assert.ok(xml.startsWith(declaration));
  type Open = { name: string; attributes: Record<string, string>; children: XmlElement[]; text: string };
  const top: Open = { name: '', attributes: {}, children: [], text: '' };
  const stack = [top];
  TOKEN.lastIndex = declaration.length;
  while (TOKEN.lastIndex < xml.length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(xml);
    assert.ok(match, `no XML at ${JSON.stringify(xml.slice(from, from + 40))}`);
    const [, closed, opened, attributes, isEmpty, text] = match;
    const inner = stack.at(-1)!;
    if (text !== undefined) inner.text += decoded(text);
    else if (closed === undefined) {
      const element = { name: opened!, attributes: attributesOf(attributes!), children: [], text: '' };
      inner.children.push(element);
      if (isEmpty === '') stack.push(element);
    } else {
      assert.equal(closed, inner.name, 'an element ends that is not the last one opened');
      stack.pop();
    }
  }
  assert.equal(stack.length, 1, 'every element ends');
  assert.equal(top.text.trim(), '', 'no text outside the root');
  assert.equal(top.children.length, 1, 'one root');
  return top.children[0]!;
}

function attributesOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/ ([\w-]+)="([^"]*)"/g)].map(([, name, value]) => {
    assert.doesNotMatch(value!, /[\t\n\r]/, 'a reader would turn it into a space');
    return [name!, decoded(value!)] as const;
  });
  assert.equal(new Set(pairs.map(([name]) => name)).size, pairs.length, 'each attribute once');
  return Object.fromEntries(pairs);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decoded(text: string): string {
  assert.ok(!text.includes(']]>'), 'section 2.4');
  return text.replaceAll(/&([^;]*);?/g, (whole, name: string) => {
    const character = whole.endsWith(';') ? ENTITIES[name] : undefined;
    assert.ok(character !== undefined, `no entity: ${whole.slice(0, 20)}`);
    return character;
  });
}
