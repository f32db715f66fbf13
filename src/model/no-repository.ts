/** Stands where the fleet file names no repository: a name that resolves nowhere (RFC 2606) and says what to do. */
export const NO_REPOSITORY = 'https://example.invalid/replace-me.git';
