import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quote } from '../../src/base/quote.ts';

test('a text is quoted as it is', () => {
  assert.equal(quote('three "x"'), '"three \\"x\\""');
});

test('a long text is cut', () => {
  assert.equal(quote('x'.repeat(1000)), `"${'x'.repeat(60)}…"`);
});

test('nothing in it reaches a terminal as a command or turns the text around', () => {
  assert.equal(
    quote('\u001b[31m\u009b2J\u202e\u2028\u{e0041}'),
    String.raw`"\u001b[31m\u009b2J\u202e\u2028\udb40\udc41"`,
  );
});
