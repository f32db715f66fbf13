/**
 * What marks a text as a secret whatever it is called. Formats are those that their issuers document;
 * repetitions are bounded so that a long text costs no more than its length.
 */
const SECRET_FORMATS: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY/, 'a private key'],
  // The same in base64, whose letters depend on how many stand before.
  [
    /LS0tLS1CRUdJTi[\w+/]{0,60}(?:UFJJVkFURSBLRVkt|BSSVZBVEUgS0VZ|QUklWQVRFIEtFWS)/,
    'a private key in base64',
  ],
  [/\b(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/%]{20}/i, 'the access key of an Azure service'],
  [/\bSharedAccessSignature\b|[?&;]sig=[A-Za-z0-9+/%]{20}/i, 'a shared access signature'],
  [/(?:^|[;,?&\s])(?:password|passwd|pwd)=(?![$<{*])[^;,&\s]/i, 'a password in a connection string'],
  [/\beyJ[\w-]{8,2000}\.eyJ[\w-]{8,2000}\.[\w-]/, 'a signed token (JWT)'],
  [/\bgh[pousr]_[A-Za-z0-9]{30}|\bgithub_pat_[A-Za-z0-9_]{20}/, 'a GitHub token'],
  [/\bglpat-[\w-]{20}/, 'a GitLab token'],
  [/\bxox[abeprs]-[\w-]{10}/, 'a Slack token'],
  [/\bhooks\.slack\.com\/services\/T/, 'the address of a Slack hook'],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/, 'an AWS access key'],
  [/\bAIza[\w-]{35}/, 'a Google API key'],
  [/\bsk-[A-Za-z0-9_-]{20}/, 'an API key'],
  [/\bnpm_[A-Za-z0-9]{36}/, 'an npm token'],
  // Three characters, a digit, Q~ and 31 to 34 more: the client secrets that Entra has issued since 2021.
  [/[\w~.-]{3}\dQ~[\w~.-]{31}/, 'a client secret of Entra'],
];

/** User and password before the host; the password is no reference to a value that stands elsewhere. */
const URL_PASSWORD = /:\/\/[^\s/@:]{0,256}:(?![$<{*])[^\s/@]{1,512}@/;

/**
 * Words that make a setting secret, alone or followed by anything but a word about it: SECRET_STRIPE,
 * PASSWORD_2.
 */
const SECRET_WORDS = new Set([
  'apikey',
  'credential',
  'credentials',
  'passphrase',
  'passwd',
  'password',
  'secret',
]);
/** `key` is secret after one of these words: ACCESS_KEY, PRIVATE_KEY_PROD. */
const SECRET_KEYS = new Set([
  'access',
  'account',
  'api',
  'encryption',
  'master',
  'private',
  'shared',
  'signing',
  'storage',
]);
/** Ends of words that people run together: DBPASSWORD, clientsecret. */
const SECRET_ENDING = /(?:password|passwd|secret|apikey|accesskey|accountkey|privatekey)$/;
/** Words with other meanings, secret as the last of a name alone: TOKEN_BUCKET and PASS_THROUGH are none. */
const SECRET_LAST_WORD = /^(?:pass|pwd|creds|sas|[a-z]*token)$/;
/**
 * `connection string` and its short forms, whose values say by themselves whether a credential is among them.
 */
const CONNECTION_TEXT = /(?:^| )(?:connection ?string|conn(?:ection)? ?str)$/;

/**
 * Words after the secret's that make the setting one about it: SECRET_NAME, PASSWORD_FILE, API_KEY_HEADER.
 */
const WORDS_ABOUT_IT = new Set(
  (
    'age alg algorithm attempts audience backend change class client cookie count days dir directory ' +
    'driver enabled encoder encoding endpoint engine expiration expires expiry field file format hash ' +
    'hasher header hint host hours id ids interval issuer kind length lifetime limit location manager max ' +
    'min minutes mode model mount name names namespace operator page param path pattern policy port prefix ' +
    'provider ref refs regex required reset retries rotation rules scope scopes seconds service size ' +
    'source store strategy strength subject suffix template timeout ttl type uri url user username ' +
    'validation version'
  ).split(' '),
);

/** Values that are no secret under any name. */
const HARMLESS_VALUES: readonly RegExp[] = [
  /^\s*$/,
  /^(?:true|false|yes|no|on|off|none|null|undefined|enabled|disabled|default)$/i,
  // Numbers, sizes and durations: 3600, 15m, 1h30m, 10Mi, PT1H.
  /^[+-]?\d+(?:\.\d+)?\s?(?:%|[kmgt]i?b?|b|ms|[smhdwy])?$/i,
  /^(?:\d+(?:ms|s|m|h|d)){2,9}$/,
  /^P(?:T?\d+[YMWDHS]){1,9}$/,
  // Paths: /run/secrets/db, ./token, C:\keys.
  /^(?:\/|\.{1,2}\/|~\/|[A-Za-z]:\\)/,
  // A value that stands elsewhere: $(NAME), ${NAME}, $NAME, {{ name }}, <name>, ***.
  /^\$\(.{0,200}\)$|^\$\{.{0,200}\}$|^\$[A-Za-z_]\w*$|^\{\{.{0,200}\}\}$|^<[^>]{0,200}>$|^\*+$/,
  /^@Microsoft\.KeyVault\(/,
  // An address; credentials in one are looked for beforehand.
  /^[a-z][a-z0-9+.-]{0,30}:\/\//i,
];

/** What the value is, when it looks like a secret whatever its name. Never repeats the value. */
export function secretFormatOf(value: string): string | undefined {
  if (URL_PASSWORD.test(value)) return 'a password within an address';
  return SECRET_FORMATS.find(([pattern]) => pattern.test(value))?.[1];
}

/**
 * Whether a setting of that name and value is a secret by its name: DB_PASSWORD, never TOKEN_TTL or
 * SECRET_NAME.
 */
export function isSecretByName(name: string, value: string): boolean {
  if (HARMLESS_VALUES.some((pattern) => pattern.test(value))) return false;
  const words = wordsOf(name);
  if (CONNECTION_TEXT.test(words.join(' '))) return !value.includes('=');
  if (SECRET_LAST_WORD.test(words.at(-1) ?? '')) return true;
  const secret = words.findIndex(
    (word, index) =>
      SECRET_WORDS.has(word) ||
      SECRET_ENDING.test(word) ||
      (word === 'key' && SECRET_KEYS.has(words[index - 1] ?? '')),
  );
  return secret >= 0 && !words.slice(secret + 1).some((word) => WORDS_ABOUT_IT.has(word));
}

/** `dbPassword`, `DB_PASSWORD`, `db.password` are all db, password. */
function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}
