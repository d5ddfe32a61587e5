import { parseAddressRange } from '#base/core/addresses.ts';
import { type Finding, fine, warn } from './finding.ts';
import type { Patient } from './patient.ts';

/** Settings that stand in each other's way. Whether each is right by itself was seen while they were read. */
export function checkSettings({ config }: Patient): Finding[] {
  const found: Finding[] = [];
  const isPublic = config.origin !== null;
  const own = config.https.names.length > 0;
  if (!isPublic && config.listen.host !== '127.0.0.1' && config.listen.host !== '::1') {
    const advice = 'Set origin to the address that people type, like https://photos.example.org.';
    found.push(warn('settings.origin', 'The server has no public address.', advice));
  }
  if (config.origin?.startsWith('https:') && !own && config.trustedProxies.length === 0) {
    const advice =
      'Set trusted_proxies to the address of the proxy (127.0.0.1 if it runs on this machine); until then all visitors count as one.';
    found.push(warn('settings.proxies', 'https comes from a proxy that is not trusted.', advice));
  }
  if (config.trustedProxies.some(isEverybody)) {
    const advice = 'Name the addresses of your proxies alone: whoever is trusted may be anybody.';
    found.push(warn('settings.proxies', 'Every address is trusted as a proxy.', advice));
  }
  if (!config.rates) {
    const advice = 'Take "rates = off" away, unless this is a benchmark.';
    found.push(warn('settings.rates', 'Request limits are switched off.', advice));
  }
  if (config.allowAddresses.length > 0) {
    const advice = 'Take federation.allow_addresses away, unless this is a closed network.';
    found.push(warn('settings.addresses', 'Private addresses may be fetched from.', advice));
  }
  if (config.mediaBucket === null && config.s3 !== null && !config.backup.to.some(isBucket)) {
    const advice = 'Name it in backup.to (like s3:BUCKET) or media.bucket, or take s3.url away.';
    found.push(warn('settings.s3', 'A store is set and nothing uses it.', advice));
  }
  if (config.backup.passphrase === null && config.backup.to.some(isBucket)) {
    const advice = 'Set backup.passphrase, and keep it where you find it without this machine.';
    found.push(warn('settings.encryption', 'Backups leave this machine readable.', advice));
  }
  if (config.mail === null) {
    const advice = 'Set mail.url to be told of failures; until then they stand on the admin pages.';
    found.push(warn('settings.mail', 'Nobody is written to when something fails.', advice));
  }
  return found.length > 0 ? found : [fine('settings', 'The settings go together.')];
}

function isEverybody(text: string): boolean {
  return parseAddressRange(text)?.bits === 0;
}

function isBucket(target: { kind: string }): boolean {
  return target.kind === 'bucket';
}
