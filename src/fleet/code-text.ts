const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  0: '\0',
  '\n': '',
  '\r\n': '',
  '\r': '',
  '\u2028': '',
  '\u2029': '',
};

/**
 * What the inside of a quoted text of TypeScript stands for; undefined when it stands for nothing. Octal
 * escapes, which modules do not allow, stand for nothing.
 */
export function unescaped(inside: string, isTemplate: boolean): string | undefined {
  let isSound = true;
  const lines = isTemplate ? inside.replaceAll(/\r\n?/g, '\n') : inside;
  const text = lines.replaceAll(
    /\\(?:u\{([\da-fA-F]+)\}|u([\da-fA-F]{4})|x([\da-fA-F]{2})|(\r\n|[\s\S]|$))/g,
    (_, point?: string, unit?: string, byte?: string, other = '') => {
      const code = point ?? unit ?? byte;
      if (code === undefined) {
        if (other === '' || /[1-9xu]/.test(other)) isSound = false;
        return ESCAPES[other] ?? other;
      }
      const number = Number.parseInt(code, 16);
      if (number > 0x10ffff) isSound = false;
      return number > 0x10ffff ? '' : String.fromCodePoint(number);
    },
  );
  return isSound ? text : undefined;
}
