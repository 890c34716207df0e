/** Where in the page one is: the overview, or a session's tab. A link never carries a command, and following one takes nothing from anybody. */
export type Route = { name: 'overview' } | { name: 'session'; session: string };

const sessionPrefix = '#/sessions/';

export const overviewHash = '#/';

export function sessionHash(session: string): string {
  return sessionPrefix + encodeURIComponent(session);
}

export function readRoute(hash: string): Route {
  if (!hash.startsWith(sessionPrefix)) return { name: 'overview' };
  try {
    const session = decodeURIComponent(hash.slice(sessionPrefix.length));
    if (session !== '') return { name: 'session', session };
  } catch {
    // A hash that is no valid escape names nothing.
  }
  return { name: 'overview' };
}
