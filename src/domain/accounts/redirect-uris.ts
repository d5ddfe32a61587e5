/** Stands for "show the code, the person types it over" (out of band). */
export const OUT_OF_BAND = 'urn:ietf:wg:oauth:2.0:oob';

const LONGEST = 2000;
/** Schemes that do something to the browser or the server instead of opening an app. */
const REFUSED = new Set(
  (
    'javascript data vbscript livescript mocha jscript file filesystem blob about view-source ' +
    'chrome resource jar content intent android-app ws wss ftp ftps sftp mailto tel sms facetime ' +
    'x-javascript feed ms-its mhtml mk urn tag cid mid'
  ).split(' '),
);

/**
 * Says why an app cannot have the answer sent to this address, or null (RFC 6749 §3.1.2, RFC 8252;
 * T87). Only absolute addresses without fragment and user: https, http on the person's own machine
 * (anywhere if `http`, for instances that have no TLS themselves), an app's own scheme, `OUT_OF_BAND`.
 */
export function problemOfRedirectUri(uri: string, allow: { http: boolean }): string | null {
  if (uri === OUT_OF_BAND) return null;
  if (uri.length > LONGEST) return `Redirect URI must be at most ${LONGEST} characters.`;
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(uri)?.[1]?.toLowerCase();
  if (scheme === undefined) return 'Redirect URI must be an absolute URI.';
  // A browser drops some of these and reads a backslash as a slash: then it is another address.
  if (!/^[!-~]+$/.test(uri) || /[\\"<>^`{|}]/.test(uri)) {
    return 'Redirect URI must be a valid URI.';
  }
  if (uri.includes('#')) return 'Redirect URI cannot contain a fragment.';
  if (REFUSED.has(scheme)) return `Redirect URI cannot use the scheme ${scheme}.`;
  if (scheme === 'https' || scheme === 'http') return problemOfWebAddress(uri, allow.http);
  return null;
}

function problemOfWebAddress(uri: string, http: boolean): string | null {
  if (!/^https?:\/\/[^/?]/i.test(uri) || !URL.canParse(uri)) {
    return 'Redirect URI must be an absolute URI.';
  }
  const { protocol, hostname, username, password } = new URL(uri);
  if (username !== '' || password !== '' || /^https?:\/\/[^/?]*@/i.test(uri)) {
    return 'Redirect URI cannot contain a user name.';
  }
  if (protocol === 'http:' && !http && !isLoopback(hostname)) {
    return 'Redirect URI must use https, or an address of this very machine.';
  }
  return null;
}

function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(host)
  );
}
