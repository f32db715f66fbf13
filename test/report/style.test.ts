import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { ansiStyle, displayWidth, plainStyle, printable } from '../../src/report/style.ts';
import { anyText } from './any-text.ts';

test('a style paints text, and paints nothing around nothing', () => {
  assert.equal(plainStyle.bold(plainStyle.red('no')), 'no');
  assert.equal(ansiStyle.bold(ansiStyle.red('no')), '\x1b[1m\x1b[31mno\x1b[39m\x1b[22m');
  assert.equal(ansiStyle.dim(''), '');
});

test('text that would act on the terminal becomes visible', () => {
  assert.equal(printable('\x1b[2Jgone\x07'), '\\x1b[2Jgone\\x07');
  assert.equal(printable('a\tb\r\nc\x00\x7f\x9b'), 'a\\tb\\r\\nc\\x00\\x7f\\x9b');
  assert.equal(printable('app\u{202e}1\u{2066}'), 'app\\u{202e}1\\u{2066}');
  assert.equal(printable('\u{feff}a\u{200b}b\u{3164}\u{2028}'), '\\u{feff}a\\u{200b}b\\u{3164}\\u{2028}');
  assert.equal(printable('\ud800!'), '\\u{d800}!');
  assert.equal(printable('운영 팀: café 🚀'), '운영 팀: café 🚀');
});

test('printable text has no control characters and stays as it is', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      assert.doesNotMatch(printable(text), /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      assert.equal(printable(printable(text)), printable(text));
    }),
  );
});

test('wide characters take two columns, combining ones none', () => {
  assert.equal(displayWidth('mgmt'), 4);
  assert.equal(displayWidth('운영'), 4);
  assert.equal(displayWidth('運用、カナ'), 10);
  assert.equal(displayWidth('ｗｉｄｅ'), 8);
  assert.equal(displayWidth('café'.normalize('NFD')), 4);
  assert.equal(displayWidth('운영'.normalize('NFD')), 4);
  assert.equal(displayWidth('🚀 🇰🇷'), 5);
  assert.equal(displayWidth('→ … ± €'), 7);
});
