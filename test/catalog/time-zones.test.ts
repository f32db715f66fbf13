import assert from 'node:assert/strict';
import { test } from 'node:test';
import { windowsZone } from '../../src/catalog/time-zones.ts';

test('zones by their old and their new names', () => {
  assert.equal(windowsZone('Asia/Seoul'), 'Korea Standard Time');
  for (const name of ['Asia/Calcutta', 'Asia/Kolkata'])
    assert.equal(windowsZone(name), 'India Standard Time');
  for (const name of ['Europe/Kiev', 'Europe/Kyiv']) assert.equal(windowsZone(name), 'FLE Standard Time');
  for (const name of ['UTC', 'Etc/UTC', 'GMT']) assert.equal(windowsZone(name), 'UTC');
});

test('unknown zones have no name', () => {
  for (const name of ['', 'Seoul', 'Mars/Olympus', 'Korea Standard Time', '__proto__']) {
    assert.equal(windowsZone(name), undefined);
  }
});

test('nearly every zone that this machine knows has one', () => {
  const unnamed = Intl.supportedValuesOf('timeZone').filter((name) => windowsZone(name) === undefined);
  assert.ok(unnamed.length <= 3, unnamed.join(', '));
});
