import assert from 'node:assert/strict';
import test from 'node:test';
import { isSecretByName, secretFormatOf } from '../../src/contract/secret-text.ts';
import { evidenceOf, helpOf, hold, said, verdictOf } from './fleet-under-test.ts';
import { soon } from '../support/cpu.ts';

const ID = 'secrets-in-key-vault';
/** Formats alone: none of these was ever valid, and pieces keep scanners of this repository quiet. */
const FORMATS: readonly (readonly [text: string, what: string])[] = [
  [`-----BEGIN RSA PRIVATE ${'KEY'}-----\nMIIE`, 'a private key'],
  [
    `DefaultEndpointsProtocol=https;AccountName=a;Account${'Key'}=${'A'.repeat(86)}==`,
    'the access key of an Azure service',
  ],
  [
    `Endpoint=sb://a.servicebus.windows.net/;SharedAccess${'Key'}=${'b'.repeat(43)}=`,
    'the access key of an Azure service',
  ],
  [`https://a.blob.core.windows.net/c?sv=2024-11-04&sig=${'x'.repeat(43)}%3D`, 'a shared access signature'],
  [`BlobEndpoint=https://a;Shared${'AccessSignature'}=sv=1`, 'a shared access signature'],
  ['Server=tcp:a,1433;User ID=u;Password=hunter2;', 'a password in a connection string'],
  ['cache:6380,password=hunter2,ssl=True', 'a password in a connection string'],
  ['https://bot:hunter2@github.com/acme/platform.git', 'a password within an address'],
  ['redis://:hunter2@cache:6379', 'a password within an address'],
  [`${'eyJ'}hbGciOiJIUzI1NiJ9.${'eyJ'}zdWIiOiIxMjM0In0.c2lnbmF0dXJl`, 'a signed token (JWT)'],
  [`ghp${'_'}${'a'.repeat(36)}`, 'a GitHub token'],
  [`github${'_pat_'}${'a'.repeat(40)}`, 'a GitHub token'],
  [`glpat${'-'}${'a'.repeat(20)}`, 'a GitLab token'],
  [`xoxb${'-'}1234567890-abc`, 'a Slack token'],
  [`https://hooks.slack.com/services/${'T'}0/B0/x`, 'the address of a Slack hook'],
  [`AKIA${'ABCDEFGHIJKLMNOP'}`, 'an AWS access key'],
  [`AIza${'a'.repeat(35)}`, 'a Google API key'],
  [`sk${'-'}${'a'.repeat(24)}`, 'an API key'],
  [`npm${'_'}${'a'.repeat(36)}`, 'an npm token'],
  [`abc8Q${'~'}${'d'.repeat(34)}`, 'a client secret of Entra'],
];

test('a text that has the form of a secret is one, whatever it is called', () => {
  for (const [text, what] of FORMATS) assert.equal(secretFormatOf(text), what, what);
});

test('addresses and references are no secrets', () => {
  for (const text of [
    'https://github.com/acme/platform.git',
    'ssh://git@github.com/acme/platform.git',
    'git@github.com:acme/platform.git',
    'https://acme@dev.azure.com/acme/platform/_git/platform',
    'postgres://app:$(DB_PASSWORD)@db:5432/app',
    'postgres://app:${DB_PASSWORD}@db:5432/app',
    'https://user:<password>@example.com',
    'Server=tcp:a,1433;Authentication=Active Directory Default;',
    'Server=a;Password=$(DB_PASSWORD)',
    'ghcr.io/acme/storefront@sha256:0123456789abcdef',
    'InstrumentationKey=00000000-0000-0000-0000-000000000000',
    'mask-something, desk-lamp and risk-management',
    '10.0.0.0/16, 12:30:45',
  ]) {
    assert.equal(secretFormatOf(text), undefined, text);
  }
});

test('a name that says secret makes a value one', () => {
  for (const name of [
    'PASSWORD',
    'DB_PASSWORD',
    'dbPassword',
    'db.password',
    'PGPASSWORD',
    'REDIS_PASSWD',
    'PASSWORD_2',
    'SMTP_PASS',
    'CLIENT_SECRET',
    'clientSecret',
    'SECRET_KEY',
    'SECRET_KEY_BASE',
    'SECRET_STRIPE',
    'API_KEY',
    'apikey',
    'STRIPE_API_KEY_LIVE',
    'ACCESS_KEY',
    'STORAGE_ACCOUNT_KEY',
    'SIGNING_KEY',
    'PRIVATE_KEY',
    'GITHUB_TOKEN',
    'ACCESSTOKEN',
    'BLOB_SAS',
    'AZURE_CREDENTIALS',
    'SSH_PASSPHRASE',
    'CONNECTION_STRING',
    'DB_CONN_STR',
  ]) {
    assert.ok(isSecretByName(name, 'hunter2'), name);
  }
});

test('a name about a secret does not', () => {
  for (const name of [
    'TOKEN_TTL',
    'TOKEN_URL',
    'TOKENIZER_MODEL',
    'MAX_TOKENS',
    'SECRET_NAME',
    'PASSWORD_FILE',
    'PASSWORD_MIN_LENGTH',
    'PASSWORD_RESET_SUBJECT',
    'PASSWORD_HASHER',
    'API_KEY_HEADER',
    'ACCESS_KEY_ID',
    'SECRET_STORE',
    'PASS_THROUGH',
    'PUBLIC_KEY',
    'PRIMARY_KEY',
    'COMPASS',
    'SECRETARY_EMAIL',
    'LOG_LEVEL',
    'STRING',
  ]) {
    assert.ok(!isSecretByName(name, 'hunter2'), name);
  }
});

test('a value that can be no secret is none under any name', () => {
  for (const value of [
    '',
    ' ',
    'true',
    'No',
    'none',
    '3600',
    '0.5',
    '15m',
    '1h30m',
    '10Mi',
    'PT1H',
    '90 s',
    '/run/secrets/db',
    './token',
    '../token',
    'C:\\keys\\db',
    '$(DB_PASSWORD)',
    '${DB_PASSWORD}',
    '$DB_PASSWORD',
    '{{ db.password }}',
    '<password>',
    '***',
    '@Microsoft.KeyVault(SecretUri=https://a.vault.azure.net/secrets/b)',
    'https://login.example.com/token',
  ]) {
    assert.ok(!isSecretByName('DB_PASSWORD', value), JSON.stringify(value));
  }
  for (const value of ['hunter2', '123abc', 'changeme', 'a=b', 'correct horse']) {
    assert.ok(isSecretByName('DB_PASSWORD', value), value);
  }
  assert.ok(!isSecretByName('DB_CONNECTION_STRING', 'Server=a;Database=b'));
});

test('C4: no secret stands in a text of the file, and no finding repeats one', () => {
  const evidence = evidenceOf({
    gitops: { repo: `https://bot:hunter2secret@github.com/acme/platform.git` },
    workloads: {
      shop: {
        clusters: ['app1'],
        image: `acme.azurecr.io/shop?sig=${'x'.repeat(30)}`,
        env: { DB_PASSWORD: 'hunter2secret', 'A\u001b[31m TOKEN': 'hunter2secret', LOG_LEVEL: 'info' },
      },
    },
  });
  const waived = evidence.texts!.concat({
    path: ['waivers', 0, 'reason'],
    name: 'the reason of the waiver',
    value: `xoxb${'-'}1234567890`,
    kind: 'prose',
  });
  assert.deepEqual(said(ID, { ...evidence, texts: waived }), [
    'error gitops.repo: gitops.repo holds a password within an address',
    'error workloads.shop.image: image holds a shared access signature',
    String.raw`error workloads.shop.env["A\u001b[31m TOKEN"]: "A\u001b[31m TOKEN" is a secret by its name, ` +
      'and its value stands here',
    'error workloads.shop.env.DB_PASSWORD: DB_PASSWORD is a secret by its name, and its value stands here',
    'error waivers[0].reason: the reason of the waiver holds a Slack token',
  ]);
  assert.doesNotMatch(JSON.stringify(hold(evidence).findings), /hunter2secret/);
  assert.match(helpOf(ID, evidence) ?? '', /write the address alone/);
  assert.equal(hold(evidence).findings.find(({ id }) => id === ID)?.alias, 'C4');
});

test('C4: plain settings are left alone', () => {
  const workloads = { shop: { clusters: ['app1'], image: 'shop:1', env: { LOG_LEVEL: 'info' } } };
  const gitops = { repo: 'https://github.com/acme/platform.git' };
  assert.deepEqual(said(ID, evidenceOf({ workloads, gitops })), []);
  assert.equal(verdictOf(ID, evidenceOf({ workloads, gitops })), 'held');
  assert.match(said(ID, { ...evidenceOf(), texts: [{ path: ['a'] }] })[0] ?? '', /does not say name/);
});

test('a long text is judged in a moment', () => {
  const texts = [
    'a',
    'eyJ',
    'eyJa.',
    'password=',
    ':',
    '://',
    '://a:',
    ';sig=',
    'AKIA',
    'a8Q~',
    '-----BEGIN ',
  ];
  for (const piece of texts) {
    const text = piece.repeat(Math.ceil(1e5 / piece.length));
    soon(piece, () => [secretFormatOf(text), isSecretByName(text, text)]);
  }
});
